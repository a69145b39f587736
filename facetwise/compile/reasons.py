"""Why a spell is not counted, in words, as SQL: the same sentences that the plain evaluator gives."""

from __future__ import annotations

import string
from collections.abc import Sequence

from sqlglot import exp

from facetwise.compile.to_sql import Columns, text
from facetwise.language.definition import Criterion, Definition, slots
from facetwise.language.expressions import Codes, Value


def because(definition: Definition, columns: Columns, truths: Sequence[exp.Expr]) -> exp.Expr:
    """The reasons of the criteria that are not met or unknown, joined by '; '. truths: their columns, in order."""
    reasons = [_reason(criterion, truth, columns) for criterion, truth in zip(definition.criteria, truths, strict=True)]
    joined = exp.func("concat_ws", text("; "), *reasons, dialect="duckdb")
    return exp.func("COALESCE", exp.func("NULLIF", joined, text("")), text("every criterion is met"))


def _reason(criterion: Criterion, truth: exp.Expr, columns: Columns) -> exp.Expr:
    is_unknown, not_met = exp.Is(this=truth.copy(), expression=exp.null()), exp.not_(truth.copy())
    cases = [exp.If(this=is_unknown, true=_sentence(criterion, criterion.when_unknown, columns))]
    if criterion.when_missing:
        held = (columns.recorded(criterion.spoken[name]) for name in slots(criterion.when_not_met))
        nothing = exp.and_(not_met.copy(), *(exp.Is(this=value, expression=exp.null()) for value in held))
        cases.append(exp.If(this=nothing, true=text(f"{criterion.id}: {criterion.when_missing}")))
    cases.append(exp.If(this=not_met, true=_sentence(criterion, criterion.when_not_met, columns)))
    return exp.Case(ifs=cases)


def _sentence(criterion: Criterion, words: str, columns: Columns) -> exp.Expr:
    parts: list[exp.Expr] = [text(f"{criterion.id}: ")]
    for before, name, _, _ in string.Formatter().parse(words):
        if before:
            parts.append(text(before))
        if name:
            parts.append(_shown(criterion.spoken[name], columns))
    whole = parts[0]
    for part in parts[1:]:
        whole = exp.DPipe(this=whole, expression=part)
    return whole


def _shown(value: Value, columns: Columns) -> exp.Expr:
    held = columns.recorded(value)
    if isinstance(value, Codes):
        spaced = exp.func("TRIM", exp.Anonymous(this="replace", expressions=[held, text(","), text(" ")]))
        held = exp.Case(
            ifs=[exp.If(this=exp.EQ(this=spaced.copy(), expression=text("")), true=text("none"))], default=spaced.copy()
        )
    return exp.func("COALESCE", exp.cast(held, "text"), text("not recorded"))
