"""Leaflets: readable, balanced, complete to the IPDAS minimum, with warning signs, and fit for the patient."""

import re
import warnings
from functools import cache

import pytest

from facetwise.information.content import red_flags, terms
from facetwise.information.leaflet import Leaflet, compose
from facetwise.information.model.red_flags import Whom
from facetwise.information.model.sentence import BRAN, Stage, Topic
from facetwise.information.model.situation import Region, Situation
from facetwise.information.model.standards import CHECKER, DECISION_STAGES, FUNDING, IPDAS, UPDATES
from facetwise.information.positions import ClinicChoices
from facetwise.language.truth import Truth
from tests.care import material
from tests.care.material import PLAIN, SITUATIONS, leaflet

with warnings.catch_warnings():
    warnings.simplefilter("ignore")  # it asks setuptools for its own folder in the old way
    import textstat

MEDICAL = re.compile(
    r"\b(facet|denervation|ablation|neurotomy|rhizolysis|rhizotomy|radiofrequency|medial branch|block|numbing|numbed|"
    r"sedation|steroid|anaesthetic|blood thinner|anticoagulant|antiplatelet|pacemaker|defibrillator|stimulator|arthritis|"
    r"whiplash|physiotherapy|manual therapy|psychological|antibiotics|consent|fluoroscop\w+|sacroiliac|cartilage|"
    r"vertebra\w*|ligament\w*|degenerate|lumbar|cervical|chronic|conservative|outpatient|prone|axons?|thermal|lesion\w*)\b",
    re.IGNORECASE,
)
LEAFLETS = material.every_leaflet()


@cache
def grade(text: str) -> float:
    return float(textstat.flesch_kincaid_grade(text))


def core(made: Leaflet) -> str:
    return " ".join(section.text for section in made.sections if not section.terms)


def lines_of(made: Leaflet) -> list[str]:
    return [line.says for section in made.sections for line in section.lines]


def test_the_core_of_every_leaflet_reads_at_grade_6_or_lower() -> None:
    assert max(grade(core(made)) for made in LEAFLETS) <= 6
    harder = {(s.topic, grade(s.text)) for made in LEAFLETS for s in made.sections if not s.terms}
    assert [found for found in harder if found[1] > 6] == []


def test_sections_whose_terms_cannot_be_avoided_read_at_grade_8_or_lower() -> None:
    terms = {(s.topic, grade(s.text)) for made in LEAFLETS for s in made.sections if s.terms}
    assert {topic for topic, _ in terms} == {Topic.WIDER_PLAN, Topic.WORDS}
    assert [found for found in terms if found[1] > 8] == []


def test_benefits_risks_alternatives_and_doing_nothing_are_told_at_equal_length() -> None:
    """The longest of the four is at most 30 per cent longer than the shortest."""
    for made in LEAFLETS:
        lengths = [len(s.text.split()) for topic in BRAN if (s := made.section(topic))]
        assert len(lengths) in (0, 4)
        assert not lengths or max(lengths) <= 1.3 * min(lengths), (made.about, lengths)


def test_a_choice_is_never_put_without_all_four() -> None:
    deciding = {made.stage for made in LEAFLETS if made.section(Topic.BENEFITS)}
    assert deciding == {Stage.BEFORE_BLOCK, Stage.BEFORE_PROCEDURE, Stage.WHOLE}


@pytest.mark.parametrize("stage", DECISION_STAGES, ids=lambda stage: stage.value)
@pytest.mark.parametrize("about", PLAIN, ids=lambda about: about.region.value)
def test_the_ipdas_minimum_is_met(stage: Stage, about: Situation) -> None:
    made = leaflet(stage, about, ClinicChoices())
    assert [standard.id for standard in made.standards] == [
        "condition",
        "decision",
        "options",
        "positive",
        "negative",
        "what-it-is-like",
        "equal-detail",
        "citations",
        "date",
        "update-policy",
        "uncertainty",
        "funding",
    ]
    for standard in made.standards:
        assert standard.asks.strip() and standard.says.strip()
        assert all(made.section(topic) for topic in standard.topics), standard.id
    assert made.sources and made.reviewed < made.next_review
    assert (made.next_review - made.reviewed).days <= 366
    assert all(text.strip() for text in (CHECKER, UPDATES, FUNDING))


