"""What happened to a patient, in the order of its days and in words: nothing that the record does not hold."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import ROUND_FLOOR, Decimal
from typing import Literal

from facetwise.decide.evaluate_patient import Row, reliefs
from facetwise.decide.record_as_of import RecordAsOf, record_as_of
from facetwise.record.record import HIGHEST, Block, Care, Denervation, Record, Score

What = Literal["pain", "score", "care", "block", "denervation", "relief"]
NOT_RECORDED = "not recorded"
_CARE = {
    "physiotherapy": "physiotherapy",
    "exercise": "exercise",
    "manual-therapy": "manual therapy",
    "psychological": "psychological support",
    "medication": "medicines",
    "weight": "weight loss",
    "pain-programme": "pain management programme",
    "injection": "injection",
    "other": "other care",
}
_OUTCOMES = {
    "failed": "did not help",
    "helped": "helped",
    "ongoing": "still going on",
    "not-tolerated": "not tolerated",
    "contraindicated": "not possible for this patient",
    "unknown": "outcome not known",
}
_BLOCKS = {"medial-branch-block": "medial branch block", "intra-articular": "injection into the joint"}


@dataclass(frozen=True)
class DatedEvent:
    """One thing on record. day: None where it is not recorded. value: a score out of ten, or a relief in percent.

    of: which denervation a relief is of, by its place. context: of a score. later: dated after the day of the view, so
    that no policy looks at it. label, short: what a drawing writes beside it, and where there is little room.
    """

    what: What
    day: date | None
    says: str
    place: str
    until: date | None = None
    ongoing: bool = False
    value: Decimal | None = None
    scale: str = ""
    context: str = ""
    of: str = ""
    later: bool = False
    label: str = ""
    short: str = ""


def history(record: Record, today: date) -> tuple[DatedEvent, ...]:
    """Everything dated that the record holds, oldest first; what has no day comes last."""
    as_of = record_as_of(record, today)
    events = [
        *_pain(record, today),
        *(_score(score, f"scores[{n}]", today) for n, score in enumerate(record.scores)),
        *(_care(care, f"care[{n}]", today) for n, care in enumerate(record.care)),
        *(_block(block, f"blocks[{n}]", as_of) for n, block in enumerate(record.blocks)),
    ]
    for number, done in enumerate(record.denervations):
        events += _denervation(done, f"denervations[{number}]", today)
    return tuple(sorted(events, key=lambda it: (it.day is None, it.day or date.max)))


def plain_number(value: Decimal) -> str:
    """'6', '6.5', '85.7': at most one decimal, rounded down as an answer shows it."""
    cut = value.quantize(Decimal("0.1"), ROUND_FLOOR)
    return f"{cut:f}".removesuffix(".0")


def relief_in_words(event_row: Row) -> str:
    """'85.7 % relief by the scores, 80 % stated', as decide computes it; '' where neither is there."""
    stated, computed = reliefs(event_row)
    parts = [f"{plain_number(computed)} % relief by the scores"] if computed is not None else []
    parts += [f"{plain_number(stated)} % relief stated"] if stated is not None else []
    return ", ".join(parts)


def place_in_words(part: Block | Denervation) -> str:
    """'left L4/5', or which of both is not recorded."""
    sides = " and ".join(part.sides) if part.sides else "side not recorded"
    levels = ", ".join(part.levels) if part.levels else "level not recorded"
    return f"{sides} {levels}" if part.sides and part.levels else f"{levels}, {sides}"


def _pain(record: Record, today: date) -> Iterable[DatedEvent]:
    since = record.pain.since
    if since is not None:
        yield DatedEvent("pain", since, "The pain began", "pain.since", later=since > today)


def _later(day: date | None, today: date) -> bool:
    return day is not None and day > today


def _score(score: Score, place: str, today: date) -> DatedEvent:
    value = score.value
    if value is None:
        return DatedEvent("score", score.date, "A score without its value", place, later=_later(score.date, today))
    highest = HIGHEST.get(score.scale or "", 0)
    of = f" of {highest}" if highest else ""
    context = f", {score.context}" if score.context else ""
    of_ten = value / 10 if score.scale == "VAS100" else value if score.scale in ("NRS", "VAS") else None
    return DatedEvent(
        "score",
        score.date,
        f"{score.scale or 'Scale not recorded'} {plain_number(value)}{of}{context}",
        place,
        value=of_ten,
        scale=score.scale or "",
        context=score.context or "",
        later=_later(score.date, today),
    )


def _care(care: Care, place: str, today: date) -> DatedEvent:
    kind = _CARE[care.kind] if care.kind else "care of a kind not recorded"
    outcome = _OUTCOMES[care.outcome] if care.outcome else "outcome not recorded"
    says = f"{kind[0].upper()}{kind[1:]}: {outcome}"
    return DatedEvent(
        "care",
        care.from_,
        says,
        place,
        label=says,
        short=says,
        until=care.to,
        ongoing=care.outcome == "ongoing" and care.to is None,
        later=_later(care.from_, today),
    )


def _block(block: Block, place: str, as_of: RecordAsOf) -> DatedEvent:
    event = next((held for held in as_of.events["blocks"] if held.place == place), None)
    stated, computed = reliefs(Row(as_of, event)) if event else (None, None)
    value = computed if computed is not None else stated
    what = f"{_BLOCKS[block.kind] if block.kind else 'block of a kind not recorded'}, {place_in_words(block)}"
    what = what[0].upper() + what[1:]
    judged = {True: "judged positive", False: "judged not positive", None: "not judged yet"}[block.positive]
    parts = (
        what,
        relief_in_words(Row(as_of, event)) if event else "",
        judged,
        "with steroid" if block.steroid else "",
        "under sedation" if block.sedation else "",
    )
    relief = f"{plain_number(value)} % relief" if value is not None else "relief not recorded"
    short = f"{relief}, {judged}{', with steroid' if block.steroid else ''}"
    says = "; ".join(part for part in parts if part)
    label = f"{what}: {short}"
    return DatedEvent("block", block.date, says, place, value=value, later=event is None, label=label, short=short)


def _denervation(done: Denervation, place: str, today: date) -> Iterable[DatedEvent]:
    technique = done.technique or "technique not recorded"
    where = place_in_words(done)
    yield DatedEvent(
        "denervation",
        done.date,
        f"Radiofrequency denervation, {where}; {technique}",
        place,
        later=_later(done.date, today),
        label=f"{where}, {technique}",
        short=where,
    )
    for number, relief in enumerate(done.relief or ()):
        parts = [f"{plain_number(relief.percent)} % of the pain"] if relief.percent is not None else []
        parts += [f"{plain_number(relief.adl_percent)} % of daily activities"] if relief.adl_percent is not None else []
        yield DatedEvent(
            "relief",
            relief.date,
            f"Relief: {', '.join(parts) or 'not recorded'}",
            f"{place}.relief[{number}]",
            value=relief.percent,
            of=place,
            later=_later(relief.date, today),
        )
