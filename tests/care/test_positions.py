"""Every conflict shows its positions and a default; the patient reads what the clinic picked and nothing else."""

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from facetwise.errors import UsageError
from facetwise.information.content import chapters, conflicts
from facetwise.information.leaflet import Leaflet, compose
from facetwise.information.model.position import Conflict, Option
from facetwise.information.model.sentence import Slot, Stage, Topic
from facetwise.information.model.situation import Situation
from facetwise.information.positions import ClinicChoices
from tests.care import material
from tests.care.material import PLAIN, SITUATIONS, leaflet

EVERY_OPTION = [(found, option) for found in conflicts().values() for option in found.options]


def test_every_conflict_of_the_dossier_is_there() -> None:
    assert list(conflicts()) == [f"D{number}" for number in range(1, 33)]


@pytest.mark.parametrize("found", conflicts().values(), ids=lambda found: found.id)
def test_a_conflict_has_positions_with_places_a_default_and_a_reason(found: Conflict) -> None:
    assert len(found.positions) >= 2
    assert all(position.says.strip() and position.cites for position in found.positions)
    assert len({cite.source for position in found.positions for cite in position.cites}) >= 2
    assert found.default is found.options[0]
    assert found.default.sentences and found.why.strip() and found.title.strip()
    assert len({option.id for option in found.options}) == len(found.options)


@pytest.mark.parametrize("found", conflicts().values(), ids=lambda found: found.id)
def test_every_sentence_of_a_conflict_has_a_slot_where_it_is_told(found: Conflict) -> None:
    slots = {chapter.topic for chapter in chapters() if Slot(found.id) in chapter.parts}
    told = {sentence.topic for option in found.options for sentence in (*option.sentences, *found.fixed)}
    assert told == slots


@pytest.mark.parametrize("found, option", EVERY_OPTION, ids=lambda value: value.id)
def test_the_patient_reads_the_option_picked_and_no_other(found: Conflict, option: Option) -> None:
    picked = {sentence.id for sentence in (*option.sentences, *found.fixed)}
    others = {sentence.id for other in found.options for sentence in other.sentences} - picked
    seen: set[str] = set()
    for about in SITUATIONS:
        whole = compose(Stage.WHOLE, about, ClinicChoices.of({found.id: option.id}))
        shown = {line.id for section in whole.sections for line in section.lines}
        assert not shown & others
        seen |= shown
    assert picked <= seen


def test_no_other_sentence_speaks_of_what_a_clinic_picks() -> None:
    """Choosing ice leaves no other word on ice; the explanations of words and the warning signs stand apart."""
    for made in material.every_leaflet():
        for found in conflicts().values():
            for line in elsewhere(made, found.id):
                for word in found.own_words:
                    assert not re.search(rf"\b{word}\b", line, re.IGNORECASE), (found.id, word, line)


def elsewhere(made: Leaflet, conflict: str) -> list[str]:
    told = [section for section in made.sections if section.topic not in (Topic.WORDS, Topic.RED_FLAGS)]
    return [line.says for section in told for line in section.lines if line.conflict != conflict]


def test_without_ice_the_word_is_gone() -> None:
    ask = {"D17": "ask"}
    for about in PLAIN:
        text = " ".join(s.text for s in leaflet(Stage.WHOLE, about, ClinicChoices.of(ask)).sections)
        assert "20 minutes" not in text and "ask the team before you use ice" in text


def test_ice_is_never_told_without_a_cloth_and_never_for_numb_skin() -> None:
    """No source says so; it is our own inference, and shown as one."""
    for made in material.every_leaflet():
        lines = {line.id: line for section in made.sections for line in section.lines}
        if "d17-ice" in lines:
            assert lines["d17-ice-cloth"].says == "Put a cloth between the ice and your skin."
            assert lines["d17-ice-numb"].says == "Do not put ice on skin that is numb or burnt."
            for name in ("d17-ice-cloth", "d17-ice-numb"):
                assert any(r.place == "cautious advice on D17" for r in lines[name].references)


def test_by_default_there_is_no_bath_and_no_swim_for_two_days() -> None:
    text = " ".join(s.text for s in leaflet(Stage.AFTERCARE, PLAIN[0], ClinicChoices()).sections)
    assert "Do not have a bath or go for a swim for two days." in text
    assert "from the start" not in text


def test_sedation_that_is_settled_for_the_patient_outranks_what_the_clinic_does_as_a_rule() -> None:
    from_the_start = [about for about in SITUATIONS if about.sedation.value != "unknown"]
    for about in from_the_start:
        told = [
            {line.id for section in compose(Stage.THE_DAY, about, choices).sections for line in section.lines}
            for choices in (ClinicChoices(), ClinicChoices.of({"D10": "none"}), ClinicChoices.of({"D10": "drip"}))
        ]
        assert told[0] == told[1] == told[2]


def test_a_choice_that_is_none_is_refused_with_the_nearest() -> None:
    with pytest.raises(
        UsageError, match=r"The conflict D16 \(Water\) has no option 'two-day'\. Did you mean 'two-days'"
    ):
        ClinicChoices.of({"D16": "two-day"})
    with pytest.raises(UsageError, match=r"There is no conflict 'D33'\. Did you mean 'D"):
        ClinicChoices.of({"D33": "ask"})
    with pytest.raises(UsageError, match="'D16' is picked more than once"):
        ClinicChoices((("D16", "two-days"), ("D16", "swim")))


any_choices = st.fixed_dictionaries(
    {}, optional={found.id: st.sampled_from([o.id for o in found.options]) for found in conflicts().values()}
).map(ClinicChoices.of)


@settings(deadline=None)
@given(st.sampled_from(list(Stage)), st.sampled_from(SITUATIONS), any_choices)
def test_every_combination_composes_each_line_once_and_with_its_sources(
    stage: Stage, about: Situation, choices: ClinicChoices
) -> None:
    made = compose(stage, about, choices)
    ids = [line.id for section in made.sections for line in section.lines]
    assert len(ids) == len(set(ids))
    numbers = {source.number for source in made.sources}
    assert numbers == set(range(1, len(made.sources) + 1))
    for section in made.sections:
        assert section.lines
        for line in section.lines:
            assert line.references
            assert {reference.number for reference in line.references} <= numbers
