"""Letters as pages and PDF: what they say is what decide says, in 18 point where it is needed, and never somebody else's."""

from __future__ import annotations

from html import unescape

import pytest

from facetwise.clinic.accounts.users import Role
from facetwise.clinic.demo.clinic import made_up_clinic
from facetwise.clinic.letters.phrases import NEEDS
from facetwise.decide.decision import decide
from facetwise.library import POLICIES
from tests.clinic.pdf_reading import is_accessible, title_of
from tests.web.conftest import Browser, Clinic

KINDS = ("prior-approval", "referral", "plan")


@pytest.fixture
def patients(clinic: Clinic) -> Clinic:
    """The clinic with the patients of the demonstration."""
    clinic.state.store.add_all(made_up_clinic(clinic.state.today(), 4), "test")
    return clinic


@pytest.fixture
def somebody(patients: Clinic) -> Browser:
    return patients.as_(Role.CLINICIAN)


def test_every_letter_about_everybody_opens_with_its_needs_and_its_governing_policy(
    patients: Clinic, somebody: Browser
) -> None:
    for stored in patients.state.store.all():
        for kind in KINDS:
            answer = somebody.get(f"/patients/{stored.id}/letters/{kind}")
            text = unescape(answer.text)
            assert answer.status_code == 200 and (kind != "plan" or "NHS 111" in text)
            governing = POLICIES[str(stored.document["clinic"].get("policy", "nice-ng59"))]
            assert governing.title in text and governing.version in text
            for need in stored.document["clinic"].get("needs", ()):
                assert NEEDS[need] in text, (stored.id, kind)


def test_the_prior_approval_page_shows_what_decide_says_for_any_policy(patients: Clinic, somebody: Browser) -> None:
    stored = patients.state.store.get("hana-steroyd")
    for policy in POLICIES.values():
        text = unescape(somebody.get(f"/patients/{stored.id}/letters/prior-approval?policy={policy.id}").text)
        decision = decide(stored.record, policy, patients.state.today())
        assert all(finding.criterion.says in text for finding in decision.findings)
        assert all(missing.ask in text for missing in decision.missing)
        assert decision.next_step.says in text and policy.version in text
        assert "34 societies asked for its retraction" in text and "It is not valid until a clinician" in text


def test_what_is_not_recorded_is_said_to_be_so(somebody: Browser) -> None:
    referral = somebody.get("/patients/ada-firstly/letters/referral").text
    assert referral.count("not recorded") > 10 and "whether there was any is not known" in referral
    assert "Communication needs: not recorded" in referral
    plan = somebody.get("/patients/ada-firstly/letters/plan").text
    assert "No date is recorded yet." in plan


def test_large_print_is_chosen_by_itself_and_can_be_chosen_for_anybody(somebody: Browser) -> None:
    large = 'class="fw-sheet fw-sheet--large"'
    assert large in somebody.get("/patients/olga-largeprint/letters/plan").text
    assert large not in somebody.get("/patients/olga-largeprint/letters/plan?large=0").text
    assert large not in somebody.get("/patients/noel-ready/letters/plan").text
    assert large in somebody.get("/patients/noel-ready/letters/plan?large=1").text


@pytest.mark.parametrize("kind", KINDS)
def test_every_letter_is_an_accessible_pdf_under_a_plain_name(somebody: Browser, kind: str) -> None:
    answer = somebody.get(f"/patients/olga-largeprint/letters/{kind}.pdf")
    assert answer.status_code == 200 and answer.headers["content-type"] == "application/pdf"
    assert answer.headers["content-disposition"] == f'inline; filename="{kind}-olga-largeprint.pdf"'
    assert is_accessible(answer.content) and "Olga Largeprint" in title_of(answer.content)


def test_text_of_a_record_is_never_markup_in_a_letter(patients: Clinic, somebody: Browser) -> None:
    document = dict(patients.state.store.get("noel-ready").document)
    bad = "<script>alert(1)</script>{{ 7 * 7 }}"
    document["clinic"] = {**document["clinic"], "name": bad, "needs_note": bad, "plan": {"note": bad}}
    patients.state.store.save("noel-ready", document, 1, "test")
    for kind in KINDS:
        text = somebody.get(f"/patients/noel-ready/letters/{kind}").text
        assert "<script>alert" not in text and "&lt;script&gt;" in text and "{{ 7 * 7 }}" in text
    assert somebody.get("/patients/noel-ready/letters/plan.pdf").status_code == 200


def test_no_page_on_paper_has_inline_style_or_script_or_loads_from_outside(somebody: Browser) -> None:
    for path in ("letters", *(f"letters/{kind}" for kind in KINDS), "information", "information/aftercare"):
        text = somebody.get(f"/patients/seth-again/{path}").text
        assert " style=" not in text and "<script>" not in text and "<style" not in text
        assert 'src="http' not in text and '<link rel="stylesheet" href="http' not in text


def test_nobody_opens_a_letter_without_signing_in_and_unknown_ones_are_not_there(
    patients: Clinic, somebody: Browser
) -> None:
    for path in ("letters", "letters/plan", "letters/plan.pdf", "information", "information/aftercare.pdf"):
        answer = patients.browser().get(f"/patients/noel-ready/{path}")
        assert answer.status_code == 303 and answer.headers["location"].startswith("/sign-in")
    assert somebody.get("/patients/nobody/letters/plan").status_code == 404
    refused = somebody.get("/patients/noel-ready/letters/plam")
    assert refused.status_code == 400 and "Did you mean" in unescape(refused.text)
    refused = somebody.get("/patients/noel-ready/letters/prior-approval?policy=hny-2052")
    assert refused.status_code != 200 and "hny-2025" in refused.text


@pytest.mark.parametrize("kind", KINDS)
def test_a_warning_sign_that_nobody_has_seen_to_stands_at_the_top_of_every_letter(somebody: Browser, kind: str) -> None:
    """Milo ticked two this morning: above the outcome, in plain words on his own plan; Nora's was seen to."""
    text = unescape(somebody.get(f"/patients/milo-alarm/letters/{kind}").text)
    sign, answer = (
        text.index("bladder or bowels, or numb"),
        text.index("What comes next" if kind == "plan" else "asked for"),
    )
    assert sign < answer and ("call now" if kind == "plan" else "nobody has dealt with yet") in text
    assert "The next step is to see to that sign" in text or kind == "plan"
    seen = unescape(somebody.get(f"/patients/nora-rungback/letters/{kind}").text)
    assert "nobody has dealt with" not in seen and "nobody has seen to" not in seen and "call now" not in seen
