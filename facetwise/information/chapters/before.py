"""The test block that comes first, and preparing."""

from functools import partial

from facetwise.guidance import safety
from facetwise.information.model.sentence import Chapter, Sentence, Slot, Stage, Topic, stages
from facetwise.information.model.situation import LUMBAR
from facetwise.information.statements.sources import cautious
from facetwise.language.citation import Cite

_test = partial(Sentence, Topic.TEST_BLOCK)
TEST_BLOCK = Chapter(
    Topic.TEST_BLOCK,
    "A test block comes first",
    stages(Stage.BEFORE_BLOCK),
    (
        _test("test-first", "You are only offered the treatment if a test comes first.", ("B11", "E7", "S6", "C11")),
        _test(
            "test-purpose",
            "The test is to show which joints your pain comes from, if any.",
            ("B12", "C11", "E7", "M29"),
        ),
        Slot("D1"),
        _test("test-numbing-only", "It should be numbing medicine and nothing else.", ("C11",)),
        Slot("D2"),
        Slot("D3"),
        _test(
            "test-good",
            "If your pain eases, the treatment may help you and may be offered.",
            ("M12", "C13", "E10", "S8"),
        ),
        _test("test-bad", "If it does not ease enough, the treatment is not done.", ("C12",)),
        _test("test-long", "If the relief lasts and lasts, you may not need the treatment at all.", ("E11", "S8")),
        _test(
            "test-score",
            "Write down your pain before and after, to show how much it changed.",
            ("B41", "M12"),
            (cautious("the test block"),),
        ),
        _test(
            "test-pathway", "A test block is only one step in the plan for low back pain.", ("E9", "S7"), only=LUMBAR
        ),
    ),
)


def _caution(name: str) -> Cite:
    return next(caution.cite for caution in safety.SAFETY if caution.id == name)


_prepare = partial(Sentence, Topic.PREPARING)
PREPARING = Chapter(
    Topic.PREPARING,
    "Getting ready",
    stages(Stage.BEFORE_BLOCK, Stage.BEFORE_PROCEDURE, Stage.THE_DAY),
    (
        Slot("D23"),
        _prepare(
            "prepare-device",
            "Tell the team if you have a pacemaker, a defibrillator or a nerve stimulator.",
            also=(_caution("pacemaker"), _caution("icd"), _caution("neurostimulator")),
        ),
        _prepare(
            "prepare-bleeding",
            "Tell them if you have an illness that makes you bleed easily.",
            also=(_caution("bleeding_disorder"),),
        ),
        _prepare(
            "prepare-pregnant",
            "Tell them if you are or could be pregnant, as X-rays are used.",
            also=(_caution("pregnant"),),
        ),
        _prepare(
            "prepare-infection",
            "Tell them if you have a fever or an infection, or if the skin there is sore.",
            also=(_caution("local_infection"), _caution("systemic_infection")),
        ),
        _prepare("prepare-allergy", "Tell them about any allergy.", also=(_caution("allergy"),)),
        _prepare(
            "prepare-metal",
            "Tell them if you have metal in your spine, or bones that were joined.",
            also=(_caution("lumbar_metalwork"), _caution("fusion_at_level")),
        ),
        _prepare("prepare-front", "Tell them if you cannot lie on your front.", also=(_caution("cannot_lie_prone"),)),
        Slot("D28"),
        Slot("D22"),
        _prepare(
            "prepare-consent",
            "Ask all you want to know before you give consent.",
            ("B51", "B55"),
            stages=stages(Stage.BEFORE_BLOCK, Stage.BEFORE_PROCEDURE, Stage.THE_DAY),
        ),
    ),
)
CHAPTERS = (TEST_BLOCK, PREPARING)
