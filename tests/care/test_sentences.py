"""Every sentence has a place that exists, is in words of our own, and says nothing that it must never say."""

import re

import pytest

from facetwise.errors import PolicyError
from facetwise.information.content import chapters, conflicts, red_flags, statements
from facetwise.information.model.red_flags import Whom
from facetwise.information.model.sentence import Chapter, Sentence, Stage, Topic
from facetwise.information.model.standards import IPDAS
from facetwise.information.sources import FIVE
from facetwise.language.citation import Cite
from tests.care import material
from tests.care.written import every_sentence

SENTENCES = every_sentence()
RUN = 7

READ_BY_PATIENTS = (
    *((sentence.id, sentence.says) for sentence in SENTENCES),
    *((chapter.topic.value, chapter.heading) for chapter in chapters()),
    *((flag.id, flag.ask) for flag in red_flags()),
    *((whom.name, whom.value) for whom in Whom),
)
WRITTEN = (
    *READ_BY_PATIENTS,
    *((found.id, found.says) for found in statements().values()),
    *((found.id, text) for found in conflicts().values() for text in (found.title, found.why)),
    *((found.id, position.says) for found in conflicts().values() for position in found.positions),
    *((found.id, option.says) for found in conflicts().values() for option in found.options),
    *((standard.id, standard.says) for standard in IPDAS),
)
NEVER = re.compile(
    r"\b(safe|safely|safer|safety|cure|cures|cured|you will|you'll|guarantee\w*|promis\w*|always works?|certain to|"
    r"eligible|painless|permanent fix)\b",
    re.IGNORECASE,
)
RATE = re.compile(
    r"%|\bper ?cent\b|\b(in|out of) (every )?(\d{1,3}|five|ten|a hundred|a thousand)\b|\b\d+ (people|patients)\b|\bone in\b|\bodds\b|"
    r"\b(half|third|quarter) of (people|patients|those)\b",
    re.IGNORECASE,
)
STOPPING = re.compile(r"\b(stop|stops|stopping|pause|miss|skip|leave out|come off|days? before|hours? before)\b", re.I)
MAY_SPEAK_OF_STOPPING = {
    "d23-not-alone": "Do not stop it on your own.",
    "d23-none-not-alone": "If you do take one, do not stop it on your own.",
}


@pytest.mark.parametrize("sentence", SENTENCES, ids=lambda sentence: sentence.id)
def test_every_place_of_a_sentence_exists(sentence: Sentence) -> None:
    assert sentence.cites
    for cite in sentence.cites:
        assert_stands(cite)


@pytest.mark.parametrize("name", conflicts())
def test_every_place_of_a_position_exists(name: str) -> None:
    for position in conflicts()[name].positions:
        assert position.cites
        for cite in position.cites:
            assert_stands(cite)


def assert_stands(cite: Cite) -> None:
    """A place in one of the five documents is a line of it that is not empty, and holds the quotation."""
    assert cite.place.strip()
    if cite.source not in FIVE:
        return
    text = material.lines(cite.source.id)
    numbers = material.numbers_of(cite.place)
    assert numbers or cite.place.startswith("live page"), cite
    assert all(number <= len(text) for number in numbers), cite
    assert not numbers or any(text[number - 1].strip() for number in numbers), cite
    assert not cite.quote or any(cite.quote in text[number - 1] for number in numbers), cite


def runs(text: str) -> set[tuple[str, ...]]:
    words = material.words_of(text)
    return {tuple(words[start : start + RUN]) for start in range(len(words) - RUN + 1)}


def test_nothing_is_copied_from_a_source() -> None:
    """Facts may be carried, sentences may not: no seven words in a row are a document's."""
    theirs = {run for source in material.DOCUMENTS for run in runs("\n".join(material.lines(source)))}
    assert theirs
    assert [(name, run) for name, text in WRITTEN for run in runs(text) & theirs] == []


def test_no_forbidden_word_is_said() -> None:
    assert [(name, found[0]) for name, text in WRITTEN if (found := NEVER.search(text))] == []


def test_no_rate_is_told() -> None:
    assert [(name, found[0]) for name, text in READ_BY_PATIENTS if (found := RATE.search(text))] == []


def test_nobody_is_told_to_stop_a_medicine_or_when() -> None:
    found = {name: text for name, text in READ_BY_PATIENTS if STOPPING.search(text)}
    assert found == MAY_SPEAK_OF_STOPPING


@pytest.mark.parametrize(
    "name", ["d3-no-number", "d21-no-number", "d31-no-number", "d14-ask", "repeat-unknown", "unknown-rate"]
)
def test_where_no_source_gives_a_number_the_text_says_so(name: str) -> None:
    says = next(sentence.says for sentence in SENTENCES if sentence.id == name)
    assert re.search(r"\bnames? (no|a) (number|time)\b", says)
    assert re.search(r"\bno(ne)?\b", says, re.IGNORECASE)


def test_patients_are_addressed_in_british_english_and_plain_marks() -> None:
    for name, text in READ_BY_PATIENTS:
        assert not re.search(r"[\u2018\u2019\u201c\u201d!;]|\be\.g\.|\bi\.e\.|\betc\b", text), name
        assert not re.search(r"anesthe|color\b|center\b|tumor|hospitalized|doctor's office|\bhis or her\b", text), name
        assert not re.search(r"\w'(ll|ve|re|s|t|d)\b", text), name


def test_sentences_are_short() -> None:
    assert [sentence.id for sentence in SENTENCES if len(material.words_of(sentence.says)) > 25] == []


def test_a_sentence_without_a_source_or_an_end_is_refused() -> None:
    with pytest.raises(PolicyError, match="'x' has no source"):
        Sentence(Topic.WHO, "x", "It is so.")
    with pytest.raises(PolicyError, match="'x' does not end"):
        Sentence(Topic.WHO, "x", "It is so", (statements()["B2"],))


def test_a_sentence_in_the_wrong_chapter_is_refused() -> None:
    with pytest.raises(PolicyError, match="'x' is about who, not risks"):
        Chapter(Topic.RISKS, "Risks", frozenset(Stage), (Sentence(Topic.WHO, "x", "It is so.", (statements()["B2"],)),))
