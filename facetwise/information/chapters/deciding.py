"""What it is, who it is for, and the four questions of a choice: benefits, risks, alternatives, doing nothing."""

from functools import partial

from facetwise.information.model.sentence import Chapter, Sentence, Slot, Stage, Topic, stages
from facetwise.information.model.situation import LUMBAR, NECK
from facetwise.information.statements.sources import cautious

_DECIDING = stages(Stage.BEFORE_BLOCK, Stage.BEFORE_PROCEDURE)

_what = partial(Sentence, Topic.WHAT_IT_IS)
WHAT_IT_IS = Chapter(
    Topic.WHAT_IT_IS,
    "What it is",
    _DECIDING,
    (
        _what("what-pain", "Joints that wear or swell can hurt, as they do in arthritis.", ("B10", "E15")),
        _what(
            "what-signals",
            "Nerves carry pain signals from your bones and joints to your brain.",
            ("C3", "C5", "B6"),
        ),
        _what(
            "what-needle", "In this treatment a doctor puts a thin needle next to a small nerve.", ("B7", "C7", "E12")
        ),
        _what("what-heat", "Radio waves then make the tip of the needle hot.", ("B7", "B22", "E15", "M2", "C7")),
        Slot("D12"),
        _what("what-not-surgery", "It is not an operation.", ("C2", "E2", "S2")),
        _what("what-choice", "You can choose this treatment, other care, or nothing for now.", ("B51", "E21", "E22")),
        _what(
            "what-names",
            "It has many names: radiofrequency denervation, ablation, neurotomy, facet rhizolysis, or dorsal rhizotomy.",
            ("B4", "C2", "E2", "E15", "S2", "M2"),
        ),
    ),
)

_who = partial(Sentence, Topic.WHO)
WHO = Chapter(
    Topic.WHO,
    "Who it is for, and who it is not for",
    _DECIDING,
    (
        Slot("D4"),
        Slot("D6"),
        Slot("D7"),
        Slot("D8"),
        Slot("D27"),
        _who("who-asked", "They ask about your health and examine you.", ("C9",)),
        Slot("D9"),
        _who(
            "who-pattern",
            "Your pain may be on one side or both, and may spread to your bottom or thigh, but not past the knee.",
            ("M7",),
            only=LUMBAR,
        ),
        _who(
            "who-movement", "It may hurt more when you twist or lift, and less when you lie down.", ("M7",), only=LUMBAR
        ),
        _who("who-whiplash", "It may be used for neck pain after whiplash.", ("M8",), only=NECK),
        _who("who-cause", "The cause may be worn joints, or an injury such as a car crash.", ("C8", "B10")),
        Slot("D5"),
        _who("who-no-relief", "It is not for you if a test block does not ease the pain enough.", ("C12",)),
        _who(
            "who-wrong-nerves",
            "Nor is it for you if the nerves that can be treated are not the ones that hurt.",
            ("M29",),
        ),
    ),
)

_TREATMENT = stages(Stage.BEFORE_PROCEDURE)
_TEST = frozenset({Stage.BEFORE_BLOCK})
_benefit = partial(Sentence, Topic.BENEFITS, stages=_TREATMENT)
_benefit_of_test = partial(Sentence, Topic.BENEFITS, stages=_TEST)
BENEFITS = Chapter(
    Topic.BENEFITS,
    "Benefits",
    _DECIDING,
    (
        _benefit_of_test("benefit-test-shows", "The test may show where your pain comes from.", ("B12", "C11", "E7")),
        _benefit_of_test("benefit-test-short", "It may ease your pain for a short time.", ("E10", "S8", "M12")),
        _benefit_of_test(
            "benefit-test-long",
            "Some people get relief that lasts, and they may not need the treatment at all.",
            ("E11", "S8"),
        ),
        _benefit_of_test(
            "benefit-test-next",
            "If it helps, you may be offered the treatment, which may ease pain for longer.",
            ("E10", "S8", "C13"),
        ),
        _benefit_of_test(
            "benefit-test-spares",
            "If it does not, you are spared a treatment that may not suit you.",
            ("C12", "M29"),
        ),
        _benefit("benefit-pain", "It may ease your pain.", ("B52", "E18")),
        _benefit("benefit-life", "With less pain, it may be easier to move and to live your daily life.", ("B52",)),
        _benefit(
            "benefit-exercise", "You may find it easier to exercise, which may help you in the long run.", ("B52",)
        ),
        _benefit("benefit-longer", "Relief may last longer than it does after a joint injection.", ("B13",)),
        _benefit("benefit-short", "It is not an operation, and you are home the same day.", ("C2", "B15", "M18")),
        _benefit("benefit-recovery", "Most people get over it quickly.", ("C28", "B42")),
        Slot("D31"),
    ),
)

