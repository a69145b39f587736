"""Why a spell is not counted, in words, as SQL: the same sentences that the plain evaluator gives."""

from __future__ import annotations

import string
from collections.abc import Sequence

from sqlglot import exp

from facetwise.compile.to_sql import Columns, text
from facetwise.language.definition import Criterion, Definition
from facetwise.language.expressions import CodesFact, Fact


def because(definition: Definition, columns: Columns, truths: Sequence[exp.Expr]) -> exp.Expr:
    """The reasons of the criteria that are not met or unknown, joined by '; '. truths: their columns, in order."""
    reasons = [_reason(criterion, truth, columns) for criterion, truth in zip(definition.criteria, truths, strict=True)]
    joined = exp.func("concat_ws", text("; "), *reasons, dialect="duckdb")
    return exp.func("COALESCE", exp.func("NULLIF", joined, text("")), text("every criterion is met"))


def _reason(criterion: Criterion, truth: exp.Expr, columns: Columns) -> exp.Expr:
    facts = {fact.name: fact for fact in criterion.facts}
    is_unknown = exp.Is(this=truth.copy(), expression=exp.null())
    return exp.Case(
        ifs=[
            exp.If(this=is_unknown, true=_sentence(criterion, criterion.when_unknown, facts, columns)),
            exp.If(this=exp.not_(truth.copy()), true=_sentence(criterion, criterion.when_not_met, facts, columns)),
        ]
    )


def _sentence(criterion: Criterion, words: str, facts: dict[str, Fact], columns: Columns) -> exp.Expr:
    parts: list[exp.Expr] = [text(f"{criterion.id}: ")]
    for before, name, _, _ in string.Formatter().parse(words):
        if before:
            parts.append(text(before))
        if name:
            parts.append(_shown(facts[name], columns))
    whole = parts[0]
    for part in parts[1:]:
        whole = exp.DPipe(this=whole, expression=part)
    return whole


def _shown(fact: Fact, columns: Columns) -> exp.Expr:
    held = columns.recorded(fact)
    if isinstance(fact, CodesFact):
        spaced = exp.func("TRIM", exp.Anonymous(this="replace", expressions=[held, text(","), text(" ")]))
        held = exp.Case(
            ifs=[exp.If(this=exp.EQ(this=spaced.copy(), expression=text("")), true=text("none"))], default=spaced.copy()
        )
    return exp.func("COALESCE", exp.cast(held, "text"), text("not recorded"))
