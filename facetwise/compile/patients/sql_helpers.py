"""The words that the SQL of patients is made of: columns, counting, days. `p` is a patient's row, `e` an event's."""

from __future__ import annotations

from sqlglot import exp

from facetwise.compile.to_sql import number, text
from facetwise.language.units import Quantity, Unit

PATIENT, EVENT = "p", "e"


def of_patient(name: str) -> exp.Column:
    """A column of the patient's row."""
    return exp.column(name, table=PATIENT, quoted=True)


def of_event(name: str) -> exp.Column:
    """A column of the event's row."""
    return exp.column(name, table=EVENT, quoted=True)


def call(name: str, *arguments: exp.Expr) -> exp.Expr:
    """A function of DuckDB."""
    return exp.Anonymous(this=name, expressions=[argument.copy() for argument in arguments])


def is_null(value: exp.Expr) -> exp.Expr:
    """Whether a value is missing, or a truth unknown. Never NULL."""
    return exp.Is(this=value.copy(), expression=exp.null())


def is_recorded(value: exp.Expr) -> exp.Expr:
    """Whether a value is there. Never NULL."""
    return exp.not_(is_null(value))


def may_be(truth: exp.Expr) -> exp.Expr:
    """Whether a truth is met or unknown. Never NULL."""
    return exp.not_(exp.Is(this=truth.copy(), expression=exp.false()))


def or_else(value: exp.Expr, default: exp.Expr) -> exp.Expr:
    """The value; the default where it is NULL."""
    return exp.Coalesce(this=value.copy(), expressions=[default.copy()])


def case(*arms: tuple[exp.Expr, exp.Expr], default: exp.Expr | None = None) -> exp.Expr:
    """The value of the first arm whose condition is TRUE; else the default; else NULL."""
    ifs = [exp.If(this=condition.copy(), true=value.copy()) for condition, value in arms]
    return exp.Case(ifs=ifs, default=default.copy() if default is not None else None)


def at_least(value: exp.Expr, low: exp.Expr | int) -> exp.Expr:
    """Whether a value is at least so much."""
    return exp.GTE(this=value.copy(), expression=number(low) if isinstance(low, int) else low.copy())


def more_than(value: exp.Expr, low: exp.Expr | int) -> exp.Expr:
    """Whether a value is more than so much."""
    return exp.GT(this=value.copy(), expression=number(low) if isinstance(low, int) else low.copy())


def where(aggregate: exp.Expr, condition: exp.Expr) -> exp.Expr:
    """An aggregate over the rows where a condition is TRUE."""
    return exp.Filter(this=aggregate.copy(), expression=exp.Where(this=condition.copy()))


def rows_n(condition: exp.Expr) -> exp.Expr:
    """How many rows there are where a condition is TRUE. Never NULL within a group."""
    return where(exp.Count(this=exp.Star()), condition)


def plus_days(day: exp.Expr, days: int) -> exp.Expr:
    """The day so many days later."""
    return exp.Paren(this=exp.Add(this=day.copy(), expression=number(days)))


def plus(day: exp.Expr, span: Quantity) -> exp.Expr:
    """The day so much later. A day plus an INTERVAL of months is a TIMESTAMP, on the month's end where it is shorter."""
    match span.unit:
        case Unit.DAYS:
            return plus_days(day, span.value)
        case Unit.WEEKS:
            return plus_days(day, 7 * span.value)
        case Unit.MONTHS:
            interval = exp.Interval(this=text(str(span.value)), unit=exp.var("MONTH"))
            return exp.cast(exp.Add(this=day.copy(), expression=interval), "DATE")
        case _:
            raise NotImplementedError(f"{span} is no span of time in SQL. Say it in compile/patients_words.py.")


def years_between(born: exp.Expr, today: exp.Expr) -> exp.Expr:
    """Completed years. Born on 29 February, the birthday of other years is 1 March: months and days decide, no dates."""

    def part(name: str, day: exp.Expr) -> exp.Expr:
        return call(name, day)

    before = exp.or_(
        exp.LT(this=part("month", today), expression=part("month", born)),
        exp.and_(
            exp.EQ(this=part("month", today), expression=part("month", born)),
            exp.LT(this=part("day", today), expression=part("day", born)),
        ),
    )
    late = case((before, number(1)), default=number(0))
    whole = exp.Sub(this=part("year", today), expression=part("year", born))
    return exp.Paren(this=exp.Sub(this=whole, expression=late))
