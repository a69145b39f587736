"""The day of the test block, and the hours after it. The sources say little of them: most lines are cautious advice."""

from functools import partial

from facetwise.guidance.safety import SAFETY_NOTES
from facetwise.information.model.sentence import Chapter, Sentence, Slot, Stage, Topic, stages
from facetwise.information.model.situation import LUMBAR, NECK
from facetwise.information.statements.sources import cautious
from facetwise.language.citation import Cite

_OURS = (cautious("the test block"),)

_day = partial(Sentence, Topic.BLOCK_DAY)
BLOCK_DAY = Chapter(
    Topic.BLOCK_DAY,
    "The day of the test block",
    stages(Stage.BEFORE_BLOCK),
    (
        _day(
            "block-silent", "Our sources say little of this day, so most of this is our own careful advice.", also=_OURS
        ),
        _day(
            "block-medicines",
            "Ask the team ahead of the day which of your medicines to take, and when.",
            ("M16",),
            _OURS,
        ),
        _day("block-front", "You may lie on your front on an X-ray table.", ("B16", "C14", "B19"), _OURS),
        _day("block-hurts", "Say so if the needle hurts.", ("B21",), _OURS),
        _day(
            "block-drowsy",
            "Ask if you are to have medicine that makes you drowsy, as it can blur the test.",
            also=(Cite(SAFETY_NOTES, "sedation in a test block"), *_OURS),
        ),
        _day("block-score", "Score your pain just before the needle.", ("B41", "M12"), _OURS),
        _day("block-stay", "Ask how long you need to stay.", ("B29", "M22"), _OURS),
        _day(
            "block-wears-off", "Ask how long the numbing medicine lasts, and whom to call.", ("E10", "S8", "B50"), _OURS
        ),
    ),
)

_after = partial(Sentence, Topic.BLOCK_AFTER)
BLOCK_AFTER = Chapter(
    Topic.BLOCK_AFTER,
    "After the test block",
    stages(Stage.BEFORE_BLOCK),
    (
        Slot("D22"),
        _after("block-get-up", "Get up slowly, and let somebody help you.", also=_OURS),
        _after(
            "block-leg",
            "A leg may be numb or weak at first from the numbing medicine.",
            ("B46",),
            _OURS,
            only=LUMBAR,
        ),
        _after("block-leg-alone", "Do not walk or use stairs alone until that has gone.", also=_OURS, only=LUMBAR),
        _after(
            "block-leg-call",
            "Call the unit if your leg is still numb or weak when the numbing medicine has worn off.",
            ("B50",),
            _OURS,
            only=LUMBAR,
        ),
        _after(
            "block-limb-call",
            "Tell the team if an arm or a leg is numb or weak, and call the unit if you are home.",
            ("B50",),
            _OURS,
            only=NECK,
        ),
        _after("block-limb-alone", "Do not walk or use stairs alone until that has gone.", also=_OURS, only=NECK),
        _after(
            "block-place",
            "The skin where the needle went in may be sore, bruised or numb for a time.",
            ("B43", "M9"),
            _OURS,
        ),
        Slot("D17"),
        _after("block-rest", "Do no hard work or sport that day.", ("C24",), _OURS),
        _after("block-move", "Move gently as you do most days, so that your scores show if it helps.", also=_OURS),
        _after(
            "block-sheet",
            "Fill in the sheet of scores at each time on it, as you feel then, and bring it back.",
            ("B41", "M12"),
            _OURS,
        ),
        _after("block-painkillers", "Write down each medicine you take for pain, and when.", ("B41",), _OURS),
        _after(
            "block-comes-back",
            "Your pain may come back when the numbing medicine wears off, which the test is meant to show.",
            ("E10", "S8"),
            _OURS,
        ),
        _after(
            "block-signs",
            "The signs under the heading Get help now count after a test block too.",
            ("B48", "B50"),
            (cautious("D24"), *_OURS),
        ),
    ),
)
CHAPTERS = (BLOCK_DAY, BLOCK_AFTER)
