"""The pages of a procedure: begun only when nothing stands against it, saved nerve by nerve, its codes and the count."""

from __future__ import annotations

import re
from typing import Any

import pytest

from facetwise.clinic.accounts.users import Role
from facetwise.clinic.demo.clinic import made_up_clinic
from facetwise.clinic.model.clinic_record import clinic_of
from facetwise.clinic.procedure.checklist import CHECKS
from facetwise.clinic.procedure.site_check import meant, would_be_elsewhere
from facetwise.guidance.example_patient import example_patient
from facetwise.record.parse import record_of
from tests.web.conftest import START, Browser, Clinic
from tests.web.forms_shown import form_of

HERE = "/patients/example/procedures"
BEGIN: dict[str, Any] = {
    **{check.id: "yes" for check in CHECKS},
    "day-day": "20",
    "day-month": "11",
    "day-year": "2026",
    "joints": ["L4/5", "L5/S1"],
    "sides": ["left"],
    "technique": "thermal",
    "guidance": "fluoroscopy",
}
NERVES = ("L3 medial branch", "L4 medial branch", "L5 dorsal ramus")
SAME = {"every-lesion": "yes", "every-temperature_c": "80", "every-seconds": "90", "every-anaesthetic": "lidocaine"}


def ticked(joints: list[str], sides: list[str]) -> str:
    """What the tick says of the example patient that these joints and sides are meant."""
    record = record_of(example_patient(), "p")
    return meant(joints, sides, would_be_elsewhere(record, joints, sides, START.date()))


BEGIN["site_meant"] = ticked(["L4/5", "L5/S1"], ["left"])


def rows(**more: str) -> dict[str, Any]:
    """What the form of a procedure sends: the day and the technique, and a row for each nerve."""
    made: dict[str, Any] = {name: BEGIN[name] for name in ("day-day", "day-month", "day-year", "technique", "guidance")}
    for number, nerve in enumerate(NERVES):
        made |= {f"n{number}-nerve": nerve, f"n{number}-side": "left"}
    return {**made, **more}


def lesions(**more: str) -> dict[str, Any]:
    made = {f"n{n}-{name}": value for n in range(3) for name, value in LESION.items()}
    return rows(**{**made, **more})


LESION = {"lesion": "yes", "temperature_c": "80", "seconds": "90"}


LESIONED = {f"n0-{name}": value for name, value in LESION.items()}


@pytest.fixture
def example(clinic: Clinic) -> Clinic:
    clinic.state.store.add(example_patient(), "test")
    return clinic


def held(clinic: Clinic) -> dict[str, Any]:
    return dict(clinic.state.store.get("example").document)


def test_from_the_checklist_to_the_record_and_the_count(example: Clinic, clinician: Browser) -> None:
    """Joints and sides chosen once, the same values copied and looked at, saved: the record has its denervation."""
    shown = clinician.get(f"{HERE}/new").text
    assert 'value="L4/5" checked' in shown  # as the request has it
    begun = clinician.send(f"{HERE}/new", f"{HERE}/new", **BEGIN)
    assert (begun.status_code, begun.headers["location"]) == (303, f"{HERE}/0")
    assert all(nerve in clinician.get(f"{HERE}/0").text for nerve in NERVES)

    copied = clinician.send(f"{HERE}/0", f"{HERE}/0", act="fill", **rows(**SAME, **{"n1-seconds": "60"}))
    assert copied.status_code == 200 and "Nothing is saved yet" in copied.text
    assert copied.text.count('value="lidocaine"') == 3 and copied.text.count('value="90"') == 2
    assert held(example)["denervations"] == example_patient()["denervations"]

    saved = clinician.send(f"{HERE}/0", f"{HERE}/0", act="save", **lesions(**{"n1-seconds": "60"}))
    assert saved.status_code == 303
    done = held(example)["denervations"][-1]
    assert (done["levels"], done["sides"], done["date"]) == (["L4/5", "L5/S1"], ["left"], "2026-11-20")
    after = clinician.get(f"{HERE}/0").text
    assert "V48.5" in after and "Z67.6" in after and "V55.2" in after
    assert "No diagnosis is chosen" in after and "Cannot tell" in after

    codes = {"opcs": "V485 Y534 Z675 Z676", "icd10": "m54.5", "admission_method": "11", "administrative_category": "01"}
    codes = lesions(**codes, **{"n1-seconds": "60"})
    assert clinician.send(f"{HERE}/0", f"{HERE}/0", act="codes", **codes).status_code == 303
    counted = clinician.get(f"{HERE}/0").text
    assert "Would be counted" in counted.split('class="fw-answer"')[1].split("</p>")[0]
    paper = clinician.get(f"{HERE}/0/print").text
    assert "would be counted" in paper and "V48.5" in paper and "L5 dorsal ramus, left" in paper
    assert "fw-large" in clinician.get(f"{HERE}/0/print?large=1").text


