"""A definition as one SQL script for a person to review: a step per criterion, cited, in the dialect of an engine.

SQLGlot writes the expressions; the frame around them (WITH, SELECT, CASE) is the same in every dialect, so it is laid out
here, with its comments where a reader needs them.
"""

from __future__ import annotations

import re
import textwrap

from sqlglot import exp

from facetwise.compile.dialects import Dialect, dialect_named
from facetwise.compile.in_text import RAW_COLUMNS, Step, TextColumns
from facetwise.compile.plan import plan
from facetwise.compile.to_sql import number, text, to_sql
from facetwise.language.definition import Criterion, Definition, slots
from facetwise.language.truth import Truth

_WIDTH = 110
_DER_COLUMNS = ("dominant_procedure", "primary_diagnosis")  # what a table of derived columns holds beside APCS
_KEY = "APCS_Ident"
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
    steps = (
        ("raw", _raw_comment(into), [_KEY], columns.raw_step(), "apcs"),
        ("tidy", _TIDY_COMMENT, [_KEY], columns.tidy_step(), "raw"),
        ("parted", _parted_comment(into), ["tidy.*"], columns.parted_step(), "tidy"),
        ("known", _KNOWN_COMMENT, ["parted.*"], columns.known_step(), "parted"),
        ("spell", _SPELL_COMMENT, [_KEY], columns.spell_step(), "known"),
        ("found", _found_comment(into), ["spell.*"], columns.found_step(), "spell"),
        ("criteria", _criteria_comment(into), [_KEY], criteria, "found"),
        ("judged", _JUDGED_COMMENT, ["criteria.*"], [_outcome_step(criteria)], "criteria"),
    )
    bodies = []
    for place, (name, says, kept, computed, source) in enumerate(steps, 1):
        lines = [
            *_comment(f"Step {place}. {says}"),
            f"{name} {into.as_step} (",
            *_indented(_select(kept, computed, source, into)),
        ]
        bodies.append("\n".join([*lines, ")"]))
    last = _select([_KEY, *(step.name for step in criteria), "outcome"], _label_step(definition), "judged", into)
    return "\n".join([*_header(definition, into), "WITH", ",\n\n".join(bodies), "", *last]) + ";\n"


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
        f"  SELECT {_KEY}, COUNT(*) FROM apcs GROUP BY {_KEY} HAVING COUNT(*) > 1",
        "",
        "Each criterion is met, not-met or unknown. A spell is counted when every criterion is met, not-counted when any is "
        "not met, else unknown. Unknown is never folded into either side: report it beside the count. To count, make a "
        "view of this statement:",
        "  SELECT outcome, COUNT(*) FROM your_view GROUP BY outcome",
        "Control characters (a tab in a code) and decimals in an age are not looked for here: clean them first.",
    ]
    return [line for paragraph in paragraphs for line in _comment(paragraph)]


_JOIN = (
    "  CREATE VIEW apcs AS",
    f"  SELECT a.*, {', '.join(f'd.{RAW_COLUMNS[name]}' for name in _DER_COLUMNS)}",
    f"  FROM your_apcs AS a LEFT JOIN your_apcs_der AS d ON d.{_KEY} = a.{_KEY}",
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


def _comment(paragraphs: str) -> list[str]:
    lines = []
    for paragraph in paragraphs.split("\n"):
        indent = "  " if paragraph.startswith("  ") else ""
        wrapped = textwrap.wrap(
            paragraph, _WIDTH, subsequent_indent=indent, break_long_words=False, break_on_hyphens=False
        )
        lines += [f"-- {line}" for line in wrapped] or ["--"]
    return lines


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


def _plain(node: exp.Expr) -> exp.Expr:
    """The same test as a person writes it: IS NOT NULL, <>, and 'found = 0' for a NOT before the opposite."""
    match node:
        case exp.Not(this=exp.Is(this=value)):
            return exp.Is(this=value, expression=exp.Not(this=exp.null()))
        case exp.Not(this=exp.EQ(this=value, expression=exp.Literal(this="1", is_string=False))):
            return exp.EQ(this=value, expression=number(0))
        case exp.Not(this=exp.EQ(this=value, expression=other)):
            return exp.NEQ(this=value, expression=other)
        case exp.Not(this=exp.In(this=value, expressions=[only])):
            return exp.NEQ(this=value, expression=only)
        case exp.In(this=value, expressions=[only]):
            return exp.EQ(this=value, expression=only)
        case _:
            return node


# Layout


def _select(kept: list[str], computed: list[Step], source: str, into: Dialect) -> list[str]:
    lines = ["SELECT", *(f"  {name}," for name in kept)]
    for step in computed:
        lines += [f"  {line}" for says in step.says for line in _comment(says)]
        lines += [f"  {line}" for line in _column(step, into)]
        lines[-1] += ","
    return [*lines[:-1], lines[-1].removesuffix(","), f"FROM {source}"]


def _column(step: Step, into: Dialect) -> list[str]:
    value = step.value
    if isinstance(value, exp.Column) and value.name == step.name:
        return [step.name]
    whole = f"{_sql(value, into)} AS {step.name}"
    if not isinstance(value, exp.Case) or (len(value.args["ifs"]) == 1 and len(whole) <= _WIDTH):
        return _filled(whole)
    lines = ["CASE"]
    for arm in value.args["ifs"]:
        lines += [f"  {line}" for line in _filled(f"WHEN {_sql(arm.this, into)} THEN {_sql(arm.args['true'], into)}")]
    default = value.args.get("default")
    return [*lines, *([f"  ELSE {_sql(default, into)}"] if default else []), f"END AS {step.name}"]


def _sql(value: exp.Expr, into: Dialect) -> str:
    return value.transform(_plain).sql(into.name)


def _filled(line: str) -> list[str]:
    """A long line broken before its words, which stand in no literal of a script."""
    first, *pieces = re.split(r" (?=(?:OR|AND|THEN|AS) [^0-9])", line)
    filled = [first]
    for piece in pieces:
        if len(filled[-1]) + len(piece) > _WIDTH:
            filled.append(f"  {piece}")
        else:
            filled[-1] += f" {piece}"
    return filled


def _indented(lines: list[str]) -> list[str]:
    return [f"  {line}" for line in lines]
