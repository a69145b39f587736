"""Where the sources differ on who may be offered it, and on the test before it (D1 to D9)."""

from facetwise.guidance.sources import EBI_2K
from facetwise.guidance.sources import NICE_NG59 as NG59
from facetwise.information.model.position import Conflict, Option, Position, silent
from facetwise.information.model.sentence import Sentence, Topic
from facetwise.information.model.situation import LUMBAR, NECK
from facetwise.information.statements.sources import BUPA, CLEVELAND, MAYO, cautious, clinic
from facetwise.language.citation import Cite, Read

D1 = Conflict(
    "D1",
    "Which test comes first",
    "The national guidance takes a medial branch block only; an injection into the joint would leave the test undone.",
    (
        Position("A facet joint injection or a medial branch block will do.", ("B11",)),
        Position("Medial branch blocks only; facet joint injections are no longer recommended.", ("E7", "S6")),
        Position("Diagnostic blocks with local anaesthetic and nothing else.", ("C11",)),
        Position("Anaesthetic at the very spots where the needles would go.", ("M12",)),
    ),
    (
        Option(
            "nerve-block",
            "Medial branch block only",
            (
                Sentence(
                    Topic.TEST_BLOCK,
                    "d1-nerve-block",
                    "The test puts a little numbing medicine next to the nerves of the joint.",
                    ("M12", "E7", "S6", "C11"),
                ),
                Sentence(
                    Topic.TEST_BLOCK,
                    "d1-not-joint",
                    "An injection into the joint is not the same, and is no longer advised in England.",
                    ("E7", "S6"),
                    only=LUMBAR,
                ),
            ),
        ),
        Option(
            "block-or-joint",
            "Medial branch block or facet joint injection",
            (
                Sentence(
                    Topic.TEST_BLOCK,
                    "d1-either",
                    "The test is a needle to the nerves of the joint, or into the joint.",
                    ("B11",),
                    (clinic("D1"),),
                ),
            ),
        ),
    ),
    own_words=("into the joint",),
)
D2 = Conflict(
    "D2",
    "How many test blocks",
    "Policies ask for one or two; the patient is told that it varies, and to ask.",
    (
        Position("Two sets of blocks.", ("C11",)),
        Position("One or more.", ("E7", "S6")),
        Position("One is implied.", ("B11", "M12")),
    ),
    (
        Option(
            "ask",
            "One or two: the patient asks",
            (
                Sentence(
                    Topic.TEST_BLOCK,
                    "d2-ask",
                    "You may need one test block or two, so ask how many are planned for you.",
                    ("C11", "E7", "S6", "B11", "M12"),
                ),
            ),
        ),
        Option(
            "one",
            "One",
            (
                Sentence(
                    Topic.TEST_BLOCK, "d2-one", "At your clinic one test block is planned.", ("E7",), (clinic("D2"),)
                ),
            ),
        ),
        Option(
            "two",
            "Two, on different days",
            (
                Sentence(
                    Topic.TEST_BLOCK,
                    "d2-two",
                    "At your clinic two test blocks are planned, on different days.",
                    ("C11",),
                    (clinic("D2"),),
                ),
            ),
        ),
    ),
)
D3 = Conflict(
    "D3",
    "What counts as a good response",
    "None of the five sources gives a percentage; one may come only from a named policy.",
    (
        Position("Significant, favourable relief.", ("C12", "C13")),
        Position("Significant and short-term improvement.", ("E10", "S8")),
        Position("The pain lessens.", ("M12",)),
        silent(BUPA, 22),
    ),
    (
        Option(
            "no-number",
            "No threshold is told",
            (
                Sentence(
                    Topic.TEST_BLOCK,
                    "d3-no-number",
                    "Clear relief for a short time counts as a good result, and our sources name no number for it.",
                    ("C12", "C13", "E10", "S8", "M12"),
                ),
            ),
        ),
        Option(
            "policy",
            "A named policy sets the threshold; the patient asks for it",
            (
                Sentence(
                    Topic.TEST_BLOCK,
                    "d3-policy",
                    "Your clinic works to a policy that says how much relief counts, so ask which one.",
                    ("E10", "C13"),
                    (clinic("D3"),),
                ),
            ),
        ),
    ),
)
D4 = Conflict(
    "D4",
    "Which part of the body",
    "The national guidance is for the low back; for the neck the patient is told what the text rests on.",
    (
        Position("Lumbar facet joints only.", ("S1", "E5")),
        Position("Neck or back.", ("B2",)),
        Position("The back: facet and sacroiliac joints.", ("C4", "C6")),
        Position("Neck, back and buttock; perhaps knee, hip and shoulder.", ("M1", "M4")),
    ),
    (
        Option(
            "as-the-sources",
            "The low back by the national page; the neck by the others",
            (
                Sentence(
                    Topic.WHO,
                    "d4-lumbar",
                    "This text is about facet joints in your low back.",
                    ("E5", "S1", "B2"),
                    only=LUMBAR,
                ),
                Sentence(
                    Topic.WHO, "d4-neck", "This text is about facet joints in your neck.", ("B2", "M1"), only=NECK
                ),
                Sentence(
                    Topic.WHO,
                    "d4-neck-sources",
                    "Some of our sources only speak of the back, so ask what is different for a neck.",
                    ("S1", "E5", "C4"),
                    only=NECK,
                ),
                Sentence(
                    Topic.WHO,
                    "d4-elsewhere",
                    "Heat is used on nerves of the hip, knee, shoulder and base of the spine too, but that is not told here.",
                    ("M1", "M4", "C4", "C6"),
                ),
            ),
        ),
    ),
)
D5 = Conflict(
    "D5",
    "From what age",
    "Ages 16 to 18 lie outside the national page and inside NG59: they are referred on, not refused.",
    (
        Position("From 19.", ("E4", "S3")),
        Position("NG59, which the same page follows, is for over 16s.", also=(Cite(NG59, "title and scope"),)),
        silent(BUPA, 20),
        silent(CLEVELAND, 21),
        silent(MAYO, 19),
    ),
    (
        Option(
            "ask-if-younger",
            "From 19; a younger patient asks",
            (
                Sentence(
                    Topic.WHO,
                    "d5-age",
                    "The national page is for people of 19 and over, so ask your specialist if you are younger.",
                    ("E4", "S3"),
                    (Cite(NG59, "title and scope"),),
                    only=LUMBAR,
                ),
            ),
        ),
    ),
)
D6 = Conflict(
    "D6",
    "How long the pain has lasted",
    "Only one of the five names a number. NG59 has three months, some days longer: the policy that decides is shown by name.",
    (
        Position("More than 12 weeks.", ("C1",)),
        Position("Chronic, with no number.", ("E5", "S5", "M6")),
        Position("Three months or more.", also=(Cite(NG59, "1.3.3", read_as=Read.SECONDARY),)),
        silent(BUPA, 20),
    ),
    (
        Option(
            "twelve-weeks",
            "More than 12 weeks",
            (
                Sentence(
                    Topic.WHO,
                    "d6-weeks",
                    "It is for pain that has gone on for more than 12 weeks in spite of care.",
                    ("C1", "E5", "S5"),
                ),
            ),
        ),
        Option(
            "no-number",
            "A long time, without a number",
            (Sentence(Topic.WHO, "d6-long", "It is for pain that has gone on for a long time.", ("E5", "M6")),),
        ),
    ),
)
D7 = Conflict(
    "D7",
    "How bad the pain is",
    "One source names a degree; NG59 has a score. The words are told, the score only if the clinic uses it.",
    (
        Position("Moderate to severe.", ("B8",)),
        Position(
            "A score of 5 or more at referral.",
            also=(Cite(NG59, "1.3.2, third condition", read_as=Read.SECONDARY),),
        ),
        silent(CLEVELAND, 6),
        silent(EBI_2K, 15),
        silent(MAYO, 19),
    ),
    (
        Option(
            "moderate",
            "Moderate to severe",
            (Sentence(Topic.WHO, "d7-moderate", "The pain is at least moderate.", ("B8",)),),
        ),
        Option(
            "score",
            "A score of 5 or more at referral",
            (
                Sentence(
                    Topic.WHO,
                    "d7-score",
                    "When you are referred your pain score is 5 or more, where 10 is the worst.",
                    ("B8",),
                    (Cite(NG59, "1.3.2, third condition", read_as=Read.SECONDARY), clinic("D7")),
                ),
            ),
        ),
    ),
)
D8 = Conflict(
    "D8",
    "What was tried before",
    "The national page asks that other care has failed; the laxer position is shown to the clinician only.",
    (
        Position("Other treatments have not helped.", ("B9",)),
        Position("Non-operative treatment has failed.", ("E3", "E5", "S2", "S5")),
        Position("Medicine or physical therapy has not helped, or surgery is no option.", ("M6",)),
        silent(CLEVELAND, 32),
    ),
    (
        Option(
            "all-failed",
            "Other treatments have been tried and have not helped enough",
            (
                Sentence(
                    Topic.WHO,
                    "d8-failed",
                    "You have tried other care first, and it has not helped enough.",
                    ("B9", "E3", "S2", "E5", "S5", "E18"),
                ),
            ),
        ),
        Option(
            "either",
            "Medicine or physical therapy has not helped, or surgery is no option",
            (
                Sentence(
                    Topic.WHO,
                    "d8-either",
                    "Pills or physiotherapy have not helped you, or an operation is not a choice for you.",
                    ("M6",),
                    (clinic("D8"),),
                ),
            ),
        ),
    ),
)
D9 = Conflict(
    "D9",
    "A scan before it",
    "NG59 asks for no scan first; all agree that pictures guide the needle.",
    (
        Position("X-rays or scans are usual, and show the levels.", ("C10",)),
        Position("A degenerate joint is the source.", ("E5", "S5")),
        Position("No scan as a condition.", also=(Cite(NG59, "1.3.4", read_as=Read.UNVERIFIED),)),
        Position("X-ray during the procedure only.", ("B19", "M3", "M21")),
    ),
    (
        Option(
            "may",
            "A scan may be offered; not everybody needs one",
            (
                Sentence(
                    Topic.WHO,
                    "d9-may",
                    "You may have an X-ray or a scan first, to see the joints and to look for other causes.",
                    ("C10",),
                ),
                Sentence(
                    Topic.WHO,
                    "d9-not-all",
                    "Not everyone needs one, and going without should not hold you back.",
                    also=(Cite(NG59, "1.3.4", read_as=Read.UNVERIFIED), cautious("D9")),
                    only=LUMBAR,
                ),
            ),
        ),
        Option(
            "usual",
            "A scan is usual",
            (
                Sentence(
                    Topic.WHO,
                    "d9-usual",
                    "At your clinic an X-ray or a scan is usual first, to see the joints and look for other causes.",
                    ("C10",),
                    (clinic("D9"),),
                ),
            ),
        ),
    ),
    own_words=("scan", "scans"),
)
CONFLICTS = (D1, D2, D3, D4, D5, D6, D7, D8, D9)
