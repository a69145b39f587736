"""HES episodes, grouped into spells."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from facetwise.note import Note
from facetwise.spells.arrays import booleans
from facetwise.spells.layouts import DIAGNOSIS_POSITIONS, PROCEDURE_POSITIONS
from facetwise.spells.normalise.batches import BatchOptions, keys_of, lines_lost, readable
from facetwise.spells.normalise.columns import Mask, canonical
from facetwise.spells.reading.activity import Account, Opened, ReadOptions, SpellBatch, refuse_repeats
from facetwise.spells.reading.staging import ROW_NO, Examined, Stage, examined, processed, reject_staged, staged
from facetwise.spells.reading.unique_keys import UniqueKeyCheck

ANOTHER = "another episode of its spell cannot be read"
_KEYS = ("spell", "patient_id", "provider", "admitted", "episode")
_PROXY_NOTE = (
    "The dominant procedure is not in this data{}: the first procedure recorded, in episode order, stands for it. "
    "Spells whose dominant procedure was another one are judged by the proxy."
)
_ORDER = 'ORDER BY "order" NULLS LAST, began NULLS LAST, episode'

# A dash says that an episode had no procedure, which says nothing of the spell where another episode names one; where none
# does, the dash stands, and no proxy takes its place. An order of 98 or 99 is HES's for 'not known'.
_GROUP = f"""
WITH placed AS (
  SELECT * REPLACE (CASE WHEN try_cast("order" AS INTEGER) < 98 THEN try_cast("order" AS INTEGER) END AS "order") FROM rows
), grouped AS (
  SELECT key, min({ROW_NO}) AS {ROW_NO},
    first(CASE WHEN key[1] = 's' THEN spell ELSE episode END {_ORDER}) AS spell_id,
    any_value(patient_id {_ORDER}) AS patient_id,
    any_value(provider {_ORDER}) AS provider,
    any_value(commissioner {_ORDER}) AS commissioner,
    any_value(admitted {_ORDER}) AS admitted,
    max(discharged) AS discharged,
    first(age_at_start {_ORDER}) AS age_at_start,
    first(age_at_activity {_ORDER}) AS age_at_activity,
    any_value(admission_method {_ORDER}) AS admission_method,
    any_value(administrative_category {_ORDER}) AS administrative_category,
    coalesce(
      any_value(dominant_procedure {_ORDER}) FILTER (WHERE dominant_procedure <> '-'), any_value(dominant_procedure {_ORDER})
    ) AS dominant,
    first(primary_diagnosis {_ORDER}) AS primary_diagnosis,
    any_value(sex {_ORDER}) AS sex,
    string_agg('||' || procedures, '' {_ORDER}) AS procedures,
    string_agg('||' || diagnoses, '' {_ORDER}) AS diagnoses
  FROM placed GROUP BY key
)
SELECT * EXCLUDE (key, {ROW_NO}, dominant), coalesce(dominant, list_filter(
    string_split(replace(procedures, '||', ','), ','), lambda code: code NOT IN ('', '-'))[1]
  ) AS dominant_procedure
