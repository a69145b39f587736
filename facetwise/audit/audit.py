"""The linked audit: each denervation judged at its own date by policies, what was seen before it, and what came after."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass, replace
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from facetwise.audit.criterion_summary import BothWays, CriterionSummary
from facetwise.audit.data_notes import assumptions, notes
from facetwise.audit.histories import (
    SIDES,
    CodedEvent,
    Cover,
    PatientHistory,
    UncertainEvent,
    evaluate_history,
    histories_from_events,
)
from facetwise.audit.possible_answers import possible_answers, unbiased_from
from facetwise.audit.prior_events import PriorEvents, prior_events
from facetwise.audit.repeat_intervals import Repeats, repeats
from facetwise.audit.request import AuditRequest, reading_for
from facetwise.audit.results import AuditResult, AuditResults
from facetwise.compile.audit.history_engine import HistoryEngine, audit_sql, is_portable
from facetwise.compile.spark.source import open_on_spark
from facetwise.count.dry_run import DryRun, opened_for, planned
from facetwise.count.on_spark import spells_of_spark
from facetwise.count.reasons_file import TableWriter
from facetwise.count.results import InputSummary
from facetwise.decide.decision import NOT_APPLICABLE
from facetwise.errors import InputError
from facetwise.guidance.codelists import KEPT_BY_EXTRACT
from facetwise.language.definition import Definition
from facetwise.language.events import IsAfterAgo
from facetwise.language.patient import denervation_date
from facetwise.language.policy import Policy, PolicyCriterion
from facetwise.language.units import Unit
from facetwise.lookups.organisations import Successors
from facetwise.note import Note
from facetwise.spells.layouts import Layout
from facetwise.spells.reading.activity import Account, Opened, SpellBatch, open_activity
from facetwise.spells.reading.dispatch import has, layout_of, read

_NEVER = date(1800, 1, 1)  # HES writes it for a date that is not known


def audit_all(
    question: AuditRequest, reasons: Path | None = None, warning: str = "", session: Any = None
) -> AuditResults:
    """Every policy of the question in one pass. reasons: a CSV or Parquet file for one row a denervation and policy,
    which carries the warning. session: a Spark session (compile/spark.py) that finds the spells that matter; else they are
    found here. They are judged here either way.

    Errors: InputError where the files have no patient key or no admission date, UsageError, EngineError.
    """
    read_from = _read_here(question) if session is None else _read_on_spark(session, question)
    with closing(HistoryEngine(question.of, question.threads)) as engine:
        for piece in read_from.pieces:
            engine.add(piece.spells)
        account = read_from.account()
        cover = _cover(question, account)
        recorded = histories_from_table(engine.events())
        judged = _evaluated(engine, question.policies, recorded, cover)
        courses, carried = _carried(recorded, question.successors, cover)
        aside, perhaps = engine.set_aside(), engine.maybe_n()
    common = _Common(
        of=question.of,
        input=InputSummary.of(account),
        cover=cover,
        patients=len(courses),
        set_aside=tuple((reason, n) for reason, n in aside.items() if n),
        repeats=repeats(courses, cover.first, cover.last, intervals(question.policies)),
        assumptions=assumptions(question.of, cover, courses),
        notes=(
            *account.notes,
            *read_from.notes,
            *carried,
            *notes(question.of, courses, cover, perhaps, bool(question.covers)),
            *_doubtful(courses),
        ),
    )
    before = prior_events(courses, cover, question.policies)
    results = AuditResults(tuple(_result(policy, judged, before[policy.id], common) for policy in question.policies))
    if reasons:
        with TableWriter(reasons, warning) as writer:
            writer.write(_reasons(results))
    return results


def _evaluated(
    engine: HistoryEngine, policies: Sequence[Policy], courses: Sequence[PatientHistory], cover: Cover
) -> pa.Table:
    """What policies say of each denervation: SQL says it, but for a policy that has no SQL form; see HistoryEngine."""
    portable = [policy for policy in policies if is_portable(policy, cover.complete)]
    rows = engine.evaluate(portable, (cover.first, cover.last), cover.complete)
    keys = list(zip(*(rows[name].to_pylist() for name in ("patient_id", "spell_id")), strict=True))
    for policy in policies:
        if policy in portable:
            continue
        every = [one for course in courses for one in evaluate_history(course, policy, cover)]
        by_key = {(one.patient_id, one.denervation.spell_id): one for one in every}
        found = [by_key[key] for key in keys]
        for criterion in policy.criteria:
            truths = (one.truths[criterion.id] for one in found)
            words = [NOT_APPLICABLE if truth is None else truth.value for truth in truths]
            rows = rows.append_column(f"{policy.id}:{criterion.id}", pa.array(words, pa.string()))
        rows = rows.append_column(policy.id, pa.array([one.outcome.value for one in found], pa.string()))
    return rows


@dataclass(frozen=True)
class _Source:
    """Spells that matter as they come, and what became of every row, once they are all out."""

    pieces: Iterable[SpellBatch]
    account: Callable[[], Account]
    notes: tuple[str, ...] = ()


def _read_here(question: AuditRequest) -> _Source:
    opened = open_activity(question.inputs, question.layout)
    _refuse_unlinked(opened.names[0], layout_of(opened), lambda name: has(opened, name))
    refuse_two_keys(opened)
    account = Account(opened.names, opened.layout.id)
    return _Source(read(opened, reading_for(question), account), lambda: account, keys_told(opened))


def _read_on_spark(session: Any, question: AuditRequest) -> _Source:
    source = open_on_spark(session, question.inputs, question.layout)
    _refuse_unlinked(source.names[0], source.layout, source.has)
    piece, account = spells_of_spark(source, KEPT_BY_EXTRACT, ())
    return _Source([piece], lambda: account)


def histories_from_table(events: pa.Table) -> tuple[PatientHistory, ...]:
    """The histories in a table of events: one row an event, in the columns of HistoryEngine.events."""
    return histories_from_events((row["patient_id"], row["kind"], _event(row)) for row in events.to_pylist())


def _event(row: Mapping[str, Any]) -> CodedEvent | UncertainEvent:
    sides = tuple(side for side in SIDES if row[f"is_{side}"]) or None
    if row["is_uncertain"]:
        return UncertainEvent(row["kind"], row["day"], row["region"], sides)
    return CodedEvent(
        row["spell_id"],
        row["day"],
        row["provider"],
        row["age"],
        row["region"],
        sides,
        row["technique"],
        row["discharged"],
    )


def _carried(
    courses: tuple[PatientHistory, ...], successors: Successors | None, cover: Cover
) -> tuple[tuple[PatientHistory, ...], tuple[str, ...]]:
    """The courses under the providers that stand on the last covered day, and what to say of that."""
    if successors is None:
        return courses, ()
    held = {one.provider for course in courses for one in _all_of(course) if one.provider}
    carried = successors.at(cover.last, held)

    def under(some: tuple[CodedEvent, ...]) -> tuple[CodedEvent, ...]:
        return tuple(replace(one, provider=carried.codes.get(one.provider or "", one.provider)) for one in some)

    moved = (
        replace(c, denervations=under(c.denervations), blocks=under(c.blocks), fusions=under(c.fusions))
        for c in courses
    )
    return tuple(moved), carried.notes


def _all_of(course: PatientHistory) -> tuple[CodedEvent, ...]:
    return (*course.denervations, *course.blocks, *course.fusions)


def _doubtful(courses: Sequence[PatientHistory]) -> tuple[Note, ...]:
    number = sum(1 for course in courses if course.uncertain)
    if not number:
        return ()
    return (
        Note(
            "Where it is not known when a spell was, or whether it was a denervation (no admission date, dates reversed, or "
            "said above to be perhaps one), what it could change of its patient's history is unknown. Patients with such a "
            "spell: {doubtful:,}.",
            {"doubtful": number},
        ),
    )


def _cover(question: AuditRequest, account: Account) -> Cover:
    """The cover asked for, else the first to the last admission. Without any admission it is one day of no matter."""
    if question.covers:
        return Cover(*question.covers, question.complete)
    if account.first_admitted is None or account.last_admitted is None:
        return Cover(_NEVER, _NEVER, question.complete)
    first, last = map(date.fromisoformat, (account.first_admitted, account.last_admitted))
    return Cover(first, last, question.complete)


def _refuse_unlinked(name: str, layout: Layout, holds: Callable[[str], bool]) -> None:
    for canonical in ("patient_id", "admitted"):
        column = next(c for c in layout.columns if c.canonical == canonical)
        if not holds(canonical):
            raise InputError(
                f"{name} has no column for {column.says}, so its spells cannot be linked into histories. "
                f"Looked for {' or '.join(column.names)}."
            )


def refuse_two_keys(opened: Opened) -> None:
    """Raise InputError where files key the same patients differently."""
    keys = {opened.layout.find(file.header).get("patient_id") for file in opened.files if opened.extract is None}
    if len(keys - {None}) > 1 and not opened.der:
        raise InputError(
            f"The files key their patients in different columns: {', '.join(sorted(k for k in keys if k))}. The same "
            "person has another key in each, so histories cannot be linked. Use files with one key."
        )


def keys_told(opened: Opened) -> tuple[str, ...]:
    """Which patient key was taken where a file has several."""
    column = next(c for c in opened.layout.columns if c.canonical == "patient_id")
    for file in opened.files if opened.extract is None else ():
        found = [name for name in file.header if name.strip().lower() in {known.lower() for known in column.names}]
        if len(found) > 1:
            taken = opened.layout.find(file.header)["patient_id"]
            return (f"There are two patient keys or more ({', '.join(found)}): spells are linked by {taken}.",)
    return ()


@dataclass(frozen=True)
class _Common:
    """What the answers of all policies share."""

    of: Definition
    input: InputSummary
    cover: Cover
    patients: int
    set_aside: tuple[tuple[str, int], ...]
    repeats: Repeats
    assumptions: tuple[str, ...]
    notes: tuple[str, ...]


def _result(policy: Policy, judged: pa.Table, before: tuple[PriorEvents, ...], common: _Common) -> AuditResult:
    own = [name for name in judged.column_names if name == policy.id or name.startswith(f"{policy.id}:")]
    rows = judged.select(["spell_id", "patient_id", "date", "provider", *own])
    tallies = {name: Counter(rows[name].to_pylist()) for name in own}
    cover = common.cover
    criteria = tuple(_criterion(policy, c, rows, cover) for c in policy.criteria)
    return AuditResult(
        policy=policy,
        of=common.of,
        input=common.input,
        covers=None if cover.last == _NEVER else (cover.first, cover.last),
        complete=tuple(sorted(cover.complete)),
        denervations=rows.num_rows,
        patients=common.patients,
        set_aside=common.set_aside,
        criteria=criteria,
        outcomes=tuple((outcome, tallies[policy.id][outcome]) for outcome in _OUTCOMES),
        seen=before,
        repeats=common.repeats,
        assumptions=common.assumptions,
        notes=(*common.notes, *policy.notes),
        judged=rows,
    )


def _criterion(policy: Policy, criterion: PolicyCriterion, rows: pa.Table, cover: Cover) -> CriterionSummary:
    """What the denervations come to by one criterion, and whether they could come to anything else."""
    truths = rows[f"{policy.id}:{criterion.id}"].to_pylist()
    found = Counter(truths)
    # What was found can be found: made-up patients need not be like every one.
    possible = {truth.value for truth in possible_answers(policy, cover.complete)[criterion.id]} | found.keys()
    both = None
    day = unbiased_from(policy, criterion, cover.first, cover.complete) if {"met", "not-met"} <= possible else None
    if day is not None:
        days = pc.cast(rows["date"], pa.date32()).to_pylist()
        on_days = list(zip(truths, days, strict=True))
        then = Counter(truth for truth, on in on_days if day <= on <= cover.last + _ONE_DAY)
        is_before = any(truth in _TRUTHS[:2] and on < day for truth, on in on_days)
        both = BothWays(day, then["met"], then["not-met"], is_before)
    met, not_met, unknown, not_applicable = (found[truth] for truth in _TRUTHS)
    either = tuple(truth for truth in _TRUTHS[:2] if truth in possible)
    return CriterionSummary(criterion.id, criterion.says, met, not_met, unknown, not_applicable, either, both)


_ONE_DAY = timedelta(days=1)
_TRUTHS = ("met", "not-met", "unknown", "not-applicable")
_OUTCOMES = ("meets", "does-not-meet", "cannot-tell")


def intervals(policies: Sequence[Policy]) -> tuple[int, ...]:
    """The months between denervations that policies ask for, each once."""
    spans = {
        part.span.value
        for policy in policies
        for criterion in policy.criteria
        if criterion.id == "repeat-interval"
        for part in criterion.met_when.walk()
        if isinstance(part, IsAfterAgo) and part.day == denervation_date and part.span.unit is Unit.MONTHS
    }
    return tuple(sorted(spans))


def _reasons(results: AuditResults) -> pa.Table:
    """One row a denervation; with several policies one row a denervation and policy, with every criterion's column."""
    several = len(results) > 1
    ids = list(dict.fromkeys(c.id for result in results for c in result.policy.criteria))
    tables = []
    for result in results:
        name, rows = result.policy.id, result.judged
        missing = pa.nulls(rows.num_rows, pa.string())
        truths = [rows[f"{name}:{i}"] if f"{name}:{i}" in rows.column_names else missing for i in ids]
        policy = [pa.array([name] * rows.num_rows, pa.string())] if several else []
        columns = [
            rows["spell_id"],
            rows["patient_id"],
            pc.cast(rows["date"], pa.date32()),
            *policy,
            *truths,
            rows[name],
        ]
        names = ["spell_id", "patient_id", "date", *(["policy"] if several else []), *ids, "outcome"]
        tables.append(pa.table(columns, names=names))
    return pa.concat_tables(tables)


def planned_audit(question: AuditRequest, engine: str = "duckdb") -> DryRun:
    """What an audit would do: find the denervations, then ask policies of each. sql: both, one after the other."""
    opened = opened_for(question.inputs, question.layout, engine)
    made = planned("audit", opened, reading_for(question), (question.of,), engine)
    portable = tuple(policy for policy in question.policies if is_portable(policy, question.complete))
    says = "-- of each denervation, by its history: see docs/how-to/audit.md"
    sql = f"{made.sql};\n\n{says}\n{audit_sql(portable, question.complete)}"
    return replace(made, policies=question.policies, sql=sql)
