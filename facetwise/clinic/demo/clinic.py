"""A clinic of made-up patients at every stage, for the demonstration and the load tests. Nobody in it exists.

The first ones are each a case of its own; the rest are the same cases of other people, moved in time and place.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from random import Random

from facetwise.clinic.demo import patients_after_block as later
from facetwise.clinic.demo import patients_before_block as before
from facetwise.clinic.demo.builders import Json, PatientBuilder, varied
from facetwise.clinic.pathway.plans import bound
from facetwise.clinic.store.settings import Settings

_FIRST = [
    "Ada",
    "Amos",
    "Bea",
    "Ben",
    "Cleo",
    "Cyril",
    "Dora",
    "Dev",
    "Elsie",
    "Emil",
    "Fay",
    "Femi",
    "Gina",
    "Gus",
    "Hana",
    "Hugo",
    "Ines",
    "Ivor",
    "Jaya",
    "Jonah",
    "Kezia",
    "Karl",
    "Lena",
    "Leon",
    "Mina",
    "Milo",
    "Nora",
    "Noel",
    "Olga",
    "Omar",
    "Pia",
    "Percy",
    "Rosa",
    "Ravi",
    "Sana",
    "Seth",
    "Tilda",
    "Theo",
    "Una",
    "Vida",
    "Viktor",
    "Wanda",
    "Yara",
]
_LAST = [
    "Madeup",
    "Inventley",
    "Notreal",
    "Pretendham",
    "Sampleby",
    "Fictley",
    "Examplar",
    "Supposely",
    "Imaginari",
    "Placeholder",
    "Specimen",
    "Mockwell",
    "Storyfield",
    "Nobodie",
    "Testerton",
    "Fabelman",
    "Figmentsen",
    "Dummywood",
]
_MOST = 99_999


@dataclass(frozen=True)
class DemoCase:
    """One patient of the small demonstration: who, what is special about them, and how their record is built."""

    id: str
    name: str
    says: str
    record: Callable[[PatientBuilder], Json]
    sex: str = "female"
    joint: str = "L4/5"
    age: int = 52

    @property
    def is_in_the_neck(self) -> bool:
        return self.joint.startswith("C")


CASES = (
    DemoCase("ada-firstly", "Ada Firstly", "Referred yesterday; nothing is asked yet.", before.referred_yesterday),
    DemoCase("amos-pondering", "Amos Pondering", "Told of the choice, and thinking it over.", before.thinking_it_over, "male"),
    DemoCase("bea-stretchwell", "Bea Stretchwell", "Neck pain, still in physiotherapy.", before.neck_in_physiotherapy, joint="C4/5"),
    DemoCase("ben-halfasked", "Ben Halfasked", "Wants to go on; most facts are missing.", before.hardly_anything_asked, "male"),
    DemoCase("cleo-betterby", "Cleo Betterby", "Physiotherapy has helped.", before.care_has_helped),
    DemoCase("cyril-toosoon", "Cyril Toosoon", "Five months of pain where six are asked: waits.", before.five_months_of_pain, "male"),
    DemoCase("dora-elsewhere", "Dora Elsewhere", "The joints are not thought to be the source.", before.source_not_the_joints),
    DemoCase("dev-mildly", "Dev Mildly", "The score was 4 when referred.", before.too_mild, "male"),
    DemoCase("elsie-waiting", "Elsie Waiting", "Ready for a first block; booking it is overdue.", before.block_to_be_booked, age=67),
    DemoCase("emil-bookham", "Emil Bookham", "First block booked for next week.", before.block_booked, "male", "L5/S1"),
    DemoCase("fay-nowadays", "Fay Nowadays", "Block forty minutes ago; enters her scores by telephone.", before.block_today),
    DemoCase("femi-latterly", "Femi Latterly", "Wrote the whole sheet down a day late; not judged yet.", before.block_filled_in_late, "male"),
    DemoCase("gina-twice", "Gina Twice", "One good block; the policy asks for a second, and it is due.", before.second_block_due),
    DemoCase("gus-duetwo", "Gus Duetwo", "Second block booked in two days.", before.second_block_booked, "male"),
    DemoCase("hana-steroyd", "Hana Steroyd", "The second block contained steroid: it does not count.", before.steroid_in_the_second),
    DemoCase("hugo-nochange", "Hugo Nochange", "The block brought no relief.", before.no_relief_from_the_block, "male", age=71),
    DemoCase("ines-lasting", "Ines Lasting", "Weeks of relief from the block alone.", before.weeks_of_relief),
    DemoCase("ivor-twotales", "Ivor Twotales", "Says 55 per cent; the scores come to less.", before.stated_is_not_computed, "male"),
    DemoCase("jaya-necksby", "Jaya Necksby", "Two good blocks in the neck: may be offered it.", before.two_blocks_in_the_neck, joint="C5/6"),
    DemoCase("jonah-midback", "Jonah Midback", "Pain in the middle of the back: outside the policy.", before.thoracic_pain, "male"),
    DemoCase("kezia-young", "Kezia Young", "Seventeen: too young for the policy.", before.seventeen_years_old, age=17),
    DemoCase("karl-thinner", "Karl Thinner", "Takes a blood thinner: no procedure until its prescriber is asked.", later.blood_thinner, "male", age=74),
    DemoCase("lena-pacely", "Lena Pacely", "Has a pacemaker: no procedure until that is arranged.", later.pacemaker, age=78),
    DemoCase("leon-fevers", "Leon Fevers", "Booked in three days, and has an infection.", later.infected_before_the_day, "male"),
    DemoCase("mina-urgentley", "Mina Urgentley", "Cancer is suspected: urgent referral.", later.suspected_cancer, age=63),
    DemoCase("milo-alarm", "Milo Alarm", "Ticked two warning signs this morning.", later.warning_signs_ticked, "male"),
    DemoCase("nora-rungback", "Nora Rungback", "Ticked fever; called back, and the alert is closed.", later.fever_seen_to),
    DemoCase("noel-ready", "Noel Ready", "Two good blocks: may be offered it now.", later.to_be_offered, "male"),
    DemoCase("olga-largeprint", "Olga Largeprint", "Booked in five days; needs large print.", later.booked_large_print, age=80),
    DemoCase("omar-yesterly", "Omar Yesterly", "Was booked two days ago; nobody has recorded it.", later.booked_and_gone_by, "male"),
    DemoCase("pia-signwell", "Pia Signwell", "Uses sign language; may be offered it.", later.signs_language, age=39),
    DemoCase("percy-soreham", "Percy Soreham", "Four days after it, sore, keeps the diary.", later.four_days_after, "male", "L5/S1"),
    DemoCase("rosa-sixweeks", "Rosa Sixweeks", "Seven weeks after it; the six-week call is overdue.", later.six_weeks_overdue),
    DemoCase("ravi-better", "Ravi Better", "Five months after it, three quarters better.", later.good_at_five_months, "male"),
    DemoCase("sana-faded", "Sana Faded", "Relief ended after nine months; too soon to repeat.", later.relief_has_ended, age=58),
    DemoCase("seth-again", "Seth Again", "Relief ended after a year and more: a repeat is possible.", later.repeat_possible, "male", age=66),
    DemoCase("tilda-thrice", "Tilda Thrice", "Three within a year: over every cap.", later.three_within_the_year),
    DemoCase("theo-otherside", "Theo Otherside", "Had the other side done elsewhere; the list is not complete.", later.other_side_after_a_year, "male"),
    DemoCase("una-content", "Una Content", "Still much better after a year: ended.", later.helped_and_discharged),
    DemoCase("viktor-nothanks", "Viktor Nothanks", "Chose not to have it: ended.", later.chose_not_to, "male"),
    DemoCase("wanda-unmoved", "Wanda Unmoved", "No relief three months after it.", later.no_relief_at_three_months, joint="L3/4"),
    DemoCase("winston-easy", "Winston Easy", "Needs easy read, an interpreter and his sister.", later.easy_read, "male"),
)  # fmt: skip


def made_up_clinic(today: date, seed: int, n: int = len(CASES), now: datetime | None = None) -> Iterator[Json]:
    """So many records of made-up patients, the same for the same seed, day and moment.

    now: when a block that was done today is looked at; 11:00 in UTC where it is not given.
    """
    moment = now or datetime.combine(today, time(11), UTC)
    rng = Random(seed)
    for number in range(min(n, _MOST)):
        case = CASES[number] if number < len(CASES) else rng.choice(CASES)
        yield _patient(number, case, today, moment, rng)


def _patient(number: int, case: DemoCase, today: date, now: datetime, rng: Random) -> Json:
    first = number < len(CASES)
    name = case.name if first else f"{rng.choice(_FIRST)} {rng.choice(_LAST)}"
    who = {
        "name": name,
        "hospital_number": f"MADE-UP-{number + 1:05d}",
        "phone": f"07700 900{rng.randrange(1000):03d}",  # numbers kept for plays and films
        "email": f"{name.lower().replace(' ', '.')}.{number + 1}@example.org",
    }
    if first:
        scene = PatientBuilder(today, now, joint=case.joint, born=(case.age, 5, 14), who=who)
        sex = case.sex
    else:
        scene = varied(today, now, rng, who, "cervical" if case.is_in_the_neck else "lumbar")
        sex = rng.choice(("female", "male"))
    record = {**case.record(scene), "id": case.id if first else f"made-up-{number + 1:05d}", "sex": sex}
    return bound(record, Settings().policy, today)
