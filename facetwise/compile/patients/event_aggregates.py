"""What is told of a patient's events, given the truth of each being chosen: TRUE surely, NULL maybe, FALSE not."""

from __future__ import annotations

from sqlglot import exp

from facetwise.compile.patients.as_of_views import KEY
from facetwise.compile.patients.layers import Asked, Form
from facetwise.compile.patients.sql_helpers import (
    at_least,
    call,
    case,
    is_null,
    is_recorded,
    may_be,
    more_than,
    of_event,
    of_patient,
    or_else,
    plus_days,
    rows_n,
    where,
)
from facetwise.language.events import AtLeast, Events, Near

YES, NO = exp.true(), exp.false()


def day_of(events: Events) -> exp.Expr | None:
    """The day of each event of a list; None where its events have no one day."""
    return of_event(events.day.name) if events.day is not None else None


def is_complete(events: Events) -> exp.Expr:
    """Whether the record says that a list is complete. Never NULL."""
    return of_patient(f"complete.{events.name}")


def surely_dated(events: Events, truth: exp.Expr) -> exp.Expr:
    """The truth of being chosen: an event without its day is never surely chosen."""
    day = day_of(events)
    if day is None:
        return truth
    return exp.and_(truth, case((is_recorded(day), YES)))  # AND unknown, where there is no day


def any_is(asked: Asked, events: Events, truth: Form) -> Form:
    """Whether any event is surely chosen."""
    return asked.tell(events.name, call("bool_or", truth.sql), truth.layer, NO)


def any_may_be(asked: Asked, events: Events, truth: Form) -> Form:
    """Whether any event is or may be chosen."""
    return asked.tell(events.name, call("bool_or", may_be(truth.sql)), truth.layer, NO)


def enough(n: int, days_apart: int, held: exp.Expr, day: exp.Expr | None) -> exp.Expr:
    """Whether the events that hold could be n on different days, as an aggregate: an undated one can stand on any."""
    if n == 1 or day is None:
        return at_least(rows_n(held), n)
    dated = exp.Count(this=exp.Distinct(expressions=[day.copy()]))
    undated = rows_n(exp.and_(held, is_null(day)))
    on_days = at_least(exp.Add(this=where(dated, held), expression=undated), n)
    if n > 2:
        return on_days
    apart = exp.Sub(this=where(call("max", day), held), expression=where(call("min", day), held))
    far = or_else(at_least(exp.Paren(this=apart), days_apart), NO)
    two = at_least(rows_n(held), 2)  # of which one is undated: they can stand on two days
    return case((more_than(undated, 0), two), default=far)


def at_least_of(asked: Asked, test: AtLeast, truth: Form) -> Form:
    """AtLeast, given which events are chosen."""
    events = test.chosen.events
    day = day_of(events)
    sure, possible = (
        asked.tell(events.name, enough(test.n, test.days_apart, held, day), truth.layer, NO)
        for held in (truth.sql, may_be(truth.sql))
    )
    return counted(events, sure, possible)


def counted(events: Events, sure: Form, possible: Form) -> Form:
    """Met when there are surely enough, unknown when there could be or the list is not complete, else not met."""
    none = exp.and_(exp.not_(possible.sql), is_complete(events))
    return Form(case((sure.sql, YES), (none, NO)), sure.layer)


def near(asked: Asked, test: Near, own: exp.Expr, truth: Form) -> Form:
    """Near, of an event (or a patient) whose own day is given, and of which other events are chosen."""
    events = test.chosen.events
    day = day_of(events)
    if day is None:
        raise NotImplementedError(f"Nothing lies near '{events.name}', whose events have no one day.")
    days, maybe_days = (
        asked.tell(events.name, where(call("list", day), held), truth.layer)
        for held in (truth.sql, exp.and_(is_null(truth.sql), is_recorded(day)))
    )
    undated = asked.tell(events.name, call("bool_or", exp.and_(is_null(truth.sql), is_null(day))), truth.layer, NO)
    some = any_may_be(asked, events, truth)
    unknown = exp.or_(undated.sql, _one_near(test, own, maybe_days.sql), exp.and_(is_null(own), some.sql))
    return Form(case((_one_near(test, own, days.sql), YES), (exp.not_(unknown), NO)), days.layer)


