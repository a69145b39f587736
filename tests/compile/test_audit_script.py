"""Promises of the scripts of policies: one statement in every dialect, cited, and nothing unsaid."""

import re
from dataclasses import replace
from datetime import date

import pytest
import sqlglot
from sqlglot import exp
from typer.testing import CliRunner

from facetwise.cli.app import app
from facetwise.compile.scripts.audit_script import audit_script
from facetwise.compile.scripts.dialects import DIALECTS
from facetwise.errors import PolicyError, UsageError
from facetwise.guidance.requirements import MEDIAL_BRANCH, denervations
from facetwise.language import patient as p
from facetwise.language.events import Always, AtLeast, Chosen, LatestMeets, Near
from facetwise.language.policy import Kind
from facetwise.library import POLICIES, definition
from tests.compile.reviewed_functions import OF_AUDITS, REVIEWED

ANY = definition("any-v48")
EVERY = [(name, dialect) for name in POLICIES for dialect in DIALECTS]
ADDING = {
    "duckdb": "",
    "postgres": "",
    "tsql": "DATEADD",
    "snowflake": "DATEADD",
    "spark": "DATE_ADD ADD_MONTHS",
    "databricks": "DATE_ADD ADD_MONTHS",
}


@pytest.mark.parametrize(("name", "dialect"), EVERY)
def test_each_script_is_one_statement_of_reviewed_and_documented_functions(name: str, dialect: str) -> None:
    """Nothing that an engine could read in its own way: no LIKE class, no boolean column, no name that PostgreSQL cuts."""
    written = audit_script(POLICIES[name], dialect, ANY)
    (tree,) = sqlglot.parse(written, read=dialect)
    assert isinstance(tree, exp.Select)
    code = re.sub(r"--.*|'[^']*'", "", written)
    assert "[" not in code and not re.search(r"\b(TRUE|FALSE)\b", code)
    words = {word.upper() for word in re.findall(r"([A-Za-z_]+)\(", code)}
    assert words - REVIEWED[dialect] - OF_AUDITS <= {*ADDING[dialect].split(), "NVARCHAR"}  # a type
    assert max(len(identifier.name) for identifier in tree.find_all(exp.Identifier)) <= 63
    assert [line for line in written.splitlines() if len(line) > 121 or not line.isascii()] == []
    assert re.search(r"https://\S+", DIALECTS[dialect].dating)


@pytest.mark.parametrize(("name", "dialect"), EVERY)
def test_each_criterion_is_a_column_under_its_words_and_its_source(name: str, dialect: str) -> None:
    policy = POLICIES[name]
    written = audit_script(policy, dialect, ANY)
    said = " ".join(line.strip().removeprefix("--").strip() for line in written.splitlines())
    told = written[written.index("criteria_on_its_day AS") :]
    for criterion in policy.criteria:
        assert f"{criterion.id}: {criterion.says}" in said
        assert f"Source: {criterion.cite.described()} {criterion.cite.source.url}" in said
        assert re.search(rf" AS {criterion.id.replace('-', '_')}\b", told)
    assert f"Policy {policy.id}, version {policy.version}" in said


def test_the_cover_and_what_is_whole_are_said_and_asked() -> None:
    """Every assumption of the audit stands in the comments of its script."""
    whole = audit_script(
        POLICIES["hny-2025"], "tsql", definition("ebi-2k"), (date(2015, 4, 1), date(2024, 3, 31)), frozenset()
    )
    assert "the data hold all nothing of" not in whole
    said = " ".join(line.removeprefix("--").strip() for line in whole.splitlines())
    assert "Assumed: within 2015-04-01 to 2024-03-31 the data hold no kind of event whole." in said
    assert "Assumed: denervations are the spells that ebi-2k counts" in said
    assert "SELECT CAST('2015-04-01' AS DATE) AS first_day, CAST('2024-03-31' AS DATE) AS last_day" in whole
    usual = audit_script(POLICIES["hny-2025"], "tsql", ANY)
    assert "SELECT MIN(admitted) AS first_day, MAX(admitted) AS last_day" in usual


def test_what_has_no_form_in_every_dialect_is_refused_and_never_left_unknown() -> None:
    """A latest block, and blocks near a denervation within so many days, have none yet."""
    policy = POLICIES["radical-trial"]
    plain = next(c for c in policy.criteria if c.kind is Kind.BAR)
    near = Chosen(p.blocks, Always() & Near(p.block_date, denervations(Always()), -28, -1))
    for test in (AtLeast(1, near), LatestMeets(Chosen(p.blocks, Always()), MEDIAL_BRANCH)):
        odd = replace(policy, criteria=(replace(plain, met_when=test),), examples=())
        with pytest.raises(PolicyError, match=r"no form in every SQL dialect yet.* Run facetwise audit --policy"):
            audit_script(odd, "duckdb", ANY)


def test_an_unknown_dialect_is_refused_with_the_nearest_known() -> None:
    with pytest.raises(UsageError, match=r"There is no dialect 'mysql'"):
        audit_script(POLICIES["hny-2025"], "mysql", ANY)


def test_the_command_writes_the_script_and_refuses_what_is_not_of_audits() -> None:
    def run(*given: str) -> tuple[int, str, str]:
        told = CliRunner().invoke(app, ["sql", *given])
        return told.exit_code, told.stdout, str(told.exception or "")

    cover = (date(2015, 4, 1), date(2024, 3, 31))
    options = ("--of", "ebi-2k", "--covers", "2015-04-01:2024-03-31", "--complete", "denervations,blocks")
    code, written, _ = run("--policy", "evicore-cmm-208", "--dialect", "snowflake", *options)
    whole = frozenset({"denervations", "blocks"})
    own = audit_script(POLICIES["evicore-cmm-208"], "snowflake", definition("ebi-2k"), cover, whole)
    assert (code, written.rstrip()) == (0, own.rstrip())
    for given, told in (
        (("--policy", "hny-2025", "--definition", "ebi-2k"), "not both"),
        (("--of", "ebi-2k"), "are of audits"),
        (("--policy", "hny-2026"), "Did you mean 'hny-2025'?"),
        (("--policy", "hny-2025", "--covers", "2015"), "Give two dates"),
    ):
        code, written, why = run(*given)
        assert code != 0 and not written and told in why
