"""The normaliser on whole columns is parse_value.py on each value; the prefilter drops no row that matters."""

from __future__ import annotations

import pyarrow as pa
from hypothesis import given, settings
from hypothesis import strategies as st

from facetwise.guidance.codelists import DENERVATION_FAMILY, KEPT_BY_EXTRACT
from facetwise.spells.layouts import STAGED
from facetwise.spells.normalise import parse_value
from facetwise.spells.normalise.code_prefilter import code_may_be, may_contain
from facetwise.spells.normalise.columns import canonical, faults, split_episodes
from facetwise.spells.normalise.value_rules import rule_of

COLUMNS = {column.canonical: column for column in STAGED.columns}
RULES = {True: rule_of(COLUMNS["procedures"]), False: rule_of(COLUMNS["diagnoses"])}
token = st.sampled_from(
    ["V485", "v48.5", "V 4 85", "A57.2", "a573", "Z675 ", " M545", "-", "&", "", "NULL", "C50.9†", "V\u00a048", "W37"]
)
codes = st.lists(st.lists(token, max_size=4).map(",".join), max_size=4).map("||".join)
raw = st.none() | codes | codes.map(lambda text: "||" + text) | st.text("V48Aa57.| ,&-\u00a0", max_size=12)


@settings(max_examples=300, deadline=None, derandomize=True)
@given(column=st.lists(raw, max_size=20), dash=st.booleans())
def test_codes_are_split_by_the_column_as_by_the_value(column: list[str | None], dash: bool) -> None:
    whole = split_episodes(pa.array(column, pa.string()), RULES[dash]).to_pylist()
    single = [parse_value.episodes(value, dash_is_none=dash) for value in column]
    assert whole == [None if each is None else [list(episode) for episode in each] for each in single]


@settings(max_examples=300, deadline=None, derandomize=True)
@given(column=st.lists(raw, max_size=20))
def test_the_sieve_keeps_every_row_that_holds_a_code(column: list[str | None]) -> None:
    """Too much may come through; too little never."""
    for listed in (DENERVATION_FAMILY, KEPT_BY_EXTRACT):
        array = pa.array(column, pa.string())
        for sieved in (
            may_contain(array, listed),
            code_may_be(array, listed),
            code_may_be(array.dictionary_encode(), listed),
        ):
            for value, kept in zip(column, sieved, strict=True):
                episodes = parse_value.episodes(value, dash_is_none=True) or ()
                if any(listed.holds(code) for episode in episodes for code in episode):
                    assert kept, value


def test_the_sieve_lets_other_codes_fall() -> None:
    array = pa.array(["||W371,A577", "||V544", None, "", "||Z48,5"])
    assert not may_contain(array, DENERVATION_FAMILY).any()


def test_numbers_and_dates_mean_the_same_in_every_type() -> None:
    """Text, whole numbers, floats with gaps, dates and timestamps."""
    age = COLUMNS["age_at_start"]
    expected = [50, 0, None, 999]
    for array in (
        pa.array(["50", " 7003", "NULL", "999.0"]),
        pa.array([50, 7003, None, 999], pa.int16()),
        pa.array([50.0, 7003.0, float("nan"), 999.0]),
        pa.array(["50", "7003", "", "999"]).dictionary_encode(),
    ):
        assert canonical(array, age).to_pylist() == expected
        assert faults(array, age, "age") == []
    day = COLUMNS["admitted"]
    for dates in (
        pa.array(["2018-04-01", "01/04/2018", "20180401", "2018-04-01 00:00:00", "1801-01-01", ""]),
        pa.array([20180401] * 4 + [18010101, None]),
    ):
        assert [str(value) for value in canonical(dates, day).to_pylist()] == ["2018-04-01"] * 4 + ["None"] * 2
    assert [fault.reason for fault in faults(pa.array([1.5]), age, "age")] == ["age is not a whole number"]
    assert [fault.reason for fault in faults(pa.array([True]), day, "day")] == ["day is not a date"]