def test_what_the_page_shows_is_what_a_browser_sends_back(example: Clinic, clinician: Browser) -> None:
    """The forms sent as they stand: the day and every value come back as they were, and nothing else changes."""
    shown = form_of(clinician.get(f"{HERE}/new").text, f"{HERE}/new")
    assert [shown[f"day-{part}"] for part in ("day", "month", "year")] == [["20"], ["11"], ["2026"]]
    asked = {check.id: "yes" for check in CHECKS}
    assert clinician.client.post(f"{HERE}/new", data={**shown, **asked}).status_code == 303
    clinician.send(f"{HERE}/0", f"{HERE}/0", act="save", **lesions(**{"n0-anaesthetic": "lidocaine", "n1-lesion": ""}))
    before = held(example)
    sent = {**form_of(clinician.get(f"{HERE}/0").text, f"{HERE}/0"), "act": "save"}
    assert clinician.client.post(f"{HERE}/0", data=sent).status_code == 303
    assert held(example) == before


def test_what_stands_against_it_is_told_and_nothing_is_begun(example: Clinic) -> None:
    document = {**example_patient(), "conditions": {"anticoagulant": True, "fracture": True}}
    example.state.store.save("example", document, 1, "test")
    coordinator = example.as_(Role.COORDINATOR)
    refused = coordinator.send(f"{HERE}/new", f"{HERE}/new", **{**BEGIN, "consent": ""}, operator="Dr Typed")
    assert refused.status_code == 422
    told = refused.text.split('id="against"')[1].split("</div>")[0]
    for words in ("A suspected fracture", "A blood thinner", "Consent is not recorded", "Not recorded: "):
        assert words in told
    assert 'value="Dr Typed"' in refused.text and 'value="L5/S1" checked' in refused.text
    assert 'name="why"' not in refused.text and 'name="holds_cleared"' not in refused.text
    assert clinic_of(held(example)).procedures == ()


def test_a_coordinator_neither_clears_holds_nor_goes_on_by_sending_what_the_form_does_not_show(example: Clinic) -> None:
    document = example_patient()
    document["conditions"]["anticoagulant"] = True
    example.state.store.save("example", document, 1, "test")
    coordinator = example.as_(Role.COORDINATOR)
    for more in ({"why": "I say so"}, {"holds_cleared": "yes"}):
        assert coordinator.send(f"{HERE}/new", f"{HERE}/new", **BEGIN, **more).status_code == 422
    assert clinic_of(held(example)).procedures == ()


def test_a_clinician_clears_holds_by_name_or_goes_on_with_a_reason(example: Clinic, clinician: Browser) -> None:
    document = example_patient()
    document["conditions"] |= {"anticoagulant": True, "fracture": True}
    example.state.store.save("example", document, 1, "test")
    refused = clinician.send(f"{HERE}/new", f"{HERE}/new", **BEGIN, holds_cleared="yes")
    assert refused.status_code == 422 and "A suspected fracture" in refused.text.split('id="against"')[1]
    gone_on = clinician.send(f"{HERE}/new", f"{HERE}/new", **BEGIN, holds_cleared="yes", why="old fracture, healed")
    assert gone_on.status_code == 303
    kept = clinic_of(held(example)).procedures[0]
    assert kept.checklist.cleared == ("anticoagulant",) and kept.checklist.by == "The clinician"
    assert kept.went_on and (kept.went_on.why, kept.went_on.despite) == ("old fracture, healed", ("fracture",))
    for page in (f"{HERE}/0", f"{HERE}/0/print"):
        shown = clinician.get(page).text
        assert "old fracture, healed" in shown and "A blood thinner" in shown and "anticoagulant" not in shown
        assert "against it: answered with yes or not asked: Is a fracture of the spine suspected?" in shown


@pytest.mark.parametrize(
    ("changes", "says"),
    [
        ({"joints": []}, "Choose at least one joint"),
        ({"sides": []}, "Choose the left side, the right side, or both"),
        ({"day-day": "40"}, "as a day, a month and a year"),
        ({"day-year": "2027"}, "still to come"),
        ({"technique": "laser"}, "Choose the technique from the list"),
    ],
)
def test_what_is_wrong_before_it_is_shown_again(
    example: Clinic, clinician: Browser, changes: dict[str, Any], says: str
) -> None:
    answer = clinician.send(f"{HERE}/new", f"{HERE}/new", **{**BEGIN, **changes})
    assert answer.status_code == 422 and says in answer.text and "There is a problem" in answer.text


