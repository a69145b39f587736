"""The text of a script: its steps, each under comments, in lines that a person can read."""

from __future__ import annotations

import re
import textwrap
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from sqlglot import exp

from facetwise.compile.scripts.dialects import Dialect
from facetwise.compile.scripts.text_columns import Step
from facetwise.compile.to_sql import number

WIDTH = 110


@dataclass(frozen=True)
class CteStep:
    """One step of a script, a common table expression: its name, what it does in words, the lines of its SELECT."""

    name: str
    says: str
    lines: Sequence[str]


def render(header: Iterable[str], steps: Sequence[CteStep], last: Iterable[str], into: Dialect) -> str:
    """The whole statement: its header, every step in WITH, and the SELECT over the last of them."""
    written = []
    for number_of, step in enumerate(steps, 1):
        comments = comment(f"Step {number_of}. {step.says}")
        written.append("\n".join([*comments, f"{step.name} {into.as_step} (", *_indented(step.lines), ")"]))
    return "\n".join([*header, "WITH", ",\n\n".join(written), "", *last]) + ";\n"


def comment(paragraphs: str) -> list[str]:
    lines = []
    for paragraph in paragraphs.split("\n"):
        indent = "  " if paragraph.startswith("  ") else ""
        wrapped = textwrap.wrap(
            paragraph, WIDTH, subsequent_indent=indent, break_long_words=False, break_on_hyphens=False
        )
        lines += [f"-- {line}" for line in wrapped] or ["--"]
    return lines


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


def select(kept: list[str], computed: list[Step], source: str, into: Dialect) -> list[str]:
    lines = ["SELECT", *(f"  {name}," for name in kept)]
    for step in computed:
        lines += [f"  {line}" for says in step.says for line in comment(says)]
        lines += [f"  {line}" for line in _column(step, into)]
        lines[-1] += ","
    return [*lines[:-1], lines[-1].removesuffix(","), f"FROM {source}"]


def _column(step: Step, into: Dialect) -> list[str]:
    value = step.value
    if isinstance(value, exp.Column) and value.name == step.name:
        return [step.name]
    whole = f"{_sql(value, into)} AS {step.name}"
    if not isinstance(value, exp.Case) or (len(value.args["ifs"]) == 1 and len(whole) <= WIDTH):
        return wrap(whole)
    lines = ["CASE"]
    for arm in value.args["ifs"]:
        lines += [f"  {line}" for line in wrap(f"WHEN {_sql(arm.this, into)} THEN {_sql(arm.args['true'], into)}")]
    default = value.args.get("default")
    return [*lines, *([f"  ELSE {_sql(default, into)}"] if default else []), f"END AS {step.name}"]


def _sql(value: exp.Expr, into: Dialect) -> str:
    return value.transform(_plain).sql(into.name)


def wrap(line: str) -> list[str]:
    """A long line broken before its words, and between the names of a list; neither stands in a literal of a script."""
    first, *pieces = re.split(r" (?=(?:OR|AND|THEN|ELSE|AS) [^0-9])|(?<=,) (?=\w+[,)])", line)
    lines = [first]
    for piece in pieces:
        if len(lines[-1]) + len(piece) > WIDTH:
            lines.append(f"  {piece}")
        else:
            lines[-1] += f" {piece}"
    return lines


def _indented(lines: Iterable[str]) -> list[str]:
    return [f"  {line}" for line in lines]
