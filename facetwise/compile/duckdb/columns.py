"""Values over the canonical columns in DuckDB, where codes lie in lists of episodes."""

from __future__ import annotations

from sqlglot import exp

from facetwise.compile.plan import Plan
from facetwise.compile.to_sql import in_range, number, text
from facetwise.language.codes import CodeList
from facetwise.language.expressions import (
    Code,
    Codes,
    CodesFact,
    FirstCode,
    FirstRecorded,
    LastEpisode,
    NumberFact,
    Value,
)


class CanonicalColumns:
    """The values of a plan, as columns that `prepared` computes once a spell.

    Codes become one text, every code after a comma (',V485,Z676'): NULL where they are not recorded, ',' where they are
    recorded and empty. A code can then be looked for by its beginning, and never across the border of two codes.
    """

    def __init__(self, plan: Plan) -> None:
        self._plan = plan

    def recorded(self, value: Value) -> exp.Expr:
        return exp.column(self._plan.name(value), quoted=True)

    def valid(self, value: Value) -> exp.Expr:
        match value:
            case NumberFact(low=low, high=high):
                return in_range(self.recorded(value), low, high)
            case FirstRecorded(first=first, second=second):
                here = exp.not_(exp.Is(this=self.recorded(first), expression=exp.null()))
                return exp.Case(ifs=[exp.If(this=here, true=self.valid(first))], default=self.valid(second))
            case _:
                return self.recorded(value)

    def code_in(self, value: Code, codes: CodeList) -> exp.Expr:
        return begins_with_any(self.recorded(value), codes)

    def any_code_in(self, value: Codes, codes: CodeList) -> exp.Expr:
        stems = "|".join(sorted(codes.fours | codes.categories))
        return exp.func("regexp_matches", self.recorded(value), text(f",({stems})"), dialect="duckdb")

    def prepared(self) -> list[exp.Expr]:
        """One column for each value of the plan, over the canonical table."""
        return [
            exp.alias_(_prepared(value), name, quoted=True)
            for name, value in self._plan.values
            if not _is_a_column_already(value)
        ]


def _is_a_column_already(value: Value) -> bool:
    return not isinstance(value, CodesFact | LastEpisode | FirstCode | FirstRecorded)


def _prepared(value: Value) -> exp.Expr:
    match value:
        case CodesFact():
            return joined_codes(value.name)
        case LastEpisode(of=of):
            last = _last(of)
            some = exp.GT(this=_call("len", last), expression=number(0))
            return exp.Case(ifs=[exp.If(this=some, true=_joined(last.copy()))])
        case FirstCode(of=LastEpisode(of=of)):
            return _call("list_extract", _last(of), number(1))
        case FirstCode(of=CodesFact() as of):
            return _call("list_extract", _call("flatten", exp.column(of.name)), number(1))
        case FirstRecorded(first=first, second=second):
            return exp.func("COALESCE", exp.column(first.name), exp.column(second.name))
        case _:
            raise NotImplementedError(f"{type(value).__name__} has no column. Give it one in compile/in_duckdb.py.")


def _last(of: CodesFact) -> exp.Expr:
    return _call("list_extract", exp.column(of.name), number(-1))


def joined_codes(column: str) -> exp.Expr:
    """All codes of a column of episodes as one text, each after a comma; NULL where they are not recorded."""
    return _joined(_call("flatten", exp.column(column)))


def _joined(codes: exp.Expr) -> exp.Expr:
    return exp.DPipe(this=text(","), expression=_call("array_to_string", codes, text(",")))


def _call(name: str, *arguments: exp.Expr) -> exp.Expr:
    return exp.Anonymous(this=name, expressions=list(arguments))


def begins_with_any(code: exp.Expr, codes: CodeList) -> exp.Expr:
    """Whether a code begins with a four-character code or a category of a list; NULL for no code."""
    tests = [
        exp.In(this=exp.func("LEFT", code.copy(), number(length)), expressions=[text(item) for item in sorted(items)])
        for length, items in ((4, codes.fours), (3, codes.categories))
        if items
    ]
    return exp.or_(*tests)
