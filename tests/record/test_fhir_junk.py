"""Whatever stands in a resource, the answer is a record of the right shape or an InputError, never a traceback."""

from __future__ import annotations

import copy
import random
from collections.abc import Iterator
from decimal import Decimal
from typing import Any

import pytest

from facetwise.errors import InputError
from facetwise.record.fhir.import_bundle import from_fhir
from tests.record import test_fhir_in as made
from tests.record.record_shape import faults

JUNK: tuple[object, ...] = (
    None, [], {}, "", 0, -1, True, "x", "2024", "2024-13-01", [None], [[]], [1], {"a": 1}, "Patient/", "#", "urn:uuid:",
    "http://", 1.5, Decimal("1e999"), "{0}|{}", {"reference": 5}, {"coding": [{"code": 5}]},
)  # fmt: skip
GOOD: dict[str, Any] = made.bundle(
    made.PATIENT,
    made.score("o1", 6, component=[{"code": made.concept(made.LOINC, "72514-3"), "valueInteger": 4}]),
    made.condition(made.ICD, "M54.5", onsetPeriod={"start": "2026-01-01"}),
    made.medicine("Warfarin", contained=[{"resourceType": "Medication", "id": "w", "code": {"text": "Warfarin"}}]),
    made.done(made.OPCS, "V487", "Z675", bodySite=[made.concept(made.SCT, "7771000", "Left")]),
    made.done(made.SCT, "91251008", reasonReference=[{"reference": "Condition/c1"}], performedPeriod={"start": "2026"}),
    made.request(made.OPCS, "V485"),
    link=[{"relation": "next"}],
)


def places(value: object) -> Iterator[tuple[Any, Any]]:
    """Every place in a JSON value where something else could stand."""
    inside = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for name, item in inside:
        yield value, name
        yield from places(item)


@pytest.mark.parametrize("seed", range(4))
def test_junk_in_any_place_is_read_around_or_refused(seed: int) -> None:
    chance, read, refused = random.Random(seed), 0, 0
    for round_ in range(300):
        document = copy.deepcopy(GOOD)
        for _ in range(chance.randint(1, 4)):
            container, name = chance.choice(list(places(document)))
            container[name] = chance.choice(JUNK)
        said: list[str] = []
        try:
            for patient in from_fhir([document], set_aside=said.append if round_ % 2 else None):
                assert faults(patient.record) == []
                read += 1
        except InputError as fault:
            said.append(str(fault))
        refused += bool(said)
    assert read > 20
    assert refused > 50
