"""Tests of patients as SQL: TRUE is met, FALSE not met, NULL unknown, as the docstrings of the language have it."""

from __future__ import annotations

from dataclasses import dataclass

from sqlglot import exp

from facetwise.compile.patients.as_of_views import Lasting, event_columns, patient_columns
from facetwise.compile.patients.event_aggregates import (
    any_is,
    at_least_of,
    counted,
    is_complete,
    last_day_of,
    last_lasts,
    latest_meets,
    latest_of,
    near,
    surely_dated,
)
from facetwise.compile.patients.layers import Asked, Form
from facetwise.compile.patients.sql_helpers import (
    at_least,
    call,
    case,
    is_null,
    is_recorded,
    more_than,
    of_event,
    of_patient,
    or_else,
    plus,
    years_between,
)
from facetwise.compile.to_sql import in_range, number, text
from facetwise.language.events import (
    Always,
    AtLeast,
    AtLeastAgo,
    AtLeastAtOneLevel,
    Chosen,
    CompletedYears,
    CountOf,
    Decided,
    Events,
    IsAfterAgo,
    IsComplete,
    IsTrue,
    Lasted,
    LatestMeets,
    MoreThanAgo,
    Near,
    OnRecord,
    ReliefAtLeast,
    ReliefLasts,
    SameText,
    Shares,
    WithinLast,
)
from facetwise.language.expressions import (
    All,
    AnyOf,
    Between,
    DayFact,
    Fact,
    FlagFact,
    IsRecorded,
    Not,
    NumberFact,
    OneOf,
    Test,
    TextFact,
    TextsFact,
    Value,
)

_TYPES = {FlagFact: "BOOLEAN", DayFact: "DATE", TextFact: "TEXT", TextsFact: "TEXT[]", NumberFact: "DECIMAL(28, 18)"}


@dataclass(frozen=True)
class At:
    """What a test is asked of: a patient, or one event of a list; and where what it asks for is gathered."""

    asked: Asked
    events: Events | None = None

    def column(self, name: str, kind: str) -> exp.Expr:
        """A fact of the event, else of the patient; NULL where neither has it, as a fact of another list."""
        if self.events is not None and name in event_columns(self.events.name):
            return of_event(name)
        if name in patient_columns():
            return of_patient(name)
        return exp.cast(exp.null(), exp.DataType.build(kind, dialect="duckdb"))

    def fact(self, fact: Fact) -> exp.Expr:
        """The column of a fact."""
        return self.column(fact.name, _TYPES[type(fact)])


def truth(test: Test, at: At) -> Form:
    """A test as a boolean that is NULL where it is unknown."""
    match test:
        case All(tests=tests):
            inner = [truth(one, at) for one in tests]
            return Form(exp.and_(*(one.sql for one in inner)), max(one.layer for one in inner))
        case AnyOf(tests=tests):
            inner = [truth(one, at) for one in tests]
            return Form(exp.or_(*(one.sql for one in inner)), max(one.layer for one in inner))
        case Not(test=opposite):
            held = truth(opposite, at)
            return Form(exp.not_(held.sql), held.layer)
        case Decided(met_when=first, not_met_when=second):
            met, not_met = truth(first, at), truth(second, at)
            decided = case((met.sql, exp.true()), (not_met.sql, exp.false()))
            return Form(decided, max(met.layer, not_met.layer))
        case AtLeast() | AtLeastAtOneLevel() | OnRecord() | LatestMeets() | ReliefLasts() | Near():
            return _of_events(test, at)
        case AtLeastAgo() | MoreThanAgo() | WithinLast() | IsAfterAgo() | Lasted():
            return Form(_of_days(test, at))
        case _:
            return Form(_of_one(test, at))


def _of_one(test: Test, at: At) -> exp.Expr:
    """Tests of plain values."""
    match test:
        case Always():
            return exp.true()
        case IsComplete(events=events):
            return is_complete(events)
        case IsRecorded(value=value):
            return is_recorded(_recorded(value, at))
        case IsTrue(flag=flag):
            return at.fact(flag)
        case OneOf(value=TextFact() as value, options=options):
            return exp.In(this=at.fact(value), expressions=[text(option) for option in options])
        case SameText(value=TextFact() as value, other=TextFact() as other):
            return exp.EQ(this=at.fact(value), expression=at.fact(other))
        case Shares(value=value, other=other, where_named=where_named):
            ours, theirs = at.fact(value), at.fact(other)
            both = exp.and_(_names_some(ours), _names_some(theirs))
            missing = exp.true() if where_named else exp.null()
            return case((both, call("list_has_any", ours, theirs)), default=missing)
        case Between(value=value, low=low, high=high):
            return exp.Between(this=_valid(value, at), low=number(low.value), high=number(high.value))
        case ReliefAtLeast(percent=percent):
            return _relief_at_least(percent.value, at)
        case _:
            raise NotImplementedError(
                f"{type(test).__name__} of a patient has no SQL form. Give it one in compile/patients_tests.py."
            )


