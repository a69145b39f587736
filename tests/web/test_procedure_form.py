"""The one form of a procedure: nerves, codes and how it ended, of which nothing that was typed is lost."""

from __future__ import annotations

import re

import pytest
from sqlalchemy import select, update

from facetwise.clinic.model.clinic_record import clinic_of
from facetwise.clinic.pathway.status import TELLING
from facetwise.clinic.pathway.worklist import PathwayList
from facetwise.clinic.store.tables import PATHWAY, SETTINGS
from tests.web.conftest import Browser, Clinic
from tests.web.forms_shown import form_of
from tests.web.test_procedure_pages import BEGIN, HERE, LESIONED, SAME, example, held, lesions, rows

__all__ = ["example"]


@pytest.mark.parametrize("act", ["save", "codes"])
def test_either_button_saves_what_was_typed_in_nerves_and_codes(example: Clinic, clinician: Browser, act: str) -> None:
    """One form: a fault in the codes loses no nerve, and the other way round."""
    clinician.send(f"{HERE}/new", f"{HERE}/new", **BEGIN)
    typed = {**form_of(clinician.get(f"{HERE}/0").text, f"{HERE}/0"), **lesions(**{"n1-steroid": "typed"}), "act": act}
    for faulty in ({"opcs": "back"}, {"n0-seconds": "long", "icd10": "M54.9"}):
        refused = clinician.client.post(f"{HERE}/0", data={**typed, **faulty})
        assert refused.status_code == 422 and 'value="typed"' in refused.text
        assert all(f'value="{value}"' in refused.text for value in faulty.values())
    assert clinic_of(held(example)).procedures[0].nerves[1].steroid is None
    sent = {**typed, "opcs": "V48.6", "icd10": "M54.5"}
    assert clinician.client.post(f"{HERE}/0", data=sent).headers["location"].startswith(f"{HERE}/0?saved=")
    kept = clinic_of(held(example)).procedures[0]
    assert (kept.nerves[1].steroid, kept.opcs, kept.icd10) == ("typed", ("V486",), ("M545",))


def test_the_suggestion_on_the_page_follows_the_nerves_that_are_saved_with_it(
    example: Clinic, clinician: Browser
) -> None:
    """The field still shows the left when the rows become right: it is no choice of anybody's."""
    clinician.send(f"{HERE}/new", f"{HERE}/new", **BEGIN)
    clinician.send(f"{HERE}/0", f"{HERE}/0", act="save", **lesions())
    shown = form_of(clinician.get(f"{HERE}/0").text, f"{HERE}/0")
    assert shown["opcs"][0].endswith("Z94.3")
    right = {f"n{n}-side": "right" for n in range(3)}
    assert clinician.client.post(f"{HERE}/0", data={**shown, **right, "act": "codes"}).status_code == 303
    assert clinic_of(held(example)).procedures[0].opcs == ()
    assert form_of(clinician.get(f"{HERE}/0").text, f"{HERE}/0")["opcs"][0].endswith("Z94.2")


def test_saving_codes_alone_leaves_a_denervation_of_which_no_nerve_is_kept(example: Clinic, clinician: Browser) -> None:
    """It came with the record: without rows it would be written down as none."""
    document = held(example)
    document["denervations"] = [{"date": "2026-11-02", "region": "lumbar", "levels": ["L4/5"], "sides": ["left"]}]
    document["clinic"] = {"procedures": [{"denervation": 0, "planned": "2026-11-02"}]}
    example.state.store.save("example", document, 1, "test")
    sent = {**form_of(clinician.get(f"{HERE}/0").text, f"{HERE}/0"), "act": "codes", "icd10": "M54.5"}
    assert clinician.client.post(f"{HERE}/0", data=sent).status_code == 303
    assert held(example)["denervations"] == document["denervations"]
    assert clinic_of(held(example)).procedures[0].icd10 == ("M545",)


