"""Every threshold of every policy: on the line and on both sides of it, month ends and leap days among the days."""

from __future__ import annotations

from datetime import date

import pytest

from facetwise.decide.decision import decide
from facetwise.language.policy import Policy, PolicyCriterion
from facetwise.library import POLICIES
from facetwise.record.parse import record_of
from tests.policies.boundaries import boundaries, meeting

PAIRS = [
    pytest.param(policy, criterion, id=f"{policy.id} {criterion.id}")
    for policy in POLICIES.values()
    for criterion in policy.criteria
]
# Criteria whose tests hold no threshold: a yes, a no, a word on a list.
WITHOUT = {
    "lumbar", "region", "not-thoracic", "thermal", "severity", "axial", "no-radiculopathy", "no-fusion", "facet-source",
    "specialist", "not-below-knee", "limits-daily-life", "no-metalwork", "no-cardiac-device", "not-pregnant",
    "no-previous-denervation", "positive-block", "conservative-care",
}  # fmt: skip


def truth_of(policy: Policy, criterion: PolicyCriterion, document: object, as_of: date) -> str:
    decision = decide(record_of(document, "boundary"), policy, as_of)
    return next(finding.says for finding in decision.findings if finding.criterion.id == criterion.id)


@pytest.mark.parametrize(("policy", "criterion"), PAIRS)
def test_a_threshold_holds_on_the_line_and_on_both_sides(policy: Policy, criterion: PolicyCriterion) -> None:
    """Whatever stands in the policy's tests makes its boundaries: a new policy gets its own."""
    said = set()
    for boundary in boundaries(policy, criterion):
        assert truth_of(policy, criterion, boundary.document, boundary.as_of) == boundary.truth, (
            f"{boundary.says}, as of {boundary.as_of}"
        )
        said.add(boundary.truth)
    assert {"met", "not-met"} <= said or (not said and criterion.id in WITHOUT)


@pytest.mark.parametrize("policy", POLICIES.values(), ids=lambda policy: policy.id)
@pytest.mark.parametrize(
    ("born", "as_of", "years"),
    [
        ("2008-02-29", date(2027, 2, 28), 18),
        ("2008-02-29", date(2027, 3, 1), 19),
        ("2008-02-29", date(2028, 2, 28), 19),
        ("2008-02-29", date(2028, 2, 29), 20),
    ],
)
def test_a_29_february_is_a_birthday_on_1_march_in_other_years(
    policy: Policy, born: str, as_of: date, years: int
) -> None:
    for criterion in policy.criteria:
        if criterion.id == "adult":
            least = int("".join(character for character in criterion.says if character.isdigit()))
            document = {**meeting(policy, as_of), "born": born}
            assert truth_of(policy, criterion, document, as_of) == ("met" if years >= least else "not-met")
