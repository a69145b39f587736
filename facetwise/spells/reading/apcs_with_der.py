"""APCS rows, each with its Der row."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from facetwise.note import Note
from facetwise.spells.layouts import STAGED
from facetwise.spells.normalise.batches import BatchOptions, keys_of, lines_lost, readable
from facetwise.spells.normalise.columns import as_text
from facetwise.spells.reading.activity import Account, Opened, ReadOptions, SpellBatch, refuse_repeats
from facetwise.spells.reading.raw_files import RawFile
from facetwise.spells.reading.staging import ROW_NO, Examined, Stage, examined, processed, reject_staged, staged
from facetwise.spells.reading.unique_keys import UniqueKeyCheck

_UNREAD = pa.schema([("spell_id", pa.string()), ("reason", pa.string())])


def read_joined(opened: Opened, reading: ReadOptions, account: Account) -> Iterator[SpellBatch]:
    """A key that occurs twice on either side is an error, never a multiplication.

    A spell whose Der row cannot be read is set aside with it: what that row says could decide the outcome.
    """
    with staged(reading.threads) as stage:
        _stage_side(stage, "apcs", opened, opened.files, reading, account)
        stage.add("unread", _UNREAD.empty_table())
        of_der = Account(opened.names, opened.layout.id)
        nobodys = _stage_side(stage, "der", opened, opened.der, reading, of_der)
        strange = stage.number("SELECT count(*) FROM unread ANTI JOIN apcs USING (spell_id)")
        late = f"SELECT {ROW_NO}, min(reason) AS reason FROM apcs JOIN unread USING (spell_id) GROUP BY {ROW_NO}"
        reject_staged(stage, "apcs", late, opened.files, opened.layout, reading, account)
        _note(stage, account, nobodys, strange)
        if account.used:
            yield from processed(stage.batches(_join(opened)), reading, account)


def _stage_side(
    stage: Stage, name: str, opened: Opened, files: Sequence[RawFile], reading: ReadOptions, account: Account
) -> Counter[str]:
    """Stage one side. Returns the reasons of the rows that cannot be read and do not give their key."""
    keys, nobodys = UniqueKeyCheck(), Counter[str]()
    columns = {column: pa.nulls(0, pa.string()) for column in _columns_of(opened, files)}
    stage.add(name, pa.table({**columns, ROW_NO: pa.nulls(0, pa.int64())}))
    for found in examined(files, opened.layout, reading, account):
        keys.add(keys_of(found.raw.columns, found.bad, found.options), found.bad)
        good = _as_text(found.rows(~found.bad), found.options)
        stage.add(name, good.append_column(ROW_NO, found.places(~found.bad)))
        if name == "der":
            unread, lost = _unread(found)
            stage.add("unread", unread)
            nobodys.update(lost)
    refuse_repeats(Opened(opened.layout, tuple(files)), keys)
    keys.close()
    return nobodys


def _unread(found: Examined) -> tuple[pa.Table, Counter[str]]:
    """The Der rows that cannot be read: whose they are and why, and the reasons of those that do not say whose."""
    lost = Counter(lines_lost(found.raw))
    if not found.bad.any():
        return _UNREAD.empty_table(), lost
    column, name = next((c, n) for c, n in found.options.columns if c.canonical == "spell_id")
    keys, _ = readable(found.rows(found.bad).column(name), column, name)
    reasons = [found.reasons[row] for row in sorted(found.reasons)]
    file = found.raw.file.name
    reasons_of_key = pa.array(
        [f"its row in the Der file {file} cannot be read: {reason}" for reason in reasons], pa.string()
    )
    lost.update(reason for reason, key in zip(reasons, keys.is_valid().to_pylist(), strict=True) if not key)
    return pa.table([keys, reasons_of_key], schema=_UNREAD).filter(pc.is_valid(keys)), lost


def _as_text(batch: pa.RecordBatch, options: BatchOptions) -> pa.Table:
    columns = {column.canonical: as_text(batch.column(name)) for column, name in options.columns}
    columns["spell_id"] = keys_of(batch, np.zeros(batch.num_rows, bool), options).cast(pa.string())
    return pa.table(columns)


def _join(opened: Opened) -> str:
    apcs, der = _columns_of(opened, opened.files), _columns_of(opened, opened.der)
    columns = []
    for column in STAGED.columns:
        name = column.canonical
        side = "apcs" if name in apcs else "der" if name in der else None
        columns.append(f"{side}.{name}" if side else f"CAST(NULL AS VARCHAR) AS {name}")
    return f"SELECT {', '.join(columns)} FROM apcs LEFT JOIN der ON apcs.spell_id = der.spell_id ORDER BY apcs.{ROW_NO}"


def _columns_of(opened: Opened, files: Sequence[RawFile]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(name for file in files for name in opened.layout.find(file.header)))


def _note(stage: Stage, account: Account, nobodys: Counter[str], strange: int) -> None:
    without = stage.number("SELECT count(*) FROM apcs ANTI JOIN der ON apcs.spell_id = der.spell_id")
    if without:
        account.notes.append(
            Note(
                "{without} spells have no row in the Der file: what it holds is not recorded for them.",
                {"without": without},
            )
        )
    if nobodys:
        by_reason = sorted(nobodys.items(), key=lambda item: (-item[1], item))
        reasons = "; ".join(f"{{reason_{place}}}: {_escaped(reason)}" for place, (reason, _) in enumerate(by_reason))
        account.notes.append(
            Note(
                f"{{unread}} rows of the Der file cannot be read and do not say whose they are ({reasons}): a spell that "
                "was theirs is among those without a row.",
                {"unread": nobodys.total()} | {f"reason_{place}": n for place, (_, n) in enumerate(by_reason)},
            )
        )
    if strange:
        account.notes.append(
            Note(
                "{strange} rows of the Der file cannot be read and belong to no spell of the APCS file that is used.",
                {"strange": strange},
            )
        )
    orphans = stage.number("SELECT count(*) FROM der ANTI JOIN apcs ON apcs.spell_id = der.spell_id")
    if orphans:
        account.notes.append(
            Note(
                "{orphans} rows of the Der file belong to no spell of the APCS file and are not used.",
                {"orphans": orphans},
            )
        )


def _escaped(words: str) -> str:
    """Words as a template has them: a brace is no field."""
    return words.replace("{", "{{").replace("}", "}}")
