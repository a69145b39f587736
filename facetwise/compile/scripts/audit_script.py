"""A policy as one SQL script over linked activity: what it says of each denervation on its own day, for a person to review.

The meaning is that of audit/histories.py.
"""

from __future__ import annotations

from datetime import date

from sqlglot import exp

from facetwise.compile.plan import plan
from facetwise.compile.scripts.audit_conditions import ASKED_ON, AggregateRegistry, At
from facetwise.compile.scripts.audit_criteria import criteria_sql, criteria_steps, outcome_step
from facetwise.compile.scripts.audit_steps import (
    FAULT,
    PATIENT,
    coded_events_definition,
    days_beside,
    event_steps,
    with_patient_and_age,
)
from facetwise.compile.scripts.definition_script import KEY, counting_steps
from facetwise.compile.scripts.dialects import Dialect, dialect_named
from facetwise.compile.scripts.layout import comment, render, select
from facetwise.compile.scripts.text_columns import Step, TextColumns
from facetwise.guidance import coded
from facetwise.language.definition import Definition
from facetwise.language.policy import Policy

COMPLETE_BY_DEFAULT = frozenset({"denervations"})
"""The kinds of events of which activity is taken to have all within the covered dates, unless the user says otherwise."""


def audit_script(
    policy: Policy,
    dialect: str,
    of: Definition,
    covers: tuple[date, date] | None = None,
    complete: frozenset[str] = COMPLETE_BY_DEFAULT,
) -> str:
    """What a policy says of each denervation in linked activity: one commented SQL statement over a table `apcs`.

    of: which spells are denervations: those that it counts. covers: the first and the last day of which the table has all
    spells; by default those of its admissions. complete: the lists of which it has all events within them.
    Its rows, one a denervation: APCS_Ident, patient_id, asked_on (its day), one column a criterion (met, not-met, unknown,
    not-applicable), outcome (meets, does-not-meet, cannot-tell), and set_aside, why it could not be judged.
    Errors: UsageError for an unknown dialect; NotPortableError for a policy with a test that not every dialect can say.
    """
    into = dialect_named(dialect)
    columns = TextColumns(plan(of, with_patient_and_age(coded_events_definition(of))), into)
    at = At(into, complete, AggregateRegistry())
    criteria = criteria_sql(policy, at)
    bodies = [*counting_steps(of, columns, into, days_beside()), *event_steps(columns, covers, into)]
    bodies += criteria_steps(criteria, at.registry, into)
    names = [one.name for one in criteria]
    kept = Step(FAULT, exp.column(FAULT))
    last = select([KEY, PATIENT, ASKED_ON, *names], [outcome_step(names), kept], "criteria_on_its_day", into)
    return render(_header(policy, of, covers, complete, into), bodies, last, into)


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