def test_a_leaflet_that_is_for_no_choice_claims_no_standard() -> None:
    assert {made.stage for made in LEAFLETS if made.standards} == set(DECISION_STAGES)
    assert {made.standards for made in LEAFLETS} == {(), IPDAS}


def test_the_warning_signs_are_in_every_leaflet_and_first_where_a_needle_is_told_of() -> None:
    """Only the text for choosing the treatment ends with them: the day and what comes after have texts of their own."""
    for made in LEAFLETS:
        shown = made.section(Topic.RED_FLAGS)
        assert shown
        assert {flag.sentence.id for flag in red_flags()} <= {line.id for line in shown.lines}
        assert made.red_flags == red_flags()
        assert (made.sections[0] is shown) == (made.stage is not Stage.BEFORE_PROCEDURE)


def test_a_ticked_sign_names_whom_to_call_and_how_soon() -> None:
    by_id = {flag.id: flag.whom for flag in red_flags()}
    assert by_id["cauda-equina"] is by_id["getting-weaker"] is Whom.EMERGENCY
    assert by_id["infection"] is Whom.NOW
    assert all(re.search("999|NHS 111|unit", whom.value) and re.search("now|today", whom.value) for whom in Whom)


def test_numb_skin_where_the_needle_went_in_is_no_sign_to_tick() -> None:
    """It is expected for a time (D20): every sign of numbness names the part of the body, in the tick and the text."""
    asked = [says for flag in red_flags() for says in (flag.ask, flag.sentence.says) if "numb" in says.lower()]
    assert len(asked) >= 6
    assert [says for says in asked if not re.search(r"\b(arms?|legs?|bottom|groin)\b", says)] == []


def test_the_signs_that_no_source_lists_say_where_they_come_from() -> None:
    made = leaflet(Stage.AFTERCARE, PLAIN[0], ClinicChoices())
    assert any("none of our five main sources" in line for line in lines_of(made))
    assert {"g-care-glos", "chesterfield-cauda-equina"} <= {source.source.id for source in made.sources}


def test_each_medical_word_is_explained_once_where_it_is_used() -> None:
    for made in LEAFLETS:
        told = " ".join(s.text for s in made.sections if s.topic is not Topic.WORDS)
        meanings = made.section(Topic.WORDS)
        explained = [line.id for line in meanings.lines] if meanings else []
        assert len(explained) == len(set(explained))
        for term in terms():
            assert term.is_in(told) <= (term.sentence.id in explained), (made.stage, term.pattern)
            told = re.sub(rf"\b(?:{term.pattern})\b", "", told, flags=re.IGNORECASE)
        assert not MEDICAL.search(told), (made.stage, MEDICAL.search(told))


def test_a_word_that_is_not_used_is_not_explained() -> None:
    made = leaflet(Stage.THE_DAY, Situation(Region.LUMBAR, Truth.UNKNOWN), ClinicChoices.of({"D11": "ask"}))
    meanings = made.section(Topic.WORDS)
    assert meanings and "word-whiplash" not in [line.id for line in meanings.lines]


def test_neck_and_low_back_differ() -> None:
    back, neck = (set(lines_of(leaflet(Stage.WHOLE, about, ClinicChoices()))) for about in PLAIN)
    assert any("thigh" in line for line in back) and not any("thigh" in line for line in neck)
    assert any("whiplash" in line for line in neck) and not any("whiplash" in line for line in back)
    assert any("Some of our sources only speak of the back" in line for line in neck)
    assert "Most people whose back hurts can do without it." in back - neck


@pytest.mark.parametrize("answer", Truth)
def test_a_blood_thinner_is_always_spoken_of_and_never_stopped(answer: Truth) -> None:
    for about in (found for found in SITUATIONS if found.blood_thinner is answer):
        for stage in (Stage.BEFORE_BLOCK, Stage.BEFORE_PROCEDURE, Stage.THE_DAY, Stage.WHOLE):
            told = [line for line in lines_of(compose(stage, about)) if "blood thinner" in line]
            assert any(re.search(r"tell the team|make sure the team knows", line, re.IGNORECASE) for line in told)
            assert any("do not stop it on your own." in line.lower() for line in lines_of(compose(stage, about)))
            assert any(line.startswith("Only the person who prescribes it") for line in lines_of(compose(stage, about)))


