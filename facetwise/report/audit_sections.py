"""The report's sections on linked activity, before they are protected: policies, and what came after."""

from __future__ import annotations

from collections.abc import Container, Sequence

from facetwise.audit.criterion_summary import caveats
from facetwise.audit.results import AuditResult
from facetwise.disclosure.audit_tables import (
    DENERVATIONS,
    PATIENTS,
    criteria_tables,
    policy_outcome_tables,
    prior_event_tables,
    repeat_tables,
    set_aside_tables,
)
from facetwise.disclosure.count_tables import named_notes
from facetwise.disclosure.tables import LinkedTables
from facetwise.language.history_criteria import is_of_history
from facetwise.note import Note, NoteKind
from facetwise.report.section import Marks, Panel, Picture, Section

POLICY, REPEATS = "What policies say of what was done", "When it was done again"
_ASK = (
    "Whether patients were treated in line with a policy is not in this data: pain scores, the relief that blocks gave and "
    "conservative care have to be asked of the clinics. What activity shows of the time between denervations is here."
)


def policy_section(
    audits: Sequence[AuditResult], why_none: str, told: Container[str] = (), is_open: bool = False
) -> Section:
    """What can be judged of each policy, before what meets it; what was recorded before the denervations.

    told: notes that stand elsewhere on the page. is_open: nothing is protected.
    """
    if not audits:
        return Section("policy", POLICY, (why_none,), LinkedTables())
    first = audits[0]
    if not first.denervations:
        return Section(
            "policy", POLICY, ("There is no denervation in this data that could be judged.",), LinkedTables()
        )
    taken, in_taken = named_notes("taken for granted", first.assumptions, first.input)
    of_data = [
        note.for_page() if isinstance(note, Note) else note
        for note in first.notes
        if note not in told and note not in first.policy.notes
    ]
    notes, in_notes = named_notes("note on the audit", of_data, first.input)
    covers = "" if first.covers is None else f"The data cover {first.covers[0]} to {first.covers[1]}. "
    says: tuple[str, ...] = (
        f"Denervations, each judged on its own day by what was recorded before it: {{{DENERVATIONS}}}; their patients: "
        f"{{{PATIENTS}}}. " + covers + " ".join(taken),
        "No hospital activity holds pain scores, relief, conservative care or joint levels, so no denervation can be called in "
        "policy as a whole where a policy asks for them. For each criterion the share that can be judged stands first. The first "
        "table has the criteria on what was done before; the files hold every one.",
    )
    held = {result.policy.id: result for result in audits}

    def judged(result: AuditResult, name: str) -> bool:
        criterion = next(c for c in held[result.policy.id].criteria if c.id == name)
        return is_of_history(result.policy.criterion(name)) and criterion.met + criterion.not_met > 0

    parts = (
        set_aside_tables(first),
        criteria_tables(audits, judged),
        prior_event_tables(audits),
        policy_outcome_tables(audits),
    )
    on_page = [(r.policy.id, c) for r in audits for c in r.criteria if judged(r, c.id)]
    says += caveats(on_page, is_open)
    linked = LinkedTables.of((*parts, in_taken, in_notes, LinkedTables(text_numbers={PATIENTS: first.patients})))
    is_doubtful = any(isinstance(note, Note) and note.kind is NoteKind.DOUBTFUL_DATES for note in of_data)
    return Section("policy", POLICY, says, linked, notes=notes, ask=_ASK, is_of_doubtful_dates=is_doubtful)


def repeats_section(audits: Sequence[AuditResult]) -> Section | None:
    """The time to the next denervation, how many patients had, and the sides; none without linked activity."""
    if not audits or not audits[0].denervations:
        return None
    result = audits[0]
    intervals = [within.months for within in result.repeats.all.within]
    says = (
        "A session is all that was done to a patient on one day. Where the data end before a next session, it is not known that "
        "there was none: the shares are by Kaplan-Meier, which allows for that. Deaths and moves are not in the data, and the "
        "sessions of one patient are taken as independent of each other.",
        *(
            [
                f"Policies ask for {' or '.join(f'{n} months' for n in intervals)} between denervations: the share that another one "
                "followed sooner stands beside each group. Sooner is no fault in itself: another side or region may have been treated."
            ]
            if intervals
            else []
        ),
    )
    drawn = Picture(
        "repeats-years",
        "Sessions that another one followed sooner than policies ask, by financial year",
        "year",
        Marks.YEARS,
        (Panel("Share of sessions (%), by Kaplan-Meier", tuple(f"sooner_than_{n}_months" for n in intervals)),),
        most=60,
    )
    return Section("repeats", REPEATS, says, repeat_tables(result), drawn if intervals else None)
