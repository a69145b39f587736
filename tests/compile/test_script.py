"""Promises of the scripts: the meaning of the plain evaluator on raw columns, and nothing unsaid in any dialect."""

import re
from dataclasses import replace

import duckdb
import pytest
import sqlglot
from sqlglot import exp

from facetwise.compile.scripts.definition_script import script
from facetwise.compile.scripts.dialects import DIALECTS
from facetwise.errors import PolicyError, UsageError
from facetwise.guidance import codelists
from facetwise.guidance.definitions import ebi_2k
from facetwise.language import activity
from facetwise.language.expressions import NumberFact, TextFact
from facetwise.language.units import Grain, Unit, years
from facetwise.library import DEFINITIONS
from tests.compile.raw_rows import Raw, in_python, in_script, random_rows
from tests.compile.reviewed_functions import REVIEWED

EBI = DEFINITIONS["ebi-2k"]
EVERY = [(name, dialect) for name in DEFINITIONS for dialect in DIALECTS]
MET, NOT_MET, UNKNOWN = "met", "not-met", "unknown"

# What is odd in a raw row | the row | the criterion that it matters to | its truth
TRAPS = [
    ("a code with padding", Raw(procedures="||V485 ,Z675 "), "site", MET),
    ("a code in lower case", Raw(procedures="||v485,z675"), "site", MET),
    ("a code with a dot", Raw(dominant="V48.5"), "denervation", MET),
    ("a dominant code in lower case, padded", Raw(dominant=" v48.7  "), "denervation", MET),
    ("a no-break space", Raw(procedures="||V485,\u00a0Z675\u00a0"), "site", MET),
    ("a fifth character", Raw(procedures="||V485,Z6751"), "site", MET),
    ("a dagger", Raw(diagnoses="||M545,C509\u2020"), "no-malignancy", NOT_MET),
    ("a site in a later episode", Raw(procedures="||V485||Y532||Z677"), "site", MET),
    ("a site as the first of all, no bars", Raw(procedures="Z675,V485"), "site", MET),
    ("Z675 only across the border of two codes", Raw(procedures="||V485,Z6,75"), "site", NOT_MET),
    ("Z675 only across the border of two episodes", Raw(procedures="||V485,Z||675"), "site", NOT_MET),
    ("Z675 inside another code", Raw(procedures="||V485,XZ675"), "site", NOT_MET),
    ("a three-character Z67", Raw(procedures="||V485,Z67"), "site", NOT_MET),
    ("what a LIKE class would look like", Raw(procedures="||V485,Z67[567]"), "site", NOT_MET),
    ("an underscore where LIKE has a wildcard", Raw(procedures="||V485,Z_75"), "site", NOT_MET),
    ("a percent sign in the data", Raw(procedures="||V485,Z%675"), "site", NOT_MET),
    ("procedures NULL", Raw(procedures=None), "site", UNKNOWN),
    ("procedures empty", Raw(procedures=""), "site", UNKNOWN),
    ("procedures blank", Raw(procedures="   "), "site", UNKNOWN),
    ("procedures of bars alone", Raw(procedures="||"), "site", UNKNOWN),
    ("procedures not known", Raw(procedures="||&,&"), "site", UNKNOWN),
    ("NULL written out", Raw(procedures="NULL"), "site", UNKNOWN),
    ("a dash: no procedure was done", Raw(procedures="||-"), "site", NOT_MET),
    ("a dash before a site", Raw(procedures="||-,Z675"), "site", MET),
    ("a dash for diagnoses says nothing", Raw(diagnoses="||-"), "no-malignancy", UNKNOWN),
    ("diagnoses NULL", Raw(diagnoses=None), "no-malignancy", UNKNOWN),
    ("cancer in any position", Raw(diagnoses="||M545 ,I10X ||D486 "), "no-malignancy", NOT_MET),
    ("D10 is benign", Raw(diagnoses="||M545,D10"), "no-malignancy", MET),
    ("C5 alone is no category", Raw(diagnoses="||M545,C5"), "no-malignancy", MET),
    ("dominant procedure NULL beside V485", Raw(dominant=None), "denervation", UNKNOWN),
    ("dominant procedure NULL, no V485", Raw(dominant=None, procedures="||Z675"), "denervation", NOT_MET),
    ("dominant procedure NULL, procedures NULL", Raw(dominant=None, procedures=None), "denervation", NOT_MET),
    ("a dominant dash is a record", Raw(dominant="-"), "denervation", NOT_MET),
    ("a dominant & is none", Raw(dominant=" & "), "denervation", UNKNOWN),
    ("R69X3 stands for a missing diagnosis", Raw(primary="R69X3"), "diagnosis", UNKNOWN),
    ("R69X is a code", Raw(primary="R69X"), "diagnosis", NOT_MET),
    ("primary diagnosis NULL", Raw(primary=None), "diagnosis", UNKNOWN),
    ("aged 18", Raw(age_at_start=18), "adult", NOT_MET),
    ("aged 19", Raw(age_at_start=19), "adult", MET),
    ("aged 120", Raw(age_at_start=120), "adult", MET),
    ("aged 121, whatever the activity age", Raw(age_at_start=121, age_at_activity=50), "adult", UNKNOWN),
    ("an infant's 7001", Raw(age_at_start=7001, age_at_activity=50), "adult", NOT_MET),
    ("7008 is no age", Raw(age_at_start=7008, age_at_activity=50), "adult", UNKNOWN),
    ("no start age", Raw(age_at_start=None, age_at_activity=50), "adult", MET),
    ("no age at all", Raw(age_at_start=None), "adult", UNKNOWN),
    ("admission method NULL", Raw(method=None), "not-emergency", UNKNOWN),
    ("admission method blank", Raw(method="  "), "not-emergency", UNKNOWN),
    ("admission method 2A behind a blank", Raw(method=" 2A"), "not-emergency", NOT_MET),
    ("category NULL", Raw(category=None), "not-private", UNKNOWN),
    ("category 2 for 02", Raw(category="2"), "not-private", NOT_MET),
    ("category 02 with padding", Raw(category="02  "), "not-private", NOT_MET),
    ("category 03 is not private", Raw(category="03"), "not-private", MET),
]