@pytest.mark.parametrize("act", ["save", "codes"])
def test_the_row_for_every_nerve_is_never_thrown_away(example: Clinic, clinician: Browser, act: str) -> None:
    """Saved without its button it is copied and shown first; what was looked at is then saved as it stands."""
    clinician.send(f"{HERE}/new", f"{HERE}/new", **BEGIN)
    copied = clinician.send(f"{HERE}/0", f"{HERE}/0", act=act, **rows(**SAME, **{"n1-seconds": "60"}))
    assert copied.status_code == 422 and "nothing is saved yet" in copied.text
    assert clinic_of(held(example)).procedures[0].nerves[0].lesion is None
    sent = {**form_of(copied.text, f"{HERE}/0"), "act": act}
    assert sent["every-seconds"] == [""] and sent["n0-seconds"] == ["90"]
    assert clinician.client.post(f"{HERE}/0", data={**sent, "n2-anaesthetic": ""}).status_code == 303
    kept = clinic_of(held(example)).procedures[0].nerves
    assert [(str(row.seconds), row.anaesthetic) for row in kept] == [
        ("90", "lidocaine"),
        ("60", "lidocaine"),
        ("90", None),
    ]
    none = clinician.send(
        f"{HERE}/0", f"{HERE}/0", act=act, **{**rows(**SAME), **{f"n{n}-remove": "yes" for n in range(3)}}
    )
    assert none.status_code == 422 and "There is no nerve to copy" in none.text and 'value="lidocaine"' in none.text


@pytest.mark.parametrize("change", [{"act": "fill"}, {"act": "save", "n0-seconds": "long"}, {"act": "save", **SAME}])
def test_a_form_shown_again_does_not_overwrite_what_somebody_saved_meanwhile(
    example: Clinic, clinician: Browser, change: dict[str, str]
) -> None:
    """Copied or refused, it stays the form of the version that it was made of."""
    clinician.send(f"{HERE}/new", f"{HERE}/new", **BEGIN)
    opened = {**form_of(clinician.get(f"{HERE}/0").text, f"{HERE}/0"), **lesions()}
    clinician.send(f"{HERE}/0", f"{HERE}/0", act="save", **lesions(**{"n1-steroid": "saved meanwhile"}))
    again = form_of(clinician.client.post(f"{HERE}/0", data={**opened, **change}).text, f"{HERE}/0")
    late = clinician.client.post(f"{HERE}/0", data={**again, "n0-seconds": "90", "act": "save"})
    assert late.status_code == 409
    assert clinic_of(held(example)).procedures[0].nerves[1].steroid == "saved meanwhile"


def test_a_row_taken_away_does_not_come_back_as_another_nerve_when_the_form_is_shown_again(
    example: Clinic, clinician: Browser
) -> None:
    clinician.send(f"{HERE}/new", f"{HERE}/new", **BEGIN)
    more = {"n2-remove": "yes", "n3-nerve": "", "n0-seconds": "long"}
    shown = form_of(clinician.send(f"{HERE}/0", f"{HERE}/0", act="save", **rows(**more)).text, f"{HERE}/0")
    assert shown["n3-nerve"] == [""] and "n2-nerve" not in shown


def test_codes_chosen_for_the_left_are_said_to_differ_once_the_nerves_are_on_the_right(
    example: Clinic, clinician: Browser
) -> None:
    """Beside the codes, beside the count and on paper; the chosen codes stay as they are."""
    clinician.send(f"{HERE}/new", f"{HERE}/new", **BEGIN)
    clinician.send(f"{HERE}/0", f"{HERE}/0", act="save", **lesions())
    chosen = "V48.5 V55.2 Y53.4 Z67.5 Z94.3"
    codes = {"opcs": chosen, "icd10": "M54.5", "admission_method": "11", "administrative_category": "01"}
    clinician.send(f"{HERE}/0", f"{HERE}/0", act="codes", **lesions(**codes))
    right = {f"n{n}-side": "right" for n in range(3)}
    clinician.send(f"{HERE}/0", f"{HERE}/0", act="save", **lesions(**right, **codes))
    shown, paper = clinician.get(f"{HERE}/0").text, clinician.get(f"{HERE}/0/print").text
    assert clinic_of(held(example)).procedures[0].opcs == tuple(chosen.replace(".", "").split())
    assert f'value="{chosen}"' in shown
    for text in (shown.split('id="codes"')[1].split('id="count"')[0], paper):
        assert "The codes chosen say left; the nerves say right." in text
        assert "Only suggested by the nerves: Z67.6 Z94.2" in text and "Only chosen: Z94.3" in text
    answer = shown.split('class="fw-answer"')[1].split("</p>")[0]
    assert "fw-tag--hold" in answer and "fw-tag--met" not in answer
    assert "The codes chosen say left" in shown.split('class="fw-answer"')[1].split("</section>")[0]
    assert "would be counted, for the codes chosen, which are not those of the nerves" in paper
    none = {f"n{n}-lesion": "no" for n in range(3)}
    clinician.send(f"{HERE}/0", f"{HERE}/0", act="save", **lesions(**none, **codes))
    shown = clinician.get(f"{HERE}/0").text
    assert (
        "no lesion is written down" in shown
        and "fw-tag--met" not in shown.split('class="fw-answer"')[1].split("</p>")[0]
    )


