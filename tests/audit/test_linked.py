"""What activity shows of a patient, and what a policy says of each denervation on its own day."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from random import Random
from typing import Any

import pytest

from facetwise.audit.histories import (
    NO_DAY,
    NO_PATIENT,
    REVERSED,
    CodedEvent,
    Cover,
    EvaluatedDenervation,
    PatientHistory,
    evaluate_history,
    histories_from_spells,
)
from facetwise.audit.prior_events import prior_events
from facetwise.decide.calendar import plus
from facetwise.decide.decision import Outcome
from facetwise.language.truth import Truth
from facetwise.language.units import months
from facetwise.library import POLICIES, definition
from facetwise.spells.spell import Spell

FIRST, LAST = date(2015, 4, 1), date(2024, 3, 31)
COVER = Cover(FIRST, LAST)
BLOCKS_TOO = Cover(FIRST, LAST, frozenset({"denervations", "blocks"}))
ANY = definition("any-v48")
MET, NOT, UNKNOWN = Truth.MET, Truth.NOT_MET, Truth.UNKNOWN


def spell(
    name: str, admitted: str | None, codes: str = "V485 Z675 Z942", patient: str | None = "a", **more: Any
) -> Spell:
    """A spell of one episode whose procedures are those codes."""
    day = date.fromisoformat(admitted) if admitted else None
    return Spell(name, patient, "RA1", admitted=day, procedures=(tuple(codes.split()),), **more)


def told(criterion: str, policy: str, *days: str, cover: Cover = COVER) -> list[Truth | None]:
    """The truth of a criterion for each lumbar denervation of one patient, in the order of their days."""
    (course,), _ = histories_from_spells([spell(f"s{n}", day) for n, day in enumerate(days)], ANY)
    return [one.truths[criterion] for one in evaluate_history(course, POLICIES[policy], cover)]


def test_a_spell_says_its_day_region_sides_and_technique_and_nothing_more() -> None:
    (course,), _ = histories_from_spells(
        [
            spell("c", "2020-03-01", "V487 Z676 Z943", age_at_start=50),
            spell("a", "2019-01-02", "V487"),
            spell("b", "2019-06-05", "V544"),
            spell("d", "2020-05-01", "W401"),
            spell("e", "2020-06-01", "V485 Z673 Z941", age_at_start=50, age_at_activity=51),
        ],
        ANY,
    )
    assert course.denervations == (
        CodedEvent("a", date(2019, 1, 2), "RA1", technique="thermal"),
        CodedEvent("c", date(2020, 3, 1), "RA1", 50, "lumbar", ("left",), "thermal"),
        CodedEvent("e", date(2020, 6, 1), "RA1", 51, "lumbar", ("left", "right"), "thermal"),
    )
    assert [block.spell_id for block in course.blocks] == ["b"]


@pytest.mark.parametrize(
    ("activity", "start", "age"),
    [
        (51, 50, 51),
        (None, 50, 50),
        (120, None, 120),
        (121, 50, None),
        (-1, 50, None),
        (None, 7008, None),
        (None, None, None),
    ],
)
def test_an_invalid_age_is_unknown_and_no_age_of_an_adult(
    activity: int | None, start: int | None, age: int | None
) -> None:
    """Over 120 nobody is known to be adult, and under 0 nobody is known to be a child."""
    (course,), _ = histories_from_spells([spell("a", "2020-01-01", age_at_activity=activity, age_at_start=start)], ANY)
    assert course.denervations[0].age == age
    (one,) = evaluate_history(course, POLICIES["nice-ng59"], COVER)
    assert one.truths["adult"] is (UNKNOWN if age is None else MET)


def test_a_denervation_without_a_patient_or_a_day_is_set_aside_and_counted() -> None:
    spells = [
        spell("a", "2020-01-01", patient=None),
        spell("b", "2020-01-01", patient=""),
        spell("c", None),
        spell("d", "2020-01-01", "V544", patient=None),
        spell("e", "2020-01-01", discharged=date(2019, 12, 31)),
        spell("f", "2020-01-01", "V544", discharged=date(2019, 12, 31)),
    ]
    assert histories_from_spells(spells, ANY) == ((), {NO_PATIENT: 2, NO_DAY: 1, REVERSED: 1})


def test_a_patient_with_blocks_alone_has_no_course() -> None:
    assert histories_from_spells([spell("a", "2020-01-01", "V544")], ANY)[0] == ()


@pytest.mark.parametrize(
    ("days", "truths"),
    [
        (("2020-01-01", "2021-04-30"), [None, NOT]),  # sixteen months are over on 1 May 2021
        (("2020-01-01", "2021-05-01"), [None, MET]),
        (("2016-07-31",), [UNKNOWN]),  # one before the data begins could be too recent
        (("2016-08-01",), [None]),
        (("2015-04-01",), [UNKNOWN]),
        (("2015-05-01", "2015-06-01"), [UNKNOWN, NOT]),
        (("2015-05-01", "2016-12-01"), [UNKNOWN, MET]),
        (("2020-01-01", "2020-01-01"), [None, None]),  # history is what lies before the day
    ],
)
def test_an_interval_is_held_against_what_came_before_and_against_the_first_covered_day(
    days: tuple[str, ...], truths: list[Truth | None]
) -> None:
    assert told("repeat-interval", "hny-2025", *days) == truths


@pytest.mark.parametrize(
    ("days", "truths"),
    [
        (("2020-01-01", "2020-06-01", "2020-12-31"), [MET, MET, NOT]),
        (("2020-01-01", "2020-06-01", "2021-01-01"), [MET, MET, MET]),  # the first lies twelve months back
        (("2016-03-31",), [MET]),  # the cover begins with the window: no session before it can count
        (("2016-03-30",), [UNKNOWN]),
        (("2015-04-02", "2015-05-02", "2015-06-02"), [UNKNOWN, UNKNOWN, NOT]),
    ],
)
def test_a_cap_of_two_sessions_counts_those_in_twelve_months_and_this_one(
    days: tuple[str, ...], truths: list[Truth | None]
) -> None:
    assert told("session-cap", "medicare-lcd", *days) == truths


def test_after_the_last_covered_day_nothing_is_known_to_be_absent() -> None:
    assert told("repeat-interval", "hny-2025", "2024-03-31", "2024-04-01") == [None, NOT]
    assert told("repeat-interval", "hny-2025", "2024-04-01") == [None]
    assert told("repeat-interval", "hny-2025", "2024-06-01") == [UNKNOWN]


NO, CANNOT_SEE = (0, 1, 0), (0, 0, 1)


@pytest.mark.parametrize(
    ("other", "interval", "recorded"),
    [
        ({"admitted": None}, UNKNOWN, CANNOT_SEE),  # it may have been on any day
        ({"admitted": "2020-01-03", "discharged": date(2020, 1, 2)}, UNKNOWN, CANNOT_SEE),
        ({"admitted": None, "codes": "V487 Z674"}, None, CANNOT_SEE),  # of another region, whenever it was
        ({"admitted": None, "codes": "V544 Z676"}, None, NO),  # a block
        ({"admitted": None, "patient": "b"}, None, NO),
    ],
)
def test_a_denervation_whose_day_is_not_known_may_have_been_on_any(
    other: dict[str, Any], interval: Truth | None, recorded: tuple[int, int, int]
) -> None:
    """It is set aside, and what it could change of the patient's other ones is unknown, as it is when decided on."""
    held, _ = histories_from_spells([spell("a", "2020-06-01"), spell("b", **other)], ANY)
    (one,) = evaluate_history(held[0], POLICIES["hny-2025"], COVER)
    assert one.truths["repeat-interval"] is interval
    *_, row, _ = prior_events(held, COVER, (POLICIES["hny-2025"],))["hny-2025"]
    assert row.what == "denervation recorded in the 12 months before"
    assert (row.yes, row.no, row.cannot_see) == recorded


