"""What made-up patients are made of: days counted from today, and parts of a record that hold together."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from random import Random
from typing import Any

from facetwise.clinic.follow_up.follow_up import USUAL
from facetwise.clinic.model.nerves import supply
from facetwise.decide.calendar import plus
from facetwise.language.patient import CONDITIONS
from facetwise.language.units import months

Json = dict[str, Any]
_SETTLED = 14
"""Days: what lies further back may lie a little further back still in a varied patient; what is recent is the story."""
_JOINTS = {"lumbar": ("L3/4", "L4/5", "L5/S1"), "cervical": ("C3/4", "C4/5", "C5/6")}


@dataclass(frozen=True)
class PatientBuilder:
    """One made-up patient in the making: today, the moment, where the pain is, and how far the past is moved back."""

    today: date
    now: datetime
    joint: str = "L4/5"
    side: str = "left"
    moved: int = 0
    milder: int = 0
    born: tuple[int, int, int] = (52, 5, 14)
    who: Json = field(default_factory=dict)

    def day(self, ago: int) -> str:
        """The day so many days ago; ahead where negative."""
        return self._back(ago).isoformat()

    def months_ago(self, number: int) -> str:
        """The day so many calendar months ago."""
        return plus(self.today - timedelta(days=self.moved), months(-number)).isoformat()

    def at(self, ago: int, clock: str, minutes: float = 0) -> str:
        """A time on the day so many days ago, and so many minutes later; now, where that is still to come."""
        moment = datetime.combine(self._back(ago), time.fromisoformat(clock), self.now.tzinfo or UTC)
        return min(moment + timedelta(minutes=minutes), self.now).isoformat()

    def score(self, value: int) -> int:
        """A pain score; in a varied patient sometimes one lower, never under 5 where it was 5 or more."""
        return value - self.milder if value > 5 else value

    def _back(self, ago: int) -> date:
        return self.today - timedelta(days=ago + (self.moved if ago > _SETTLED else 0))

    @property
    def birthday(self) -> str:
        """The date of birth of somebody of that age."""
        age, month, day = self.born
        return date(self.today.year - age - 1, month, day).isoformat()


def varied(today: date, now: datetime, rng: Random, who: Json, region: str) -> PatientBuilder:
    """A builder like that of a case, moved in time and place by the generator."""
    return PatientBuilder(
        today,
        now,
        joint=rng.choice(_JOINTS.get(region, _JOINTS["lumbar"])),
        side=rng.choice(("left", "right")),
        moved=rng.randrange(9),
        milder=rng.randrange(2),
        born=(rng.randrange(34, 81), rng.randrange(1, 13), rng.randrange(1, 29)),
        who=who,
    )


def referred(scene: PatientBuilder, region: str = "lumbar", **clinic: Any) -> Json:
    """Somebody of whom only the referral is known."""
    return {
        "schema": "facetwise.record/1",
        "born": scene.birthday,
        "request": {"region": region},
        "clinic": {**scene.who, **clinic},
    }


def worked_up(
    scene: PatientBuilder, region: str = "lumbar", blocks: Sequence[Json] = (), **parts: Mapping[str, Any]
) -> Json:
    """Somebody of whom everything is asked: fourteen months of pain, care that failed, nothing that holds.

    parts: what differs in request, pain, assessment, conditions and clinic; a value of None takes it away.
    """
    record: Json = {
        "schema": "facetwise.record/1",
        "born": scene.birthday,
        "sex": "female",
        "request": {
            "date": scene.day(1),
            "region": region,
            "levels": [scene.joint],
            "sides": [scene.side],
            "technique": "thermal",
        },
        "pain": {
            "since": scene.months_ago(14),
            "axial": True,
            "radicular": False,
            "below_knee": False,
            "rating": "moderate",
            "limits_daily_life": True,
        },
        "assessment": {
            "facet_suspected": True,
            "specialist": True,
            "surgery_not_an_option": False,
            "date": scene.day(60),
        },
        "scores": [score(scene.day(75), 7, "referral"), score(scene.day(30), scene.score(6), "usual")],
        "care": [
            {"kind": "physiotherapy", "from": scene.months_ago(11), "to": scene.months_ago(7), "outcome": "failed"},
            {"kind": "medication", "from": scene.months_ago(12), "to": scene.months_ago(9), "outcome": "not-tolerated"},
        ],
        "blocks": list(blocks),
        "denervations": [],
        "conditions": {**dict.fromkeys(CONDITIONS, False), "hads_depression": 6},
        "complete": ["blocks", "denervations", "care"],
        "clinic": {**scene.who, "informed": scene.day(58), "choice": "go-on", "drives": True},
    }
    for name, changes in parts.items():
        record[name] = {key: value for key, value in {**record[name], **changes}.items() if value is not None}
    return record


def score(day: str, value: int, context: str, scale: str = "NRS") -> Json:
    """One pain score."""
    return {"date": day, "scale": scale, "value": value, "context": context}


def block(scene: PatientBuilder, ago: int, scores: Sequence[tuple[int, int]] = (), **parts: Any) -> Json:
    """A block so many days ago: 7 before it, and the scores after it by their minutes."""
    region = "cervical" if scene.joint.startswith("C") else "lumbar"
    made = {
        "date": scene.day(ago),
        "kind": "medial-branch-block",
        "region": region,
        "levels": [scene.joint],
        "sides": [scene.side],
        "agent": "bupivacaine",
        "steroid": False,
        "sedation": False,
        "volume_ml": 0.5,
        "before": 7,
        "after": [{"minutes": minutes, "score": value} for minutes, value in scores],
        **parts,
    }
    return {name: value for name, value in made.items() if value is not None and value != []}


def good(scene: PatientBuilder, ago: int, **parts: Any) -> Json:
    """A block that took away most of the pain for as long as the anaesthetic works, judged positive."""
    return block(scene, ago, GOOD, **{"positive": True, "prolonged": False, "relief_hours": 6, **parts})


GOOD = ((15, 3), (30, 1), (60, 1), (120, 1), (180, 1), (240, 2), (300, 2), (360, 3), (420, 5), (480, 6))
HALF = ((15, 5), (30, 4), (60, 3), (120, 3), (180, 4), (240, 5), (300, 6), (360, 7))
POOR = ((15, 7), (30, 6), (60, 6), (120, 6), (180, 7), (240, 7))


def sheet(scene: PatientBuilder, place: int, ago: int, scores: Sequence[tuple[int, int]], late: bool = False) -> Json:
    """The sheet of a block: each score entered when it was felt, or all of them the next evening."""
    done = "09:20"
    readings = [
        {
            "minutes": minutes,
            "score": value,
            "felt_at": scene.at(ago, done, minutes),
            "entered_at": scene.at(ago - 1, "19:30", number) if late else scene.at(ago, done, minutes + 2),
            "by": "patient",
        }
        for number, (minutes, value) in enumerate(scores)
    ]
    return {
        "block": place,
        "done_at": scene.at(ago, done),
        "movement": "leaning back and turning to the side",
        "before_entered_at": scene.at(ago, "09:05"),
        "before_by": "staff",
        "nerves": list(supply(scene.joint).nerves),
        "readings": readings,
    }


def live(scene: PatientBuilder, place: int, scores: Sequence[tuple[int, int]], began: int = 40) -> tuple[str, Json]:
    """The sheet of a block done so many minutes ago, with what has been felt since; and the day of the block."""
    done = scene.now - timedelta(minutes=began)
    readings = [
        {
            "minutes": minutes,
            "score": value,
            "felt_at": (done + timedelta(minutes=minutes)).isoformat(),
            "entered_at": (done + timedelta(minutes=minutes + 1)).isoformat(),
            "by": "patient",
        }
        for minutes, value in scores
    ]
    made = {
        "block": place,
        "done_at": done.isoformat(),
        "movement": "standing up from a low chair",
        "before_entered_at": (done - timedelta(minutes=10)).isoformat(),
        "before_by": "staff",
        "nerves": list(supply(scene.joint).nerves),
        "readings": readings,
    }
    return done.date().isoformat(), made


def denervation(scene: PatientBuilder, day: str, relief: Sequence[tuple[str, int]] = (), **parts: Any) -> Json:
    """A thermal denervation, and the relief felt since by its days."""
    made = {
        "date": day,
        "region": "cervical" if scene.joint.startswith("C") else "lumbar",
        "levels": [scene.joint],
        "sides": [scene.side],
        "technique": "thermal",
        "relief": [{"date": on, "percent": value, "adl_percent": max(value - 10, 0)} for on, value in relief],
        **parts,
    }
    return {name: value for name, value in made.items() if value is not None and value != []}


def procedure(scene: PatientBuilder, place: int | None, planned: str, by: str = "Dr Pretendham") -> Json:
    """A denervation in detail: done, with its nerves, or planned with part of the checklist asked."""
    if place is None:
        return {
            "planned": planned,
            "checklist": {"consent": True, "identity_and_site": True, "allergies_asked": True, "devices_asked": True},
        }
    asked = ("consent", "identity_and_site", "blood_thinners_asked", "escort", "allergies_asked", "pregnancy_asked")
    checks = {**dict.fromkeys((*asked, "infection_asked", "devices_asked"), True), "by": by}
    nerves = [
        {
            "nerve": nerve,
            "side": scene.side,
            "joints": [scene.joint],
            "sensory_volts": 0.4,
            "sensory_felt": True,
            "motor_volts": 1.5,
            "motor_leg_or_arm": False,
            "temperature_c": 80,
            "seconds": 90,
            "repositioned": number,
            "anaesthetic": "lidocaine 2 %, 1 mL",
            "lesion": True,
        }
        for number, nerve in enumerate(supply(scene.joint).nerves)
    ]
    return {
        "denervation": place,
        "planned": planned,
        "checklist": checks,
        "technique": "thermal",
        "operator": by,
        "guidance": "fluoroscopy",
        "sedation": False,
        "nerves": nerves,
    }


def after(day: str, number: int) -> str:
    """The day so many calendar months after another."""
    return plus(date.fromisoformat(day), months(number)).isoformat()


def follow_ups(place: int, day: str, done: Sequence[tuple[str, int]] = ()) -> list[Json]:
    """The planned reviews of a denervation; for each one done, its name and the relief."""
    relief_by_name = dict(done)
    looks = []
    for name, span in USUAL:
        due = plus(date.fromisoformat(day), span)
        look: Json = {
            "id": f"{place}-{name.replace(' ', '-')}",
            "denervation": place,
            "due": due.isoformat(),
            "name": name,
        }
        looks.append(
            {**look, "done": due.isoformat(), "percent": relief_by_name[name]} if name in relief_by_name else look
        )
    return looks


def diary(scene: PatientBuilder, entries: Sequence[tuple[int, str, int, str]]) -> list[Json]:
    """Entries of a diary: how many days ago, at what time, the score, and what was done."""
    return [
        {
            "id": f"d{number}",
            "felt_at": scene.at(ago, clock),
            "entered_at": scene.at(ago, clock, 3),
            "score": value,
            "doing": doing,
            "by": "patient",
        }
        for number, (ago, clock, value, doing) in enumerate(entries)
    ]