def test_a_procedure_that_was_begun_is_the_next_step_and_the_button_leads_to_it(
    example: Clinic, clinician: Browser
) -> None:
    """On the page and on the list, also where the list was written by an earlier telling."""
    says = "Procedure of 20 November begun: record the nerves."
    clinician.send(f"{HERE}/new", f"{HERE}/new", **BEGIN)
    shown = clinician.get("/patients/example").text.split('class="fw-next"')[1].split("</section>")[0]
    assert says in shown and f'href="{HERE}/0">Record the nerves</a>' in shown and "clinician" in shown
    assert says in clinician.get("/").text
    assert f'href="{HERE}/0">Record its nerves</a>' in clinician.get(f"{HERE}/new").text
    clinician.send(f"{HERE}/0", f"{HERE}/0", act="save", **lesions())
    assert says not in clinician.get("/patients/example").text
    assert "Record its nerves" not in clinician.get(f"{HERE}/new").text


def test_lines_of_an_earlier_telling_are_told_anew(example: Clinic, clinician: Browser) -> None:
    clinician.get("/")
    database = example.state.database
    with database.writing() as connection:
        connection.execute(update(PATHWAY).values(says="As it was told before."))
        was = connection.execute(select(SETTINGS.c.value).where(SETTINGS.c.name == "list told by")).scalar_one()
        older = was.replace(f" {TELLING} ", " ")
        connection.execute(update(SETTINGS).where(SETTINGS.c.name == "list told by").values(value=older))
    assert older != was
    anew = PathwayList(database, lambda: example.state.settings().policy, example.state.today)
    line = anew.of("example")
    assert line is not None and line.says != "As it was told before."


def test_stopping_a_procedure_keeps_what_was_typed_of_it(example: Clinic, clinician: Browser) -> None:
    """The tests before it was stopped, and why; the reason alone is not lost by the enter key either."""
    clinician.send(f"{HERE}/new", f"{HERE}/new", **BEGIN)
    shown = form_of(clinician.get(f"{HERE}/0").text, f"{HERE}/0")
    page = clinician.get(f"{HERE}/0").text
    assert re.search(r'<input[^>]*name="why_stopped"[^>]*form="procedure"', page)
    assert re.search(rf'<button[^>]*value="stop"[^>]*form="procedure" formaction="{HERE}/0/stop"', page)
    typed = {**shown, "n0-lesion": "no", "n0-motor_volts": "1.5", "events": ["faint"], "why_stopped": "a faint"}
    entered = clinician.client.post(f"{HERE}/0", data={**typed, "act": "save"})
    assert entered.status_code == 422 and "Press “Stopped without a lesion”" in entered.text
    refused = clinician.client.post(f"{HERE}/0/stop", data={**typed, "act": "stop", "why_stopped": ""})
    assert refused.status_code == 422 and 'value="1.5"' in refused.text
    lesion = clinician.client.post(f"{HERE}/0/stop", data={**typed, "act": "stop", "n0-lesion": "yes"})
    assert lesion.status_code == 422 and "A lesion is written down" in lesion.text
    assert clinician.client.post(f"{HERE}/0/stop", data={**typed, "act": "stop"}).status_code == 303
    kept = clinic_of(held(example)).procedures[0]
    assert (kept.why_stopped, kept.events, str(kept.nerves[0].motor_volts)) == ("a faint", ("faint",), "1.5")
    sent = {**form_of(clinician.get(f"{HERE}/0").text, f"{HERE}/0"), "act": "go-on", **LESIONED}
    assert clinician.client.post(f"{HERE}/0/stop", data=sent).status_code == 303
    kept = clinic_of(held(example)).procedures[0]
    assert kept.stopped is None and kept.nerves[0].lesion is True