@pytest.mark.parametrize(("row", "criterion", "truth"), [trap[1:] for trap in TRAPS], ids=[trap[0] for trap in TRAPS])
def test_a_raw_value_means_in_the_script_what_it_means_in_python(row: Raw, criterion: str, truth: str) -> None:
    """Every trap of the raw columns, with its answer written down, in both."""
    (judged,) = in_script(EBI, [row])
    assert judged[[held.id for held in EBI.criteria].index(criterion)] == truth
    assert judged == in_python(EBI, row)


@pytest.mark.parametrize("name", DEFINITIONS)
def test_the_script_equals_the_plain_evaluator_on_random_raw_rows(name: str) -> None:
    """Every criterion and the outcome of 3,000 seeded rows; unknown, met and not met all occur."""
    definition = DEFINITIONS[name]
    rows = random_rows(20231201, 3_000) + [trap[1] for trap in TRAPS]
    judged = in_script(definition, rows)
    expected = [in_python(definition, row) for row in rows]
    assert [(row, *both) for row, *both in zip(rows, judged, expected, strict=True) if both[0] != both[1]] == []
    rare = {
        "any-v48": {"unknown"},
        "nhp-data-2026": {"counted"},
    }  # the one never is; the other needs Z993 beside back pain
    assert {row[-1] for row in judged} >= {"counted", "not-counted", "unknown"} - rare.get(name, set())