@pytest.mark.parametrize(
    ("changes", "says"),
    [
        ({"n1-temperature_c": "hot"}, "Enter the temperature of L4 medial branch, left as a number from 0 to 120"),
        ({"n0-repositioned": "1.5"}, "as a whole number"),
        ({"n3-nerve": "L2 medial branch"}, "Choose the side of L2 medial branch"),
        ({"n3-nerve": "", "n3-side": "right"}, "Choose the nerve of this row, or empty the row"),
        ({"n3-nerve": "", "n3-seconds": "90"}, "Choose the nerve of this row, or empty the row"),
        ({"n0-nerve": "L5 medial branch"}, "Choose the nerve from the list"),
        ({"events": ["none seen", "faint"]}, "Choose either"),
        ({"day-year": "2027"}, "not in the future"),
    ],
)
def test_what_is_wrong_in_it_is_shown_again_with_what_was_typed(
    example: Clinic, clinician: Browser, changes: dict[str, Any], says: str
) -> None:
    clinician.send(f"{HERE}/new", f"{HERE}/new", **BEGIN)
    answer = clinician.send(f"{HERE}/0", f"{HERE}/0", act="save", **{**lesions(**{"n2-steroid": "<b>"}), **changes})
    assert answer.status_code == 422 and says in answer.text
    assert 'value="&lt;b&gt;"' in answer.text
    assert held(example)["denervations"] == example_patient()["denervations"]


def test_a_row_is_taken_away_another_is_added_and_what_is_empty_stays_unknown(
    example: Clinic, clinician: Browser
) -> None:
    clinician.send(f"{HERE}/new", f"{HERE}/new", **BEGIN)
    more = {"n2-remove": "yes", "n3-nerve": "L3 medial branch", "n3-side": "right"}
    assert clinician.send(f"{HERE}/0", f"{HERE}/0", act="save", **rows(**more)).status_code == 303
    kept = clinic_of(held(example)).procedures[0]
    assert [(row.nerve, row.side, row.lesion) for row in kept.nerves] == [
        ("L3 medial branch", "left", None),
        ("L4 medial branch", "left", None),
        ("L3 medial branch", "right", None),
    ]
    assert kept.sedation is None and kept.events == ()
    assert "Whether a lesion was made is not recorded." in clinician.get(f"{HERE}/0").text


def test_codes_that_are_none_are_refused_and_the_suggestion_is_followed_until_changed(
    example: Clinic, clinician: Browser
) -> None:
    clinician.send(f"{HERE}/new", f"{HERE}/new", **BEGIN)
    clinician.send(f"{HERE}/0", f"{HERE}/0", act="save", **lesions())
    wrong = clinician.send(f"{HERE}/0", f"{HERE}/0", act="codes", **lesions(opcs="V48.5 back", icd10=""))
    assert (
        wrong.status_code == 422
        and "One of these is no OPCS-4 code" in wrong.text
        and 'value="V48.5 back"' in wrong.text
    )
    same = "V48.5 V55.2 Y53.4 Z67.5 Z67.6 Z94.3"
    assert f'value="{same}"' in clinician.get(f"{HERE}/0").text
    clinician.send(f"{HERE}/0", f"{HERE}/0", act="codes", **lesions(opcs=same, icd10="M54.5"))
    kept = clinic_of(held(example)).procedures[0]
    assert (kept.opcs, kept.icd10) == ((), ("M545",))


def test_a_reader_sees_it_and_changes_nothing(example: Clinic, clinician: Browser) -> None:
    clinician.send(f"{HERE}/new", f"{HERE}/new", **BEGIN)
    clinician.send(f"{HERE}/0", f"{HERE}/0", act="save", **lesions())
    reader = example.as_(Role.READER)
    shown = reader.get(f"{HERE}/0").text
    assert "made; 80 °C, 90 s" in shown and "Save the procedure" not in shown and "Save the codes" not in shown
    assert reader.get(f"{HERE}/0/print").status_code == 200
    assert reader.get(f"{HERE}/new").status_code == 403
    for path in (f"{HERE}/new", f"{HERE}/0", f"{HERE}/0/stop"):
        assert reader.send(f"{HERE}/0", path, **lesions()).status_code == 403


