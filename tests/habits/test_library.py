"""The library: a golden list of ids, citations found in their sources, nothing unreachable, the empty spell never counted."""

from pathlib import Path

import pytest

from facetwise.cli.check_definitions import check_definitions
from facetwise.cli.check_policies import check_policies
from facetwise.decide.evaluate_spell import judge
from facetwise.guidance.codelists import CODE_LISTS, DENERVATION_FAMILY, KEPT_BY_EXTRACT
from facetwise.guidance.sources import EBI_2K, SOURCES
from facetwise.language.activity import SPELL_FACTS
from facetwise.language.codes import CodeSystem
from facetwise.language.definition import Definition
from facetwise.language.policy import Policy
from facetwise.language.truth import Truth
from facetwise.library import DEFINITIONS, POLICIES
from facetwise.spells.spell import Spell
from tests.shared import shared

GOLDEN = Path("tests/habits/golden_ids.txt")
EVERY = list(DEFINITIONS.values())


def test_the_ids_are_those_of_the_reviewed_file() -> None:
    """A change of ids is a change for everybody outside: change the file in the same commit, and CHANGELOG.md."""
    ids = [f"{definition.id} {criterion.id}" for definition in EVERY for criterion in definition.criteria]
    ids += [f"{policy.id} {criterion.id}" for policy in POLICIES.values() for criterion in policy.criteria]
    assert GOLDEN.read_text(encoding="utf-8").split("\n") == [*ids, ""]


@pytest.mark.parametrize("definition", EVERY, ids=lambda definition: definition.id)
def test_every_quotation_of_the_national_page_is_found_in_it(definition: Definition) -> None:
    page = shared("sources", "002_8fcbb7e818b5134a.txt").read_text(encoding="utf-8")
    for criterion in definition.criteria:
        if criterion.cite.source is EBI_2K:
            assert criterion.cite.quote and criterion.cite.quote in page, criterion.id


def test_the_codes_of_the_national_page_are_those_of_the_lists() -> None:
    """Every code that the page defines stands on a list of the library, with the page's own system."""
    page = shared("sources", "002_8fcbb7e818b5134a.txt").read_text(encoding="utf-8")
    for heading, system in (("Procedure codes (OPCS)", CodeSystem.OPCS4), ("Diagnosis codes (ICD)", CodeSystem.ICD10)):
        block = page.split(heading)[1].split("\n\n")[1]
        codes = {line.split()[0] for line in block.splitlines() if line.strip()}
        listed = {code for held in CODE_LISTS if held.system is system for code in held.fours}
        assert len(codes) in (5, 10)
        assert codes <= listed


def test_the_library_checks_itself_and_finds_nothing() -> None:
    assert check_definitions(EVERY)[0] == []


@pytest.mark.parametrize("definition", EVERY, ids=lambda definition: definition.id)
def test_a_spell_of_which_nothing_is_recorded_is_not_counted(definition: Definition) -> None:
    assert judge(definition, Spell("1")).outcome is not Truth.MET


def test_every_fact_is_a_column_of_the_spell() -> None:
    assert {fact.name for fact in SPELL_FACTS} <= set(Spell.__dataclass_fields__)


def test_every_source_is_cited_or_holds_a_definition() -> None:
    cited = {criterion.cite.source for definition in EVERY for criterion in definition.criteria}
    unused = set(SOURCES) - cited - {definition.source for definition in EVERY}
    assert {source.id for source in unused} == set()


def test_the_extract_keeps_every_code_that_a_definition_looks_for_as_a_denervation() -> None:
    assert KEPT_BY_EXTRACT.covers(DENERVATION_FAMILY)


def test_the_published_script_stands_nowhere_in_the_package() -> None:
    """Its raw text, curly quotes and all, is never carried, let alone executed."""
    raw = shared("sources", "002_8fcbb7e818b5134a.txt").read_text(encoding="utf-8")
    lines = [
        line.strip() for line in raw.split("Code Script")[1].split("Code Definitions")[0].splitlines() if line.strip()
    ]
    assert any("\u2019" in line for line in lines)
    for path in Path("facetwise").rglob("*.py"):
        text = path.read_text(encoding="utf-8")
        assert "\u2019" not in text, path
        assert not [line for line in lines if len(line) > 30 and line in text], path


QUOTED = {
    "ebi-2k": "002_8fcbb7e818b5134a.txt",
    "bupa-2018": "000_70010e7204aaa6c2.txt",
    "cleveland-2019": "001_bcf20315b9944229.txt",
    "mayo-2024": "003_47b77fb9dc6586d5.txt",
}


@pytest.mark.parametrize("policy", POLICIES.values(), ids=lambda policy: policy.id)
def test_every_quotation_of_a_policy_is_found_in_its_source_at_its_line(policy: Policy) -> None:
    """The five documents that the project began with are at hand; the others are not."""
    for criterion in policy.criteria:
        cite = criterion.cite
        if cite.source.id not in QUOTED or not cite.quote:
            continue
        lines = shared("sources", QUOTED[cite.source.id]).read_text(encoding="utf-8").splitlines()
        assert any(cite.quote in line for line in lines), criterion.id
        if cite.place.startswith("line "):
            assert cite.quote in lines[int(cite.place.removeprefix("line ")) - 1], criterion.id


def test_policies_of_the_documents_at_hand_quote_them() -> None:
    for name in ("bupa-2018", "cleveland-2019", "mayo-2024"):
        assert all(criterion.cite.quote for criterion in POLICIES[name].criteria)


def test_the_policies_check_themselves_and_find_nothing() -> None:
    assert check_policies(tuple(POLICIES.values()))[0] == []
