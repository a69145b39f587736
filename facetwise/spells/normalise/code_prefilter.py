"""The sieve: which raw rows could hold a code of a list at all, told from the bytes of the code strings.

A first look over everything, so it is quick and may let too much through, never too little: upper or lower case, and
blanks or dots between the characters, are seen through as the normaliser would.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from facetwise.language.codes import CodeList
from facetwise.spells.normalise.columns import Mask, as_text

Bytes = npt.NDArray[np.uint8]
_SKIPPED = np.zeros(256, bool)
_SKIPPED[[0x20, 0x2E, 0xC2, 0xA0]] = True  # blank, dot, and the two bytes of a no-break space


def may_contain(array: pa.Array, codes: CodeList) -> Mask:
    """Rows of a raw code-string column that may hold a code of the list: a superset, null rows never."""
    text = as_text(array)
    data = text.buffers()[2]
    rows = np.zeros(len(text), bool)
    if data is None or not len(text):
        return rows
    offsets = np.frombuffer(text.buffers()[1], np.int32)[text.offset : text.offset + len(text) + 1]
    raw = np.frombuffer(data, np.uint8)[offsets[0] : offsets[-1]]
    letters: dict[int, npt.NDArray[np.int64]] = {}
    hits = []
    for stem in (stem.encode() for stem in _stems(codes)):
        if stem[0] not in letters:
            letters[stem[0]] = np.flatnonzero((raw | 0x20) == (stem[0] | 0x20))  # upper or lower case
        hits.append(_starts(raw, stem, letters[stem[0]]))
    found = np.concatenate(hits) if hits else np.empty(0, np.int64)
    rows[np.searchsorted(offsets - offsets[0], found, side="right") - 1] = True
    return rows


def _stems(codes: CodeList) -> tuple[str, ...]:
    return tuple(sorted(codes.fours | codes.categories))


def _starts(raw: Bytes, stem: bytes, places: npt.NDArray[np.int64]) -> npt.NDArray[np.int64]:
    """Those of the places of its first letter where a stem stands, blanks and dots between its characters passed over."""
    at = places
    for character in stem[1:]:
        at, places = _next(raw, at, places)
        same = raw[at] == character
        at, places = at[same], places[same]
    return places


def _next(
    raw: Bytes, at: npt.NDArray[np.int64], places: npt.NDArray[np.int64]
) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.int64]]:
    inside = at + 1 < len(raw)
    at, places = at[inside] + 1, places[inside]
    while (blank := _SKIPPED[raw[at]]).any():
        inside = ~blank | (at + 1 < len(raw))
        at, places, blank = at[inside], places[inside], blank[inside]
        at = at + blank
    return at, places


def code_may_be(array: pa.Array, codes: CodeList) -> Mask:
    """Rows of a raw single-code column whose code may be on the list: a superset, null rows never."""
    if not pa.types.is_dictionary(array.type):
        return may_contain(array, codes)
    held = np.append(may_contain(array.dictionary, codes), False)
    if not held.any():
        return np.zeros(len(array), bool)
    places = array.indices.fill_null(len(held) - 1) if array.indices.null_count else array.indices
    rows: Mask = held[places.to_numpy()]
    return rows
