"""Where the sources differ on the day itself (D10 to D12, D25, D26, D29)."""

from facetwise.guidance.sources import EBI_2K
from facetwise.information.model.position import Conflict, Option, Position, silent
from facetwise.information.model.sentence import Sentence, Topic
from facetwise.information.model.situation import Condition
from facetwise.information.statements.sources import CLEVELAND, MAYO, clinic

_NOT_SETTLED = frozenset({Condition.SEDATION_NOT_SETTLED})

D10 = Conflict(
    "D10",
    "Sedation",
    "Whether it is given differs; the patient asks, and brings somebody either way.",
    (
        Position("May be offered.", ("B18",)),
        Position("A drip for medicine that comforts.", ("M19",)),
        Position("Local anaesthetic alone is described.", ("C16", "C21")),
        Position("Local anaesthetic alone is described.", ("E18",)),
    ),
    (
        Option(
            "ask",
            "The patient asks",
            (
                Sentence(
                    Topic.THE_DAY,
                    "d10-ask",
                    "Some clinics offer sedation and others do not, so ask about yours.",
                    ("B18", "M19", "C16", "E18"),
                    only=_NOT_SETTLED,
                ),
            ),
        ),
        Option(
            "offered",
            "May be offered",
            (
                Sentence(
                    Topic.THE_DAY,
                    "d10-offered",
                    "Your clinic can offer you sedation if you want it.",
                    ("B18",),
                    (clinic("D10"),),
                    only=_NOT_SETTLED,
                ),
            ),
        ),
        Option(
            "drip",
            "Given through a drip",
            (
                Sentence(
                    Topic.THE_DAY,
                    "d10-drip",
                    "At your clinic you have sedation through a drip, a thin tube into your arm or hand.",
                    ("M19",),
                    (clinic("D10"),),
                    only=_NOT_SETTLED,
                ),
            ),
        ),
        Option(
            "none",
            "Local anaesthetic only",
            (
                Sentence(
                    Topic.THE_DAY,
                    "d10-none",
                    "At your clinic the skin is numbed and you stay awake, with no sedation.",
                    ("C16", "E18"),
                    (clinic("D10"),),
                    only=_NOT_SETTLED,
                ),
            ),
        ),
    ),
    fixed=(
        Sentence(
            Topic.THE_DAY,
            "d10-planned",
            "Sedation is planned for you, and it may go in through a thin tube into your arm or hand.",
            ("B18", "M19"),
            only=frozenset({Condition.SEDATION}),
        ),
        Sentence(
            Topic.THE_DAY,
            "d10-not-planned",
            "No sedation is planned for you, so you are awake with your skin numbed.",
            ("C16", "E18"),
            only=frozenset({Condition.NO_SEDATION}),
        ),
    ),
    own_words=("drip", "sedation"),
)
D11 = Conflict(
    "D11",
    "Steroid",
    "In a test block several policies do not accept it; at the end of the procedure it is optional.",
    (
        Position("Anaesthetic and a steroid may follow the heat.", ("B23",)),
        Position("Test blocks with anaesthetic only.", ("C11",)),
        silent(EBI_2K, 23),
        silent(MAYO, 67, 69),
    ),
    (
        Option(
            "ask",
            "The patient asks",
            (
                Sentence(
                    Topic.THE_DAY,
                    "d11-ask",
                    "Some doctors add numbing medicine and a steroid at the end to ease soreness, so ask about yours.",
                    ("B23",),
                ),
            ),
        ),
        Option(
            "given",
            "Given at the end",
            (
                Sentence(
                    Topic.THE_DAY,
                    "d11-given",
                    "At the end your doctor may put in numbing medicine and a steroid to ease soreness.",
                    ("B23",),
                    (clinic("D11"),),
                ),
            ),
        ),
        Option(
            "not-given",
            "Not given",
            (
                Sentence(
                    Topic.THE_DAY,
                    "d11-not-given",
                    "Your clinic does not add a steroid at the end.",
                    ("B23",),
                    (clinic("D11"),),
                ),
            ),
        ),
    ),
    own_words=("steroid",),
)
D12 = Conflict(
    "D12",
    "What becomes of the nerve",
    "Whatever the word, signals are interrupted and the nerve may grow back: nothing more lasting is told.",
    (
        Position("Deactivated; its endings destroyed.", ("B6", "B7")),
        Position("Killed.", ("C22",)),
        Position("Altered or made inactive; signals lessened or stopped.", ("E2", "E12", "E15", "S9")),
        Position("Turned off for a short time.", ("M2",)),
    ),
    (
        Option(
            "interrupts",
            "Heat interrupts the signals; the nerve may grow back",
            (
                Sentence(
                    Topic.WHAT_IT_IS,
                    "d12-heat",
                    "Heat at the tip harms the nerve, so that it sends fewer pain signals or none.",
                    ("B6", "B7", "C22", "E2", "S2", "E12", "S9", "E15", "M2"),
                ),
                Sentence(Topic.WHAT_IT_IS, "d12-regrow", "The nerve may grow back with time.", ("E13", "S9", "M2")),
            ),
        ),
    ),
)
D25 = Conflict(
    "D25",
    "How long you stay",
    "Plan for the longest that a source names.",
    (
        Position("One to three hours; perhaps flat for half an hour or longer.", ("B28", "B29")),
        Position("Until ready.", ("M22",)),
        Position("Shortly.", ("C23",)),
        silent(EBI_2K, 29, 33),
    ),
    (
        Option(
            "plan-three-hours",
            "Plan for up to three hours",
            (
                Sentence(
                    Topic.THE_DAY,
                    "d25-three",
                    "Plan to stay for one to three hours after it.",
                    ("B29",),
                ),
                Sentence(Topic.THE_DAY, "d25-flat", "You may need to lie flat for half an hour or more.", ("B28",)),
            ),
        ),
        Option(
            "when-ready",
            "When ready",
            (
                Sentence(
                    Topic.THE_DAY,
                    "d25-ready",
                    "You can go when you and the team feel that you are ready.",
                    ("M22", "C23"),
                    (clinic("D25"),),
                ),
            ),
        ),
    ),
)
D26 = Conflict(
    "D26",
    "How long it takes",
    "One source names it, and is cited.",
    (Position("Half an hour to an hour.", ("B26",)), silent(CLEVELAND, 36, 45), silent(MAYO, 65, 69)),
    (
        Option(
            "as-bupa",
            "Half an hour to an hour",
            (
                Sentence(
                    Topic.THE_DAY,
                    "d26-length",
                    "It takes from half an hour to an hour, as the one source says that names a time.",
                    ("B26",),
                ),
            ),
        ),
    ),
)
D29 = Conflict(
    "D29",
    "Both sides",
    "Practice differs, so the patient asks.",
    (
        Position("Several places at once; some doctors treat one side, then the other.", ("B24", "B25")),
        Position("Pain of one or both sides may be treated.", ("M7",)),
        silent(CLEVELAND, 38, 41),
    ),
    (
        Option(
            "ask",
            "The patient asks",
            (
                Sentence(
                    Topic.THE_DAY,
                    "d29-ask",
                    "If both sides hurt, they may be done in one go or some weeks apart, so ask.",
                    ("B24", "B25", "M7"),
                ),
            ),
        ),
        Option(
            "one-side",
            "One side at a time",
            (
                Sentence(
                    Topic.THE_DAY,
                    "d29-one",
                    "If both sides hurt, your clinic does them some weeks apart.",
                    ("B25",),
                    (clinic("D29"),),
                ),
            ),
        ),
        Option(
            "both-sides",
            "Both in one session",
            (
                Sentence(
                    Topic.THE_DAY,
                    "d29-both",
                    "If both sides hurt, your clinic does them in one go.",
                    ("B24",),
                    (clinic("D29"),),
                ),
            ),
        ),
    ),
    own_words=("both sides",),
)
CONFLICTS = (D10, D11, D12, D25, D26, D29)
