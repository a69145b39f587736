"""A policy as one SQL script over linked activity: what it says of each denervation on its own day, for a person to review.

The meaning is that of measure/linked.py. What may lie outside the covered dates is put beside each history as rows, once
in each way that matters, and a truth that such rows could change is unknown.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import partial

from sqlglot import exp

from facetwise.compile.patients.query import CANNOT_TELL, DOES_NOT_MEET, MEETS, MET, NOT_APPLICABLE, NOT_MET, UNKNOWN
from facetwise.compile.plan import plan
from facetwise.compile.scripts.audit_conditions import ASKED_ON, At, Condition, Known, Tallies, both, is_sayable, known
from facetwise.compile.scripts.audit_steps import (
    ALONE,
    ANY_DAY,
    FAULT,
    FIRST_DAY,
    NOTHING,
    OUTSIDE,
    PATIENT,
    days_beside,
    event_steps,
    history_step,
    in_words,
    told_steps,
    with_what_codes_tell,
)
from facetwise.compile.scripts.definition_script import KEY, counting_steps
from facetwise.compile.scripts.dialects import Dialect, dialect_named
from facetwise.compile.scripts.layout import Body, comment, laid_out, select
from facetwise.compile.scripts.text_columns import Step, TextColumns
from facetwise.compile.to_sql import text
from facetwise.errors import PolicyError
from facetwise.guidance import coded
from facetwise.language.definition import Definition
from facetwise.language.events import AtLeast
from facetwise.language.history_criteria import counted_in, is_of_history
from facetwise.language.policy import Policy, PolicyCriterion

HELD_WHOLE = frozenset({"denervations"})
"""The kinds of events that activity is taken to hold whole within the covered dates, unless told."""
_EVERYTHING = frozenset({"blocks", "denervations"})


@dataclass(frozen=True)
class _Asked:
    """What is asked of histories for one criterion, under the names of its columns.

    always: its truth, whether it applies or not. told: its truth, or that it does not apply. counted: of a criterion that
    counts events, whether one outside the covered dates would count.
    """

    criterion: PolicyCriterion
    always: Known
    applies: Known
    counted: Known | None

    @property
    def is_open(self) -> bool:
        """Whether activity can show anything of it."""
        return not (self.always.met is False and self.always.not_met is False)

    @property
    def name(self) -> str:
        return column(self.criterion)

    @property
    def supposed(self) -> tuple[str, ...]:
        return (ANY_DAY, ALONE, OUTSIDE) if self.counted else (FIRST_DAY,)


def column(criterion: PolicyCriterion) -> str:
    """The column of a criterion's truth."""
    return criterion.id.replace("-", "_")


def audit_script(
    policy: Policy,
    dialect: str,
    of: Definition,
    covers: tuple[date, date] | None = None,
    complete: frozenset[str] = HELD_WHOLE,
) -> str:
    """What a policy says of each denervation in linked activity: one commented SQL statement over a table `apcs`.

    of: which spells are denervations: those that it counts. covers: the first and the last day that the table holds whole;
    by default those of its admissions. complete: the lists that it holds whole within them.
    Its rows, one a denervation: APCS_Ident, patient_id, asked_on (its day), one column a criterion (met, not-met, unknown,
    not-applicable), outcome (meets, does-not-meet, cannot-tell), and set_aside, why it could not be judged.
    Errors: UsageError for an unknown dialect; PolicyError for a policy that asks what has no form in every dialect yet.
    """
    into = dialect_named(dialect)
    columns = TextColumns(plan(of, with_what_codes_tell(of)), into)
    tallies = Tallies()
    asked = {c.id: _asked(policy, c, At(into, complete, Tallies())) for c in policy.criteria if is_of_history(c)}
    held = [_asked(policy, one.criterion, At(into, complete, tallies)) for one in asked.values() if one.is_open]
    bodies = [*counting_steps(of, columns, into, days_beside()), *event_steps(columns, covers, into)]
    source = "denervations"
    if held:
        supposed = tuple(dict.fromkeys((NOTHING, *(way for one in held for way in one.supposed))))
        bodies += [history_step(supposed, into), *told_steps(tallies, into), _said(held, into), _together(held, into)]
        source = f"denervations LEFT JOIN together ON together.{KEY} = denervations.{KEY}"
    at = At(into, complete, tallies)
    truths = [_truth(c, asked.get(c.id), at) for c in policy.criteria]
    kept = [f"denervations.{name}" for name in (KEY, PATIENT, ASKED_ON, FAULT)]
    bodies.append(Body("criteria_on_its_day", _TRUTHS, select(kept, truths, source, into)))
    names = [step.name for step in truths]
    last = select([KEY, PATIENT, ASKED_ON, *names], [_outcome(names), _kept(FAULT)], "criteria_on_its_day", into)
    return laid_out(_header(policy, of, covers, complete, into), bodies, last, into)