_risk = partial(Sentence, Topic.RISKS, stages=_TREATMENT)
_risk_of_test = partial(Sentence, Topic.RISKS, stages=_TEST)
_OF_TEST = (cautious("the test block"),)
RISKS = Chapter(
    Topic.RISKS,
    "Risks",
    _DECIDING,
    (
        _risk_of_test(
            "risk-test-no-relief", "The test may not ease your pain, and then the treatment is not done.", ("C12",)
        ),
        _risk_of_test("risk-test-small", "You may be bruised or sore, and numb for a time.", ("B43", "M9"), _OF_TEST),
        _risk("risk-no-relief", "It may not help you, or your pain may come back.", ("E20", "B53", "C34")),
        _risk("risk-worse-first", "Your pain may be worse for a time before it eases.", ("B32", "B53", "B44")),
        _risk("risk-small", "You may be bruised or sore, or have small burns.", ("B43", "B44", "M9")),
        _risk("risk-skin", "Your skin may feel numb, or burn as if from the sun.", ("B45", "C30", "C32", "M9")),
        Slot("D21"),
        _risk_of_test(
            "risk-test-inferred",
            "Our sources tell these of the treatment, and little of the test alone.",
            ("B43", "E20", "M10", "C33"),
            _OF_TEST,
        ),
        _risk_of_test(
            "risk-test-heat",
            "The heat of the treatment has risks of its own.",
            ("B44", "B45", "C30"),
        ),
    ),
)

_alternative = partial(Sentence, Topic.ALTERNATIVES)
ALTERNATIVES = Chapter(
    Topic.ALTERNATIVES,
    "Alternatives",
    _DECIDING,
    (
        _alternative(
            "alternative-active", "You can keep up your daily life as much as you can, which helps many.", ("E21",)
        ),
        _alternative("alternative-care", "Exercise, physiotherapy, a lower weight or painkillers may help.", ("E21",)),
        _alternative(
            "alternative-manual",
            "So may manual therapy, and support for how you feel and cope.",
            ("E8", "S7"),
        ),
        _alternative(
            "alternative-exercise", "In one study, an exercise programme did just as much for the pain.", ("B37",)
        ),
        _alternative("alternative-other", "Some other procedure may suit you better.", ("M13",)),
        _alternative("alternative-talk", "Your doctor can go over each of them with you.", ("B51", "E21")),
    ),
)

_nothing = partial(Sentence, Topic.NOTHING)
NOTHING = Chapter(
    Topic.NOTHING,
    "Doing nothing",
    _DECIDING,
    (
        _nothing("nothing-choice", "You can say no, and it is only done if you consent.", ("B51",)),
        _nothing("nothing-most", "Most people whose back hurts can do without it.", ("E19",), only=LUMBAR),
        _nothing(
            "nothing-settles",
            "Back pain often gets better, with time or with a change in how you live.",
            ("E17", "E22"),
            only=LUMBAR,
        ),
        _nothing("nothing-comes-and-goes", "It may come and go all through your life.", ("E22",), only=LUMBAR),
        _nothing("nothing-serious", "It is seldom a sign of a serious disease.", ("E17",), only=LUMBAR),
        _nothing(
            "nothing-neck",
            "Our sources tell how back pain goes if you do nothing: it often gets better, and may come and go for life.",
            ("E17", "E22"),
            only=NECK,
        ),
        _nothing(
            "nothing-neck-unknown", "They do not tell this for a neck, so ask your doctor.", ("E17", "E22"), only=NECK
        ),
        _nothing("nothing-other-care", "You can still use the other care on this list.", ("E21", "B51")),
        _nothing(
            "nothing-ask-again",
            "You can think it over, and ask about it again.",
            ("B54", "B51"),
            (cautious("doing nothing"),),
        ),
    ),
)
CHAPTERS = (WHAT_IT_IS, WHO, BENEFITS, RISKS, ALTERNATIVES, NOTHING)
