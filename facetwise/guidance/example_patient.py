"""A made-up patient on whom policies are tried: examples in a policy's file say how they differ from this one."""

from __future__ import annotations

from datetime import date
from typing import Any

from facetwise.language.patient import CONDITIONS

AS_OF = date(2026, 11, 20)
_BLOCK = {
    "kind": "medial-branch-block",
    "region": "lumbar",
    "levels": ["L4/5"],
    "sides": ["left"],
    "agent": "bupivacaine",
    "steroid": False,
    "sedation": False,
    "volume_ml": 0.5,
    "before": 7,
    "after": [{"minutes": 30, "score": 1}, {"minutes": 60, "score": 1}, {"minutes": 120, "score": 2}],
    "positive": True,
    "prolonged": False,
}


def example_patient() -> dict[str, Any]:
    """The record, fresh each time: 14 months of pain, failed care, two good blocks a month apart, nothing that holds."""
    return {
        "schema": "facetwise.record/1",
        "id": "example",
        "born": "1970-05-01",
        "sex": "female",
        "request": {
            "date": AS_OF.isoformat(),
            "region": "lumbar",
            "levels": ["L4/5"],
            "sides": ["left"],
            "technique": "thermal",
        },
        "pain": {
            "since": "2025-09-10",
            "axial": True,
            "radicular": False,
            "below_knee": False,
            "rating": "severe",
            "limits_daily_life": True,
        },
        "assessment": {
            "facet_suspected": True,
            "specialist": True,
            "surgery_not_an_option": False,
            "date": "2026-06-01",
        },
        "scores": [
            {"date": "2026-05-02", "scale": "NRS", "value": 7, "context": "referral"},
            {"date": "2026-10-20", "scale": "NRS", "value": 6, "context": "usual"},
        ],
        "care": [{"kind": "physiotherapy", "from": "2025-12-01", "to": "2026-04-20", "outcome": "failed"}],
        "blocks": [{**_BLOCK, "date": "2026-08-03"}, {**_BLOCK, "date": "2026-09-03"}],
        "denervations": [],
        "conditions": {**dict.fromkeys(CONDITIONS, False), "hads_depression": 6},
        "complete": ["blocks", "denervations", "care"],
    }