@pytest.mark.parametrize("number", ["0", "-1", "9" * 40, "x"])
def test_a_procedure_that_is_not_there_is_said_to_be_none(example: Clinic, clinician: Browser, number: str) -> None:
    assert clinician.get(f"{HERE}/{number}").status_code in (404, 422)


def test_every_procedure_of_the_made_up_clinic_is_shown(clinic: Clinic, clinician: Browser) -> None:
    """Prepared ones lead to the checklist; those done have their joints."""
    seen = set()
    for document in made_up_clinic(clinic.state.today(), 1, 40):
        for number, procedure in enumerate(document.get("clinic", {}).get("procedures", ())):
            if clinic.state.store.add(document, "test"):
                answer = clinician.get(f"/patients/{document['id']}/procedures/{number}")
                seen.add(answer.status_code)
                if answer.status_code == 200:
                    assert "Denervated" in answer.text
                else:
                    assert answer.headers["location"].endswith("/procedures/new")
                    assert clinician.get(answer.headers["location"]).status_code == 200
                assert clinician.get(f"/patients/{document['id']}/procedures/{number}/print").status_code == 200
                assert procedure
    assert seen == {200, 303}


def test_a_side_or_joint_that_nobody_asked_for_is_warned_of_before_and_after(
    example: Clinic, clinician: Browser
) -> None:
    """Right L2/3, where the request and the blocks are left L4/5: meant only once that is ticked."""
    wrong = {**BEGIN, "joints": ["L2/3"], "sides": ["right"]}
    assert 'id="elsewhere"' not in clinician.get(f"{HERE}/new").text
    refused = clinician.send(f"{HERE}/new", f"{HERE}/new", **{**wrong, "site_meant": ""})
    told = refused.text.split('id="elsewhere"')[1].split("</ul>")[0]
    assert refused.status_code == 422 and clinic_of(held(example)).procedures == ()
    for words in ("right side: The request is for the left.", "L2/3: The request is for L4/5.", "No block on record"):
        assert words in told
    sent = {**wrong, "site_meant": ticked(["L2/3"], ["right"])}
    assert f'value="{sent["site_meant"]}"' in refused.text
    assert clinician.send(f"{HERE}/new", f"{HERE}/new", **sent).status_code == 303
    for page in (f"{HERE}/0", f"{HERE}/0/print"):
        assert "L2/3, right: No block on record was there. On record: left L4/5." in clinician.get(page).text


@pytest.mark.parametrize(
    ("joints", "sides"), [(["L4/5", "L5/S1"], ["right"]), (["L3/4", "L4/5"], ["left", "right"]), (["L2/3"], ["left"])]
)
def test_the_tick_that_a_place_is_meant_counts_only_for_the_place_that_was_shown(
    example: Clinic, clinician: Browser, joints: list[str], sides: list[str]
) -> None:
    """Left L3/4 was warned of; the right side, or another joint, sent with that tick is warned of anew, unticked."""
    first = {**BEGIN, "joints": ["L3/4", "L4/5"], "sides": ["left"], "site_meant": ""}
    warned = clinician.send(f"{HERE}/new", f"{HERE}/new", **first)
    assert "These sides and joints are meant: left L3/4, L4/5" in warned.text
    tick = re.findall(r'name="site_meant"[^>]* value="([^"]*)"', warned.text)
    assert len(tick) == 1
    changed = {**first, "joints": joints, "sides": sides, "site_meant": tick[0]}
    refused = clinician.send(f"{HERE}/new", f"{HERE}/new", **changed)
    assert refused.status_code == 422 and clinic_of(held(example)).procedures == ()
    assert "tick that exactly this is meant" in refused.text and tick[0] not in refused.text
    assert not re.search(r'name="site_meant"[^>]* checked', refused.text)
    assert clinician.send(f"{HERE}/new", f"{HERE}/new", **{**changed, "site_meant": "yes"}).status_code == 422
    assert clinician.send(f"{HERE}/new", f"{HERE}/new", **{**first, "site_meant": tick[0]}).status_code == 303


def test_a_mistyped_day_hides_no_wrong_side(example: Clinic, clinician: Browser) -> None:
    """What is on record when it begins counts, though the day typed lies before it."""
    wrong = {**BEGIN, "joints": ["L4/5"], "sides": ["right"], "day-month": "1", "site_meant": ""}
    refused = clinician.send(f"{HERE}/new", f"{HERE}/new", **wrong)
    assert refused.status_code == 422 and "right side: The request is for the left." in refused.text


