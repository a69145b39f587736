"""A definition as one SQL script for a person to review: a step per criterion, cited, in the dialect of an engine.

SQLGlot writes the expressions; the frame around them (WITH, SELECT, CASE) is the same in every dialect, so it is laid out
here, with its comments where a reader needs them.
"""

from __future__ import annotations

from collections.abc import Sequence

from sqlglot import exp

from facetwise.compile.plan import plan
from facetwise.compile.scripts.dialects import Dialect, dialect_named
from facetwise.compile.scripts.layout import CteStep, comment, render, select
from facetwise.compile.scripts.text_columns import RAW_COLUMNS, Step, TextColumns
from facetwise.compile.to_sql import text, to_sql
from facetwise.language.definition import Criterion, Definition, slots
from facetwise.language.truth import Truth

_DER_COLUMNS = ("dominant_procedure", "primary_diagnosis")  # what a table of derived columns holds beside APCS
KEY = "APCS_Ident"
OUTCOMES = {Truth.MET: "counted", Truth.NOT_MET: "not-counted", Truth.UNKNOWN: "unknown"}


def script(definition: Definition, dialect: str) -> str:
    """The definition as one commented SQL statement over a table `apcs` of raw SUS APCS columns.

    Its rows: APCS_Ident, one column a criterion (met, not-met, unknown), outcome (counted, not-counted, unknown) and, where
    the definition has one, label. Errors: UsageError for an unknown dialect, with the nearest known name; PolicyError for
    a fact that lies in no SUS APCS column.
    """
    into = dialect_named(dialect)
    columns = TextColumns(plan(definition), into)
    criteria = [_criterion_step(criterion, columns) for criterion in definition.criteria]
    last = select([KEY, *(step.name for step in criteria), "outcome"], _label_step(definition), "judged", into)
    return render(_header(definition, into), counting_steps(definition, columns, into), last, into)


def counting_steps(
    definition: Definition, columns: TextColumns, into: Dialect, beside: Sequence[Step] = ()
) -> tuple[CteStep, ...]:
    """The steps from `apcs` to `judged`, which holds the key, a column a criterion, and outcome.

    beside: further columns of `apcs`, which every step up to `found` carries along.
    """
    criteria = [_criterion_step(criterion, columns) for criterion in definition.criteria]
    kept = [KEY, *(step.name for step in beside)]
    steps = (
        ("raw", _raw_comment(into), [KEY], [*beside, *columns.raw_step()], "apcs"),
        ("tidy", _TIDY_COMMENT, kept, columns.tidy_step(), "raw"),
        ("parted", _parted_comment(into), ["tidy.*"], columns.parted_step(), "tidy"),
        ("known", _KNOWN_COMMENT, ["parted.*"], columns.known_step(), "parted"),
        ("spell", _SPELL_COMMENT, kept, columns.spell_step(), "known"),
        ("found", _found_comment(into), ["spell.*"], columns.found_step(), "spell"),
        ("criteria", _criteria_comment(into), [KEY], criteria, "found"),
        ("judged", _JUDGED_COMMENT, ["criteria.*"], [_outcome_step(criteria)], "criteria"),
    )
    return tuple(CteStep(name, says, select(held, made, source, into)) for name, says, held, made, source in steps)


# Comments


def _header(definition: Definition, into: Dialect) -> list[str]:
    source = definition.source
    paragraphs = [
        f"{definition.title}",
        f"Definition {definition.id}, version {definition.version}, published {definition.published}, {definition.status.value}. "
        f"Steward: {definition.steward}.",
        f"Source: {source.title}. {source.publisher}, {source.version}. {source.url}",
        *definition.notes,
        "",
        f"One statement for {into.engine}. Every function in it is documented: {into.documented}",
        "It reads `apcs`, one row a spell, ages as whole numbers and the rest as text: put the name of your own table there.",
        "For a column that you do not have, such as the activity age, read CAST(NULL AS INTEGER) in step 1.",
        "With a table of derived columns beside the APCS table, make it first:",
        *_JOIN,
        "The key must be unique on both sides, or the join multiplies spells. It is where this returns no row:",
        f"  SELECT {KEY}, COUNT(*) FROM apcs GROUP BY {KEY} HAVING COUNT(*) > 1",
        "",
        "Each criterion is met, not-met or unknown. A spell is counted when every criterion is met, not-counted when any is "
        "not met, else unknown. Unknown is never folded into either side: report it beside the count. To count, make a "
        "view of this statement:",
        "  SELECT outcome, COUNT(*) FROM your_view GROUP BY outcome",
        "Control characters (a tab in a code) and decimals in an age are not looked for here: clean them first.",
    ]
    return [line for paragraph in paragraphs for line in comment(paragraph)]