@pytest.mark.parametrize(
    ("day", "method", "interval"),
    [
        ("2020-01-01", "11", NOT),
        ("2020-01-01", None, UNKNOWN),  # whether it was an emergency, and so no denervation here, is not known
        ("2020-06-01", None, None),  # on the day itself: no history
        ("2020-07-01", None, None),  # later
        ("2020-01-01", "21", None),
        (None, None, UNKNOWN),
    ],
)
def test_a_spell_that_may_be_a_denervation_may_stand_in_a_history(
    day: str | None, method: str | None, interval: Truth | None
) -> None:
    def one(name: str, admitted: str | None, method: str | None) -> Spell:
        more: dict[str, Any] = {"primary_diagnosis": "M545", "diagnoses": (("M545",),), "administrative_category": "01"}
        return spell(name, admitted, dominant_procedure="V485", age_at_start=50, admission_method=method, **more)

    (course,), _ = histories_from_spells([one("a", "2020-06-01", "11"), one("b", day, method)], definition("ebi-2k"))
    found = {done.denervation.spell_id: done for done in evaluate_history(course, POLICIES["hny-2025"], COVER)}
    assert found["a"].truths["repeat-interval"] is interval
    assert ("b" in found) is (method == "11")


def test_a_block_whose_day_is_not_known_leaves_open_whether_there_was_one() -> None:
    """Where the data hold all blocks, none recorded is none; with one on no known day it is not known."""
    late = spell("b", "2020-01-03", "V544 Z676", discharged=date(2020, 1, 2))
    for others, truth in (([], NOT), ([late], UNKNOWN), ([replace(late, patient_id="b")], NOT)):
        held, _ = histories_from_spells([spell("a", "2020-06-01"), *others], ANY)
        (one,) = evaluate_history(held[0], POLICIES["hny-2025"], BLOCKS_TOO)
        assert one.truths["positive-block"] is truth


