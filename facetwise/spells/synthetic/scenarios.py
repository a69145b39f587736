"""The planted spells as data: how each is made, and its true answer written down beside it.

The answers are the author's reading of the six counting definitions, reasoned out for each row. No evaluator computes
them: they are what evaluators are held against. The marks are `+` met or counted, `-` not met or not counted, `?` unknown.
"""

from dataclasses import dataclass

DEFINITIONS = ("ebi-2k", "ebi-2k-null-diagnoses", "ebi-2k-listed", "nhp-sql-2024", "nhp-data-2026", "any-v48")
CRITERIA = ("denervation", "site", "diagnosis", "adult", "not-emergency", "no-malignancy", "not-private")

# Episodes with the code in any position, England 2018/19: NHS England, Hospital Episode Statistics, counts of OPCS-4
# codes by year (Open Government Licence v3.0). About 17 million spells held them. `other` has no published count.
ENGLAND_SPELLS = 17_000_000
FAMILIES = {"facet": 11_663 + 1_338, "facet-nec": 2_800, "rhizotomy": 302 + 4_406, "cervical": 1_139, "other": 400}


@dataclass(frozen=True)
class Fields:
    """How a planted spell's truth-bearing fields are made; what is left out is that of a spell that satisfies ebi-2k.

    In the templates {d} is the denervation code drawn (V485, or V487 in a tenth), {p} an accompanying and {x} an
    unrelated procedure, {s} Z675, Z676 or Z677, {m} a diagnosis on every definition's list, {o} up to four others, each
    after a comma. methods and categories: one is drawn. ages: (start, activity); None: an adult's, by date of birth.
    """

    procedures: str | None = "||{d},{p},{s}"
    dominant: str | None = "{d}"
    diagnoses: str | None = "||{m}{o}"
    primary: str | None = "{m}"
    ages: tuple[int | None, int | None] | None = None
    methods: tuple[str | None, ...] = ("11", "12", "13")
    categories: tuple[str | None, ...] = ("01",)


@dataclass(frozen=True)
class Scenario:
    """One kind of planted spell. weight: its share within the family. criteria: of ebi-2k; both in the order above."""

    name: str
    family: str
    weight: int
    criteria: str
    outcomes: str
    made: Fields


@dataclass(frozen=True)
class Related:
    """A spell that matters beside denervations: not counted anywhere, its criteria left open. england: as in FAMILIES."""

    name: str
    england: int
    dominant: tuple[str, ...]


RELATED = (
    Related("block", 51_299, ("V544",)),
    Related("nerve-root-injection", 48_620, ("A577",)),
    Related("peripheral-nerve-injection", 45_246, ("A735",)),
    Related("fusion", 5_000, ("V372", "V381", "V382", "V383", "V385", "V386", "V394", "V396")),
)


def _facet(name: str, weight: int, criteria: str, outcomes: str, made: Fields) -> Scenario:
    return Scenario(name, "facet", weight, criteria, outcomes, made)


def _malignancy(name: str, code: str, weight: int) -> Scenario:
    """One episode, so that nhp-sql-2024, which looks into the last episode alone, sees the code as well."""
    return _facet(f"malignancy-{name}", weight, "+++++-+", "-----+", Fields(diagnoses=f"||{{m}},{code}{{o}}"))


def _harmless(name: str, code: str) -> Scenario:
    """A diagnosis next to the malignant ranges, or a history of one."""
    return _facet(name, 6, "+++++++", "++++-+", Fields(diagnoses=f"||{{m}},{code}{{o}}"))


def _filler(code: str) -> Scenario:
    """The last episode opens with I10X, which leaves nhp-sql-2024 no doubt: it asks that episode for a listed diagnosis."""
    made = Fields("||{d},{s}||{d},{p},{s}", diagnoses=f"||{code}{{o}}||I10X{{o}}", primary=code)
    return _facet(f"diagnosis-filler-{code.lower()}", 6, "++?++++", "???--+", made)


# Two episodes with the same opening diagnosis: what differs between them is then the procedures alone.
_BOTH = "||{m}{o}||{m}{o}"