def _recorded(value: Value, at: At) -> exp.Expr:
    """A value as recorded, counted where it is one of counting; NULL where it is not recorded."""
    match value:
        case CompletedYears(since=since):
            return years_between(at.fact(since), of_patient("as_of"))
        case CountOf(texts=texts):
            return exp.Nullif(this=call("list_unique", at.fact(texts)), expression=number(0))
        case TextsFact():
            held = at.fact(value)
            return case((_names_some(held), held))
        case FlagFact() | DayFact() | TextFact() | NumberFact():
            return at.fact(value)
        case _:
            raise NotImplementedError(
                f"{type(value).__name__} of a patient has no SQL form. Give it one in compile/patients_tests.py."
            )


def _valid(value: Value, at: At) -> exp.Expr:
    """A number; NULL where it is not recorded or outside its valid range."""
    held = _recorded(value, at)
    return in_range(held, value.low, value.high) if isinstance(value, NumberFact) else held


def _names_some(texts: exp.Expr) -> exp.Expr:
    """Whether a list of texts names any. Never NULL."""
    return or_else(more_than(call("len", texts), 0), exp.false())


def _relief_at_least(percent: int, at: At) -> exp.Expr:
    """Compared by multiplying, since a division would round."""
    stated, before, after = (
        at.column(f"blocks.{name}", _TYPES[NumberFact]) for name in ("stated_relief_percent", "before", "best_after")
    )
    gained = exp.Mul(this=number(100), expression=exp.Paren(this=exp.Sub(this=before, expression=after)))
    enough = at_least(gained, exp.Mul(this=number(percent), expression=before.copy()))
    said, computed = at_least(stated, percent), case((more_than(before, 0), enough))
    return case(
        (is_null(said), computed),
        (is_null(computed), said),
        (exp.EQ(this=exp.Paren(this=said), expression=computed), said),
    )


def _of_days(test: AtLeastAgo | MoreThanAgo | WithinLast | IsAfterAgo | Lasted, at: At) -> exp.Expr:
    if isinstance(test, Lasted):
        return exp.LTE(this=plus(at.fact(test.start), test.span), expression=at.fact(test.end))
    reached, as_of = plus(at.fact(test.day), test.span), of_patient("as_of")
    kinds: dict[type[Test], type[exp.Binary]] = {
        AtLeastAgo: exp.LTE,
        MoreThanAgo: exp.LT,
        WithinLast: exp.GTE,
        IsAfterAgo: exp.GT,
    }
    return kinds[type(test)](this=reached, expression=as_of)


# Events


def chosen_column(chosen: Chosen, at: At) -> Form:
    """For each event of a list whether it is chosen, as a column beside it."""
    said = truth(chosen.where, At(at.asked, chosen.events))
    return at.asked.column(chosen.events.name, Form(surely_dated(chosen.events, said.sql), said.layer))


def _of_events(test: AtLeast | AtLeastAtOneLevel | OnRecord | LatestMeets | ReliefLasts | Near, at: At) -> Form:
    asked, events = at.asked, test.chosen.events
    chosen = chosen_column(test.chosen, at)
    match test:
        case OnRecord():
            return any_is(asked, events, chosen)
        case AtLeast():
            return at_least_of(asked, test, chosen)
        case AtLeastAtOneLevel():
            return _at_one_level(test, chosen, at)
        case Near():
            return near(asked, test, at.fact(test.day), chosen)
        case LatestMeets(test=inner, otherwise=otherwise):
            said = truth(inner, At(asked, events))
            other = truth(otherwise, at) if otherwise is not None else None
            latest = latest_of(asked, events, chosen)
            return latest_meets(asked, events, latest, asked.column(events.name, said), other)
        case ReliefLasts(percent=percent, span=span, daily_activities=daily_activities):
            last = last_day_of(asked, events, chosen)
            lasts = Form(exp.cast(exp.null(), "BOOLEAN"))
            if events.name == "denervations":
                lasts = asked.lasting(Lasting(percent, span, daily_activities))
            return last_lasts(asked, events, last, lasts)


def _at_one_level(test: AtLeastAtOneLevel, chosen: Form, at: At) -> Form:
    """Counted for each level asked for: the tables of levels are made in patients_sql.py."""
    if test.requested.name not in patient_columns():
        raise NotImplementedError(f"Levels of '{test.requested.name}' have no SQL form. Ask for those of the request.")
    levels = at.asked.at_levels(test, chosen)
    layer = chosen.layer + 1
    sure, possible = (Form(or_else(of_patient(name), exp.false()), layer) for name in (levels.sure, levels.possible))
    return counted(test.chosen.events, sure, possible)
