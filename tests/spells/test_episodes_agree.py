"""The two ways of reading codes, a value and a column at a time, are one."""

import pyarrow as pa
import pytest

from facetwise.spells.layouts import SUS_APCS
from facetwise.spells.normalise import parse_value
from facetwise.spells.normalise.columns import split_episodes
from facetwise.spells.normalise.value_rules import rule_of

COLUMNS = {column.canonical: column for column in SUS_APCS.columns}
RULES = {True: rule_of(COLUMNS["procedures"]), False: rule_of(COLUMNS["diagnoses"])}


@pytest.mark.parametrize(
    "raw", ["||NULL", "||E851,NULL", "||NULL||E851", "N ULL", "| |E851", ".||E851", "||A| |B", "E.8 51"]
)
@pytest.mark.parametrize("dash_is_none", [True, False])
def test_a_column_is_split_as_a_single_value_is(raw: str, dash_is_none: bool) -> None:
    """A written-out NULL is no code in any place, and blanks between two bars part episodes all the same."""
    whole = split_episodes(pa.array([raw]), RULES[dash_is_none]).to_pylist()[0]
    single = parse_value.episodes(raw, dash_is_none=dash_is_none)
    assert whole == (None if single is None else [list(episode) for episode in single])
