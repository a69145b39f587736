"""The JSON Schema of a record, made from the same classes that read it."""

from __future__ import annotations

from typing import Any

from facetwise.record.record import Record


def json_schema() -> dict[str, Any]:
    """The schema of `facetwise.record/1`, draft 2020-12."""
    made = Record.model_json_schema(by_alias=True)
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "$id": "urn:x-facetwise:record:1",
        **made,
        "title": "facetwise.record/1",
        "description": "One patient. Every part may be absent: absent is unknown, never no.",
    }