# criteria: denervation, site, diagnosis, adult, not-emergency, no-malignancy, not-private
# outcomes: ebi-2k, ebi-2k-null-diagnoses, ebi-2k-listed, nhp-sql-2024, nhp-data-2026, any-v48
# nhp-data-2026 asks the last episode's diagnoses for a site, so it counts none without ICD-10 Z993 there.
_COUNTED = (
    _facet("satisfies", 604, "+++++++", "++++-+", Fields()),
    _facet("v487-with-site", 30, "+++++++", "++++-+", Fields("||V487,{p},{s}", "V487")),
    _facet("site-z993", 10, "+++++++", "++++-+", Fields("||{d},{p},Z993")),
    _facet("adult-at-19", 10, "+++++++", "++++-+", Fields(ages=(19, 19))),
    _facet("age-120", 4, "+++++++", "++++-+", Fields(ages=(120, 120))),
    _facet("age-start-missing-activity-valid", 10, "+++++++", "++++-+", Fields(ages=(None, 56))),
    _facet("amenity-03", 6, "+++++++", "++++-+", Fields(categories=("03",))),
    _facet("denervation-in-last-episode", 20, "+++++++", "++++-+", Fields("||{x}||{d},{p},{s}", diagnoses=_BOTH)),
    _facet(
        "lower-case-and-dotted",
        6,
        "+++++++",
        "++++-+",
        Fields("||v48.5,y53.4,z67.6", "v485", "||m54.5,i25.1", "m54.5"),
    ),
    _facet("padded", 10, "+++++++", "++++-+", Fields("||V485 ,Y534 ,Z676 ", "V485 ", "||M545 ,I251 ,E119 ", " M545 ")),
    _facet("fifth-character", 10, "+++++++", "++++-+", Fields(diagnoses="||M5456{o}", primary="M5456")),
    _facet("dagger-and-asterisk", 6, "+++++++", "++++-+", Fields(diagnoses="||M545+,G551*{o}", primary="M545+")),
    _facet("opcs-c-code-among-procedures", 6, "+++++++", "++++-+", Fields("||{d},{p},{s},C751,D151")),
    _harmless("benign-d100", "D100"),
    _harmless("benign-d367", "D367"),
    _harmless("anaemia-d500", "D500"),
    _harmless("history-z853", "Z853"),
    # From here ebi-2k counts and nhp-sql-2024 does not: its list lacks M512, it wants method 1, it sees one episode.
    _facet("m512-primary", 40, "+++++++", "+++--+", Fields(diagnoses="||M512{o}", primary="M512")),
    _facet("admission-31", 10, "+++++++", "+++--+", Fields(methods=("31", "32"))),
    _facet("admission-81", 10, "+++++++", "+++--+", Fields(methods=("81",))),
    _facet("denervation-in-first-episode-only", 20, "+++++++", "+++--+", Fields("||{d},{p},{s}||{x}", diagnoses=_BOTH)),
    _facet("site-in-another-episode", 10, "+++++++", "+++--+", Fields("||{x},{s}||{d},{p}", diagnoses=_BOTH)),
    _facet("denervation-second-in-last-episode", 10, "+++++++", "+++--+", Fields("||{p},{d},{s}")),
    _facet("last-episode-empty", 6, "+++++++", "+++--+", Fields("||{d},{p},{s}||", diagnoses=_BOTH)),
    _facet("last-episode-dash", 6, "+++++++", "+++--+", Fields("||{d},{p},{s}||-", diagnoses=_BOTH)),
    _facet(
        "listed-diagnosis-in-first-episode-only",
        10,
        "+++++++",
        "+++--+",
        Fields("||{d},{s}||{d},{p},{s}", diagnoses="||{m}{o}||I10X{o}"),
    ),
    _facet("wheelchair-z993-and-site", 10, "+++++++", "++++++", Fields(diagnoses="||{m},Z993{o}")),
    _facet(
        "wheelchair-z993-and-site-admission-31",
        6,
        "+++++++",
        "+++-++",
        Fields(diagnoses="||{m},Z993{o}", methods=("31",)),
    ),
)

