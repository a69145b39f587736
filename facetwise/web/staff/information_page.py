"""Patient information: one text for a stage and a patient, as a page, on paper and as PDF; and what the clinic advises."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from fastapi import APIRouter, Request
from fastapi.responses import Response

from facetwise.clinic.accounts.users import Role
from facetwise.clinic.letters.leaflet_choice import is_block_done, is_elsewhere, region_of, situation_of, stage_for
from facetwise.clinic.letters.phrases import wants_large_print
from facetwise.clinic.model.clinic_record import clinic_of
from facetwise.clinic.pathway.status import listed
from facetwise.clinic.store.settings import Settings
from facetwise.errors import InputError, UsageError, nearest
from facetwise.information.content import conflicts, red_flags
from facetwise.information.leaflet import Leaflet, NumberedSource, compose
from facetwise.information.model.sentence import Stage, Topic
from facetwise.information.model.situation import Region, Situation
from facetwise.information.model.standards import CHECKER, FUNDING, UPDATES
from facetwise.information.positions import ClinicChoices
from facetwise.information.sources import CAUTIOUS, CLINIC
from facetwise.language.citation import Read
from facetwise.language.truth import Truth
from facetwise.web.frame.access import Chooser, Linked, Reader, Sent, state_of
from facetwise.web.frame.layout import back, page, rendered
from facetwise.web.staff.letters_page import paper
from facetwise.web.staff.visit import Opened, Visit

router = APIRouter()
STAGES = {
    Stage.WHOLE: "All of it, from the first question to follow-up",
    Stage.BEFORE_BLOCK: "The test block, before and after it",
    Stage.BEFORE_PROCEDURE: "Before the heat treatment (radiofrequency denervation)",
    Stage.THE_DAY: "The day itself",
    Stage.AFTERCARE: "Afterwards, at home",
    Stage.FOLLOW_UP: "Follow-up, and having it again",
}
HOW_READ = {
    Read.PRIMARY: "we read the text itself",
    Read.PARTIAL: "we read part of the text",
    Read.SECONDARY: "we read what another text says about it",
    Read.UNVERIFIED: "not checked against a text",
}
_NEAREST = Region.LUMBAR
"""To the middle of the back, of which no source tells: shown when asked for, and never as if it were of there."""
_PAPER = "information_paper.html"
_OWN = (CAUTIOUS.id, CLINIC.id)
"""Not texts that anybody could open: our own inference, and the clinic's own pick."""


@dataclass(frozen=True)
class SourcePlace:
    """A place in a source, and how far it was read where that is not how far the source was."""

    says: str
    read: str


@dataclass(frozen=True)
class ListedSource:
    """A numbered source of a leaflet as it is listed below it."""

    number: int
    title: str
    publisher: str
    version: str
    url: str
    read: str
    places: tuple[SourcePlace, ...]


@dataclass(frozen=True)
class PatientLeaflet:
    """A leaflet for one patient, or why there is none: the region is not recorded, or is one that no source tells of.

    elsewhere: the region is one that no source tells of; a leaflet, where one was asked for, is then of another.
    """

    leaflet: Leaflet | None
    stage: Stage
    region: Region | None
    elsewhere: bool
    sources: tuple[ListedSource, ...]
    made_for: tuple[str, ...]


@router.get("/my/{token}/information")
def mine(request: Request, linked: Linked, region: str = "", large: bool = False) -> Response:
    """The patient's own: the text for where they stand, and every other."""
    return _mine(request, linked, "", region, large)


@router.get("/my/{token}/information/{stage}")
def mine_at(request: Request, linked: Linked, stage: str, region: str = "", large: bool = False) -> Response:
    """The patient's own for a stage."""
    return _mine(request, linked, stage, region, large)


@router.get("/information/choices")
def choices(request: Request, person: Reader, saved: str = "") -> Response:
    """Every point on which the sources differ, side by side, and what the clinic picked."""
    return page(
        request,
        "information_choices.html",
        conflicts=conflicts().values(),
        choices=ClinicChoices(state_of(request).settings().choices),
        may_choose=person.role in (Role.CLINICIAN, Role.ADMINISTRATOR),
        how_read=HOW_READ,
        saved=saved,
    )


@router.post("/information/choices")
def choose(request: Request, person: Chooser, sent: Sent) -> Response:
    """Pick the clinic's advice on one point, for every patient. Errors: UsageError for what cannot be picked."""
    state, name = state_of(request), sent.one("conflict")
    settings = state.settings()
    picked = {**dict(settings.choices), name: sent.one("option")}
    chosen = ClinicChoices.of(picked)
    differing = tuple(
        (conflict, option) for conflict, option in chosen.picked if option != conflicts()[conflict].default.id
    )
    state.kept_settings.put(replace(settings, choices=differing), person.sign_in)
    return back(f"/information/choices?saved={name}#{name}")


@router.get("/patients/{patient}/information")
def information(visit: Opened, stage: str = "", region: str = "") -> Response:
    """Choose the stage, read what the patient is handed, print it."""
    return visit.page("information.html", **_of_patient(visit, stage, region, ""))


@router.get("/patients/{patient}/information/{stage}.pdf")
def information_pdf(visit: Opened, stage: str, region: str = "", large: str = "") -> Response:
    """The text as PDF. Errors: NoPdfError."""
    context = _of_patient(visit, stage, region, large)
    if context["leaflet"] is None:
        raise InputError("There is no text without a region. Record whether it is the low back or the neck.")
    return paper(f"information-{stage}-{visit.stored.id}", rendered(visit.request, _PAPER, **context))