def test_another_region_is_no_repeat_and_one_that_no_code_names_is_taken_as_lumbar() -> None:
    """Contract section 6 has any earlier denervation count; whether the one judged is lumbar stays unknown."""

    def last(*codes: str) -> EvaluatedDenervation:
        spells = [spell(f"s{n}", f"2020-0{1 + 5 * n}-01", code) for n, code in enumerate(codes)]
        (course,), _ = histories_from_spells(spells, ANY)
        return evaluate_history(course, POLICIES["hny-2025"], COVER)[-1]

    assert last("V487", "V485").truths["repeat-interval"] is NOT
    assert last("V485", "V487").truths["repeat-interval"] is NOT
    assert last("V485", "V487").truths["lumbar"] is UNKNOWN
    assert last("V487 Z674", "V485").truths["repeat-interval"] is None
    assert last("V487 Z674", "V487").truths["repeat-interval"] is None
    assert last("V487 Z674", "V487 Z674").truths["repeat-interval"] is NOT


def test_levels_are_never_coded_so_an_interval_per_level_and_side_is_unknown_unless_the_side_differs() -> None:
    def last(first: str, second: str, day: str = "2020-03-01") -> Truth | None:
        (course,), _ = histories_from_spells([spell("a", "2020-01-01", first), spell("b", day, second)], ANY)
        return evaluate_history(course, POLICIES["tricare-west"], COVER)[-1].truths["repeat-interval"]

    assert last("V485 Z942", "V485 Z942") is UNKNOWN
    assert last("V485 Z942", "V485") is UNKNOWN
    assert last("V485 Z942", "V485 Z943") is None
    assert last("V485 Z942", "V485 Z942", "2020-07-01") is UNKNOWN, "whether there was one of that level is not told"


