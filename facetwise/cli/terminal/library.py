"""The library as JSON and tables: policies and definitions, their criteria, their sources, and how they compare."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import pyarrow as pa

from facetwise.decide.decision import cited
from facetwise.errors import UsageError, nearest
from facetwise.guidance import safety
from facetwise.guidance.sources import SOURCES
from facetwise.language.citation import Source
from facetwise.language.definition import Definition
from facetwise.language.policy import Policy
from facetwise.library import DEFINITIONS, POLICIES

Item = Definition | Policy
_TOPICS = {
    "lumbar": "region",
    "not-thoracic": "region",
    "positive-block": "blocks",
    "single-block": "blocks",
    "axial": "kind of pain",
    "no-radiculopathy": "kind of pain",
    "not-below-knee": "kind of pain",
}


def item_named(name: str) -> Item:
    """The policy or definition of that id. Errors: UsageError with the nearest known id."""
    known: dict[str, Item] = {**POLICIES, **DEFINITIONS}
    if name not in known:
        raise UsageError(f"There is no policy or definition '{name}'." + nearest(name, known))
    return known[name]


def item_json(item: Item) -> dict[str, object]:
    """A policy or definition as JSON."""
    fields: dict[str, object] = {
        "schema": "facetwise.policy/1" if isinstance(item, Policy) else "facetwise.definition/1",
        "id": item.id,
        "title": item.title,
        "version": item.version,
        **_dated(item),
        "valid_from": item.valid_from.isoformat() if item.valid_from else None,
        "valid_to": item.valid_to.isoformat() if item.valid_to else None,
        "steward": item.steward,
        "status": item.status.value,
        "source": source_json(item.source),
        "criteria": [
            {
                "id": criterion.id,
                "says": criterion.says,
                "facts": [fact.name for fact in criterion.facts],
                "cite": cited(criterion.cite),
            }
            for criterion in item.criteria
        ],
        "notes": list(item.notes),
    }
    return fields


def _dated(item: Item) -> dict[str, object]:
    if isinstance(item, Policy):
        return {"checker": item.checker, "next_review": item.next_review.isoformat()}
    return {"published": str(item.published), "label": item.label}


def dates(item: Item) -> str:
    """When it was published or is to be reviewed, in words."""
    if isinstance(item, Definition):
        return f"Published {item.published}."
    since = f"Valid from {item.valid_from.isoformat()}" if item.valid_from else "No date of its own"
    until = f" to {item.valid_to.isoformat()}" if item.valid_to else ""
    return f"{since}{until}. Checked by {item.checker}; next review {item.next_review.isoformat()}."


def source_json(source: Source) -> dict[str, str]:
    """A source as JSON."""
    return {
        "id": source.id,
        "title": source.title,
        "publisher": source.publisher,
        "version": source.version,
        "url": source.url,
        "read": source.read.value,
    }


def sources() -> tuple[Source, ...]:
    """Every source of the library, once."""
    of_policies = (criterion.cite.source for policy in POLICIES.values() for criterion in policy.criteria)
    return tuple(dict.fromkeys((*SOURCES, *of_policies, *safety.SOURCES)))


def sources_table() -> pa.Table:
    """The same as a table."""
    return pa.Table.from_pylist([source_json(source) for source in sources()])


def criteria_table(items: Sequence[Item]) -> pa.Table:
    """Every criterion, one row each."""
    rows = [
        {
            "definition": item.id,
            "version": item.version,
            "status": item.status.value,
            "steward": item.steward,
            "criterion": criterion.id,
            "says": criterion.says,
            "source": criterion.cite.source.id,
            "place": criterion.cite.place,
            "read": criterion.cite.read.value,
        }
        for item in items
        for criterion in item.criteria
    ]
    return pa.Table.from_pylist(rows)


@dataclass(frozen=True)
class ComparedTopic:
    """One topic: what each says of it, by id (who does not ask is left out), and how that compares.

    sources: 'agree', 'differ' where those that ask say different things, or 'not all ask'.
    """

    topic: str
    says: Mapping[str, str]
    sources: str


def comparison(items: Sequence[Item]) -> tuple[ComparedTopic, ...]:
    """Policies and definitions topic by topic; criteria that ask the same thing under two ids are one topic."""
    says_by_topic: dict[str, dict[str, list[str]]] = {}
    for item in items:
        for criterion in item.criteria:
            topic = _TOPICS.get(criterion.id, criterion.id)
            says_by_topic.setdefault(topic, {}).setdefault(item.id, []).append(criterion.says)
    rows = []
    for topic, by_item in says_by_topic.items():
        says = {name: "; ".join(parts) for name, parts in by_item.items()}
        alike = "agree" if len(says) == len(items) else "not all ask"
        rows.append(ComparedTopic(topic, says, alike if len(set(says.values())) == 1 else "differ"))
    return tuple(rows)


def comparison_json(items: Sequence[Item]) -> dict[str, Any]:
    """The comparison as JSON."""
    rows = [{"topic": row.topic, "says": dict(row.says), "sources": row.sources} for row in comparison(items)]
    return {"schema": "facetwise.comparison/1", "ids": [item.id for item in items], "topics": rows}
