"""The steps of an audit from histories to the truth of each criterion, of one policy or of several that share them.

What may lie outside the covered dates is in each history as hypothetical events, once for each scenario that matters. A
truth that such events could change is unknown.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from functools import partial

from sqlglot import exp

from facetwise.compile.scripts.audit_conditions import (
    ASKED_ON,
    AggregateRegistry,
    At,
    Condition,
    TwoSided,
    both,
    is_portable,
    two_sided,
)
from facetwise.compile.scripts.audit_steps import (
    ALONE,
    ANY_DAY,
    FAULT,
    FIRST_DAY,
    NOTHING,
    OUTSIDE,
    PATIENT,
    aggregate_steps,
    history_step,
    in_words,
)
from facetwise.compile.scripts.definition_script import KEY
from facetwise.compile.scripts.dialects import Dialect
from facetwise.compile.scripts.layout import CteStep, select
from facetwise.compile.scripts.text_columns import Step
from facetwise.compile.to_sql import text
from facetwise.errors import PolicyError
from facetwise.language.events import AtLeast
from facetwise.language.history_criteria import counted_in, is_of_history
from facetwise.language.policy import Policy, PolicyCriterion
from facetwise.language.truth import Truth

MET, NOT_MET, UNKNOWN = (truth.value for truth in (Truth.MET, Truth.NOT_MET, Truth.UNKNOWN))
NOT_APPLICABLE = "not-applicable"
MEETS, DOES_NOT_MEET, CANNOT_TELL = "meets", "does-not-meet", "cannot-tell"
_ALL_EVENTS = frozenset({"blocks", "denervations"})


class NotPortableError(PolicyError):
    """A policy has a test that cannot be written in every SQL dialect."""


@dataclass(frozen=True)
class CriterionSql:
    """One criterion as conditions, under the name of its columns.

    always: its truth, whether it applies or not. counted: of a criterion that counts events, whether one outside the
    covered dates would count.
    """

    name: str
    criterion: PolicyCriterion
    always: TwoSided
    applies: TwoSided
    counted: TwoSided | None

    @property
    def is_open(self) -> bool:
        """Whether activity can show anything of it."""
        return not (self.always.met is False and self.always.not_met is False)

    @property
    def is_of_history(self) -> bool:
        return is_of_history(self.criterion)

    @property
    def reads_history(self) -> bool:
        return self.is_of_history and self.is_open

    @property
    def scenarios(self) -> tuple[str, ...]:
        return (ANY_DAY, ALONE, OUTSIDE) if self.counted else (FIRST_DAY,)


def column(criterion: PolicyCriterion) -> str:
    """The column of a criterion's truth."""
    return criterion.id.replace("-", "_")


def criteria_sql(policy: Policy, at: At, prefix: str = "") -> tuple[CriterionSql, ...]:
    """The criteria of a policy as conditions; the registry of `at` gets the columns that they read.

    prefix: of the names of their columns, where several policies share a statement.
    Errors: NotPortableError.
    """
    return tuple(_criterion_sql(policy, criterion, at, f"{prefix}{column(criterion)}") for criterion in policy.criteria)


def _criterion_sql(policy: Policy, criterion: PolicyCriterion, at: At, name: str) -> CriterionSql:
    aside = replace(at, registry=AggregateRegistry())
    one = _in_conditions(policy, criterion, aside, name)
    # A criterion that is always unknown leaves no columns behind.
    return _in_conditions(policy, criterion, at, name) if one.reads_history else one


def _in_conditions(policy: Policy, criterion: PolicyCriterion, at: At, name: str) -> CriterionSql:
    try:
        always = two_sided(criterion.met_when, at)
        applies = two_sided(criterion.applies_when, at) if criterion.applies_when else TwoSided(True, False)
        counted = None
        if is_of_history(criterion) and (chosen := counted_in(criterion)):
            alone = [two_sided(AtLeast(1, one), replace(at, complete=_ALL_EVENTS)) for one in chosen]
            counted = TwoSided(False, both(*(one.not_met for one in alone)))
    except NotImplementedError as error:
        raise _not_portable(policy, criterion) from error
    needed = [always.met, always.not_met, applies.met, applies.not_met, counted.not_met if counted else False]
    needed += [condition for arms in at.registry.chosen.values() for condition, _ in arms]
    if not all(map(is_portable, [*needed, *at.registry.latest.values()])):
        raise _not_portable(policy, criterion)
    return CriterionSql(name, criterion, always, applies, counted)


