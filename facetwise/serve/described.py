"""The library as data: definitions and sources as JSON and as tables."""

from __future__ import annotations

import pyarrow as pa

from facetwise.guidance.sources import SOURCES
from facetwise.language.citation import Source
from facetwise.language.definition import Definition


def described(item: Definition) -> dict[str, object]:
    """A definition as JSON."""
    return {
        "schema": "facetwise.definition/1",
        "id": item.id,
        "title": item.title,
        "version": item.version,
        "published": str(item.published),
        "valid_from": item.valid_from.isoformat() if item.valid_from else None,
        "valid_to": item.valid_to.isoformat() if item.valid_to else None,
        "steward": item.steward,
        "status": item.status.value,
        "source": _source(item.source),
        "label": item.label,
        "criteria": [
            {
                "id": c.id,
                "says": c.says,
                "facts": [fact.name for fact in c.facts],
                "cite": {
                    "source": c.cite.source.id,
                    "place": c.cite.place,
                    "url": c.cite.source.url,
                    "read": c.cite.source.read.value,
                },
            }
            for c in item.criteria
        ],
        "notes": list(item.notes),
    }


def _source(source: Source) -> dict[str, str]:
    return {
        "id": source.id,
        "title": source.title,
        "publisher": source.publisher,
        "version": source.version,
        "url": source.url,
    }


def sources_described() -> list[dict[str, str]]:
    """Every source, with how much of it was read."""
    return [{**_source(source), "read": source.read.value} for source in SOURCES]


def criteria_table(definitions: tuple[Definition, ...]) -> pa.Table:
    """Every criterion of the definitions, one row each."""
    rows = [
        {
            "definition": d.id,
            "version": d.version,
            "status": d.status.value,
            "steward": d.steward,
            "criterion": c.id,
            "says": c.says,
            "source": c.cite.source.id,
            "place": c.cite.place,
            "read": c.cite.source.read.value,
        }
        for d in definitions
        for c in d.criteria
    ]
    return pa.Table.from_pylist(rows)