FROM grouped ORDER BY {ROW_NO}
"""


def read_episodes(opened: Opened, reading: ReadOptions, account: Account) -> Iterator[SpellBatch]:
    """Every episode is in exactly one spell or set aside.

    A spell with an episode that cannot be read is set aside whole: what that episode holds could decide the outcome.
    """
    with staged(reading.threads) as stage:
        keys, nobodys = UniqueKeyCheck(), 0
        stage.add("unread", pa.table({"key": pa.nulls(0, pa.string())}))
        for batch_read in examined(opened.files, opened.layout, reading, account):
            keys.add(keys_of(batch_read.raw.columns, batch_read.bad, batch_read.options), batch_read.bad)
            values = _episodes(batch_read.rows(~batch_read.bad), batch_read.options)
            stage.add("rows", values.append_column(ROW_NO, batch_read.places(~batch_read.bad)))
            unread, lost = _unread(batch_read)
            stage.add("unread", unread)
            nobodys += lost
        refuse_repeats(opened, keys)
        keys.close()
        if account.used:
            late = f"SELECT {ROW_NO}, '{ANOTHER}' AS reason FROM rows WHERE key IN (SELECT key FROM unread)"
            reject_staged(stage, "rows", late, opened.files, opened.layout, reading, account)
        _note(stage, opened, account, nobodys)
        if account.used:
            yield from processed(stage.batches(_GROUP), reading, account)


def _episodes(batch: pa.RecordBatch, options: BatchOptions) -> pa.Table:
    """Episodes with their values normalised, dates as 2018-04-01, codes joined, and the key of their spell."""
    values = {
        column.canonical: canonical(batch.column(name), column).cast(pa.string()) for column, name in options.columns
    }
    positions = {*PROCEDURE_POSITIONS, *DIAGNOSIS_POSITIONS}
    columns = {name: array for name, array in values.items() if name not in positions}
    columns["primary_diagnosis"] = values[DIAGNOSIS_POSITIONS[0]]
    for name, places in (("procedures", PROCEDURE_POSITIONS), ("diagnoses", DIAGNOSIS_POSITIONS)):
        parts = [pc.fill_null(values[place], "") for place in places if place in values]
        columns[name] = pc.binary_join_element_wise(*parts, ",")
    for name in ("spell", "patient_id", "provider", "commissioner", "admitted", "discharged", "order", "began", "sex",
                 "age_at_start", "age_at_activity", "dominant_procedure"):  # fmt: skip
        columns.setdefault(name, pa.nulls(batch.num_rows, pa.string()))
    return pa.table({**columns, "key": _spell_keys(columns)})


def _spell_keys(columns: Mapping[str, pa.Array]) -> pa.Array:
    """What groups episodes: the spell that SUS gave, else that patient's admission to that provider on that day."""
    spell, patient, provider, admitted, episode = (columns[name] for name in _KEYS)
    by_day = pc.binary_join_element_wise("p", patient, "|", pc.fill_null(provider, ""), "|", admitted, "")
    alone = pc.binary_join_element_wise("e", episode, "")
    by_spell = pc.and_(pc.is_valid(spell), pc.fill_null(pc.not_equal(spell, "-1"), False))
    return pc.if_else(by_spell, pc.binary_join_element_wise("s", spell, ""), pc.coalesce(by_day, alone))


def _unread(batch_read: Examined) -> tuple[pa.Table, int]:
    """The keys of the spells with an episode that cannot be read, and how many such episodes do not say whose they are."""
    lost = sum(lines_lost(batch_read.raw).values())
    batch = batch_read.rows(batch_read.bad)
    columns = {name: pa.nulls(batch.num_rows, pa.string()) for name in _KEYS}
    faulty = {name: np.zeros(batch.num_rows, bool) for name in _KEYS}
    for column, name in batch_read.options.columns:
        if column.canonical in _KEYS and batch.num_rows:
            values, faulty[column.canonical] = readable(batch.column(name), column, name)
            columns[column.canonical] = values.cast(pa.string())
    keys = _spell_keys(columns)
    by_spell: Mask = pc.fill_null(pc.starts_with(keys, "s"), False).to_numpy(zero_copy_only=False)
    untold = faulty["spell"] | ~by_spell & (faulty["patient_id"] | faulty["provider"] | faulty["admitted"])
    return pa.table({"key": keys.filter(booleans(~untold))}), lost + int(untold.sum())


def _note(stage: Stage, opened: Opened, account: Account, nobodys: int) -> None:
    if nobodys:
        account.notes.append(
            Note(
                "{nobodys} episodes that cannot be read do not say which spell they belong to: a spell that was theirs is "
                "judged by its other episodes.",
                {"nobodys": nobodys},
            )
        )
    if not account.used:
        return
    if not opened.has("dominant_procedure"):
        account.notes.append(Note(_PROXY_NOTE.format("")))
    else:
        named = "SELECT key, count(dominant_procedure) AS named FROM rows GROUP BY key"
        some, spells = stage.rows(f"SELECT count(*) FILTER (WHERE named = 0), count(*) FROM ({named})")[0]
        if some:
            account.notes.append(
                Note(_PROXY_NOTE.format(" for {some} of {spells} spells"), {"some": some, "spells": spells})
            )
    by_spell = opened.has("spell")
    account.notes.append(
        Note(
            "Episodes are grouped into spells by "
            + ("SUSSPELLID, and where it is missing by " if by_spell else "")
            + "patient, provider and admission date."
        )
    )
    lone = stage.number("SELECT count(*) FROM rows WHERE key[1] = 'e'")
    if lone:
        account.notes.append(
            Note(
                "{lone} episodes have neither a spell nor a patient and a date: each stands as a spell of its own.",
                {"lone": lone},
            )
        )
