"""Where the sources differ on getting ready: getting home, blood thinners, medicines (D22, D23, D28)."""

from facetwise.guidance.safety import ASRA
from facetwise.guidance.sources import EBI_2K
from facetwise.information.model.position import Conflict, Option, Position, silent
from facetwise.information.model.sentence import Sentence, Stage, Topic, stages
from facetwise.information.model.situation import MAY_DRIVE, MAY_TAKE_BLOOD_THINNER, Condition
from facetwise.information.statements.sources import BUPA, CLEVELAND, cautious, clinic
from facetwise.language.citation import Cite

_PRESCRIBER = Cite(ASRA, "patients do not stop by themselves")

D22 = Conflict(
    "D22",
    "Getting home, and company",
    "All that speak of it agree on not driving; one adds company for 24 hours, which is the more careful.",
    (
        Position("Somebody else drives; company for 24 hours if it can be had.", ("B30", "B31")),
        Position("No driving.", ("C24",)),
        Position("Somebody else drives.", ("M15",)),
        silent(EBI_2K, 29, 33),
    ),
    (
        Option(
            "escort-and-company",
            "Taken home, and company for 24 hours",
            (
                Sentence(
                    Topic.PREPARING,
                    "d22-plan",
                    "Ask an adult to take you home, and someone to stay with you for 24 hours.",
                    ("M15", "B30", "B31"),
                ),
                Sentence(
                    Topic.FIRST_DAY,
                    "d22-company",
                    "Have someone with you for the first 24 hours if you can.",
                    ("B31",),
                ),
            ),
        ),
        Option(
            "escort",
            "Taken home",
            (
                Sentence(
                    Topic.PREPARING,
                    "d22-escort",
                    "Ask an adult to take you home.",
                    ("M15", "B30"),
                    (clinic("D22"),),
                ),
            ),
        ),
    ),
    fixed=(
        Sentence(
            Topic.PREPARING,
            "d22-no-driving-home",
            "You cannot drive yourself home.",
            ("B30", "C24", "M15"),
        ),
        Sentence(
            Topic.FIRST_DAY,
            "d22-no-driving",
            "Do not drive after it.",
            ("C24", "B30"),
        ),
        Sentence(
            Topic.BLOCK_AFTER,
            "d22-block-no-driving",
            "Do not drive after the test block until the team says that you can.",
            ("C24", "B30"),
            (cautious("the test block"),),
        ),
        Sentence(
            Topic.BLOCK_AFTER,
            "d22-block-escort",
            "Have an adult take you home from it, and stay with you at first if you can.",
            ("M15", "B30", "B31"),
            (cautious("the test block"),),
        ),
        Sentence(
            Topic.FIRST_DAY,
            "d22-drive-again",
            "Ask the team when you can drive again.",
            ("C24", "B30"),
            (cautious("D22"),),
            only=MAY_DRIVE,
        ),
    ),
    own_words=("drive", "drives"),
)
D23 = Conflict(
    "D23",
    "Blood thinners and smoking",
    "Only one source speaks of them. The patient is asked every time, and never told to stop: the prescriber decides.",
    (
        Position("Say so; a pause may be needed. No tobacco that day.", ("M14", "M17")),
        Position("Nobody takes themselves off a blood thinner.", also=(_PRESCRIBER,)),
        silent(BUPA, 28, 30),
        silent(CLEVELAND, 30, 32),
        silent(EBI_2K, 29, 33),
    ),
    (
        Option(
            "ask-prescriber",
            "Ask always; the prescriber and the team decide",
            (
                Sentence(
                    Topic.PREPARING,
                    "d23-tell",
                    "Tell the team well ahead if you take a blood thinner, and which one.",
                    ("M14",),
                    only=frozenset({Condition.BLOOD_THINNER_NOT_ASKED}),
                ),
                Sentence(
                    Topic.PREPARING,
                    "d23-takes",
                    "You take a blood thinner, so make sure the team knows its name and why you need it.",
                    ("M14",),
                    (Cite(ASRA, "thoracolumbar facet procedures"),),
                    only=frozenset({Condition.BLOOD_THINNER}),
                ),
                Sentence(
                    Topic.PREPARING,
                    "d23-not-alone",
                    "Do not stop it on your own.",
                    also=(_PRESCRIBER,),
                    only=MAY_TAKE_BLOOD_THINNER,
                ),
                Sentence(
                    Topic.PREPARING,
                    "d23-notes-say-none",
                    "Our notes say that you take no blood thinner, so tell the team if that is wrong or changes.",
                    ("M14",),
                    (cautious("D23"),),
                    only=frozenset({Condition.NO_BLOOD_THINNER}),
                ),
                Sentence(
                    Topic.PREPARING,
                    "d23-none-not-alone",
                    "If you do take one, do not stop it on your own.",
                    also=(_PRESCRIBER,),
                    only=frozenset({Condition.NO_BLOOD_THINNER}),
                ),
                Sentence(
                    Topic.PREPARING,
                    "d23-prescriber",
                    "Only the person who prescribes it and the team can say if it needs to change.",
                    ("M14",),
                    (_PRESCRIBER,),
                ),
                Sentence(
                    Topic.FIRST_DAY,
                    "d23-going-on",
                    "If anything about a blood thinner was changed, ask before you go home how to go on with it.",
                    also=(_PRESCRIBER, cautious("D23")),
                ),
                Sentence(
                    Topic.PREPARING,
                    "d23-smoking",
                    "Do not smoke or use tobacco on the day.",
                    ("M17",),
                    stages=stages(Stage.BEFORE_PROCEDURE, Stage.THE_DAY),
                ),
            ),
        ),
    ),
    own_words=("blood thinner",),
)
D28 = Conflict(
    "D28",
    "Medicines on the day",
    "A fixed window could harm somebody who needs a medicine on time; the patient asks, and is told what is usual.",
    (
        Position("Needed medicines early with clear liquids, none in the last two hours.", ("M16",)),
        Position("Painkillers go on, after it.", ("B33",)),
        Position("Medicine after it, if needed.", ("C27",)),
    ),
    (
        Option(
            "ask",
            "Ask the team which, and when",
            (
                Sentence(
                    Topic.PREPARING,
                    "d28-ask",
                    "Before the day, ask which of your medicines to take that morning, and when.",
                    ("M16",),
                    (cautious("D28"),),
                    stages=stages(Stage.BEFORE_PROCEDURE, Stage.THE_DAY),
                ),
                Sentence(
                    Topic.PREPARING,
                    "d28-usual",
                    "One source says to take them early with clear drinks, and none in the last two hours.",
                    ("M16",),
                    stages=stages(Stage.BEFORE_PROCEDURE, Stage.THE_DAY),
                ),
            ),
        ),
        Option(
            "two-hours",
            "Early, and none in the last two hours",
            (
                Sentence(
                    Topic.PREPARING,
                    "d28-two-hours",
                    "Take the medicines you need early that day with clear drinks, and none in the last two hours.",
                    ("M16",),
                    (clinic("D28"),),
                    stages=stages(Stage.BEFORE_PROCEDURE, Stage.THE_DAY),
                ),
            ),
        ),
    ),
    own_words=("two hours",),
)
CONFLICTS = (D22, D23, D28)