def test_what_activity_cannot_show_is_unknown_and_no_denervation_meets_a_whole_policy() -> None:
    (course,), _ = histories_from_spells([spell("a", "2020-01-01", age_at_start=50)], ANY)
    for name, policy in POLICIES.items():
        (one,) = evaluate_history(course, policy, BLOCKS_TOO)
        if name != "australia-mbs":  # which asks only for what activity shows
            assert one.outcome is not Outcome.MEETS, name
    truths = evaluate_history(course, POLICIES["hny-2025"], COVER)[0].truths
    assert truths == {
        "lumbar": MET,
        "chronic": UNKNOWN,
        "severity": UNKNOWN,
        "conservative-care": UNKNOWN,
        "positive-block": UNKNOWN,
        "repeat-interval": None,
    }


def test_no_block_in_data_that_hold_all_blocks_is_not_met_once_the_window_is_covered() -> None:
    def block(day: str, *blocks: str) -> Truth | None:
        spells = [spell("d", day), *(spell(f"b{n}", on, "V544") for n, on in enumerate(blocks))]
        (course,), _ = histories_from_spells(spells, ANY)
        return evaluate_history(course, POLICIES["hny-2025"], BLOCKS_TOO)[0].truths["positive-block"]

    assert block("2020-01-01") is NOT
    assert block("2020-01-01", "2019-06-30") is NOT, "six months are over"
    assert block("2020-01-01", "2019-07-01") is UNKNOWN, "what it brought is not recorded"
    assert block("2015-09-01") is UNKNOWN, "one before the data begins could count"


@pytest.mark.parametrize(("age", "truth"), [(18, NOT), (19, MET), (None, UNKNOWN)])
@pytest.mark.parametrize("day", ["2020-01-01", "2020-02-29"])
def test_completed_years_are_what_the_spell_says(age: int | None, truth: Truth, day: str) -> None:
    (course,), _ = histories_from_spells([spell("a", day, age_at_start=age)], ANY)
    assert evaluate_history(course, POLICIES["ebi-2k-guidance"], COVER)[0].truths["adult"] is truth


INTERVALS = {"hny-2025": 16, "evicore-cmm-208": 6}
CAPS = {"medicare-lcd": 2, "evicore-cmm-208": 2}


def by_the_contract(course: PatientHistory, at: date, interval: int) -> Truth | None:
    """Section 6, word for word: an interval of n months at a day."""
    earlier = [one.day for one in course.denervations if one.day < at]
    if any(plus(day, months(interval)) > at for day in earlier):
        return NOT
    if plus(FIRST, months(interval)) > at:
        return UNKNOWN
    return MET if earlier else None


def cap_by_the_contract(course: PatientHistory, at: date, most: int) -> Truth:
    """Section 6, word for word: a cap in twelve months at a day."""
    year = months(12)
    sessions = {one.day for one in course.denervations if one.day < at and plus(one.day, year) > at}
    if len(sessions) + 1 > most:
        return NOT
    return UNKNOWN if plus(FIRST - timedelta(days=1), year) > at else MET


def test_intervals_and_caps_of_made_up_histories_are_those_of_the_contract() -> None:
    """400 patients of a seeded generator, of lumbar denervations inside the cover, around its first two years most."""
    rng, seen = Random(5), set()
    for number in range(400):
        spread = rng.choice((700, 3_000))
        days = sorted({FIRST + timedelta(days=rng.randrange(spread)) for _ in range(rng.randint(1, 5))})
        (course,), _ = histories_from_spells(
            [spell(f"{number}-{n}", day.isoformat()) for n, day in enumerate(days)], ANY
        )
        for name, interval in INTERVALS.items():
            for one in evaluate_history(course, POLICIES[name], COVER):
                expected = by_the_contract(course, one.denervation.day, interval)
                assert one.truths["repeat-interval"] is expected, (name, days, one.denervation.day)
                seen.add((name, expected))
        for name, most in CAPS.items():
            for one in evaluate_history(course, POLICIES[name], COVER):
                expected = cap_by_the_contract(course, one.denervation.day, most)
                assert one.truths["session-cap"] is expected, (name, days, one.denervation.day)
                seen.add((name + " cap", expected))
    assert len(seen) == 2 * 4 + 2 * 3, "every answer was among them"
