"""Where the sources differ on how long it lasts, harm, who does it, who gains, and their own status (D13, D21, D27, D30 to D32)."""

from facetwise.guidance.sources import EBI_2K
from facetwise.information.model.position import Conflict, Option, Position, silent
from facetwise.information.model.sentence import Sentence, Topic
from facetwise.information.model.situation import LUMBAR
from facetwise.information.statements.sources import CLEVELAND
from facetwise.language.citation import Cite, Read

D13 = Conflict(
    "D13",
    "How long relief lasts",
    "The whole range is told with its sources, one of which differs with itself; nothing narrower may be picked.",
    (
        Position("6 to 12 months, or a few years at the very most.", ("B40",)),
        Position("Six months to a year (the same page, further down).", ("B53",)),
        Position("Some months, up to a couple of years; limited for others.", ("C34",)),
        Position("Short, modest relief for some; several months for others.", ("M2", "M28")),
        silent(EBI_2K, 37, 41),
    ),
    (
        Option(
            "range",
            "The whole range",
            (
                Sentence(
                    Topic.HOW_LONG,
                    "d13-bupa",
                    "Bupa says about six months to a year, or a few years at the very most.",
                    ("B40", "B53"),
                ),
                Sentence(
                    Topic.HOW_LONG,
                    "d13-cleveland",
                    "Cleveland Clinic says some months, or up to two years or so.",
                    ("C34",),
                ),
                Sentence(
                    Topic.HOW_LONG,
                    "d13-mayo",
                    "Mayo Clinic says a little relief for a short time, or relief for several months.",
                    ("M28", "M2"),
                ),
                Sentence(Topic.HOW_LONG, "d13-none", "Some people get no relief at all.", ("M28", "C34", "B53")),
            ),
        ),
    ),
)
D21 = Conflict(
    "D21",
    "Serious harm",
    "Words differ and none gives a number: no rate may be told.",
    (
        Position("Serious harm rare; injury of a spinal nerve extremely rare.", ("B47", "B49", "B53")),
        Position("Rare, yet lasting nerve damage or worse pain can happen.", ("C33",)),
        Position("Rare: bleeding, infection, nerve damage.", ("M10",)),
        Position("Bleeding, infection, nerve damage, with no word on how often.", ("E20",)),
    ),
    (
        Option(
            "rare-no-number",
            "Rare, and no source names a number",
            (
                Sentence(
                    Topic.RISKS,
                    "d21-harm",
                    "You may bleed, get an infection or have a nerve harmed.",
                    ("E20", "M10", "B49"),
                ),
                Sentence(
                    Topic.RISKS,
                    "d21-lasting",
                    "Harm to a nerve can last, and the old pain can get worse.",
                    ("C33",),
                ),
                Sentence(
                    Topic.RISKS,
                    "d21-no-number",
                    "The sources call serious harm rare, but none names a number.",
                    ("B47", "B49", "B53", "C33", "M10", "E20"),
                ),
            ),
        ),
    ),
)
D27 = Conflict(
    "D27",
    "Who assesses and who does it",
    "Two sources ask for a specialist, and none speaks against one.",
    (
        Position("Assessed by back pain specialists.", ("E16", "E18")),
        Position("Done by a pain specialist.", ("M5", "M11")),
        Position("A doctor.", ("B8",)),
        silent(CLEVELAND, 30),
    ),
    (
        Option(
            "specialist",
            "A specialist",
            (
                Sentence(
                    Topic.WHO,
                    "d27-specialist",
                    "A pain or back pain specialist sees you first, to tell if it could suit you.",
                    ("E16", "E18", "M5", "M11"),
                ),
            ),
        ),
    ),
)
D30 = Conflict(
    "D30",
    "What other care there is",
    "All of it is listed.",
    (
        Position("Manual therapy early, psychological therapy where needed.", ("E8", "S7")),
        Position("Exercise, as part of a wider plan.", ("B14",)),
        Position("Physical therapy afterwards.", ("C27",)),
        Position("Daily activity, weight, exercise, physiotherapy, painkillers.", ("E21",)),
    ),
    (
        Option(
            "all",
            "All of it",
            (
                Sentence(
                    Topic.WIDER_PLAN,
                    "d30-exercise",
                    "This is one part of a plan, and exercise is another.",
                    ("B14", "E21"),
                ),
                Sentence(
                    Topic.WIDER_PLAN,
                    "d30-manual",
                    "Manual therapy can help early on.",
                    ("E8", "S7"),
                ),
                Sentence(
                    Topic.WIDER_PLAN,
                    "d30-psychological",
                    "Some people also need psychological support, early on.",
                    ("E8", "S7"),
                ),
                Sentence(
                    Topic.WIDER_PLAN,
                    "d30-physio",
                    "After it, physiotherapy can bring back strength and ease of movement.",
                    ("C27",),
                ),
                Sentence(
                    Topic.WIDER_PLAN,
                    "d30-daily",
                    "Daily life, a lower weight and painkillers help some people too.",
                    ("E21",),
                ),
            ),
        ),
    ),
)
D31 = Conflict(
    "D31",
    "Who gains",
    "No source gives a rate of success, so none is told.",
    (
        Position("A small number.", ("E16",)),
        Position("Some people, not everyone.", ("B5", "B38")),
        Position("Some and not others.", ("C34",)),
        Position("Conflicting; sometimes nothing.", ("M28",)),
    ),
    (
        Option(
            "some-no-number",
            "Some people, and no source names a number",
            (
                Sentence(
                    Topic.BENEFITS,
                    "d31-some",
                    "The treatment helps some people and not others.",
                    ("B5", "C34", "M28"),
                ),
                Sentence(
                    Topic.BENEFITS,
                    "d31-no-number",
                    "No source names a number for that, and one speaks of few.",
                    ("E16", "B38"),
                ),
            ),
        ),
    ),
)
D32 = Conflict(
    "D32",
    "The standing of the national page",
    "The dated page is cited with its version; the undated summary is named as such.",
    (
        Position("Best practice guidance, last revised December 2023.", ("E1", "E30")),
        Position("The same words as a proposal, undated.", ("S5",)),
        Position(
            "The live page says last reviewed September 2024, and no further review planned.",
            also=(Cite(EBI_2K, "live page, read in November 2026", read_as=Read.PARTIAL),),
        ),
    ),
    (
        Option(
            "dated",
            "Best practice guidance, December 2023",
            (
                Sentence(
                    Topic.NOT_KNOWN,
                    "d32-status",
                    "The national page gives good practice, not law, and was last changed in December 2023.",
                    ("E1", "E30", "S5"),
                    only=LUMBAR,
                ),
            ),
        ),
    ),
)
CONFLICTS = (D13, D21, D27, D30, D31, D32)