def test_the_label_stands_where_the_spell_is_counted_and_nowhere_else() -> None:
    """Unknown and not counted have no label."""
    with duckdb.connect(":memory:") as connection:
        connection.execute(
            "CREATE TABLE apcs AS SELECT * FROM (VALUES (1, 'V485', '||V485,Z675', 'M545', 55, NULL, '11', '||M545', '01'), "
            "(2, 'V485', '||V485,Z675', 'M545', 55, NULL, NULL, '||M545', '01'), "
            "(3, 'V485', '||V485', 'M545', 55, NULL, '11', '||M545', '01')) AS t (APCS_Ident, Spell_Dominant_Procedure, "
            "Der_Procedure_All, Spell_Primary_Diagnosis, Age_At_Start_of_Spell_SUS, Der_Age_at_CDS_Activity_Date, "
            "Admission_Method, Der_Diagnosis_All, Administrative_Category)"
        )
        found = connection.sql(script(EBI, "duckdb")).to_arrow_table().sort_by("APCS_Ident").to_pylist()
    assert [(row["outcome"], row["label"]) for row in found] == [
        ("counted", "2K_RFD_back"),
        ("unknown", None),
        ("not-counted", None),
    ]
    named = [criterion.id.replace("-", "_") for criterion in EBI.criteria]
    assert list(found[0]) == ["APCS_Ident", *named, "outcome", "label"]


def test_the_published_class_in_like_finds_nothing_outside_sql_server_and_is_not_used() -> None:
    """SQLGlot passes '%Z67[567]%' through to every dialect unchanged; in DuckDB it matches no site at all."""
    naive = sqlglot.transpile("SELECT '||V485,Z675' LIKE '%Z67[567]%'", read="tsql", write="duckdb")[0]
    with duckdb.connect(":memory:") as connection:
        assert connection.execute(naive).fetchall() == [(False,)]
    assert in_script(EBI, [Raw(procedures="||V485,Z675")])[0][-1] == "counted"


def test_the_published_not_like_drops_a_null_that_the_script_says_is_unknown() -> None:
    """A NULL admission method is neither kept nor refused by NOT LIKE in a WHERE clause: the row is gone."""
    naive = "SELECT 1 FROM (SELECT CAST(NULL AS VARCHAR) AS method) WHERE {} (method LIKE '2%')"
    with duckdb.connect(":memory:") as connection:
        assert [connection.execute(naive.format(word)).fetchall() for word in ("", "NOT")] == [[], []]
    assert in_script(EBI, [Raw(method=None)])[0][-1] == "unknown"


# Every dialect


@pytest.mark.parametrize(("name", "dialect"), EVERY)
def test_each_script_is_one_statement_of_its_dialect_with_the_label_and_no_like_class(name: str, dialect: str) -> None:
    """Nothing that an engine could read in its own way: no class, no wildcard of one character, no pattern but codes."""
    written = script(DEFINITIONS[name], dialect)
    (tree,) = sqlglot.parse(written, read=dialect)
    assert isinstance(tree, exp.Select)
    assert f"'{DEFINITIONS[name].label}'" in written
    patterns = [like.expression.name for like in tree.find_all(exp.Like)]
    assert patterns
    assert [pattern for pattern in patterns if not re.fullmatch(r"%,[A-Z][0-9]{2}[0-9X]?%", pattern)] == []
    assert "[" not in re.sub(r"--.*", "", written)


@pytest.mark.parametrize(("name", "dialect"), EVERY)
def test_each_script_uses_reviewed_and_documented_functions_alone(name: str, dialect: str) -> None:
    assert REVIEWED.keys() == DIALECTS.keys()
    code = re.sub(r"--.*|'[^']*'", "", script(DEFINITIONS[name], dialect))
    words = {word.upper() for word in re.findall(r"([A-Za-z_]+)\(", code)}
    assert words - REVIEWED[dialect] <= {"NVARCHAR"}  # a type