# Histories


def _asked(policy: Policy, criterion: PolicyCriterion, at: At) -> _Asked:
    try:
        always = known(criterion.met_when, at)
        applies = known(criterion.applies_when, at) if criterion.applies_when else Known(True, False)
        counted = None
        if chosen := counted_in(criterion):
            alone = [known(AtLeast(1, one), replace(at, complete=_EVERYTHING)) for one in chosen]
            counted = Known(False, both(*(one.not_met for one in alone)))
    except NotImplementedError as error:
        raise _no_form(policy, criterion) from error
    needed = [always.met, always.not_met, applies.met, applies.not_met, counted.not_met if counted else False]
    needed += [condition for arms in at.tallies.chosen.values() for condition, _ in arms]
    if not all(map(is_sayable, [*needed, *at.tallies.latest.values()])):
        raise _no_form(policy, criterion)
    return _Asked(criterion, always, applies, counted)


def _no_form(policy: Policy, criterion: PolicyCriterion) -> PolicyError:
    return PolicyError(
        f"'{criterion.id}' of {policy.id} asks what has no form in every SQL dialect yet. Run facetwise audit --policy "
        f"{policy.id} instead."
    )


def _said(held: Iterable[_Asked], into: Dialect) -> Body:
    steps = []
    for one in held:
        says = f"{one.criterion.id}: {one.criterion.says}"
        steps.append(
            Step(f"{one.name}_always", _in_words((one.always.met, MET), (one.always.not_met, NOT_MET)), (says,))
        )
        if one.criterion.applies_when:
            arms = [(one.applies.not_met, NOT_APPLICABLE)]
            arms += [
                (both(one.applies.met, met), word)
                for met, word in ((one.always.met, MET), (one.always.not_met, NOT_MET))
            ]
            steps.append(Step(f"{one.name}_told", _in_words(*arms), ("The same, or that it does not apply",)))
        if one.counted:
            none = _in_words((one.counted.not_met, "no"), default="yes")
            steps.append(Step(f"{one.name}_counts", none, ("Whether any event of the kind could count",)))
    says = "What each criterion says of a history, whatever is supposed beside it."
    return Body("said", says, select([KEY, "supposed"], steps, "told", into))


def _together(held: Iterable[_Asked], into: Dialect) -> Body:
    steps = []
    for one in held:
        steps.append(Step(f"{one.name}_seen", _supposing(NOTHING, f"{one.name}_always")))
        if one.criterion.applies_when:
            steps.append(Step(f"{one.name}_told", _supposing(NOTHING, f"{one.name}_told")))
        if one.counted:
            any_day, outside = (_supposing(way, f"{one.name}_always") for way in (ANY_DAY, OUTSIDE))
            counts = exp.EQ(this=_supposing(ALONE, f"{one.name}_counts"), expression=text("yes"))
            maybe: exp.Expr = exp.Case(ifs=[exp.If(this=counts, true=any_day)], default=outside)
        else:
            maybe = _supposing(FIRST_DAY, f"{one.name}_always")
        steps.append(Step(f"{one.name}_maybe", maybe))
    says = (
        "For each denervation, what each criterion says of what is seen, and what it would say with what may lie outside "
        "the covered dates."
    )
    lines = select([KEY], steps, "said", into)
    return Body("together", says, (*lines, f"GROUP BY {KEY}"))


def _supposing(way: str, name: str) -> exp.Expr:
    held = exp.Case(ifs=[exp.If(this=exp.EQ(this=exp.column("supposed"), expression=text(way)), true=exp.column(name))])
    return exp.Max(this=held)


# The truth of each criterion


_TRUTHS = "The criteria, in the order of the source, each on the denervation's own day."


