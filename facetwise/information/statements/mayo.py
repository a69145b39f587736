"""The atoms of Mayo Clinic (page for patients, 2024): what each says, in words of our own, and where."""

from functools import partial

from facetwise.guidance.policies.mayo_2024 import SOURCE
from facetwise.information.statements.atom import AFT, ALT, DEF, GATE, META, OUT, PREP, PROC, SE, WORK, Atom, lines

_atom = partial(Atom, SOURCE)

ATOMS = (
    _atom("M1", DEF, "Used for neck, back, knee, shoulder and hip", (7,), "Painful neck, back, knee, shoulder or hip?"),
    _atom(
        "M2",
        DEF,
        "Heat from radio waves stops a nerve's signals for a short time",
        (11,),
        "turns off the nerves' ability to send pain signals for a short time",
    ),
    _atom("M3", PROC, "Needles through the skin; scans show where they are", (13,), "typically uses imaging scans"),
    _atom(
        "M4",
        DEF,
        "Often back, neck, buttock; perhaps shoulder, knee, hip",
        (15,),
        "may be helpful for long-term shoulder, knee or hip joint pain",
    ),
    _atom(
        "M5",
        GATE,
        "Done by a pain specialist",
        (19,),
        "provider who specializes in treating pain",
        by=("mayo-2024/specialist",),
    ),
    _atom(
        "M6",
        GATE,
        "Medicine or physical therapy has not helped, or surgery is no option",
        (19,),
        "hasn't improved with medications or physical therapy, or when surgery isn't an option",
        by=("mayo-2024/conservative-care",),
    ),
    _atom(
        "M7",
        GATE,
        "Low back, one or both sides; to the thigh, not below the knee; worse twisting, better lying",
        lines(23, 26),
        "buttocks and thighs (but not below the knee)",
        by=("mayo-2024/not-below-knee",),
    ),
    _atom("M8", GATE, "Neck pain from whiplash may be treated", (28,), "neck pain associated with whiplash"),
    _atom("M9", SE, "Common: numbness and pain at the place, for a time", (34, 35), "Temporary numbness."),
    _atom("M10", SE, "Rare: bleeding, infection, nerve damage", lines(37, 41), "Rarely, more-serious complications"),
    _atom(
        "M11", WORK, "A pain specialist or more tests first", (45,), "referred to a pain specialist or for more tests"
    ),
    _atom(
        "M12",
        GATE,
        "A test: anaesthetic at the very spots; less pain means it may help",
        (47,),
        "injected into the precise spots where the radiofrequency needles go",
        by=("mayo-2024/positive-block",),
    ),
    _atom("M13", ALT, "Another procedure may fit better", (49,), "a different procedure may be needed"),
    _atom(
        "M14",
        PREP,
        "Say so if you take a blood thinner; a pause may be needed",
        (55,),
        "Let your doctor know if you take blood-thinning medicines",
    ),
    _atom("M15", PREP, "Somebody else drives home", (59,), "Arrange for someone to drive you home"),
    _atom(
        "M16",
        PREP,
        "Needed medicines early, with clear liquids; none in the last two hours",
        (60,),
        "Don't take medicines within two hours of your procedure",
    ),
    _atom("M17", PREP, "No smoking or tobacco that day", (61,), "Don't smoke or use any tobacco products"),
    _atom("M18", PROC, "Home the same day", (65,), "you'll go home later that same day"),
    _atom(
        "M19",
        PROC,
        "A gown, an X-ray table, a drip for medicine that comforts",
        (67,),
        "An intravenous (IV) line is placed in your arm or hand",
    ),
    _atom("M20", PROC, "Skin numbed before the needles", (67,), "Numbing medicine is injected into your skin"),
    _atom(
        "M21",
        PROC,
        "A fluoroscope guides the needles to the place",
        (69,),
        "guides the radiofrequency needles to the precise area",
    ),
    _atom("M22", AFT, "Rest in another room until ready to go", (73,), "rest until you feel ready to go home"),
    _atom("M23", SE, "Sore where the needles went, gone in a day or two", (73,), "usually goes away in a day or two"),
    _atom(
        "M24",
        AFT,
        "Ice on the first day, three or four times, 20 minutes each",
        (77,),
        "for 20 minutes, three or four times a day",
    ),
    _atom("M25", AFT, "No heating pad on the place", (78,), "Don't use a heating pad"),
    _atom("M26", AFT, "No baths for two days; a warm shower after 24 hours", (79,), "Don't take baths for two days"),
    _atom("M27", OUT, "Not a lasting repair", (83,), "isn't a permanent fix for back or neck pain"),
    _atom(
        "M28",
        OUT,
        "Studies conflict: modest and short, or several months, or nothing",
        (85,),
        "modest, short-term pain relief",
    ),
    _atom(
        "M29",
        GATE,
        "It works only if the nerves treated are the ones that hurt",
        (87,),
        "need to be the same nerves responsible for your pain",
    ),
    _atom(
        "M30",
        META,
        "Updated 6 April 2024; menu lines above",
        (89,),
        "Last Updated: April 6th, 2024",
        left_out="provenance, in the source's version; page noise",
    ),
)
