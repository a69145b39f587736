"""A strict little checker of contract section 4, written from its text alone. It shares nothing with the package."""

from __future__ import annotations

import re
from collections.abc import Mapping
from decimal import Decimal

DAY = r"\d{4}-\d\d-\d\d"
LEVEL = r"(C|T|L)\d{1,2}/(C|T|L|S)?\d{1,2}"
REGIONS = {"cervical", "thoracic", "lumbar", "sacroiliac", "knee", "hip", "shoulder"}
TECHNIQUES = {"thermal", "pulsed", "cooled"}
PLACED = {"date": DAY, "region": REGIONS, "levels": [LEVEL], "sides": [{"left", "right"}]}
FLAGS = [
    "pacemaker",
    "icd",
    "neurostimulator",
    "anticoagulant",
    "bleeding_disorder",
    "pregnant",
    "local_infection",
    "systemic_infection",
    "allergy",
    "cannot_lie_prone",
    "fusion_at_level",
    "lumbar_metalwork",
    "cauda_equina_signs",
    "suspected_cancer",
    "spinal_infection",
    "fracture",
    "progressive_neurological_deficit",
]
RECORD: dict[str, object] = {
    "schema": {"facetwise.record/1"},
    "id": ".+",
    "born": DAY,
    "sex": {"female", "male"},
    "request": PLACED | {"technique": TECHNIQUES},
    "pain": {
        "since": DAY, "axial": bool, "radicular": bool, "below_knee": bool, "rating": {"mild", "moderate", "severe"},
        "limits_daily_life": bool,
    },
    "assessment": {"facet_suspected": bool, "specialist": bool, "surgery_not_an_option": bool, "date": DAY},
    "scores": [{"date": DAY, "scale": {"NRS", "VAS", "VAS100", "ODI", "NDI"}, "value": Decimal,
                "context": {"usual", "worst", "referral"}}],
    "care": [{
        "kind": {"physiotherapy", "exercise", "manual-therapy", "psychological", "medication", "weight",
                 "pain-programme", "injection", "other"},
        "from": DAY, "to": DAY,
        "outcome": {"failed", "helped", "ongoing", "not-tolerated", "contraindicated", "unknown"},
    }],
    "blocks": [PLACED | {
        "kind": {"medial-branch-block", "intra-articular"}, "agent": ".+", "steroid": bool, "sedation": bool,
        "volume_ml": Decimal, "before": Decimal, "after": [{"minutes": Decimal, "score": Decimal}],
        "stated_relief_percent": Decimal, "relief_hours": Decimal, "positive": bool, "prolonged": bool,
    }],
    "denervations": [PLACED | {"technique": TECHNIQUES,
                               "relief": [{"date": DAY, "percent": Decimal, "adl_percent": Decimal}]}],
    "conditions": dict.fromkeys(FLAGS, bool) | {"hads_depression": Decimal},
    "complete": [{"blocks", "denervations", "care"}],
    "clinic": {},
}  # fmt: skip


def faults(value: object, shape: object = RECORD, path: str = "record") -> list[str]:
    """Every place where a record is not of the contract's shape."""
    if isinstance(shape, dict):
        if not isinstance(value, Mapping):
            return [f"{path} is no object"]
        unknown = [f"{path}.{name} is no field" for name in value if name not in shape]
        return unknown + [
            f for name in value if name in shape for f in faults(value[name], shape[name], f"{path}.{name}")
        ]
    if isinstance(shape, list):
        if not isinstance(value, list) or not value:
            return [f"{path} is no list, or empty"]
        return [fault for place, item in enumerate(value) for fault in faults(item, shape[0], f"{path}[{place}]")]
    if isinstance(shape, set):
        return [] if value in shape else [f"{path} is {value!r}"]
    if shape is bool:
        return [] if isinstance(value, bool) else [f"{path} is not true or false"]
    if shape is Decimal:
        return (
            [] if isinstance(value, int | Decimal) and not isinstance(value, bool) else [f"{path} is no exact number"]
        )
    return [] if isinstance(value, str) and re.fullmatch(str(shape), value) else [f"{path} is {value!r}"]


def reached(record: Mapping[str, object], path: str) -> object:
    """What a path such as 'scores[0]' or 'conditions.pacemaker' names in a record."""
    found: object = record
    for name in re.findall(r"[a-z_]+|\d+", path):
        found = found[int(name)] if isinstance(found, list) else found[name]  # type: ignore[index]
    return found
