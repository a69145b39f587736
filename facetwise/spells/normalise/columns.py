"""Raw columns of any layout as checked, canonical columns, a batch at a time, by the rules of value_rules.py.

Columns with few distinct values go through parse_value.py once for each distinct value; the long code strings are split by
whole-column operations that must equal parse_value.episodes (tests/spells compares the two).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from functools import partial
from typing import assert_never

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from facetwise.spells.arrays import booleans, numbers
from facetwise.spells.layouts import Column, Kind
from facetwise.spells.normalise import parse_value
from facetwise.spells.normalise.value_rules import (
    BETWEEN_CODE_CHARACTERS,
    CODE_SEPARATOR,
    EPISODE_SEPARATOR,
    IDENTIFIER_WITH_POINT,
    INFANTS,
    LARGEST,
    MISSING,
    NO_BREAK_SPACE,
    NULL_DATES,
    UNDECODED,
    FaultKind,
    Reading,
    ValueRule,
    rule_of,
)
from facetwise.spells.spell import CODE_LISTS, SCHEMA

Mask = npt.NDArray[np.bool_]
_CONTROL = r"[\x00-\x1f\x7f\x{80}-\x{9f}]"


@dataclass(frozen=True)
class Fault:
    """Rows of one batch that cannot be used, and why."""

    reason: str
    rows: Mask


def faults(array: pa.Array, column: Column, name: str) -> list[Fault]:
    """What is wrong with a raw column: values not of its type, control characters, undecodable text, missing keys."""
    found = []
    if pa.types.is_dictionary(array.type):
        inner = faults(array.dictionary, _optional(column), name)
        found = [Fault(fault.reason, _through(array, fault.rows)) for fault in inner]
    elif is_text(array.type):
        found = _text_faults(plain(array), column, name)
    elif column.kind in (Kind.NUMBER, Kind.DATE):
        found = _typed_faults(array, column, name)
    if column.kind is Kind.KEY:
        found.append(Fault(FaultKind.MISSING_KEY.reason(column, name), _keyless(array)))
    return [fault for fault in found if fault.rows.any()]


def may_be_faulty(kind: Kind, held: pa.DataType) -> bool:
    """Whether a column of that Arrow type could hold a value that is none of its kind; where not, it need not be read."""
    if pa.types.is_dictionary(held):
        return may_be_faulty(kind, held.value_type)
    if is_text(held):
        return True
    if pa.types.is_null(held):
        return False
    if kind is Kind.NUMBER:
        return not pa.types.is_integer(held)
    return kind is Kind.DATE and not _is_day(held)


def _is_day(held: pa.DataType) -> bool:
    return bool(pa.types.is_date(held) or pa.types.is_timestamp(held))


def _keyless(array: pa.Array) -> Mask:
    if not is_text(array.type):
        return _mask(pc.is_null(as_text(array) if pa.types.is_dictionary(array.type) else array, nan_is_null=True))
    bare = pc.utf8_trim(plain(array), f" {NO_BREAK_SPACE}")
    return _mask(pc.is_null(bare)) | _mask(pc.is_in(pc.utf8_upper(bare), pa.array(MISSING)))


def _optional(column: Column) -> Column:
    return Column(column.canonical, Kind.TEXT if column.kind is Kind.KEY else column.kind, column.names, column.says)


def _text_faults(array: pa.Array, column: Column, name: str) -> list[Fault]:
    found = []
    data = _bytes(array)
    if len(data) and (data.min() < 32 or data.max() > 126):
        found.append(Fault(FaultKind.NOT_UTF8.reason(column, name), _not_utf8(array)))
        readable = pc.if_else(booleans(found[0].rows), pa.scalar(None, array.type), array)
        controlled = _mask(pc.match_substring_regex(readable, _CONTROL))
        found.append(Fault(FaultKind.CONTROL_CHARACTER.reason(column, name), controlled))
        array = pc.if_else(booleans(found[0].rows | found[1].rows), pa.scalar(None, array.type), array)
    parse = _PARSERS.get(column.kind)
    if parse is not None:
        encoded = pc.dictionary_encode(array)
        bad = np.array([not _parses(parse, value) for value in encoded.dictionary.to_pylist()], bool)
        found.append(Fault(FaultKind.NOT_OF_KIND.reason(column, name), _through(encoded, bad)))
    return found


def _not_utf8(array: pa.Array) -> Mask:
    try:
        array.validate(full=True)
    except pa.ArrowInvalid:
        raw = array.cast(pa.binary()).to_pylist()
        return np.array([value is not None and not _decodes(value) for value in raw], bool)
    return _mask(pc.match_substring(array, UNDECODED))


def _decodes(value: bytes) -> bool:
    try:
        return UNDECODED not in value.decode()
    except UnicodeDecodeError:
        return False


def _typed_faults(array: pa.Array, column: Column, name: str) -> list[Fault]:
    kind = array.type
    if not _fits(column.kind, kind):
        wrong = ~_mask(pc.is_null(array, nan_is_null=True))
    elif pa.types.is_floating(kind):
        held = array.to_numpy(zero_copy_only=False)
        with np.errstate(invalid="ignore"):
            wrong = ~np.isnan(held) & (held != np.floor(held)) | np.isinf(held)
    elif pa.types.is_decimal(kind):
        wrong = _mask(pc.not_equal(pc.floor(array), array))
    elif column.kind is Kind.DATE and pa.types.is_integer(kind):
        return _text_faults(as_text(array), column, name)
    else:
        return []
    return [Fault(FaultKind.NOT_OF_KIND.reason(column, name), wrong)]


def _fits(kind: Kind, held: pa.DataType) -> bool:
    """Whether values of an Arrow type that is no text can be of a kind at all."""
    if pa.types.is_null(held) or pa.types.is_integer(held):
        return True
    if kind is Kind.NUMBER:
        return bool(pa.types.is_floating(held) or pa.types.is_decimal(held))
    return kind is not Kind.DATE or _is_day(held)


def canonical(array: pa.Array, column: Column) -> pa.Array:
    """A faultless raw column in its canonical type."""
    if pa.types.is_dictionary(array.type):
        # A dictionary may hold faulty values that no row here uses, or far more values than there are rows.
        if column.kind in _PARSERS or len(array.dictionary) > len(array):
            return canonical(as_text(array), column)
        return canonical(array.dictionary, column).take(array.indices)
    if pa.types.is_null(array.type) or not (is_text(array.type) or _fits(column.kind, array.type)):
        return pa.nulls(len(array), _TYPES[column.kind])
    rule = rule_of(column)
    match rule.reading:
        case Reading.CODES:
            return split_episodes(as_text(array), rule)
        case Reading.NUMBER:
            return _numbers(array)
        case Reading.DATE:
            return _dates(array)
        case Reading.IDENTIFIER:  # nearly every value is another
            return _identifiers(as_text(array))
        case Reading.CATEGORY:
            return _per_distinct(as_text(array), parse_value.category, pa.string())
        case Reading.TEXT:
            return _per_distinct(as_text(array), parse_value.text, pa.string())
        case Reading.CODE:
            return _per_distinct(as_text(array), partial(_code, missing=frozenset(rule.missing)), pa.string())
        case _:
            assert_never(rule.reading)


def _code(value: str, missing: frozenset[str]) -> str | None:
    code = parse_value.code(value)
    return None if code in missing else code


def _identifiers(array: pa.Array) -> pa.Array:
    """parse_value.text done to a whole column, and 1 for the 1.0 that pandas writes beside a blank."""
    trimmed = pc.utf8_trim(pc.replace_substring(array, NO_BREAK_SPACE, " "), " ")
    missing = pc.is_in(pc.utf8_upper(trimmed), pa.array(MISSING))
    if pc.any(pc.ends_with(trimmed, ".0")).as_py():
        trimmed = pc.replace_substring_regex(trimmed, IDENTIFIER_WITH_POINT, r"\1")
    return pc.if_else(missing, pa.scalar(None, pa.string()), trimmed)


_PARSERS: dict[Kind, Callable[[str], object]] = {Kind.NUMBER: parse_value.number, Kind.DATE: parse_value.day}
_TYPES = {
    Kind.KEY: pa.string(),
    Kind.TEXT: pa.string(),
    Kind.CODE: pa.string(),
    Kind.CODES: CODE_LISTS,
    Kind.NUMBER: pa.int32(),
    Kind.DATE: pa.date32(),
}


def _numbers(array: pa.Array) -> pa.Array:
    if is_text(array.type):
        return _per_distinct(plain(array), lambda value: parse_value.age(parse_value.number(value)), pa.int32())
    if pa.types.is_floating(array.type):
        array = pc.if_else(pc.is_nan(array), pa.scalar(None, array.type), array)
    wide = array.cast(pa.float64())
    clipped = pc.min_element_wise(
        pc.max_element_wise(wide, float(-LARGEST), skip_nulls=False), float(LARGEST), skip_nulls=False
    )
    whole = clipped.cast(pa.int32())
    infant = pc.and_(pc.greater_equal(whole, INFANTS.start), pc.less(whole, INFANTS.stop))
    return pc.if_else(infant, pa.scalar(0, pa.int32()), whole)


def _dates(array: pa.Array) -> pa.Array:
    if is_text(array.type) or pa.types.is_integer(array.type):
        return _per_distinct(as_text(array), parse_value.day, pa.date32())
    days = array.cast(pa.date32(), safe=False)
    counted = (days.fill_null(date(1970, 1, 1)) if days.null_count else days).cast(pa.int32()).to_numpy()
    nulls = np.isin(counted, _NULL_DAYS) if len(counted) and counted.min() <= _NULL_DAYS.max() else None
    return days if nulls is None else pc.if_else(booleans(nulls), pa.scalar(None, pa.date32()), days)


_NULL_DAYS = np.array(sorted(day.toordinal() - date(1970, 1, 1).toordinal() for day in NULL_DATES), np.int32)


def _per_distinct(array: pa.Array, meaning: Callable[[str], object], result: pa.DataType) -> pa.Array:
    encoded = array if pa.types.is_dictionary(array.type) else pc.dictionary_encode(array)
    meanings = [meaning(value) for value in encoded.dictionary.to_pylist()]
    return pa.array(meanings, result).take(encoded.indices)


def split_episodes(array: pa.Array, rule: ValueRule) -> pa.Array:
    """parse_value.episodes done to a whole column: lists of episodes, each a list of codes."""
    tidy = pc.utf8_upper(pc.replace_substring_regex(array, f"[{BETWEEN_CODE_CHARACTERS}]", ""))
    missing = _mask(pc.is_null(tidy))
    tidy = pc.fill_null(tidy, "")
    opened = pc.starts_with(tidy, EPISODE_SEPARATOR)
    tidy = pc.if_else(opened, pc.utf8_slice_codeunits(tidy, len(EPISODE_SEPARATOR)), tidy)
    by_episode = pc.split_pattern(tidy, EPISODE_SEPARATOR)
    by_code = pc.split_pattern(by_episode.values, CODE_SEPARATOR)
    tokens = by_code.values
    is_code = ~_mask(pc.is_in(tokens, pa.array(rule.dropped)))
    is_recorded = ~_mask(pc.is_in(tokens, pa.array(rule.missing)))
    in_episode = by_code.offsets.to_numpy()
    in_spell = by_episode.offsets.to_numpy()
    recorded_before = np.concatenate([[0], np.cumsum(is_recorded)])[in_episode][in_spell]
    unknown = missing | (np.diff(recorded_before) == 0)
    codes_before = np.concatenate([[0], np.cumsum(is_code)])[in_episode].astype(np.int32)
    inner = pa.ListArray.from_arrays(numbers(codes_before, pa.int32()), tokens.filter(booleans(is_code)))
    return pa.ListArray.from_arrays(by_episode.offsets, inner, mask=booleans(unknown)).cast(CODE_LISTS)


def complete(columns: dict[str, pa.Array], rows: int) -> pa.Table:
    """Canonical columns as a whole canonical table; columns that the layout lacks are not recorded."""
    arrays = [columns.get(field.name, pa.nulls(rows, field.type)) for field in SCHEMA]
    return pa.Table.from_arrays(arrays, schema=SCHEMA)


# Arrays


def is_text(kind: pa.DataType) -> bool:
    """Whether an Arrow type holds text or raw bytes of text."""
    return bool(
        pa.types.is_string(kind)
        or pa.types.is_large_string(kind)
        or pa.types.is_binary(kind)
        or pa.types.is_large_binary(kind)
        or pa.types.is_string_view(kind)
        or pa.types.is_binary_view(kind)
    )


def plain(array: pa.Array) -> pa.Array:
    """Text of any Arrow kind as pa.string(), not checked to be UTF-8."""
    if pa.types.is_string(array.type):
        return array
    return array.cast(pa.binary()).cast(pa.string(), safe=False)


def as_text(array: pa.Array) -> pa.Array:
    """Any simple column as pa.string()."""
    if pa.types.is_dictionary(array.type):
        return (
            array.dictionary_decode() if is_text(array.type.value_type) else array.dictionary_decode().cast(pa.string())
        )
    if pa.types.is_floating(array.type):  # what is not a number is not recorded
        array = pc.if_else(pc.is_nan(array), pa.scalar(None, array.type), array)
    return plain(array) if is_text(array.type) else array.cast(pa.string())


def _bytes(array: pa.Array) -> npt.NDArray[np.uint8]:
    data = array.buffers()[2]
    if data is None:
        return np.empty(0, np.uint8)
    offsets = np.frombuffer(array.buffers()[1], np.int32)[array.offset : array.offset + len(array) + 1]
    return np.frombuffer(data, np.uint8)[offsets[0] : offsets[-1]]


def _mask(array: pa.Array) -> Mask:
    mask: Mask = (array.fill_null(False) if array.null_count else array).to_numpy(zero_copy_only=False)
    return mask


def _through(encoded: pa.DictionaryArray, of_values: Mask) -> Mask:
    if not of_values.any():
        return np.zeros(len(encoded), bool)
    return _mask(booleans(of_values).take(encoded.indices))


def _parses(parse: Callable[[str], object], value: str) -> bool:
    try:
        parse(value)
    except parse_value.NotOfTypeError:
        return False
    return True
