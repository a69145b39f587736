"""Hospital activity opened for reading: files recognised, taken apart batch by batch, every row accounted for."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import date
from itertools import islice
from pathlib import Path

import pyarrow as pa

from facetwise.errors import InputError, UsageError
from facetwise.language.codes import CodeList
from facetwise.note import Note
from facetwise.spells.layouts import HES_APC, SUS_APCS, Layout, layout_named, recognise, refusal
from facetwise.spells.normalise.batches import BatchOptions, BatchResult, Reject, keys_of, process_batch
from facetwise.spells.reading.input_paths import expand
from facetwise.spells.reading.raw_files import ParquetFile, RawFile, Unit, open_file
from facetwise.spells.reading.unique_keys import RejectedRows, UniqueKeyCheck

_MAIN_MARKS = {"admission_method", "administrative_category"}  # of an APCS file, told from a Der file
MAIN_KEY = {SUS_APCS.id: "spell_id", HES_APC.id: "episode"}


@dataclass
class Account:
    """What became of every row: rows = used + set aside. `rows` are those of the main file.

    first_admitted, last_admitted: of the rows used, as 2018-04-01, where they were looked for and there is any.
    """

    files: tuple[str, ...]
    layout: str
    rows: int = 0
    used: int = 0
    spells: int = 0
    set_aside: Counter[str] = field(default_factory=Counter)
    notes: list[Note] = field(default_factory=list)
    first_admitted: str | None = None
    last_admitted: str | None = None

    def widen_span(self, admitted: tuple[date, date] | None) -> None:
        """Widen the span of the admissions, in place."""
        if admitted is not None:
            first, last = (day.isoformat() for day in admitted)
            self.first_admitted = min(self.first_admitted or first, first)
            self.last_admitted = max(self.last_admitted or last, last)


@dataclass(frozen=True)
class ReadOptions:
    """How to read: what to keep, the dimensions of the spells filtered out, how many threads, and the callbacks.

    columns: the canonical columns needed (None: all). Others are still checked where their values could be faulty,
    and not read where the file's own types rule that out.
    verdicts: columns of an extract to read beside the canonical ones.
    span: whether to find the first and the last admission for the account.
    """

    keep: CodeList | None
    bases: tuple[str, ...] = ()
    columns: frozenset[str] | None = None
    verdicts: tuple[str, ...] = ()
    threads: int = 2
    on_reject: Callable[[Reject], None] | None = None
    on_rows: Callable[[int], None] | None = None
    span: bool = False


@dataclass(frozen=True)
class SpellBatch:
    """Some spells in the canonical columns, and the groups and number of the spells filtered out with them."""

    spells: pa.Table
    filtered_groups: pa.Table
    filtered_n: int


@dataclass(frozen=True)
class Opened:
    """Files of one layout, with their headers read."""

    layout: Layout
    files: tuple[RawFile, ...]
    der: tuple[RawFile, ...] = ()
    extract: ParquetFile | None = None

    @property
    def names(self) -> tuple[str, ...]:
        return tuple(str(file.path) for file in (*self.files, *self.der))

    def has(self, canonical: str) -> bool:
        """Whether the data has a canonical column at all."""
        return any(canonical in self.layout.find(file.header) for file in (*self.files, *self.der))


def open_activity(inputs: Sequence[str | Path], layout: str = "auto") -> Opened:
    """The files that the inputs name, recognised. Errors: InputError, UsageError for an unknown layout."""
    named = None if layout == "auto" else layout_named(layout)
    files = [open_file(path) for path in expand(inputs)]
    extracts = [file for file in files if isinstance(file, ParquetFile) and file.extract]
    if extracts:
        if len(files) > 1:
            raise UsageError(
                f"{extracts[0].path} is an extract and can only be read alone. Extract all the files together."
            )
        return Opened(SUS_APCS, (extracts[0],), extract=extracts[0])
    recognised = [named or _recognised(file) for file in files]
    if len(set(recognised)) > 1:
        first = {found.id: file.path for found, file in zip(recognised, files, strict=True)}
        raise InputError(
            "The files are of two layouts: " + ", ".join(f"{path} is {name}" for name, path in first.items()) + ". "
            "Count them apart."
        )
    for file in files:
        _refuse_odd_columns(file, recognised[0])
    if recognised[0] is HES_APC:
        _refuse_missing(files, HES_APC)
        return Opened(HES_APC, tuple(files))
    return _apcs(files)


def _recognised(file: RawFile) -> Layout:
    try:
        return recognise(file.header)
    except InputError as error:
        raise InputError(f"{file.path}: {error}") from error


def _refuse_odd_columns(file: RawFile, layout: Layout) -> None:
    folded = [name.strip().lower() for name in file.header]
    for name in layout.find(file.header).values():
        if folded.count(name.lower()) > 1:
            raise InputError(f"{file.path} has two columns {name}. Leave one of them out.")
        if isinstance(file, ParquetFile) and pa.types.is_nested(arrow_type := file.schema.field(name).type):
            raise InputError(
                f"{file.path} holds {arrow_type} in {name}; {layout.id} needs one value a row there. Write it as text."
            )


def _refuse_missing(files: Iterable[RawFile], layout: Layout) -> None:
    for file in files:
        if missing := layout.missing(file.header):
            raise InputError(f"{file.path} {refusal(missing, file.header)}")


def _apcs(files: Sequence[RawFile]) -> Opened:
    """One joined file or several; or APCS files with their Der files, told by which required columns they lack."""
    complete = [file for file in files if not SUS_APCS.missing(file.header)]
    if len(complete) == len(files):
        return Opened(SUS_APCS, tuple(files))
    main = [file for file in files if file not in complete and _MAIN_MARKS & SUS_APCS.find(file.header).keys()]
    der = [file for file in files if file not in complete and file not in main]
    if complete or not main or not der:
        _refuse_missing(files, SUS_APCS)
    keyless = [file for file in (*main, *der) if "spell_id" not in SUS_APCS.find(file.header)]
    _refuse_missing(keyless, SUS_APCS)
    for side in (main, der):
        _refuse_unlike(side)
    together = [*main[0].header, *(name for name in der[0].header if name not in main[0].header)]
    if missing := SUS_APCS.missing(together):
        raise InputError(f"{main[0].path} with {der[0].path} {refusal(missing, together)}")
    return Opened(SUS_APCS, tuple(main), tuple(der))


def _refuse_unlike(files: Sequence[RawFile]) -> None:
    """Files of one side must have every required column that any of them has: else its values would be lost in silence."""
    found = {name for file in files for name in SUS_APCS.find(file.header)}
    for file in files:
        if missing := [column for column in SUS_APCS.missing(file.header) if column.canonical in found]:
            raise InputError(f"{file.path} {refusal(missing, file.header)} Other files beside it have it.")


def read_batches(
    units: Iterable[Unit],
    names: Sequence[str],
    options: BatchOptions,
    reading: ReadOptions,
    account: Account,
    keys: UniqueKeyCheck,
) -> Iterator[SpellBatch]:
    """The batches of some units, in order, processed by a pool of threads; updates the account and the keys."""

    def work(unit: Unit) -> list[BatchResult]:
        return [process_batch(batch, options) for batch in unit.read(names)]

    with ThreadPoolExecutor(reading.threads) as pool:
        waiting = iter(units)
        running: list[Future[list[BatchResult]]] = [
            pool.submit(work, unit) for unit in islice(waiting, reading.threads + 1)
        ]
        while running:
            done = running.pop(0).result()
            running.extend(pool.submit(work, unit) for unit in islice(waiting, 1))
            for result in done:
                _note(result, account, reading)
                keys.add(result.keys, result.rejected)
                yield SpellBatch(result.spells, result.filtered_groups, result.filtered_n)


def _note(result: BatchResult, account: Account, reading: ReadOptions) -> None:
    account.rows += result.rows
    account.used += result.used
    account.set_aside.update(result.set_aside)
    account.widen_span(result.admitted)
    for reject in result.rejects:
        if reading.on_reject:
            reading.on_reject(reject)
    if reading.on_rows:
        reading.on_rows(result.rows)


def batch_options(layout: Layout, file: RawFile, reading: ReadOptions) -> BatchOptions:
    """The options for one file's batches: the columns it has, by the layout's canonical names."""
    found = layout.find(file.header)
    if reading.columns is not None and isinstance(file, ParquetFile):
        kinds = {column.canonical: column.kind for column in layout.columns}
        needed = {name for name in found if name in reading.columns}
        found = {name: raw for name, raw in found.items() if name in needed or file.may_be_faulty(raw, kinds[name])}
    bases = tuple(base for base in reading.bases if base in ("month", "age_band") or base in found)
    return BatchOptions(layout, found, reading.keep, bases, reading.on_reject is not None, reading.span)


def read_spells(opened: Opened, reading: ReadOptions, account: Account) -> Iterator[SpellBatch]:
    """The batches of one-row-a-spell files, in order. Errors: InputError when a key repeats."""
    keys = UniqueKeyCheck()
    try:
        for file in opened.files:
            options = batch_options(opened.layout, file, reading)
            names = list(options.found.values())
            yield from read_batches(file.units(names), names, options, reading, account, keys)
        refuse_repeats(opened, keys)
    finally:
        keys.close()
    account.spells = account.used


def refuse_repeats(opened: Opened, keys: UniqueKeyCheck) -> None:
    """Raise InputError when a key occurs twice; reads the keys once more where the first reading was not exact."""
    canonical = MAIN_KEY[opened.layout.id]
    if not keys.is_sure:
        keys.close()
        keys = _every_key(opened, canonical, keys.rejected)
    try:
        number, some = keys.repeats()
    finally:
        keys.close()
    if number:
        name = opened.layout.find(opened.files[0].header)[canonical]
        raise InputError(
            repeated(opened.names[0], name, number, some, "a spell" if canonical == "spell_id" else "an episode")
        )


def repeated(file: str, key: str, number: int, some: Sequence[str], row: str) -> str:
    """The message about keys that occur more than once, with examples. row: what one row is."""
    return (
        f"{file}: {key} is not unique: {number} value{'s occur' if number > 1 else ' occurs'} more than "
        f"once ({', '.join(some)}). One row {row} is needed: remove the repeats."
    )


def _every_key(opened: Opened, canonical: str, rejected: RejectedRows) -> UniqueKeyCheck:
    """A check that stores every key of the used rows, read once more."""
    keys = UniqueKeyCheck()
    for file in opened.files:
        name = opened.layout.find(file.header)[canonical]
        options = BatchOptions(opened.layout, {canonical: name}, None, ())
        for unit in file.units([name]):
            for batch in unit.read([name]):
                keys.store(keys_of(batch.columns, rejected.replay(batch.columns.num_rows), options))
    return keys
