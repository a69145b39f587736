"""A warning sign that was ticked stays an alert until a named person says what was done."""

from __future__ import annotations

from typing import Any

import pytest

from facetwise.clinic.alerts import open_alerts, raise_alert, see_to, ticked
from facetwise.clinic.kept import clinic_of
from facetwise.errors import InputError
from facetwise.guidance.care.red_flags import RED_FLAGS, Whom
from tests.clinic.patient import AFTERNOON, at, without_blocks

SIGNS = [flag.id for flag in RED_FLAGS]


def raised(*signs: str) -> dict[str, Any]:
    return raise_alert(without_blocks(), signs or ("infection",), "the diary", "f1", at(14))


def test_the_most_urgent_sign_is_told_first() -> None:
    assert [flag.id for flag in ticked(reversed(SIGNS))][-1] in ("headache-or-fever", "still-numb-or-weak")
    assert ticked(["headache-or-fever", "cauda-equina"])[0].whom is Whom.EMERGENCY
    assert ticked([]) == ()


def test_a_ticked_sign_changes_nothing_of_the_record_but_its_alerts() -> None:
    document = raised("infection", "cauda-equina")
    assert {name: part for name, part in document.items() if name != "clinic"} == without_blocks()
    assert document["clinic"] == {
        "alerts": [{"id": "f1", "at": at(14).isoformat(), "signs": ["cauda-equina", "infection"], "where": "the diary"}]
    }


def test_a_form_sent_twice_is_one_alert_and_another_sign_joins_it() -> None:
    once = raised("infection")
    assert raise_alert(once, ["infection"], "the diary", "f1", AFTERNOON) == once
    both = raise_alert(once, ["cauda-equina"], "the diary", "f1", AFTERNOON)
    assert [alert.signs for alert in open_alerts(both)] == [("cauda-equina", "infection")]
    seen = see_to(once, "f1", "ann", "Called: seen in A&E.", AFTERNOON)
    again = raise_alert(seen, ["cauda-equina"], "the diary", "f1", AFTERNOON)
    assert len(clinic_of(again).alerts) == 2 and len(open_alerts(again)) == 1


def test_a_form_without_a_sign_raises_no_alert() -> None:
    with pytest.raises(InputError, match="No warning sign was ticked"):
        raise_alert(without_blocks(), [], "the diary", "f1", AFTERNOON)


def test_a_sign_that_is_not_on_the_list_any_more_counts_as_the_worst() -> None:
    """A form from before a sign was renamed must not tell less than the sign did."""
    (sign,) = ticked(["numb-saddle"])
    assert sign.whom is Whom.EMERGENCY and sign.ask == "A sign that is no longer on the list: numb-saddle"
    assert ticked(["infection", "numb-saddle", " "])[0].id == "numb-saddle"
    assert open_alerts(raised("numb-saddle"))[0].signs == ("numb-saddle",)
    assert len(ticked(map(str, range(99)))) == 20 and len(ticked(["x" * 99])[0].id) == 64


def test_an_alert_that_waited_for_a_network_is_of_when_it_was_ticked() -> None:
    waited = raise_alert(without_blocks(), ["infection"], "the diary", "f1", AFTERNOON, written_at=at(9))
    (alert,) = open_alerts(waited)
    assert (alert.at, alert.received_at) == (at(9), AFTERNOON)


def test_an_alert_is_seen_to_once_by_a_named_person_who_says_what_was_done() -> None:
    document = see_to(raised(), "f1", "ann", " Called the patient;\n GP today. ", AFTERNOON)
    (alert,) = clinic_of(document).alerts
    assert (alert.seen_by, alert.seen_at, alert.done) == ("ann", AFTERNOON, "Called the patient; GP today.")
    assert open_alerts(document) == ()
    with pytest.raises(InputError, match="ann has seen to this alert already"):
        see_to(document, "f1", "bob", "Called.", AFTERNOON)


def test_an_alert_is_not_closed_without_saying_what_was_done() -> None:
    with pytest.raises(InputError, match="Say what was done"):
        see_to(raised(), "f1", "ann", "  ", AFTERNOON)
    with pytest.raises(InputError, match="There is no such alert"):
        see_to(raised(), "f2", "ann", "Called.", AFTERNOON)


def test_open_alerts_stand_the_latest_first() -> None:
    document = raise_alert(raised(), ["cauda-equina"], "the block sheet", "f2", AFTERNOON)
    assert [alert.id for alert in open_alerts(document)] == ["f2", "f1"]
    assert open_alerts(without_blocks()) == ()