_JOIN = (
    "  CREATE VIEW apcs AS",
    f"  SELECT a.*, {', '.join(f'd.{RAW_COLUMNS[name]}' for name in _DER_COLUMNS)}",
    f"  FROM your_apcs AS a LEFT JOIN your_apcs_der AS d ON d.{KEY} = a.{KEY}",
)


def _raw_comment(into: Dialect) -> str:
    return "The columns that this definition reads, under plain names.\n" + into.comparing


_TIDY_COMMENT = (
    "Padding goes, no-break spaces included; codes are put in upper case, without blanks and dots, so 'z67.5 ' is Z675. "
    "Ages 7000 to 7007 are infants."
)


def _parted_comment(into: Dialect) -> str:
    return (
        "Each code stands between two commas of its own: ||E851,Z676||Y532 becomes ,,E851,,Z676,,,,Y532, and no search can "
        "cross from one code into the next.\n" + into.joining
    )


_KNOWN_COMMENT = "What stands for an unknown code is taken out, whole codes at a time."

_SPELL_COMMENT = (
    "The values that the criteria ask for, NULL where they are not recorded. A spell with procedures or diagnoses recorded "
    "but no code left holds an empty text, which is not NULL."
)


def _found_comment(into: Dialect) -> str:
    return (
        "Code lists looked up: 1 a code of the list is there, 0 none is, NULL not recorded. A code belongs to a list by its "
        "first four characters, to a category by its first three.\n" + into.placing
    )


def _criteria_comment(into: Dialect) -> str:
    return (
        "The criteria, in the order of the source. A NULL makes neither WHEN true, and so is unknown, where a WHERE clause "
        "would drop the row without a word.\n" + into.three_values
    )


_JUDGED_COMMENT = "The outcome: one criterion not met decides; else one unknown leaves it unknown."


# Steps


def _criterion_step(criterion: Criterion, columns: TextColumns) -> Step:
    test = to_sql(criterion.met_when, columns)
    cite = criterion.cite
    says = [f"{criterion.id}: {criterion.says}"]
    if not slots(criterion.when_unknown):
        says.append(f"Unknown: {criterion.when_unknown}")
    says.append(f"Source: {cite.described()}")
    says.append(f"  {cite.source.url}")
    arms = [
        exp.If(this=truth, true=text(word.value)) for truth, word in ((test, Truth.MET), (_not(test), Truth.NOT_MET))
    ]
    case = exp.Case(ifs=arms, default=text(Truth.UNKNOWN.value))
    return Step(criterion.id.replace("-", "_"), case, tuple(says))


def _outcome_step(criteria: list[Step]) -> Step:
    held = [exp.column(step.name) for step in criteria]
    arms = [
        exp.If(this=exp.In(this=text(truth.value), expressions=held), true=text(OUTCOMES[truth]))
        for truth in (Truth.NOT_MET, Truth.UNKNOWN)
    ]
    return Step("outcome", exp.Case(ifs=arms, default=text(OUTCOMES[Truth.MET])))


def _label_step(definition: Definition) -> list[Step]:
    if not definition.label:
        return []
    counted = exp.EQ(this=exp.column("outcome"), expression=text(OUTCOMES[Truth.MET]))
    return [Step("label", exp.Case(ifs=[exp.If(this=counted, true=text(definition.label))]))]


def _not(test: exp.Expr) -> exp.Expr:
    return test.this.unnest().copy() if isinstance(test, exp.Not) else exp.not_(test)