def _truth(criterion: PolicyCriterion, asked: _Asked | None, at: At) -> Step:
    cite = criterion.cite
    says = [f"{criterion.id}: {criterion.says}", f"Source: {cite.described()}", f"  {cite.source.url}"]
    name = column(criterion)
    if asked is None:
        told = known(criterion.met_when, at)
        if told.met is False and told.not_met is False:
            says.append("No activity shows it: unknown")
        return Step(name, _in_words(_ASIDE, (told.met, MET), (told.not_met, NOT_MET)), tuple(says))
    if not asked.is_open:
        says.append("Activity, taken as whole for what is said above, cannot show it: unknown")
        return Step(name, _in_words(_ASIDE), tuple(says))
    seen, maybe = f"{name}_seen", f"{name}_maybe"
    if not criterion.applies_when:
        arms = [(f"{maybe} = '{word}' AND {seen} = '{word}'", word) for word in (MET, NOT_MET)]
        return Step(name, _in_words(_ASIDE, *arms), tuple(says))
    arms = [(f"{name}_told = '{NOT_APPLICABLE}' AND {maybe} = '{MET}'", NOT_APPLICABLE)]
    arms += [(f"{name}_told = '{word}' AND {maybe} = {seen}", word) for word in (MET, NOT_MET)]
    return Step(name, _in_words(_ASIDE, *arms), tuple(says))


_ASIDE: tuple[Condition, str | None] = (f"{FAULT} IS NOT NULL", None)


_in_words = partial(in_words, default=UNKNOWN)


def _outcome(names: Sequence[str]) -> Step:
    among = ", ".join(names)
    arms = [(f"'{NOT_MET}' IN ({among})", DOES_NOT_MEET), (f"'{UNKNOWN}' IN ({among})", CANNOT_TELL)]
    return Step("outcome", _in_words(_ASIDE, *arms, default=MEETS))


def _kept(name: str) -> Step:
    return Step(name, exp.column(name))


# Comments


def _header(
    policy: Policy, of: Definition, covers: tuple[date, date] | None, complete: frozenset[str], into: Dialect
) -> list[str]:
    source = policy.source
    whole = f"all {' and '.join(sorted(complete))}" if complete else "no kind of event whole"
    dates = "the first to the last admission" if covers is None else " to ".join(day.isoformat() for day in covers)
    paragraphs = [
        f"{policy.title}, asked of every denervation in linked activity",
        f"Policy {policy.id}, version {policy.version}, {policy.status.value}. Steward: {policy.steward}.",
        f"Source: {source.title}. {source.publisher}, {source.version}. {source.url}",
        *policy.notes,
        "",
        f"One statement for {into.engine}. Every function in it is documented: {into.documented}",
        f"{into.dating}",
        "It reads `apcs`, one row a spell, with a patient key that is the same in all of a patient's spells, and the days of "
        "admission and discharge as dates. Put the name of your own table there. For a column that you do not have, read NULL "
        "of its type in step 1: CAST(NULL AS INTEGER) for the activity age, CAST(NULL AS DATE) for the day of discharge. "
        f"{KEY} must be unique.",
        "",
        f"Assumed: denervations are the spells that {of.id} counts ({of.title}); each is judged on the day of admission.",
        f"Assumed: within {dates} the data hold {whole}. What lies outside is not known to be absent.",
        f"Where the codes of a denervation name no region, it is taken as {coded.TAKEN_AS} where it is held against others.",
        "A code does not tell a diagnostic block from an injection that was meant to treat, nor who judged it positive. Pain "
        "scores, relief and conservative care are in no hospital activity: criteria on them are unknown.",
        "",
        "One row a denervation: each criterion is met, not-met, unknown or not-applicable; the outcome is does-not-meet when "
        "one is not met, else cannot-tell when one is unknown, else meets. Unknown is never folded into either side: say what "
        "share can be judged before the share that meets. Where set_aside says why a denervation could not be judged, the "
        "rest is NULL. To count, make a view of this statement:",
        "  SELECT outcome, set_aside, COUNT(*) FROM your_view GROUP BY outcome, set_aside",
        "It says what facetwise audit --reasons says of the same spells. Control characters and decimals in an age are not "
        "looked for here: clean them first.",
    ]
    return [line for paragraph in paragraphs for line in comment(paragraph)]