def _not_portable(policy: Policy, criterion: PolicyCriterion) -> NotPortableError:
    return NotPortableError(
        f"'{criterion.id}' of {policy.id} asks what has no form in every SQL dialect yet. Run facetwise audit --policy "
        f"{policy.id} instead."
    )


def criteria_steps(criteria: Sequence[CriterionSql], registry: AggregateRegistry, into: Dialect) -> tuple[CteStep, ...]:
    """From `denervations`, `events` and `covered` to `criteria_on_its_day`, which has a column a criterion."""
    steps: list[CteStep] = []
    source = "denervations"
    if of_history := [one for one in criteria if one.reads_history]:
        scenarios = tuple(dict.fromkeys((NOTHING, *(way for one in of_history for way in one.scenarios))))
        steps += [history_step(scenarios, into), *aggregate_steps(registry, into)]
        steps += [_by_scenario(of_history, into), _together(of_history, into)]
        source = f"denervations LEFT JOIN together ON together.{KEY} = denervations.{KEY}"
    kept = [f"denervations.{name}" for name in (KEY, PATIENT, ASKED_ON, FAULT)]
    truths = [_truth(one) for one in criteria]
    return (*steps, CteStep("criteria_on_its_day", _TRUTHS, select(kept, truths, source, into)))


def _by_scenario(criteria: Iterable[CriterionSql], into: Dialect) -> CteStep:
    steps = []
    for one in criteria:
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
    return CteStep("said", says, select([KEY, "supposed"], steps, "told", into))


def _together(criteria: Iterable[CriterionSql], into: Dialect) -> CteStep:
    steps = []
    for one in criteria:
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
    return CteStep("together", says, (*lines, f"GROUP BY {KEY}"))


def _supposing(way: str, name: str) -> exp.Expr:
    held = exp.Case(ifs=[exp.If(this=exp.EQ(this=exp.column("supposed"), expression=text(way)), true=exp.column(name))])
    return exp.Max(this=held)


# The truth of each criterion


_TRUTHS = "The criteria, in the order of the source, each on the denervation's own day."


def _truth(one: CriterionSql) -> Step:
    cite = one.criterion.cite
    says = [f"{one.criterion.id}: {one.criterion.says}", f"Source: {cite.described()}", f"  {cite.source.url}"]
    if not one.is_of_history:
        if not one.is_open:
            says.append("No activity shows it: unknown")
        arms = [(one.always.met, MET), (one.always.not_met, NOT_MET)]
        if one.criterion.applies_when:
            applied = [(both(one.applies.met, condition), word) for condition, word in arms]
            arms = [(one.applies.not_met, NOT_APPLICABLE), *applied]
        return Step(one.name, _in_words(_ASIDE, *arms), tuple(says))
    if not one.is_open:
        says.append("Activity, taken as whole for what is said above, cannot show it: unknown")
        return Step(one.name, _in_words(_ASIDE), tuple(says))
    seen, maybe = f"{one.name}_seen", f"{one.name}_maybe"
    if not one.criterion.applies_when:
        arms = [(f"{maybe} = '{word}' AND {seen} = '{word}'", word) for word in (MET, NOT_MET)]
        return Step(one.name, _in_words(_ASIDE, *arms), tuple(says))
    arms = [(f"{one.name}_told = '{NOT_APPLICABLE}' AND {maybe} = '{MET}'", NOT_APPLICABLE)]
    arms += [(f"{one.name}_told = '{word}' AND {maybe} = {seen}", word) for word in (MET, NOT_MET)]
    return Step(one.name, _in_words(_ASIDE, *arms), tuple(says))


_ASIDE: tuple[Condition, str | None] = (f"{FAULT} IS NOT NULL", None)


_in_words = partial(in_words, default=UNKNOWN)


def outcome_step(names: Sequence[str], name: str = "outcome") -> Step:
    """The outcome of a policy, over the columns of its criteria."""
    among = ", ".join(names)
    arms = [(f"'{NOT_MET}' IN ({among})", DOES_NOT_MEET), (f"'{UNKNOWN}' IN ({among})", CANNOT_TELL)]
    return Step(name, _in_words(_ASIDE, *arms, default=MEETS))
