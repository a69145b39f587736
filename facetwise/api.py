"""The Python API: count, diff, extract, audit and decide, as the command line has them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any, overload

from facetwise.audit.request import AuditRequest, cover_of, kinds_of
from facetwise.count.count import count_all
from facetwise.count.diff import diff as difference
from facetwise.count.engines import query_runner, refuse_engine
from facetwise.count.extract import Extracted
from facetwise.count.extract import extract as extracted
from facetwise.count.query import CountQuery
from facetwise.count.results import CountResult, CountResults, DiffResult
from facetwise.errors import UsageError
from facetwise.language.definition import Definition
from facetwise.library import DEFAULT, definition, policies_named
from facetwise.spells.dimensions import dimensions_named
from facetwise.spells.reading.input_paths import refuse_overwriting

if TYPE_CHECKING:
    from facetwise.audit.results import AuditResult, AuditResults
    from facetwise.decide.decision import Decision
    from facetwise.language.policy import Policy
    from facetwise.record.record import Record

Inputs = str | Path | Sequence[str | Path]
Named = str | Definition


@overload
def count(
    inputs: Inputs,
    definition: Named = ...,
    *,
    by: str | Sequence[str] = ...,
    layout: str = ...,
    reasons: bool | str | Path = ...,
    all_spells: bool = ...,
    threads: int = ...,
    engine: str = ...,
    master: str | None = ...,
    conf: Sequence[str] = ...,
) -> CountResult: ...


@overload
def count(
    inputs: Inputs,
    definition: list[str] | list[Definition] | tuple[Named, ...],
    *,
    by: str | Sequence[str] = ...,
    layout: str = ...,
    reasons: bool | str | Path = ...,
    all_spells: bool = ...,
    threads: int = ...,
    engine: str = ...,
    master: str | None = ...,
    conf: Sequence[str] = ...,
) -> CountResults: ...


def count(
    inputs: Inputs,
    definition: Named | list[str] | list[Definition] | tuple[Named, ...] = DEFAULT,
    *,
    by: str | Sequence[str] = "",
    layout: str = "auto",
    reasons: bool | str | Path = False,
    all_spells: bool = False,
    threads: int = 2,
    engine: str = "duckdb",
    master: str | None = None,
    conf: Sequence[str] = (),
) -> CountResult | CountResults:
    """Counts hospital activity by a definition, or by several in one pass.

    inputs: files, folders or globs: CSV (also .gz), Parquet, or an extract.
    definition: an id such as 'ebi-2k', a Definition, or a sequence of them (then the results come as a sequence).
    by: any of provider, commissioner, year, month, age-band, sex.
    reasons: True keeps one row a candidate spell as `result.reasons` (an Arrow table); a path writes them there.
    all_spells: reasons for every spell, not for candidates alone.
    The numbers are as they are, small ones among them: nothing is protected for disclosure. What leaves your
    organisation goes through `facetwise count --disclosure`, or `facetwise.disclosure.protected_count.protect_counts`.
    engine: 'duckdb', or 'spark' on a master's URL (else on so many threads here) with settings such as
    'spark.executor.memory=4g'. Inputs may then be URLs that Spark opens, or 'table:catalog.schema.name'.
    Errors: InputError, UsageError, EngineError.
    """
    _refuse(layout, threads)
    several = not isinstance(definition, str | Definition)
    question = CountQuery(
        inputs=_files(inputs),
        definitions=_definitions(definition),
        layout=layout,
        dimensions=dimensions_named(_words(by)),
        threads=threads,
        every_spell=all_spells,
    )
    path = _path(reasons)
    refuse_overwriting(question.inputs, {"reasons": path})
    refuse_engine(engine, master, conf)
    with query_runner(engine, master, conf, threads) as run:
        results = count_all(question, path, reasons is True, run=run, engine=engine)
    return results if several else results.results[0]


def diff(
    inputs: Inputs,
    a: Named,
    b: Named,
    *,
    layout: str = "auto",
    reasons: bool | str | Path = False,
    threads: int = 2,
) -> DiffResult:
    """Compares two definitions by the spells they part. Arguments and errors: see count."""
    _refuse(layout, threads)
    question = CountQuery(inputs=_files(inputs), definitions=_definitions((a, b)), layout=layout, threads=threads)
    path = _path(reasons)
    refuse_overwriting(question.inputs, {"reasons": path})
    return difference(question, reasons=path, keep_reasons=reasons is True)


def extract(inputs: Inputs, out: str | Path, *, layout: str = "auto", threads: int = 2) -> Extracted:
    """Keeps the few spells that matter in a small Parquet file that count and diff read like the whole.

    Errors: InputError, UsageError for an output that is not .parquet.
    """
    _refuse(layout, threads)
    if not isinstance(out, str | Path):
        raise UsageError(f"out is {out!r}. Give a path that ends in .parquet.")
    return extracted(_files(inputs), Path(out), layout, threads)


@overload
def audit(
    inputs: Inputs,
    policy: str | Policy,
    *,
    of: Named = ...,
    covers: tuple[date | str, date | str] | None = ...,
    complete: Sequence[str] = ...,
    layout: str = ...,
    reasons: str | Path | None = ...,
    threads: int = ...,
) -> AuditResult: ...


@overload
def audit(
    inputs: Inputs,
    policy: list[str] | list[Policy] | tuple[str | Policy, ...] | None = ...,
    *,
    of: Named = ...,
    covers: tuple[date | str, date | str] | None = ...,
    complete: Sequence[str] = ...,
    layout: str = ...,
    reasons: str | Path | None = ...,
    threads: int = ...,
) -> AuditResults: ...


def audit(
    inputs: Inputs,
    policy: str | Policy | list[str] | list[Policy] | tuple[str | Policy, ...] | None = None,
    *,
    of: Named = "any-v48",
    covers: tuple[date | str, date | str] | None = None,
    complete: Sequence[str] = ("denervations",),
    layout: str = "auto",
    reasons: str | Path | None = None,
    threads: int = 2,
) -> AuditResult | AuditResults:
    """Judges each denervation in linked activity at its own date by a policy, or by several (None: all) in one pass.

    of: the definition that says which spells are denervations. covers: the first and the last day that the files hold
    whole, as dates or '2015-04-01'; None is the first to the last admission. complete: the kinds of events of which they
    hold all within those days: denervations, blocks. reasons: a path for one row a denervation. `judged` of a result
    holds the same rows, `repeats` the time to the next one.
    Errors: InputError where spells cannot be linked, UsageError, EngineError.
    """
    from facetwise.audit.audit import audit_all

    _refuse(layout, threads)
    path = _path(reasons or False)
    question = AuditRequest(
        inputs=_files(inputs),
        policies=policies_named(policy),
        of=_definitions(of)[0],
        covers=None if covers is None else cover_of(*covers),
        complete=kinds_of(complete),
        layout=layout,
        threads=threads,
    )
    refuse_overwriting(question.inputs, {"reasons": path})
    results = audit_all(question, path)
    several = policy is None or isinstance(policy, list | tuple)
    return results if several else results[0]


def _files(inputs: Inputs) -> tuple[str | Path, ...]:
    many = _many(inputs)
    if many is None or not all(isinstance(item, str | Path) for item in many):
        raise UsageError(f"inputs is {inputs!r}. Give a path, or a list of paths.")
    return many


def _many(given: Any) -> tuple[Any, ...] | None:
    """One or several things as several; None where it is neither."""
    if isinstance(given, str | Path | Definition):
        return (given,)
    return tuple(given) if isinstance(given, Sequence) else None


def _words(given: str | Sequence[str]) -> tuple[str, ...]:
    many = given.split(",") if isinstance(given, str) else _many(given)
    if many is None or not all(isinstance(word, str) for word in many):
        raise UsageError(f"by is {given!r}. Give names such as 'provider,year', or a list of them.")
    return tuple(word.strip() for word in many if word.strip())


def _definitions(given: Named | Sequence[Named]) -> tuple[Definition, ...]:
    many = _many(given)
    if many is None or not all(isinstance(item, str | Definition) for item in many):
        raise UsageError(f"definition is {given!r}. Give an id such as 'ebi-2k', a Definition, or a list of them.")
    if not many:
        raise UsageError("No definition was given. Name one, as 'ebi-2k'.")
    found = tuple(item if isinstance(item, Definition) else definition(item) for item in many)
    return tuple(dict.fromkeys(found))


def _path(reasons: bool | str | Path) -> Path | None:
    if not isinstance(reasons, bool | str | Path):
        raise UsageError(f"reasons is {reasons!r}. Give True, False, or a path that ends in .csv or .parquet.")
    return None if isinstance(reasons, bool) else Path(reasons)


def _refuse(layout: str, threads: int) -> None:
    if not isinstance(layout, str):
        raise UsageError(f"layout is {layout!r}. Give the name of one, or 'auto'.")
    if not isinstance(threads, int) or isinstance(threads, bool) or threads < 1:
        raise UsageError(f"threads is {threads!r}. Give a whole number, 1 or more.")


@overload
def decide(
    record: Record | Mapping[str, object] | str | Path, policy: str | Policy, as_of: date | str | None = ...
) -> Decision: ...


@overload
def decide(
    record: Record | Mapping[str, object] | str | Path,
    policy: list[str] | list[Policy] | tuple[str | Policy, ...] | None = ...,
    as_of: date | str | None = ...,
) -> tuple[Decision, ...]: ...


def decide(
    record: Record | Mapping[str, object] | str | Path,
    policy: str | Policy | list[str] | list[Policy] | tuple[str | Policy, ...] | None = None,
    as_of: date | str | None = None,
) -> Decision | tuple[Decision, ...]:
    """What policies say of one patient: of one policy its decision, of several or none named (all) a tuple of them.

    record: a record as a mapping, a Record, or the path of a file that holds one record or one
    FHIR patient.
    policy: an id such as 'nice-ng59', a Policy, or several.
    as_of: a date or '2026-11-20'; else the date of the record's request, else today.
    Errors: InputError for a record that cannot be read, UsageError for an unknown policy or a date that is none.
    """
    from facetwise.decide.decide_records import decided

    return decided(record, policy, as_of)
