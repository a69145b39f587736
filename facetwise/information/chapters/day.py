"""The day of the procedure, and the rest of that day."""

from functools import partial

from facetwise.information.model.sentence import Chapter, Sentence, Slot, Stage, Topic, stages
from facetwise.information.model.situation import LUMBAR

_day = partial(Sentence, Topic.THE_DAY)
THE_DAY = Chapter(
    Topic.THE_DAY,
    "The day of the treatment",
    stages(Stage.BEFORE_PROCEDURE, Stage.THE_DAY),
    (
        _day("day-home", "You come to hospital and go home on the same day.", ("B15", "M18", "C2")),
        _day("day-gown", "You put on a gown and lie on your front on an X-ray table.", ("M19", "B16", "C14")),
        Slot("D10"),
        _day("day-clean", "The doctor cleans your skin, and may mark the places.", ("B17", "C14", "C15")),
        _day("day-numb", "Then your skin is numbed.", ("B17", "C16", "M20", "E18")),
        _day("day-x-ray", "X-ray pictures guide the needle to the right spot.", ("B19", "C17", "M3", "M21")),
        _day(
            "day-test",
            "A small current tests if the needle is at the right nerve, and away from others.",
            ("B20", "C18"),
        ),
        _day("day-twitch", "You may feel a tingle, or a muscle may twitch.", ("B20", "C20")),
        _day(
            "day-thigh", "You may feel pain in your back, your bottom or the back of your thigh.", ("C19",), only=LUMBAR
        ),
        _day("day-say", "Say so if it hurts, as the needle can be moved.", ("B21",)),
        _day("day-order", "When the needle is in place, the nerve is numbed and given time to go numb.", ("C21",)),
        _day(
            "day-heat",
            "Then the tip is heated, which is meant to spare the nerves near by.",
            ("B22", "C7", "C21", "M21"),
        ),
        _day("day-usual-pain", "You may feel pain like your usual pain.", ("C29",)),
        _day("day-several", "More than one place can be done.", ("B24",)),
        Slot("D29"),
        Slot("D11"),
        Slot("D26"),
        _day(
            "day-recovery",
            "You rest in a second room, where the team may check your pulse and blood pressure.",
            ("B27", "M22"),
        ),
        _day("day-asked", "They ask how you feel.", ("B27",)),
        Slot("D25"),
    ),
)

_first = partial(Sentence, Topic.FIRST_DAY)
FIRST_DAY = Chapter(
    Topic.FIRST_DAY,
    "The first day at home",
    stages(Stage.BEFORE_PROCEDURE, Stage.THE_DAY, Stage.AFTERCARE),
    (
        Slot("D15"),
        Slot("D22"),
        _first("first-painkillers", "Keep taking your painkillers as you were told.", ("B33",)),
        Slot("D23"),
        Slot("D17"),
        Slot("D16"),
    ),
)
CHAPTERS = (THE_DAY, FIRST_DAY)
