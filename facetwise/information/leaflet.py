"""One clear text for a stage, a patient and a clinic: sections of sentences with numbered sources."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from facetwise.information.chapters import after, asking, before, block, day, deciding
from facetwise.information.model import red_flags, words
from facetwise.information.model.red_flags import RED_FLAGS, RedFlag
from facetwise.information.model.sentence import Chapter, Sentence, Slot, Stage, Topic
from facetwise.information.model.situation import Region, Situation
from facetwise.information.model.standards import DECISION_STAGES, IPDAS, NEXT_REVIEW, REVIEWED, Standard
from facetwise.information.positions import ClinicChoices, conflict
from facetwise.language.citation import Read, Source

CHAPTERS: tuple[Chapter, ...] = (
    *deciding.CHAPTERS,
    *before.CHAPTERS,
    *block.CHAPTERS,
    *day.CHAPTERS,
    *after.CHAPTERS,
    *asking.CHAPTERS,
    red_flags.CHAPTER,
)
_WARN_FIRST = (Stage.BEFORE_BLOCK, Stage.THE_DAY, Stage.AFTERCARE, Stage.FOLLOW_UP, Stage.WHOLE)
_TITLES = {
    Stage.BEFORE_BLOCK: "Before your test block",
    Stage.BEFORE_PROCEDURE: "Before radiofrequency denervation",
    Stage.THE_DAY: "The day of radiofrequency denervation",
    Stage.AFTERCARE: "After radiofrequency denervation",
    Stage.FOLLOW_UP: "Follow-up, and having it again",
    Stage.WHOLE: "Radiofrequency denervation, from the first question to follow-up",
}
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


Told = tuple[Sentence, str]


def compose(
    stage: Stage, about: Situation, choices: ClinicChoices | None = None, is_block_done: bool = False
) -> Leaflet:
    """The leaflet of that stage, for that patient, with what the clinic picked where the sources differ.

    is_block_done: the test block was done, so that its text begins with what to do after it.
    """
    picked = choices or ClinicChoices()
    is_after = is_block_done and stage is Stage.BEFORE_BLOCK
    chapters = _ordered(stage, is_after)
    told = [(chapter, sentences) for chapter in chapters if (sentences := _told(chapter, stage, about, picked))]
    text = " ".join(sentence.says for _, sentences in told for sentence, _ in sentences)
    meanings: list[Told] = [(sentence, "") for sentence in words.explained(text)]
    if meanings:
        told.append((Chapter(Topic.WORDS, words.HEADING, frozenset({stage}), (), terms=True), meanings))
    numbers = _numbers(sentence for _, sentences in told for sentence, _ in sentences)
    return Leaflet(
        title=f"{_AFTER_BLOCK if is_after else _TITLES[stage]} ({_REGIONS[about.region]})",
        stage=stage,
        about=about,
        choices=picked,
        sections=tuple(_section(chapter, sentences, numbers) for chapter, sentences in told),
        sources=_sources((sentence for _, sentences in told for sentence, _ in sentences), numbers),
        red_flags=RED_FLAGS,
        standards=IPDAS if stage in DECISION_STAGES else (),
        reviewed=REVIEWED,
        next_review=NEXT_REVIEW,
    )


def _ordered(stage: Stage, is_after_block: bool) -> list[Chapter]:
    """The chapters of the stage; where they tell of a needle and after, the warning signs come first."""
    chapters = [chapter for chapter in CHAPTERS if stage in chapter.stages]
    if is_after_block:
        chapters.sort(key=lambda chapter: chapter.topic is not Topic.BLOCK_AFTER)
    if stage in _WARN_FIRST:
        chapters.sort(key=lambda chapter: chapter.topic is not Topic.RED_FLAGS)
    return chapters


def _told(chapter: Chapter, stage: Stage, about: Situation, choices: ClinicChoices) -> list[Told]:
    told: list[Told] = []
    for part in chapter.parts:
        if isinstance(part, Slot):
            given = (*conflict(part.conflict).fixed, *choices.option(part.conflict).sentences)
            told += [(sentence, part.conflict) for sentence in given if sentence.topic is chapter.topic]
        else:
            told.append((part, ""))
    return [(sentence, name) for sentence, name in told if sentence.is_for(stage, about)]


def _numbers(sentences: Iterable[Sentence]) -> dict[Source, int]:
    """Each source by its number, in the order in which the text first rests on it."""
    sources = dict.fromkeys(cite.source for sentence in sentences for cite in sentence.cites)
    return {source: number for number, source in enumerate(sources, 1)}


def _section(chapter: Chapter, told: list[Told], numbers: dict[Source, int]) -> Section:
    lines = tuple(Line(sentence.id, sentence.says, _references(sentence, numbers), name) for sentence, name in told)
    return Section(chapter.topic, chapter.heading, lines, chapter.terms)


def _references(sentence: Sentence, numbers: dict[Source, int]) -> tuple[Reference, ...]:
    return tuple(Reference(numbers[cite.source], cite.place, cite.quote, cite.read) for cite in sentence.cites)


def _sources(sentences: Iterable[Sentence], numbers: dict[Source, int]) -> tuple[NumberedSource, ...]:
    places: dict[Source, dict[str, None]] = {source: {} for source in numbers}
    for sentence in sentences:
        for cite in sentence.cites:
            places[cite.source][cite.place] = None
    return tuple(NumberedSource(number, source, tuple(places[source])) for source, number in numbers.items())
