"""Records as Arrow tables, raw: as they are written, with nothing computed and nothing taken away. SQL does both."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from decimal import Decimal
from itertools import accumulate
from operator import itemgetter

import pyarrow as pa

from facetwise.record.record import Block, Part, Record

_DAY, _FLAG, _TEXT, _TEXTS = pa.date32(), pa.bool_(), pa.string(), pa.list_(pa.string())
_DECIMALS = 18
_NUMBER = pa.decimal128(28, _DECIMALS)  # a record holds ten digits before the point at most, and 18 after it

PARTS: Mapping[str, Mapping[str, pa.DataType]] = {
    "request": {"region": _TEXT, "levels": _TEXTS, "sides": _TEXTS, "technique": _TEXT},
    "pain": {
        "since": _DAY,
        "axial": _FLAG,
        "radicular": _FLAG,
        "below_knee": _FLAG,
        "rating": _TEXT,
        "limits_daily_life": _FLAG,
    },
    "assessment": {"facet_suspected": _FLAG, "specialist": _FLAG, "surgery_not_an_option": _FLAG, "date": _DAY},
    "conditions": {
        "pacemaker": _FLAG,
        "icd": _FLAG,
        "neurostimulator": _FLAG,
        "anticoagulant": _FLAG,
        "bleeding_disorder": _FLAG,
        "pregnant": _FLAG,
        "local_infection": _FLAG,
        "systemic_infection": _FLAG,
        "allergy": _FLAG,
        "cannot_lie_prone": _FLAG,
        "fusion_at_level": _FLAG,
        "lumbar_metalwork": _FLAG,
        "cauda_equina_signs": _FLAG,
        "suspected_cancer": _FLAG,
        "spinal_infection": _FLAG,
        "fracture": _FLAG,
        "progressive_neurological_deficit": _FLAG,
        "hads_depression": _NUMBER,
    },
}
_PLACE = {"date": _DAY, "region": _TEXT, "levels": _TEXTS, "sides": _TEXTS}
LISTS: Mapping[str, Mapping[str, pa.DataType]] = {
    "scores": {"date": _DAY, "scale": _TEXT, "value": _NUMBER, "context": _TEXT},
    "care": {"kind": _TEXT, "from": _DAY, "to": _DAY, "outcome": _TEXT},
    "blocks": {
        **_PLACE,
        "kind": _TEXT,
        "steroid": _FLAG,
        "before": _NUMBER,
        "stated_relief_percent": _NUMBER,
        "positive": _FLAG,
        "prolonged": _FLAG,
    },
    "denervations": _PLACE,
}
COMPLETE = ("scores", "care", "blocks", "denervations", "conditions")


def tables(records: Sequence[tuple[str, Record, date]]) -> dict[str, pa.Table]:
    """Records, each with its name and the day it is asked about, as tables by name.

    patients: pid (its place in `records`), record (the name), as_of, `complete.<list>` as booleans, and one column a
    fact of the language by its path, such as `pain.since`. scores, care, blocks, denervations: pid, place (in the list), and one column
    a fact, such as `blocks.kind`; blocks hold `blocks.after`, a list of minutes and score in the order listed.
    relief: pid and place of the denervation, day, percent, adl_percent.
    """
    held = [record for _, record, _ in records]
    whole = [frozenset(record.complete) for record in held]
    patients = {
        "pid": pa.array(range(len(held)), pa.int32()),
        "record": pa.array([name for name, _, _ in records], _TEXT),
        "as_of": pa.array([as_of for _, _, as_of in records], _DAY),
        "born": pa.array([record.born for record in held], _DAY),
        **{f"complete.{name}": pa.array([name in names for names in whole], _FLAG) for name in COMPLETE},
    }
    for name, types in PARTS.items():
        patients |= _columns(name, [getattr(record, name) for record in held], types)
    lists = {name: _events(name, [getattr(record, name) for record in held], types) for name, types in LISTS.items()}
    blocks = [block for record in held for block in record.blocks]
    lists["blocks"] = lists["blocks"].append_column("blocks.after", _readings(blocks))
    return {"patients": pa.table(patients), **lists, "relief": _relief(held)}


def _columns(name: str, parts: Sequence[Part], types: Mapping[str, pa.DataType]) -> dict[str, pa.Array]:
    """One column a field of parts of one kind. `from` is no name in Python, and is held as `from_`."""
    held = [vars(part) for part in parts]  # an attribute of a model costs several times what a key does
    return {
        f"{name}.{field}": _array(map(itemgetter("from_" if field == "from" else field), held), kind)
        for field, kind in types.items()
    }


def _array(values: Iterable[object], kind: pa.DataType) -> pa.Array:
    """Numbers lose the noughts that they were written with beyond the last decimal: Arrow would refuse them."""
    if kind is _NUMBER:
        values = [round(value, _DECIMALS) if isinstance(value, Decimal) else None for value in values]
    return pa.array(list(values), kind)


def _events(name: str, lists: Sequence[Sequence[Part]], types: Mapping[str, pa.DataType]) -> pa.Table:
    places = [(pid, place) for pid, parts in enumerate(lists) for place in range(len(parts))]
    return pa.table(
        {
            "pid": pa.array([pid for pid, _ in places], pa.int32()),
            "place": pa.array([place for _, place in places], pa.int32()),
            **_columns(name, [part for parts in lists for part in parts], types),
        }
    )


def _readings(blocks: Sequence[Block]) -> pa.Array:
    """The scores after each block; none recorded is an empty list."""
    lists = [block.after or () for block in blocks]
    after = [reading for readings in lists for reading in readings]
    minutes = _array([reading.minutes for reading in after], _NUMBER)
    score = _array([reading.score for reading in after], _NUMBER)
    offsets = pa.array(accumulate((len(readings) for readings in lists), initial=0), pa.int32())
    return pa.ListArray.from_arrays(offsets, pa.StructArray.from_arrays([minutes, score], ["minutes", "score"]))


def _relief(records: Sequence[Record]) -> pa.Table:
    held = [
        (pid, place, reading)
        for pid, record in enumerate(records)
        for place, denervation in enumerate(record.denervations)
        for reading in denervation.relief or ()
    ]
    return pa.table(
        {
            "pid": pa.array([pid for pid, _, _ in held], pa.int32()),
            "place": pa.array([place for _, place, _ in held], pa.int32()),
            "day": pa.array([reading.date for _, _, reading in held], _DAY),
            "percent": _array([reading.percent for _, _, reading in held], _NUMBER),
            "adl_percent": _array([reading.adl_percent for _, _, reading in held], _NUMBER),
        }
    )