_MISSED = (
    _facet("misses-site", 200, "+-+++++", "-----+", Fields("||{d},{p}")),
    _facet("misses-site-z673", 10, "+-+++++", "-----+", Fields("||{d},{p},Z673")),
    _facet("misses-site-z678", 6, "+-+++++", "-----+", Fields("||{d},{p},Z678")),
    _facet("misses-diagnosis-m47", 160, "++-++++", "-----+", Fields(diagnoses="||M478{o}", primary="M478")),
    _facet("misses-diagnosis-m513", 30, "++-++++", "-----+", Fields(diagnoses="||M513{o}", primary="M513")),
    _facet("misses-diagnosis-m544", 40, "++-++++", "-----+", Fields(diagnoses="||M544{o}", primary="M544")),
    _facet(
        "listed-diagnosis-secondary-only", 20, "++-++++", "-----+", Fields(diagnoses="||M478,{m}{o}", primary="M478")
    ),
    _facet("diagnosis-r69x", 6, "++-++++", "-----+", Fields(diagnoses="||R69X{o}", primary="R69X")),
    _facet("misses-adult-at-18", 10, "+++-+++", "-----+", Fields(ages=(18, 19))),
    _facet("infant-7003", 6, "+++-+++", "-----+", Fields(ages=(7003, 7003))),
    _facet("infant-7000-activity-adult", 4, "+++-+++", "-----+", Fields(ages=(7000, 56))),
    _facet("infant-7007-start-missing", 4, "+++-+++", "-----+", Fields(ages=(None, 7007))),
    _facet("misses-emergency", 30, "++++-++", "-----+", Fields(methods=("21", "22", "23", "24", "28"))),
    _facet("misses-emergency-2a", 10, "++++-++", "-----+", Fields(methods=("2A", "2B", "2C", "2D"))),
    _malignancy("c00", "C000", 4),
    _malignancy("c44", "C443", 10),
    _malignancy("c50", "C509", 20),
    _malignancy("c97", "C97X", 4),
    _malignancy("d00", "D000", 4),
    _malignancy("d09", "D099", 4),
    _malignancy("d37", "D370", 4),
    _malignancy("d45", "D45X", 6),
    _malignancy("d48", "D489", 4),
    _malignancy("lower-case-and-dotted", "c50.9 ", 4),
    _facet("private", 40, "++++++-", "---+-+", Fields(categories=("02",))),
    _facet(
        "malignancy-in-first-episode-only",
        10,
        "+++++-+",
        "---+-+",
        Fields("||{x}||{d},{p},{s}", diagnoses="||{m},C509{o}||{m}{o}"),
    ),
    _facet(
        "listed-diagnosis-in-last-episode-only",
        10,
        "++-++++",
        "---+-+",
        Fields("||{x}||{d},{p},{s}", diagnoses="||M478{o}||{m}{o}", primary="M478"),
    ),
    _facet("v485-not-dominant", 60, "-++++++", "-----+", Fields("||{x},{d},{s}", "{x}")),
    _facet("v485-first-not-dominant", 20, "-++++++", "---+-+", Fields("||{d},{s},{x}", "{x}")),
    _facet("v481-dominant-v485-second", 6, "-++++++", "-----+", Fields("||V481,{d},{s}", "V481")),
    _facet("v486-dominant-v485-second", 6, "-++++++", "--+--+", Fields("||V486,Y114,{d},{s}", "V486")),
    _facet("two-criteria-missed", 60, "+--++++", "-----+", Fields("||{d},{p}", diagnoses="||M478{o}", primary="M478")),
    _facet("emergency-and-private", 6, "++++-+-", "-----+", Fields(methods=("21",), categories=("02",))),
    _facet("misses-site-category-missing", 6, "+-++++?", "-----+", Fields("||{d},{p}", categories=(None,))),
    _facet("procedures-not-recorded-private", 4, "+?++++-", "-----+", Fields(None, categories=("02",))),
    _facet("wheelchair-z993-among-diagnoses", 20, "+-+++++", "----++", Fields("||{d},{p}", diagnoses="||{m},Z993{o}")),
    _facet(
        "wheelchair-z993-in-first-episode-only",
        6,
        "+-+++++",
        "-----+",
        Fields("||{x}||{d},{p}", diagnoses="||{m},Z993{o}||{m}{o}"),
    ),
    _facet(
        "wheelchair-z993-private",
        6,
        "+-++++-",
        "----++",
        Fields("||{d},{p}", diagnoses="||{m},Z993{o}", categories=("02",)),
    ),
    _facet(
        "wheelchair-z993-m512", 6, "+-+++++", "----++", Fields("||{d},{p}", diagnoses="||M512,Z993{o}", primary="M512")
    ),
    _facet(
        "wheelchair-z993-emergency",
        6,
        "+-++-++",
        "-----+",
        Fields("||{d},{p}", diagnoses="||{m},Z993{o}", methods=("21",)),
    ),
    _facet(
        "wheelchair-z993-method-missing",
        4,
        "+-++?++",
        "----?+",
        Fields("||{d},{p}", diagnoses="||{m},Z993{o}", methods=(None,)),
    ),
)

