"""What the tests of the patient information hold it against: the dossier's atoms, the five documents, every situation."""

from __future__ import annotations

import re
from functools import cache
from itertools import product

from facetwise.information.content import conflicts
from facetwise.information.leaflet import Leaflet, compose
from facetwise.information.model.sentence import Stage
from facetwise.information.model.situation import Region, Situation
from facetwise.information.positions import ClinicChoices
from facetwise.language.truth import Truth
from tests.shared import shared

DOCUMENTS = {
    "bupa-2018": "000_70010e7204aaa6c2.txt",
    "cleveland-2019": "001_bcf20315b9944229.txt",
    "ebi-2k": "002_8fcbb7e818b5134a.txt",
    "mayo-2024": "003_47b77fb9dc6586d5.txt",
    "ebi-2k-summary": "004_568e9f5bf7788af7.txt",
}
SITUATIONS = tuple(Situation(*answers) for answers in product(Region, Truth, Truth, Truth))
PLAIN = tuple(Situation(region) for region in Region)
PICKED = tuple(
    ClinicChoices.of({found.id: option.id}) for found in conflicts().values() for option in found.options[1:]
)
LAST = ClinicChoices.of({found.id: found.options[-1].id for found in conflicts().values()})
CHOICES = (ClinicChoices(), *PICKED, LAST)


@cache
def leaflet(stage: Stage, about: Situation, choices: ClinicChoices) -> Leaflet:
    return compose(stage, about, choices)


def every_leaflet() -> list[Leaflet]:
    """Each situation with the defaults and with the last options; each region with each single pick."""
    asked = [(about, choices) for about in SITUATIONS for choices in (ClinicChoices(), LAST)]
    asked += [(about, choices) for about in PLAIN for choices in PICKED]
    return [leaflet(stage, about, choices) for stage in Stage for about, choices in asked]


@cache
def lines(source: str) -> tuple[str, ...]:
    return tuple(shared("sources", DOCUMENTS[source]).read_text(encoding="utf-8").splitlines())


def numbers_of(place: str) -> list[int]:
    """The line numbers of a place such as 'lines 54 to 60'; empty where it names none."""
    if not place.startswith("line"):
        return []
    if spread := re.fullmatch(r"lines (\d+) to (\d+)", place):
        return list(range(int(spread[1]), int(spread[2]) + 1))
    return [int(number) for number in re.findall(r"\d+", place)]


def words_of(text: str) -> list[str]:
    return re.findall(r"[a-z0-9]+", text.lower().replace("\u2019", "").replace("'", ""))


def dossier_atoms() -> dict[str, str]:
    """Each atom's id and type, as part A of the dossier has them."""
    part = shared("guidance-dossier.md").read_text(encoding="utf-8").split("## A.")[1].split("### A6")[0]
    found = dict(re.findall(r"(?m)^\|([BCEM]\d+)\|([A-Z/]+)\|", part))
    return found | dict(re.findall(r"\b(S\d+) ([A-Z/]+)\b", part.split("### A5")[1]))
