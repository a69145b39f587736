"""Tests as SQL, in the three values that SQL has of its own: TRUE is met, FALSE is not met, NULL is unknown.

SQL's AND, OR and NOT are Kleene's, so a test compiles to a boolean that is NULL exactly where the plain evaluator says
unknown. How a value looks as SQL depends on where the rows lie; that is asked of `Columns`.
"""

from __future__ import annotations

from typing import Protocol

from sqlglot import exp

from facetwise.language.codes import CodeList
from facetwise.language.expressions import (
    All,
    AnyCodeIn,
    AnyOf,
    BeginsWith,
    Between,
    Code,
    CodeIn,
    Codes,
    IsRecorded,
    Not,
    OneOf,
    Test,
    Value,
)


class Columns(Protocol):
    """Where the values of a plan lie, and the few operations on them that engines differ in."""

    def recorded(self, value: Value) -> exp.Expr:
        """The value as recorded, valid or not; NULL where it is not recorded."""

    def valid(self, value: Value) -> exp.Expr:
        """The value; NULL where it is not recorded or outside its valid range."""

    def code_in(self, value: Code, codes: CodeList) -> exp.Expr:
        """Whether one code is on a list; NULL where there is none."""

    def any_code_in(self, value: Codes, codes: CodeList) -> exp.Expr:
        """Whether any code is on a list; NULL where they are not recorded."""


def to_sql(test: Test, columns: Columns) -> exp.Expr:
    """A test as a boolean SQL expression."""
    match test:
        case All(tests=tests):
            return exp.and_(*(to_sql(inner, columns) for inner in tests))
        case AnyOf(tests=tests):
            return exp.or_(*(to_sql(inner, columns) for inner in tests))
        case Not(test=inner):
            return exp.not_(to_sql(inner, columns))
        case IsRecorded(value=value):
            return exp.not_(exp.Is(this=columns.recorded(value), expression=exp.null()))
        case CodeIn(value=value, codes=codes):
            return columns.code_in(value, codes)
        case AnyCodeIn(value=value, codes=codes):
            return columns.any_code_in(value, codes)
        case Between(value=value, low=low, high=high):
            return exp.Between(this=columns.valid(value), low=number(low.value), high=number(high.value))
        case BeginsWith(value=value, prefix=prefix):
            start = exp.func("LEFT", columns.valid(value), number(len(prefix)))
            return exp.EQ(this=start, expression=text(prefix))
        case OneOf(value=value, options=options):
            return exp.In(this=columns.valid(value), expressions=[text(option) for option in options])
        case _:
            raise NotImplementedError(f"{type(test).__name__} has no SQL form. Give it one in compile/to_sql.py.")


def text(value: str) -> exp.Expr:
    """A string literal."""
    return exp.Literal.string(value)


def number(value: int) -> exp.Expr:
    """A number literal."""
    return exp.Literal.number(value)


def in_range(column: exp.Expr, low: int, high: int) -> exp.Expr:
    """A number where it lies in its valid range; NULL elsewhere."""
    within = exp.Between(this=column, low=number(low), high=number(high))
    return exp.Case(ifs=[exp.If(this=within, true=column.copy())])