@pytest.mark.parametrize(("name", "dialect"), EVERY)
def test_each_criterion_is_a_column_of_its_own_under_its_words_and_its_source(name: str, dialect: str) -> None:
    """A reviewer finds what is asked and where it is written right above each step."""
    definition = DEFINITIONS[name]
    lines = script(definition, dialect).splitlines()
    said = " ".join(line.strip().removeprefix("--").strip() for line in lines)
    for criterion in definition.criteria:
        assert f"{criterion.id}: {criterion.says}" in said
        assert f"Source: {criterion.cite.described()} {criterion.cite.source.url}" in said
        assert f"    END AS {criterion.id.replace('-', '_')}" in "\n".join(lines)
    assert f"Definition {definition.id}, version {definition.version}" in said
    assert [line for line in lines if len(line) > 121 or not line.isascii()] == []


def test_sql_server_compares_by_a_named_collation_and_cuts_no_long_text() -> None:
    """Its = ignores trailing blanks, its collation may ignore case, and its REPLACE cuts at 8,000 bytes: all said."""
    written = script(EBI, "tsql")
    raw = written[written.index("raw AS (") : written.index("tidy AS (")]
    texts = [line for line in raw.splitlines() if " AS " in line and "Age" not in line and "raw AS" not in line]
    assert len(texts) == 6
    assert all("COLLATE Latin1_General_BIN2" in line for line in texts)
    assert "CAST(Der_Diagnosis_All AS NVARCHAR(MAX))" in raw
    assert "||" not in re.sub(r"--.*|'[^']*'", "", written)


@pytest.mark.parametrize("dialect", DIALECTS)
def test_every_note_of_a_dialect_names_the_page_that_documents_it(dialect: str) -> None:
    """No difference is said without a reference."""
    told = DIALECTS[dialect]
    for note in (told.comparing, told.joining, told.placing, told.three_values, told.documented):
        assert re.search(r"https://\S+", note)


@pytest.mark.parametrize("dialect", DIALECTS)
def test_no_name_is_longer_than_postgresql_keeps(dialect: str) -> None:
    """PostgreSQL cuts a name beyond 63 characters without an error."""
    for definition in DEFINITIONS.values():
        tree = sqlglot.parse_one(script(definition, dialect), read=dialect)
        assert max(len(name.name) for name in tree.find_all(exp.Identifier)) <= 63


def test_an_unknown_dialect_is_refused_with_the_nearest_known() -> None:
    """The whole message."""
    with pytest.raises(UsageError) as refused:
        script(EBI, "postgresql")
    assert str(refused.value) == "There is no dialect 'postgresql'. Did you mean 'postgres'?"


def test_a_fact_that_lies_in_no_raw_column_is_refused_by_name() -> None:
    """The script never reads a column that SUS does not have."""
    ward = TextFact("ward", "the ward", Grain.SPELL)
    criterion = replace(ebi_2k.NOT_PRIVATE, met_when=ward.is_one_of("A"), when_not_met="no", when_unknown="no")
    with pytest.raises(
        PolicyError, match=r"^'ward' lies in no SUS APCS column\. Known: administrative_category, admission_method, "
    ):
        script(replace(EBI, criteria=(criterion,)), "tsql")


def test_a_test_that_the_library_does_not_use_yet_means_the_same_too() -> None:
    """The first code of all, a bare age, and whether an age is recorded at all."""
    age = NumberFact("age_at_start", "the age", Grain.SPELL, Unit.YEARS, 0, 120)
    plain = replace(EBI.criteria[0], when_not_met="no", when_unknown="no")
    tests = (
        activity.procedures.first_code().is_in(codelists.LUMBAR_RFD),
        ~age.between(years(0), years(17)) & age.is_recorded(),
        activity.procedures.first_code().is_recorded() | ~activity.procedures.any_in(codelists.LUMBAR_SITES),
        ebi_2k.ADULT.met_when & activity.age.is_recorded(),
    )
    criteria = tuple(replace(plain, id=f"t{place}", met_when=test) for place, test in enumerate(tests))
    definition = replace(EBI, criteria=criteria, label="")
    rows = random_rows(7, 1_000)
    assert in_script(definition, rows) == [in_python(definition, row) for row in rows]
    assert "label" not in script(definition, "duckdb")