def _one_near(test: Near, own: exp.Expr, days: exp.Expr) -> exp.Expr:
    """Whether one of the days lies near the own one. Never NULL."""
    other = exp.to_identifier("other")
    within = at_least(exp.column("other"), plus_days(own, test.first))
    if test.last is not None:
        within = exp.and_(within, at_least(plus_days(own, test.last), exp.column("other")))
    found = call("list_filter", days, exp.Lambda(this=within, expressions=[other], colon=True))
    return or_else(more_than(call("len", found), 0), NO)


def latest_of(asked: Asked, events: Events, truth: Form) -> Form:
    """For each event whether it is the latest of those chosen: TRUE the latest surely chosen, NULL one that may be later."""
    key = of_event(KEY)
    last = asked.tell(events.name, where(call("max", key), truth.sql), truth.layer)
    later = exp.or_(is_null(key), is_null(last.sql), more_than(key, last.sql))
    latest = exp.and_(truth.sql.copy(), exp.EQ(this=key.copy(), expression=last.sql.copy()))
    could_be = exp.and_(is_null(truth.sql), later)
    return asked.column(events.name, Form(case((latest, YES), (exp.not_(could_be), NO)), last.layer))


def last_day_of(asked: Asked, events: Events, truth: Form) -> Form:
    """For each event whether it is of the last day of those chosen: TRUE surely, NULL one that may be, or be later."""
    day = day_of(events)
    if day is None:
        raise NotImplementedError(f"No day is the last of '{events.name}', whose events have no one day.")
    last = asked.tell(events.name, where(call("max", day), truth.sql), truth.layer)
    surely = exp.and_(truth.sql.copy(), exp.EQ(this=day.copy(), expression=last.sql.copy()))
    later = exp.or_(is_null(day), is_null(last.sql), at_least(day, last.sql))
    return asked.column(
        events.name, Form(case((surely, YES), (exp.not_(exp.and_(is_null(truth.sql), later)), NO)), last.layer)
    )


def latest_meets(asked: Asked, events: Events, latest: Form, test: Form, otherwise: Form | None) -> Form:
    """LatestMeets, given which event is the latest, what the test says of each, and what it says of the patient."""
    layer = max(latest.layer, test.layer)
    all_met, all_not = (
        asked.tell(events.name, where(call("bool_and", said), may_be(latest.sql)), layer, YES)
        for said in (or_else(test.sql, NO), exp.not_(or_else(test.sql, YES)))
    )
    some = any_is(asked, events, latest)
    other = otherwise or Form(exp.null())
    met = exp.and_(all_met.sql, exp.or_(some.sql, other.sql))
    not_met = exp.and_(all_not.sql, exp.or_(some.sql, exp.not_(other.sql)))
    return Form(case((met, YES), (not_met, NO)), max(all_met.layer, some.layer, other.layer))


def last_lasts(asked: Asked, events: Events, last: Form, lasts: Form) -> Form:
    """ReliefLasts, given which denervations are of the last day, and of each whether its relief lasted."""
    layer = max(last.layer, lasts.layer)
    some = asked.tell(events.name, where(call("bool_or", lasts.sql), last.sql), layer)
    every = asked.tell(events.name, where(call("bool_and", lasts.sql), last.sql), layer)
    doubt = asked.tell(events.name, call("bool_or", is_null(last.sql)), layer, NO)
    said = case((exp.not_(or_else(every.sql, YES)), NO), (or_else(some.sql, NO), YES))
    return Form(case((exp.not_(doubt.sql), said)), some.layer)


def level_or_none(requested: exp.Expr) -> exp.Expr:
    """The texts asked for, each once, or one that is missing where none is."""
    none = exp.Array(expressions=[exp.null()])
    return case((more_than(call("len", requested), 0), call("list_distinct", requested)), default=none)


def at_level(truth: exp.Expr, held: exp.Expr, level: exp.Expr) -> tuple[exp.Expr, exp.Expr]:
    """Whether an event surely is one at a level, and whether it is or may be. A missing level may be any."""
    names_none = exp.not_(or_else(more_than(call("len", held), 0), NO))
    named = or_else(call("list_contains", held, level), NO)
    sure = exp.and_(truth.copy(), is_recorded(level), named)
    possible = exp.and_(may_be(truth), exp.or_(is_null(level), names_none, named.copy()))
    return sure, possible