def test_a_no_about_blood_thinners_is_told_as_what_the_notes_say_and_can_be_put_right() -> None:
    """It may come from an import or a box, and it may be no because somebody took the patient off one for the day."""
    for about in (found for found in SITUATIONS if found.blood_thinner is Truth.NOT_MET):
        text = " ".join(lines_of(compose(Stage.THE_DAY, about)))
        assert "Our notes say that you take no blood thinner, so tell the team if that is wrong or changes." in text
        assert "You told us" not in text
        assert "If anything about a blood thinner was changed, ask before you go home" in text


@pytest.mark.parametrize("answer", Truth)
def test_nobody_is_left_without_the_words_on_driving(answer: Truth) -> None:
    """Who is said not to drive may still have the keys; only when to drive again is for those who may drive."""
    for about in (found for found in SITUATIONS if found.drives is answer):
        for stage in (Stage.BEFORE_PROCEDURE, Stage.THE_DAY, Stage.WHOLE):
            told = lines_of(leaflet(stage, about, ClinicChoices()))
            assert "You cannot drive yourself home." in told
            assert "Do not drive after it." in told
            assert ("Ask the team when you can drive again." in told) == (answer is not Truth.NOT_MET)
            assert any("take you home" in line for line in told)
        assert "You cannot drive yourself home." in lines_of(leaflet(Stage.BEFORE_BLOCK, about, ClinicChoices()))
        assert "Do not drive after it." in lines_of(leaflet(Stage.AFTERCARE, about, ClinicChoices()))


def test_the_test_block_has_words_for_its_own_day_and_after_and_they_are_shown_as_our_own() -> None:
    """Whatever is known of the patient and whatever the clinic picked; what a source says of blocks needs no such mark."""
    for made in LEAFLETS:
        if made.stage not in (Stage.BEFORE_BLOCK, Stage.WHOLE):
            assert not made.section(Topic.BLOCK_DAY) and not made.section(Topic.BLOCK_AFTER)
            continue
        day, after = made.section(Topic.BLOCK_DAY), made.section(Topic.BLOCK_AFTER)
        assert day and after
        limb = "a leg" if made.about.region is Region.LUMBAR else "an arm or a leg"
        for words_of_it in (
            "Do not drive after the test block",
            "take you home",
            f"{limb} ",
            "numb or weak",
            "sheet of scores",
            "call the unit",
            "Get help now",
            "numbing medicine wears off",
        ):
            assert words_of_it.lower() in after.text.lower(), words_of_it
        ours = {numbered.number for numbered in made.sources if numbered.source.id == "facetwise-cautious"}
        unmarked = [it.id for s in (day, after) for it in s.lines if not ours & {r.number for r in it.references}]
        assert unmarked == []


def test_the_risks_of_the_heat_are_not_told_as_those_of_the_test_block() -> None:
    for made in LEAFLETS:
        if made.stage is Stage.BEFORE_BLOCK:
            risks = made.section(Topic.RISKS)
            assert risks
            assert not re.search(r"\bburns?\b|\bthe sun\b|worse for a time", risks.text)
            assert "The heat of the treatment has risks of its own." in risks.text
            assert "Our sources tell these of the treatment, and little of the test alone." in risks.text


def test_a_leaflet_is_the_same_each_time_and_cannot_be_changed() -> None:
    made = compose(Stage.WHOLE, PLAIN[0])
    assert made == compose(Stage.WHOLE, PLAIN[0], ClinicChoices())
    assert hash(made)
    with pytest.raises(AttributeError):
        made.title = "x"  # type: ignore[misc]


def test_the_sources_of_a_leaflet_list_every_place_in_their_version() -> None:
    for made in LEAFLETS:
        listed = {(source.number, place) for source in made.sources for place in source.places}
        used = {(r.number, r.place) for s in made.sections for line in s.lines for r in line.references}
        assert listed == used
        assert all(source.source.version for source in made.sources)
