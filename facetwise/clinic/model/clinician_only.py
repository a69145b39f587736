"""What only a clinician may write: a red flag or a hold that goes away, and what a block is judged to have shown."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from facetwise.guidance.safety import RED_FLAGS, SAFETY

_OF_A_BLOCK = {"positive": "positive", "prolonged": "prolonged"}


def judgements(before: Mapping[str, Any], after: Mapping[str, Any]) -> tuple[str, ...]:
    """The judgements that a change of the record makes, in words; none where anybody who writes may make it.

    A sign that is found is anybody's to write down; that it is gone, or is unknown again, is a clinician's.
    """
    old, new = before.get("conditions") or {}, after.get("conditions") or {}
    found = [
        f"that this is no longer so: {caution.ask.rstrip('?')}"
        for caution in (*RED_FLAGS, *SAFETY)
        if old.get(caution.id) is True and new.get(caution.id) is not True
    ]
    blocks = before.get("blocks") or ()
    for place, block in enumerate(after.get("blocks") or ()):
        earlier = blocks[place] if place < len(blocks) else {}
        changed = [name for name in _OF_A_BLOCK if block.get(name) != earlier.get(name) and block.get(name) is not None]
        found += [f"whether block {place + 1} was {_OF_A_BLOCK[name]}" for name in changed]
    return tuple(found)