# nhp-sql-2024 reads neither the dominant procedure, the spell's primary diagnosis nor the category: it still counts
# where those alone are missing. any-v48 has one rule, and V485 or V487 is there, so it counts all of these.
_CANNOT_BE_JUDGED = (
    _facet("dominant-missing", 40, "?++++++", "???+-+", Fields(dominant=None)),
    _facet("dominant-not-known", 6, "?++++++", "???+-+", Fields(dominant="&")),
    _facet("dominant-missing-first-episode", 6, "?++++++", "???--+", Fields("||{d},{s}||{x}", None, _BOTH)),
    _facet("procedures-not-recorded-dominant-v485", 20, "+?+++++", "???--+", Fields(None)),
    _facet("diagnosis-missing", 24, "++?++++", "???+-+", Fields(primary=None)),
    _filler("R69X3"),
    _filler("R69X6"),
    _filler("R69X8"),
    _facet("age-both-missing", 14, "+++?+++", "????-+", Fields(ages=(None, None))),
    _facet("age-start-invalid-activity-valid", 10, "+++?+++", "????-+", Fields(ages=(999, 56))),
    _facet("age-start-missing-activity-invalid", 4, "+++?+++", "????-+", Fields(ages=(None, 999))),
    _facet("age-121", 4, "+++?+++", "????-+", Fields(ages=(121, 121))),
    _facet("method-missing", 20, "++++?++", "????-+", Fields(methods=(None,))),
    _facet("method-not-known", 4, "++++?++", "????-+", Fields(methods=("&",))),
    _facet("category-missing", 20, "++++++?", "???+-+", Fields(categories=(None,))),
    # Without diagnoses the last episode has none to open with, which nhp-sql-2024 takes for not met.
    _facet("diagnoses-not-recorded", 20, "+++++?+", "?+?--+", Fields(diagnoses=None)),
    _facet("diagnoses-and-category-missing", 6, "+++++??", "???--+", Fields(diagnoses=None, categories=(None,))),
    _facet(
        "three-criteria-unknown",
        4,
        "+++??+?",
        "????-+",
        Fields(ages=(None, None), methods=(None,), categories=(None,)),
    ),
)

# None of these holds V485 or V487. ebi-2k-listed counts what it lists when the other six criteria are met.
_LISTED = (
    Scenario("v486-with-y114", "facet-nec", 45, "-++++++", "--+---", Fields("||V486,Y114,{s}", "V486")),
    Scenario(
        "v486-y114-in-another-episode",
        "facet-nec",
        3,
        "-++++++",
        "--+---",
        Fields("||V486,{s}||{x},Y114", "V486", _BOTH),
    ),
    Scenario("v486-without-y114", "facet-nec", 30, "-++++++", "------", Fields("||V486,{p},{s}", "V486")),
    Scenario("v486-with-y114-misses-site", "facet-nec", 15, "--+++++", "------", Fields("||V486,Y114,{p}", "V486")),
    Scenario("v486-with-y114-not-dominant", "facet-nec", 4, "-++++++", "------", Fields("||{x},V486,Y114,{s}", "{x}")),
    Scenario(
        "v486-with-y114-category-missing",
        "facet-nec",
        3,
        "-+++++?",
        "--?---",
        Fields("||V486,Y114,{s}", "V486", categories=(None,)),
    ),
    Scenario("a573-dominant", "rhizotomy", 40, "-++++++", "--+---", Fields("||A573,{p},{s}", "A573")),
    Scenario("a572-dominant", "rhizotomy", 6, "-++++++", "--+---", Fields("||A572,{p},{s}", "A572")),
    Scenario("a573-misses-site", "rhizotomy", 40, "--+++++", "------", Fields("||A573,{p}", "A573")),
    Scenario("a573-not-dominant", "rhizotomy", 6, "-++++++", "------", Fields("||{x},A573,{s}", "{x}")),
    Scenario("a573-private", "rhizotomy", 4, "-+++++-", "------", Fields("||A573,{s}", "A573", categories=("02",))),
    Scenario("a573-diagnoses-not-recorded", "rhizotomy", 4, "-++++?+", "--?---", Fields("||A573,{s}", "A573", None)),
    Scenario(
        "v481-cervical", "cervical", 90, "---++++", "------", Fields("||V481,{p},Z673", "V481", "||M542{o}", "M542")
    ),
    Scenario("v481-with-lumbar-site", "cervical", 10, "-++++++", "------", Fields("||V481,Z673,{s}", "V481")),
    Scenario("dominant-missing-no-denervation", "other", 10, "-++++++", "------", Fields("||{p},{s}", None)),
    Scenario("no-procedure-recorded-back-pain", "other", 10, "-?+++++", "------", Fields(None, None)),
    # ICD-10 V48.5: a car's occupant hurt in an accident without a collision. Not the OPCS-4 code.
    Scenario(
        "icd-v485-among-diagnoses",
        "other",
        10,
        "---+-++",
        "------",
        Fields("||{x},{p}", "{x}", "||S320,V485{o}", "S320", methods=("21",)),
    ),
)

SCENARIOS = _COUNTED + _MISSED + _CANNOT_BE_JUDGED + _LISTED
