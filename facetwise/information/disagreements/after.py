"""Where the sources differ on what to do in recovery: review, activity, water, ice and heat (D14 to D17)."""

from facetwise.guidance.sources import EBI_2K
from facetwise.information.model.position import Conflict, Option, Position, silent
from facetwise.information.model.sentence import Sentence, Topic
from facetwise.information.statements.sources import CLEVELAND, MAYO, cautious, clinic

D14 = Conflict(
    "D14",
    "When relief begins, and when it is judged",
    "No source names a time, so none is told unless the clinic sets the review.",
    (
        Position("It takes some time.", ("B39",)),
        silent(CLEVELAND, 49, 53),
        silent(EBI_2K, 37),
        silent(MAYO, 83, 87),
    ),
    (
        Option(
            "not-set",
            "The patient asks when it is judged",
            (
                Sentence(
                    Topic.LATER,
                    "d14-ask",
                    "Relief can be slow to come and our sources name no time, so ask when to judge it.",
                    ("B39",),
                ),
            ),
        ),
        Option(
            "six-weeks",
            "Reviewed after six weeks",
            (
                Sentence(
                    Topic.LATER,
                    "d14-six-weeks",
                    "Relief can be slow to come, so your clinic asks how you are after six weeks.",
                    ("B39",),
                    (clinic("D14"),),
                ),
            ),
        ),
        Option(
            "three-months",
            "Reviewed after three months",
            (
                Sentence(
                    Topic.LATER,
                    "d14-three-months",
                    "Relief can be slow to come, so your clinic asks how you are after three months.",
                    ("B39",),
                    (clinic("D14"),),
                ),
            ),
        ),
    ),
)
D15 = Conflict(
    "D15",
    "Activity",
    "Rest and light activity first, then more step by step; the clinic's own advice comes before any source's.",
    (
        Position(
            "As active as you can; build up; do not overdo it. The doctor's advice governs.", ("B33", "B34", "B35")
        ),
        Position("Light activity at once, nothing strenuous; normal after a day or two.", ("C23", "C24", "C25", "C28")),
        silent(MAYO, 75, 79),
    ),
    (
        Option(
            "step-by-step",
            "Light on the first day, then a little more each day",
            (
                Sentence(
                    Topic.FIRST_DAY,
                    "d15-light",
                    "Rest, move about gently, and do no heavy work or sport.",
                    ("C23", "C24"),
                ),
                Sentence(
                    Topic.FIRST_WEEK,
                    "d15-build-up",
                    "Do a little more each day, start with a short walk, and do not overdo it.",
                    ("B34", "B33"),
                ),
                Sentence(
                    Topic.FIRST_WEEK,
                    "d15-normal",
                    "Some people are back to normal life after a day or two, and others need longer.",
                    ("C25", "C28", "B39"),
                ),
            ),
        ),
        Option(
            "normal-after-two-days",
            "Normal activity after a day or two",
            (
                Sentence(
                    Topic.FIRST_DAY,
                    "d15-rest",
                    "Rest, move about gently, and do no heavy work or sport.",
                    ("C23", "C24"),
                    (clinic("D15"),),
                ),
                Sentence(
                    Topic.FIRST_WEEK,
                    "d15-two-days",
                    "You can go back to your normal life after a day or two.",
                    ("C25", "C28"),
                    (clinic("D15"),),
                ),
            ),
        ),
    ),
    fixed=(
        Sentence(
            Topic.FIRST_WEEK,
            "d15-own-doctor",
            "If your own doctor tells you something else about what to do and when, go by that.",
            ("B35",),
        ),
    ),
    own_words=("heavy", "overdo"),
)
D16 = Conflict(
    "D16",
    "Water",
    "A swim at first and no bath for two days cannot both be followed: no immersion for two days is the more careful.",
    (
        Position("A gentle swim at first is encouraged.", ("B34",)),
        Position("No baths for two days; a warm shower after 24 hours.", ("M26",)),
        silent(CLEVELAND, 49, 53),
        silent(EBI_2K, 29, 33),
    ),
    (
        Option(
            "two-days",
            "No bath and no swimming for two days, a shower after 24 hours",
            (
                Sentence(
                    Topic.FIRST_DAY, "d16-shower", "You can have a warm shower once 24 hours have gone by.", ("M26",)
                ),
                Sentence(
                    Topic.FIRST_DAY,
                    "d16-no-bath",
                    "Do not have a bath or go for a swim for two days.",
                    ("M26",),
                    (cautious("D16"),),
                ),
                Sentence(
                    Topic.FIRST_WEEK,
                    "d16-swim-later",
                    "After two days a gentle swim is one way to get going again.",
                    ("B34", "M26"),
                    (cautious("D16"),),
                ),
            ),
        ),
        Option(
            "until-told",
            "No bath and no swimming until the clinic says so",
            (
                Sentence(
                    Topic.FIRST_DAY,
                    "d16-until-told",
                    "Do not have a bath or go for a swim until your clinic says that you can.",
                    ("M26",),
                    (clinic("D16"),),
                ),
            ),
        ),
        Option(
            "swim",
            "A gentle swim from the start",
            (
                Sentence(
                    Topic.FIRST_WEEK,
                    "d16-swim",
                    "Your clinic is happy for you to swim gently from the start.",
                    ("B34",),
                    (clinic("D16"),),
                ),
            ),
        ),
    ),
    own_words=("bath", "baths", "shower", "swim", "swimming"),
)
D17 = Conflict(
    "D17",
    "Ice and heat",
    "Ice has a schedule in one source; ice and heat are left off numb or burnt skin, which is our own inference.",
    (
        Position("Ice on day one, 20 minutes at a time, three or four times; no heating pad.", ("M24", "M25")),
        Position("Ice may be advised.", ("C31",)),
        Position("Silent, though it tells of small burns and sore skin.", ("B44", "B45"), silent=True),
        silent(EBI_2K, 41),
    ),
    (
        Option(
            "ice",
            "Ice by the schedule, no heat",
            (
                Sentence(
                    Topic.FIRST_DAY,
                    "d17-ice",
                    "If it hurts, hold an ice pack on the sore place for 20 minutes at a time, three or four times on day one.",
                    ("M24", "C31"),
                ),
                Sentence(
                    Topic.FIRST_DAY,
                    "d17-ice-cloth",
                    "Put a cloth between the ice and your skin.",
                    ("M24",),
                    (cautious("D17"),),
                ),
                Sentence(
                    Topic.FIRST_DAY,
                    "d17-ice-numb",
                    "Do not put ice on skin that is numb or burnt.",
                    ("M24", "M9", "C32", "B44"),
                    (cautious("D17"),),
                ),
                Sentence(
                    Topic.FIRST_DAY,
                    "d17-no-heat",
                    "Do not put a heat pad on it.",
                    ("M25",),
                ),
                Sentence(
                    Topic.FIRST_WEEK,
                    "d17-no-heat-later",
                    "Keep heat pads off skin that is numb or burnt.",
                    ("M25", "B44"),
                    (cautious("D17"),),
                ),
            ),
        ),
        Option(
            "neither",
            "Neither ice nor heat",
            (
                Sentence(
                    Topic.FIRST_DAY,
                    "d17-neither",
                    "Put neither ice nor a heat pad on the place.",
                    ("M25",),
                    (clinic("D17"),),
                ),
            ),
        ),
        Option(
            "ask",
            "No heat; ask before ice",
            (
                Sentence(
                    Topic.FIRST_DAY,
                    "d17-ask",
                    "Do not put a heat pad on the place, and ask the team before you use ice.",
                    ("M25", "C31"),
                    (clinic("D17"),),
                ),
            ),
        ),
    ),
    fixed=(
        Sentence(
            Topic.BLOCK_AFTER,
            "d17-block-numb",
            "Put neither ice nor a heat pad on skin that is numb.",
            ("M9", "M25"),
            (cautious("D17"),),
        ),
    ),
    own_words=("ice", "heat pad", "heat pads", "heating pad"),
)
CONFLICTS = (D14, D15, D16, D17)
