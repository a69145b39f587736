"""The lasting mark of each block, by which its sheet is known again wherever the block stands by now.

A place in `blocks` moves when an earlier block is taken out. A form that stood open, or waited on a telephone, names the
mark instead, which corrections of the block leave as it is.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import datetime
from hashlib import sha256
from typing import Any

from facetwise.clinic.model.clinic_record import clinic_of

_OF_THE_BLOCK = ("date", "kind", "region", "levels", "sides")
_LETTERS = 16


def marks(document: Mapping[str, Any]) -> tuple[str, ...]:
    """The mark of each block, by its place.

    That of its sheet; else made of the block's own day, kind and place. Blocks that are alike in all of it are told apart
    by how many there are, so that none takes the mark of another that is gone.
    """
    ids = {sheet.block: sheet.id for sheet in clinic_of(document).sheets}
    blocks = document.get("blocks") or ()
    own = [
        ids.get(place) or new_block_id({name: block.get(name) for name in _OF_THE_BLOCK})
        for place, block in enumerate(blocks)
    ]
    return tuple(
        mark if own.count(mark) == 1 else f"{mark}-{own[: place + 1].count(mark)}-of-{own.count(mark)}"
        for place, mark in enumerate(own)
    )


def place_of(document: Mapping[str, Any], mark: str) -> int | None:
    """Where the block of that mark stands now; None where there is none any more."""
    held = marks(document)
    return held.index(mark) if mark in held else None


def new_block_id(block: Mapping[str, Any], recorded: datetime | None = None) -> str:
    """A mark made of what a block is. recorded: when it was entered, so that one entered again is another."""
    text = json.dumps([dict(block), recorded], sort_keys=True, default=str)
    return sha256(text.encode()).hexdigest()[:_LETTERS]
