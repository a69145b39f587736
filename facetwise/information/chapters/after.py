"""Recovery: what to expect, the first week, later, the wider plan, how long relief lasts, and asking for a repeat."""

from functools import partial

from facetwise.guidance.policies.hny_2025 import SOURCE as HNY
from facetwise.information.model.sentence import Chapter, Sentence, Slot, Stage, Topic, stages
from facetwise.information.model.situation import LUMBAR
from facetwise.information.statements.sources import cautious
from facetwise.language.citation import Cite

_expected = partial(Sentence, Topic.EXPECTED)
EXPECTED = Chapter(
    Topic.EXPECTED,
    "What to expect, and when to call",
    stages(Stage.BEFORE_PROCEDURE, Stage.THE_DAY, Stage.AFTERCARE),
    (
        _expected("expect-mild", "Most side effects are mild and soon go.", ("B42",)),
        _expected("expect-worse", "You may have pain at first, and it may get worse before it eases.", ("B32", "B44")),
        Slot("D18"),
        _expected("expect-cause", "Tight muscles and the marks of the needles are the cause.", ("C26",)),
        _expected("expect-bruise", "You may have a bruise, or small burns from the needle.", ("B43", "B44")),
        Slot("D19"),
        Slot("D20"),
    ),
)

_week = partial(Sentence, Topic.FIRST_WEEK)
FIRST_WEEK = Chapter(
    Topic.FIRST_WEEK,
    "The first week",
    stages(Stage.AFTERCARE),
    (
        Slot("D15"),
        Slot("D16"),
        Slot("D17"),
        _week(
            "week-painkillers",
            "Go on with your painkillers, and ask if you need more for the soreness.",
            ("B33", "C27", "C32"),
        ),
    ),
)

_later = partial(Sentence, Topic.LATER)
LATER = Chapter(
    Topic.LATER,
    "The weeks and months after",
    stages(Stage.AFTERCARE, Stage.FOLLOW_UP),
    (
        Slot("D14"),
        _later(
            "later-diary",
            "Keep a diary of your pain, as it shows you and your doctor if the treatment worked.",
            ("B41",),
        ),
        _later("later-more", "As the pain eases, do more.", ("B33", "B34")),
        _later(
            "later-not-working",
            "If it does not help, tell your doctor and talk about what else there is.",
            ("B51", "E21", "M13"),
            (cautious("when it does not help"),),
        ),
    ),
)

WIDER_PLAN = Chapter(
    Topic.WIDER_PLAN,
    "The wider plan",
    stages(Stage.BEFORE_BLOCK, Stage.BEFORE_PROCEDURE, Stage.AFTERCARE, Stage.FOLLOW_UP),
    (
        Slot("D30"),
        Sentence(
            Topic.WIDER_PLAN,
            "plan-pathway",
            "In England a national plan, the low back pain pathway, says which care comes when.",
            ("E9", "S7"),
            only=LUMBAR,
        ),
    ),
    terms=True,
)

_lasting = partial(Sentence, Topic.HOW_LONG)
HOW_LONG = Chapter(
    Topic.HOW_LONG,
    "How long relief lasts",
    stages(Stage.BEFORE_PROCEDURE, Stage.AFTERCARE, Stage.FOLLOW_UP),
    (
        _lasting("lasting-not-for-good", "It does not mend the joint for good.", ("M27", "B40", "B53")),
        Slot("D13"),
        _lasting(
            "lasting-comes-back", "When the pain comes back, the nerve may have grown again.", ("E13", "S9", "C34")
        ),
    ),
)

_repeat = partial(Sentence, Topic.REPEAT)
REPEAT = Chapter(
    Topic.REPEAT,
    "Having it again",
    stages(Stage.FOLLOW_UP),
    (
        _repeat("repeat-may", "Some people have it again when the pain comes back.", ("E13", "S9", "B53")),
        _repeat(
            "repeat-unknown", "Nobody knows the best time to wait, and our sources name no number.", ("E14", "S10")
        ),
        _repeat(
            "repeat-local",
            "The rules of your area may set a wait, so ask your clinic which rule they go by.",
            also=(Cite(HNY, "repeat procedure"),),
        ),
        _repeat(
            "repeat-when-to-ask",
            "Ask again when pain that had eased is back and holds you up in daily life.",
            ("C34", "B53"),
            (cautious("asking for a repeat"),),
        ),
        _repeat("repeat-diary", "Bring your diary, as it shows how long the relief went on.", ("B41",)),
        _repeat("repeat-choice", "Look at benefits, risks and other care again before you choose.", ("B51", "B54")),
    ),
)
CHAPTERS = (EXPECTED, FIRST_WEEK, LATER, WIDER_PLAN, HOW_LONG, REPEAT)