def test_a_day_before_the_only_block_is_among_what_to_look_at_once_more(example: Clinic, clinician: Browser) -> None:
    clinician.send(f"{HERE}/new", f"{HERE}/new", **BEGIN)
    clinician.send(f"{HERE}/0", f"{HERE}/0", act="save", **lesions(**{"day-month": "1"}))
    for page in (f"{HERE}/0", f"{HERE}/0/print"):
        assert "before every block of its place" in clinician.get(page).text.split("Check these again")[1]


def test_serious_events_are_said_with_what_follows_from_them(example: Clinic, clinician: Browser) -> None:
    clinician.send(f"{HERE}/new", f"{HERE}/new", **BEGIN)
    events = ["allergic reaction", "new weakness or numbness"]
    assert clinician.send(f"{HERE}/0", f"{HERE}/0", act="save", **lesions(), events=events).status_code == 303
    shown = clinician.get(f"{HERE}/0").text
    assert "An allergic reaction was seen.</strong> The record says so now" in shown
    assert "/patients/example/alerts" in shown.split("New weakness or numbness was seen")[1].split("</div>")[0]
    assert held(example)["conditions"]["allergy"] is True and len(clinic_of(held(example)).alerts) == 1
    assert clinician.get("/patients/example/alerts").status_code == 200
    assert "Found at the procedure of" in clinician.get("/patients/example/letters/referral").text


def test_a_procedure_is_stopped_with_a_reason_or_taken_back_until_a_lesion_is_written_down(
    example: Clinic, clinician: Browser
) -> None:
    clinician.send(f"{HERE}/new", f"{HERE}/new", **BEGIN)
    empty = clinician.send(f"{HERE}/0", f"{HERE}/0/stop", act="stop", why_stopped=" ")
    assert empty.status_code == 422 and "Write why it was stopped" in empty.text
    assert clinician.send(f"{HERE}/0", f"{HERE}/0/stop", act="stop", why_stopped="a faint").status_code == 303
    assert "Stopped without a lesion:</strong> a faint" in clinician.get(f"{HERE}/0").text
    assert "Stopped without a lesion:</strong> a faint" in clinician.get(f"{HERE}/0/print").text
    assert clinician.get(f"{HERE}/new").status_code == 200
    assert clinician.send(f"{HERE}/0", f"{HERE}/0/stop", act="go-on").status_code == 303
    assert clinic_of(held(example)).procedures[0].stopped is None
    clinician.send(f"{HERE}/0", f"{HERE}/0", act="save", **lesions())
    assert "Remove this procedure" not in clinician.get(f"{HERE}/0").text
    assert clinician.send(f"{HERE}/0", f"{HERE}/0/take-back").status_code == 422
    clinician.send(f"{HERE}/0", f"{HERE}/0", act="save", **rows())
    reader = example.as_(Role.READER)
    assert reader.send(f"{HERE}/0", f"{HERE}/0/take-back").status_code == 403
    assert "Remove this procedure" in clinician.get(f"{HERE}/0").text
    assert clinician.send(f"{HERE}/0", f"{HERE}/0/take-back").status_code == 303
    assert clinic_of(held(example)).procedures == ()
    assert "L5 dorsal ramus" in clinician.get("/patients/example/history").text


def test_the_record_page_says_what_goes_with_a_denervation_and_the_procedure_stays(
    example: Clinic, clinician: Browser
) -> None:
    clinician.send(f"{HERE}/new", f"{HERE}/new", **BEGIN)
    clinician.send(f"{HERE}/0", f"{HERE}/0", act="save", **lesions())
    record = "/patients/example/record"
    shown = clinician.get(record).text
    assert "What was written down of procedure 1 stays." in shown
    place = len(held(example)["denervations"]) - 1
    sent = {**form_of(shown, record), "remove": [f"denervations.{place}"]}
    assert clinician.client.post(record, data=sent).status_code == 303
    kept = clinician.get(f"{HERE}/0").text
    assert "Its denervation was removed from the record" in kept and 'value="80"' in kept


def test_a_record_that_points_at_a_denervation_it_does_not_hold_is_not_taken_in(
    clinic: Clinic, clinician: Browser
) -> None:
    record = '{"schema": "facetwise.record/1", "id": "lost", "clinic": {"procedures": [{"denervation": 4}]}}'
    answer = clinician.send("/patients/new", "/patients/new", record=record)
    assert answer.status_code == 422 and "denervations[4], and the record has none there" in answer.text
    assert clinician.get("/patients/lost").status_code == 404