@router.get("/patients/{patient}/information/{stage}")
def on_paper(visit: Opened, stage: str, region: str = "", large: str = "") -> Response:
    """The text as it prints."""
    return visit.page(_PAPER, **_of_patient(visit, stage, region, large))


def stage_named(name: str) -> Stage:
    """The stage of that name. Errors: UsageError, with the nearest known one."""
    known = {stage.value: stage for stage in STAGES}
    if name not in known:
        raise UsageError(f"There is no text for a stage '{name}'." + nearest(name, known))
    return known[name]


def leaflet_for(
    document: Mapping[str, Any],
    stage: Stage,
    choices: ClinicChoices,
    region: Region | None = None,
    is_after_block: bool = False,
) -> PatientLeaflet:
    """The text for that patient. region: where the record names none that the sources tell of, which one is wanted."""
    elsewhere = is_elsewhere(document)
    where = region_of(document) or (None if elsewhere and region is not _NEAREST else region)
    if where is None:
        return PatientLeaflet(None, stage, None, elsewhere, (), ())
    about = situation_of(document, where)
    leaflet = compose(stage, about, choices, is_after_block)
    return PatientLeaflet(
        leaflet, stage, where, elsewhere, tuple(_listed(leaflet, it) for it in leaflet.sources), made_for(about)
    )


def made_for(about: Situation) -> tuple[str, ...]:
    """What the text was made for, so that a reader sees when it is not theirs."""
    thinner = {
        Truth.MET: "Our notes say that you take a blood thinner.",
        Truth.NOT_MET: "Our notes say that you take no blood thinner.",
        Truth.UNKNOWN: "We do not know if you take a blood thinner, so it covers both.",
    }
    drives = {
        Truth.MET: "Our notes say that you drive.",
        Truth.NOT_MET: "Our notes say that you do not drive.",
        Truth.UNKNOWN: "We do not know if you drive, so it covers both.",
    }
    sedation = {
        Truth.MET: "Medicine to make you drowsy (sedation) is planned.",
        Truth.NOT_MET: "No medicine to make you drowsy (sedation) is planned.",
        Truth.UNKNOWN: "It is not decided yet if you will have medicine to make you drowsy (sedation).",
    }
    region = {Region.LUMBAR: "It is about the low back.", Region.NECK: "It is about the neck."}
    return region[about.region], thinner[about.blood_thinner], drives[about.drives], sedation[about.sedation]


def _listed(leaflet: Leaflet, numbered: NumberedSource) -> ListedSource:
    source = numbered.source
    read = {
        reference.place: reference.read
        for section in leaflet.sections
        for line in section.lines
        for reference in line.references
        if reference.number == numbered.number
    }
    places = tuple(
        SourcePlace(place, HOW_READ[read[place]] if read[place] is not source.read else "") for place in numbered.places
    )
    is_text = source.id not in _OWN and source.url.startswith("http")
    how_read = HOW_READ[source.read] if source.id not in _OWN else ""
    return ListedSource(
        numbered.number, source.title, source.publisher, source.version, source.url if is_text else "", how_read, places
    )


def _region(name: str) -> Region | None:
    return next((region for region in Region if region.value == name), None)


def _frame(chosen: PatientLeaflet) -> dict[str, Any]:
    return {
        "handed": chosen,
        "leaflet": chosen.leaflet,
        "stages": STAGES,
        "chosen": chosen.stage,
        "regions": Region,
        "checker": CHECKER,
        "updates": UPDATES,
        "funding": FUNDING,
        "questions": Topic.QUESTIONS,
        "flags_topic": Topic.RED_FLAGS,
        "warning_signs": red_flags(),
    }


def _leaflet_for(
    document: Mapping[str, Any], settings: Settings, today: date, stage: str, region: str
) -> tuple[Stage, dict[str, Any]]:
    """The stage at which the patient is, and the text for the wanted one with all that its page shows."""
    own = stage_for(listed(document, settings.policy, today).next.stage)
    is_after = own is Stage.BEFORE_BLOCK and is_block_done(document, today)
    wanted = stage_named(stage) if stage else own
    return own, _frame(leaflet_for(document, wanted, ClinicChoices(settings.choices), _region(region), is_after))


def _mine(request: Request, linked: Linked, stage: str, region: str, large: bool) -> Response:
    state = state_of(request)
    document = state.store.get(linked.patient).document
    own, context = _leaflet_for(document, state.settings(), state.today(), stage, region)
    is_large = large or wants_large_print(clinic_of(document))
    return page(
        request, "information_mine.html", linked=linked, own=own, region_asked=region, large=is_large, **context
    )


def _of_patient(visit: Visit, stage: str, region: str, large: str) -> dict[str, Any]:
    own, context = _leaflet_for(visit.document, visit.settings, visit.today, stage, region)
    shown, needs_large = context["handed"].region, wants_large_print(visit.clinic)
    return {
        "patient": visit.patient,
        "own": own,
        "region_asked": shown.value if shown and region_of(visit.document) is None else "",
        "needs_large": needs_large,
        "large": needs_large if large not in ("0", "1") else large == "1",
        **context,
    }
