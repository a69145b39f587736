"""The JSON Schema of a record, built from the classes that read it."""

from __future__ import annotations

from typing import Any

from facetwise.record.record import Record


def json_schema() -> dict[str, Any]:
    """The schema of `facetwise.record/1`, draft 2020-12."""
    schema = Record.model_json_schema(by_alias=True)
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "$id": "urn:x-facetwise:record:1",
        **schema,
        "title": "facetwise.record/1",
        "description": "One patient. Every part may be absent: absent is unknown, never no.",
    }
