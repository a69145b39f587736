"""A warning sign that was ticked stays an alert until a named person says what was done."""

from __future__ import annotations

from typing import Any

import pytest

from facetwise.clinic.block.response import decided, next_step_of
from facetwise.clinic.follow_up.alerts import (
    conditions_of,
    note_call,
    open_alerts,
    raise_alert,
    see_to,
    standing,
    ticked,
)
from facetwise.clinic.model.clinic_record import clinic_of
from facetwise.errors import InputError
from facetwise.information.content import red_flags
from facetwise.information.model.red_flags import Whom
from facetwise.library import policy
from tests.clinic.patient import AFTERNOON, DAY, at, without_blocks

CLEAR: dict[str, Any] = {"local_infection": "ruled-out", "systemic_infection": "ruled-out"}
SIGNS = [flag.id for flag in red_flags()]


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
    seen = see_to(once, "f1", "ann", "Called: seen in A&E.", AFTERNOON, CLEAR)
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
    document = see_to(raised(), "f1", "ann", " Called the patient;\n GP today. ", AFTERNOON, CLEAR)
    (alert,) = clinic_of(document).alerts
    assert (alert.seen_by, alert.seen_at, alert.done) == ("ann", AFTERNOON, "Called the patient; GP today.")
    assert open_alerts(document) == ()
    with pytest.raises(InputError, match="ann has seen to this alert already"):
        see_to(document, "f1", "bob", "Called.", AFTERNOON, CLEAR)


def test_an_alert_is_not_closed_without_saying_what_was_done() -> None:
    with pytest.raises(InputError, match="Say what was done"):
        see_to(raised(), "f1", "ann", "  ", AFTERNOON, CLEAR)
    with pytest.raises(InputError, match="There is no such alert"):
        see_to(raised(), "f2", "ann", "Called.", AFTERNOON, CLEAR)


def test_open_alerts_stand_the_latest_first() -> None:
    document = raise_alert(raised(), ["cauda-equina"], "the block sheet", "f2", AFTERNOON)
    assert [alert.id for alert in open_alerts(document)] == ["f2", "f1"]
    assert open_alerts(without_blocks()) == ()


@pytest.mark.parametrize(
    ("found", "before", "then"),
    [
        ("confirmed", False, True),
        ("confirmed", None, True),
        ("ruled-out", None, False),
        ("not-known", False, None),
        ("not-known", None, None),
        ("not-known", True, True),
    ],
)
def test_closing_an_alert_says_of_its_condition_what_was_found(found: Any, before: Any, then: Any) -> None:
    """Still not known takes an older no away, so that it is asked again; a yes stays until it is ruled out."""
    document = raised("cauda-equina")
    document["conditions"] = {} if before is None else {"cauda_equina_signs": before}
    closed = see_to(document, "f1", "ann", "Called.", AFTERNOON, {"cauda_equina_signs": found})
    assert closed["conditions"].get("cauda_equina_signs") is then
    (alert,) = clinic_of(closed).alerts
    assert alert.confirmed == (("cauda_equina_signs",) if found == "confirmed" else ())
    assert alert.ruled_out == (("cauda_equina_signs",) if found == "ruled-out" else ())


def test_what_is_confirmed_is_not_ruled_out_by_an_older_alert_in_passing() -> None:
    """Two alerts of one sign: the newer is confirmed, then the older is closed. Whoever overturns a yes says so."""
    name = "cauda_equina_signs"
    twice = raise_alert(raised("cauda-equina"), ["cauda-equina"], "the diary", "f2", AFTERNOON)
    confirmed = see_to(twice, "f2", "ann", "Sent to A&E.", AFTERNOON, {name: "confirmed"})
    assert standing(confirmed, ["cauda-equina"]) == {name: "ann confirmed it"}
    with pytest.raises(InputError, match=r"ann confirmed it\. Say that this is ruled out too, or answer otherwise\."):
        see_to(confirmed, "f1", "bob", "Called.", AFTERNOON, {name: "ruled-out"})
    kept = see_to(confirmed, "f1", "bob", "Called.", AFTERNOON, {name: "not-known"})
    assert kept["conditions"][name] is True
    overturned = see_to(confirmed, "f1", "bob", "Called.", AFTERNOON, {name: "ruled-out"}, [name])
    assert overturned["conditions"][name] is False
    on_record = {**raised("cauda-equina"), "conditions": {name: True}}
    assert standing(on_record, ["cauda-equina"]) == {name: "The record says that the patient has it"}
    assert standing(raised("cauda-equina"), ["cauda-equina"]) == {}


def test_a_confirmed_sign_is_the_red_flag_of_every_policy_and_one_not_known_is_asked_again() -> None:
    document = raised("cauda-equina")
    flagged = see_to(document, "f1", "ann", "Sent to A&E.", AFTERNOON, {"cauda_equina_signs": "confirmed"})
    unsure = see_to(document, "f1", "ann", "No answer.", AFTERNOON, {"cauda_equina_signs": "not-known"})
    for name in ("hny-2025", "nice-ng59"):
        assert next_step_of(flagged, policy(name), DAY).id == "urgent-referral"
        missing = [one.fact for one in decided(unsure, policy(name), DAY).missing]
        assert "cauda_equina_signs" in missing


def test_an_alert_is_not_closed_while_a_sign_of_the_record_is_not_answered() -> None:
    assert conditions_of(SIGNS) == (
        "cauda_equina_signs",
        "progressive_neurological_deficit",
        "local_infection",
        "systemic_infection",
    )
    with pytest.raises(InputError, match="confirmed, ruled out, or still not known"):
        see_to(raised(), "f1", "ann", "Called.", AFTERNOON, {"local_infection": "confirmed"})
    assert open_alerts(see_to(raised("headache-or-fever"), "f1", "ann", "Called.", AFTERNOON, {})) == ()


def test_a_call_that_is_noted_leaves_the_alert_open_and_no_older_no_beside_it() -> None:
    called = note_call(raised("cauda-equina"), "f1", "bob", " No answer. ", AFTERNOON)
    (alert,) = open_alerts(called)
    assert [(call.says, call.by, call.at) for call in alert.calls] == [("No answer.", "bob", AFTERNOON)]
    assert "cauda_equina_signs" not in called["conditions"] and called["conditions"]["pacemaker"] is False
    with pytest.raises(InputError, match="Say what was done"):
        note_call(called, "f1", "bob", " ", AFTERNOON)
