"""One clear text for a stage, a patient and a clinic: sections of sentences with numbered sources."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date

from facetwise.information.content import chapters, red_flags, terms
from facetwise.information.model.red_flags import RedFlag
from facetwise.information.model.sentence import Chapter, Sentence, Slot, Stage, Topic
from facetwise.information.model.situation import Region, Situation
from facetwise.information.model.standards import DECISION_STAGES, IPDAS, NEXT_REVIEW, REVIEWED, Standard
from facetwise.information.model.terms import explain
from facetwise.information.positions import ClinicChoices, conflict
from facetwise.language.citation import Read, Source

_WARN_FIRST = (Stage.BEFORE_BLOCK, Stage.THE_DAY, Stage.AFTERCARE, Stage.FOLLOW_UP, Stage.WHOLE)
_TITLES = {
    Stage.BEFORE_BLOCK: "Before your test block",
    Stage.BEFORE_PROCEDURE: "Before radiofrequency denervation",
    Stage.THE_DAY: "The day of radiofrequency denervation",
    Stage.AFTERCARE: "After radiofrequency denervation",
    Stage.FOLLOW_UP: "Follow-up, and having it again",
    Stage.WHOLE: "Radiofrequency denervation, from the first question to follow-up",
}
_WORDS_HEADING = "What the words mean"
_AFTER_BLOCK = "After your test block"
_REGIONS = {Region.LUMBAR: "low back", Region.NECK: "neck"}


@dataclass(frozen=True)
class Reference:
    """Where a line rests: the number of its source in the leaflet, the place in it, how far that was read."""

    number: int
    place: str
    quote: str
    read: Read


@dataclass(frozen=True)
class Line:
    """A sentence as the patient reads it. conflict: the point on which the clinic picked it, or ''."""

    id: str
    says: str
    references: tuple[Reference, ...]
    conflict: str = ""


@dataclass(frozen=True)
class Section:
    """A topic under its heading. terms: its medical words cannot be avoided."""

    topic: Topic
    heading: str
    lines: tuple[Line, ...]
    terms: bool = False

    @property
    def text(self) -> str:
        return " ".join(line.says for line in self.lines)


@dataclass(frozen=True)
class NumberedSource:
    """A source of the leaflet, and every place of it that a line rests on."""

    number: int
    source: Source
    places: tuple[str, ...]


@dataclass(frozen=True)
class Leaflet:
    """The text for one stage, patient and clinic. standards: the IPDAS minimum, where it is for a decision."""

    title: str
    stage: Stage
    about: Situation
    choices: ClinicChoices
    sections: tuple[Section, ...]
    sources: tuple[NumberedSource, ...]
    red_flags: tuple[RedFlag, ...]
    standards: tuple[Standard, ...]
    reviewed: date
    next_review: date

    def section(self, topic: Topic) -> Section | None:
        """The section on that topic; None where this stage has none."""
        return next((section for section in self.sections if section.topic is topic), None)


# A sentence, and the conflict on which the clinic picked it or ''.
Picked = tuple[Sentence, str]


def compose(
    stage: Stage, about: Situation, choices: ClinicChoices | None = None, is_block_done: bool = False
) -> Leaflet:
    """The leaflet of that stage, for that patient, with what the clinic picked where the sources differ.

    is_block_done: the test block was done, so that its text begins with what to do after it.
    """
    chosen = choices or ClinicChoices()
    is_after = is_block_done and stage is Stage.BEFORE_BLOCK
    parts: list[tuple[Chapter, list[Picked]]] = []
    for chapter in _ordered(stage, is_after):
        picked = _picked(chapter, stage, about, chosen)
        if picked:
            parts.append((chapter, picked))
    text = " ".join(sentence.says for sentence in _sentences(parts))
    meanings: list[Picked] = [(sentence, "") for sentence in explain(text, terms())]
    if meanings:
        parts.append((Chapter(Topic.WORDS, _WORDS_HEADING, frozenset({stage}), (), terms=True), meanings))
    numbers = _numbers(_sentences(parts))
    return Leaflet(
        title=f"{_AFTER_BLOCK if is_after else _TITLES[stage]} ({_REGIONS[about.region]})",
        stage=stage,
        about=about,
        choices=chosen,
        sections=tuple(_section(chapter, picked, numbers) for chapter, picked in parts),
        sources=_sources(_sentences(parts), numbers),
        red_flags=red_flags(),
        standards=IPDAS if stage in DECISION_STAGES else (),
        reviewed=REVIEWED,
        next_review=NEXT_REVIEW,
    )


def _sentences(parts: Iterable[tuple[Chapter, list[Picked]]]) -> Iterator[Sentence]:
    for _, picked in parts:
        for sentence, _ in picked:
            yield sentence


def _ordered(stage: Stage, is_after_block: bool) -> list[Chapter]:
    """The chapters of the stage; where they speak of a needle and after, the warning signs come first."""
    found = [chapter for chapter in chapters() if stage in chapter.stages]
    if is_after_block:
        found.sort(key=lambda chapter: chapter.topic is not Topic.BLOCK_AFTER)
    if stage in _WARN_FIRST:
        found.sort(key=lambda chapter: chapter.topic is not Topic.RED_FLAGS)
    return found


def _picked(chapter: Chapter, stage: Stage, about: Situation, choices: ClinicChoices) -> list[Picked]:
    """The sentences of a chapter for that stage and patient, each slot filled with the clinic's option."""
    picked: list[Picked] = []
    for part in chapter.parts:
        if isinstance(part, Slot):
            sentences = (*conflict(part.conflict).fixed, *choices.option(part.conflict).sentences)
            picked += [(sentence, part.conflict) for sentence in sentences if sentence.topic is chapter.topic]
        else:
            picked.append((part, ""))
    return [(sentence, name) for sentence, name in picked if sentence.is_for(stage, about)]


def _numbers(sentences: Iterable[Sentence]) -> dict[Source, int]:
    """Each source by its number, in the order in which the text first rests on it."""
    numbers: dict[Source, int] = {}
    for sentence in sentences:
        for cite in sentence.cites:
            numbers.setdefault(cite.source, len(numbers) + 1)
    return numbers


def _section(chapter: Chapter, picked: list[Picked], numbers: dict[Source, int]) -> Section:
    lines = tuple(Line(sentence.id, sentence.says, _references(sentence, numbers), name) for sentence, name in picked)
    return Section(chapter.topic, chapter.heading, lines, chapter.terms)


def _references(sentence: Sentence, numbers: dict[Source, int]) -> tuple[Reference, ...]:
    return tuple(Reference(numbers[cite.source], cite.place, cite.quote, cite.read) for cite in sentence.cites)


def _sources(sentences: Iterable[Sentence], numbers: dict[Source, int]) -> tuple[NumberedSource, ...]:
    places: dict[Source, dict[str, None]] = {source: {} for source in numbers}
    for sentence in sentences:
        for cite in sentence.cites:
            places[cite.source][cite.place] = None
    return tuple(NumberedSource(number, source, tuple(places[source])) for source, number in numbers.items())
