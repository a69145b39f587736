"""Where the sources differ on the course: soreness, skin, numbness, warning signs (D18 to D20, D24)."""

from facetwise.guidance.sources import EBI_2K
from facetwise.information.model.position import Conflict, Option, Position, silent
from facetwise.information.model.sentence import Sentence, Topic
from facetwise.information.model.situation import LUMBAR, NECK
from facetwise.information.statements.sources import CLEVELAND, MAYO, cautious, clinic

D18 = Conflict(
    "D18",
    "How long it is sore",
    "Up to a week is within what the sources expect; past that the clinic is called, which is our own inference.",
    (
        Position("A day or two.", ("M23",)),
        Position("The first few days, perhaps worse before better.", ("B43", "B32")),
        Position("Up to a week.", ("C26",)),
        silent(EBI_2K, 41),
    ),
    (
        Option(
            "week",
            "Up to a week, then call",
            (
                Sentence(
                    Topic.EXPECTED,
                    "d18-week",
                    "The place is often sore for a day or two, and it can last up to a week.",
                    ("M23", "B43", "C26"),
                ),
                Sentence(
                    Topic.EXPECTED,
                    "d18-call",
                    "Call the clinic if it is sore for longer than a week.",
                    ("C26",),
                    (cautious("D18"),),
                ),
            ),
        ),
        Option(
            "two-days",
            "A day or two, then call",
            (
                Sentence(
                    Topic.EXPECTED,
                    "d18-two-days",
                    "The place is often sore for a day or two, and you can call the clinic if it lasts longer.",
                    ("M23",),
                    (clinic("D18"),),
                ),
            ),
        ),
    ),
)
D19 = Conflict(
    "D19",
    "Skin like sunburn",
    "Both courses are told: weeks as a rule, months now and then.",
    (
        Position("It settles as a rule; now and then a few months.", ("B45",)),
        Position("A week or two in some.", ("C30",)),
        silent(MAYO, 32, 35),
        silent(EBI_2K, 41),
    ),
    (
        Option(
            "weeks-to-months",
            "A week or two, now and then months",
            (
                Sentence(
                    Topic.EXPECTED,
                    "d19-weeks",
                    "The skin can prickle or burn like sunburn for a week or two.",
                    ("C30", "B45"),
                ),
                Sentence(Topic.EXPECTED, "d19-months", "Now and then that goes on for some months.", ("B45",)),
            ),
        ),
    ),
    own_words=("prickle",),
)
D20 = Conflict(
    "D20",
    "Numbness",
    "Numb skin at the place is not the same as a numb or weak limb: the second is called about if it goes on.",
    (
        Position("Legs, after a low back treatment: rare, soon gone; if it goes on, call.", ("B46", "B50")),
        Position("Skin where the needle went.", ("C32",)),
        Position("Common, for a time.", ("M9",)),
        silent(EBI_2K, 41),
    ),
    (
        Option(
            "place-and-limb",
            "The place and the limb are told apart",
            (
                Sentence(
                    Topic.EXPECTED,
                    "d20-place",
                    "The skin where the needle went in may be numb for a time.",
                    ("M9", "C32"),
                ),
                Sentence(
                    Topic.EXPECTED,
                    "d20-leg",
                    "A numb or weak leg is rare, and it most often goes very soon.",
                    ("B46",),
                    only=LUMBAR,
                ),
                Sentence(
                    Topic.EXPECTED,
                    "d20-leg-call",
                    "A leg that stays numb or weak is not expected: call the unit.",
                    ("B50",),
                    only=LUMBAR,
                ),
                Sentence(
                    Topic.EXPECTED,
                    "d20-arm-call",
                    "An arm or leg that stays numb or weak is not expected: call the unit.",
                    ("B50",),
                    only=NECK,
                ),
            ),
        ),
    ),
)
D24 = Conflict(
    "D24",
    "Warning signs",
    "Only one source lists them; silence of the others is no comfort, so they stand in every text.",
    (
        Position(
            "Warm or red with fever: infection. Headache, fever, lasting numbness or weakness: call.", ("B48", "B50")
        ),
        silent(CLEVELAND, 61, 71),
        silent(EBI_2K, 41),
        silent(MAYO, 30, 41),
    ),
    (
        Option(
            "always",
            "In every text",
            (
                Sentence(
                    Topic.RED_FLAGS,
                    "d24-only-one",
                    "Only one of our five sources lists signs to call about, so if you are in doubt, call.",
                    ("B48", "B50"),
                    (cautious("D24"),),
                ),
            ),
        ),
    ),
)
CONFLICTS = (D18, D19, D20, D24)
