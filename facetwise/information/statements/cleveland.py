"""The atoms of Cleveland Clinic (page for patients, 2019): what each says, in words of our own, and where."""

from functools import partial

from facetwise.guidance.policies.cleveland_2019 import SOURCE
from facetwise.information.statements.atom import AFT, DEF, GATE, META, OUT, PROC, SE, WORK, Atom

_atom = partial(Atom, SOURCE)

ATOMS = (
    _atom(
        "C1",
        GATE,
        "Chronic: longer than 12 weeks in spite of treatment",
        (6,),
        "chronic if it lasts for more than 12 weeks",
        by=("cleveland-2019/chronic",),
    ),
    _atom(
        "C2",
        DEF,
        "Not surgery; heat destroys a nerve; home the same day",
        (6,),
        "usually performed on an outpatient basis",
    ),
    _atom(
        "C3",
        DEF,
        "Nerves in bones, ligaments and joints of the spine carry pain",
        (10,),
        "Nerves within the spine are the source of chronic back pain",
    ),
    _atom(
        "C4",
        DEF,
        "Most long-lasting back pain is from the facet or sacroiliac joints",
        (12,),
        "usually comes from two joints of the spine",
    ),
    _atom(
        "C5",
        DEF,
        "Facet joints let the back twist and bend; two small nerves serve them",
        (14,),
        "Two small nerves, called medial branch nerves",
    ),
    _atom(
        "C6",
        DEF,
        "The sacroiliac joint has other nerves, the lateral branches",
        (15,),
        "Lateral branch nerves that are connected to these joints",
    ),
    _atom(
        "C7",
        PROC,
        "Current through a needle beside the nerve makes the heat; nerves near by are spared",
        (17,),
        "nearby healthy nerves are not damaged",
    ),
    _atom(
        "C8",
        GATE,
        "For osteoarthritis, and for injury such as a car accident",
        (24,),
        "Spine conditions that are a result of a traumatic injury",
    ),
    _atom(
        "C9",
        WORK,
        "History, examination, questions first",
        (30,),
        "examine the patient, review his or her medical history",
    ),
    _atom(
        "C10",
        WORK,
        "X-rays or scans are usual, to see levels and rule out other causes",
        (30,),
        "X-rays or other imaging tests are typically ordered",
    ),
    _atom(
        "C11",
        GATE,
        "Two sets of test blocks, local anaesthetic only",
        (32,),
        "two sets of diagnostic blocks, using local anesthetic only",
        by=("cleveland-2019/blocks",),
    ),
    _atom(
        "C12",
        GATE,
        "No clear relief from the blocks: it is not done",
        (32,),
        "the doctor will not proceed with a radiofrequency neurotomy",
        by=("cleveland-2019/blocks",),
    ),
    _atom(
        "C13",
        GATE,
        "A good response: it may be recommended",
        (32,),
        "if the response to the diagnostic blocks is favorable",
        by=("cleveland-2019/blocks",),
    ),
    _atom("C14", PROC, "On the front, on an X-ray table; skin cleaned", (38,), "on a special X-ray table"),
    _atom("C15", PROC, "The places are found and marked", (39,), "the skin is marked"),
    _atom("C16", PROC, "The skin is numbed", (40,), "injection sites on the back is numbed"),
    _atom("C17", PROC, "A live X-ray guides the needle", (41,), "using a fluoroscopy (a live X-ray)"),
    _atom(
        "C18",
        PROC,
        "A test that the needle is near its nerve and away from others",
        (43,),
        "not near a motor or sensory nerve",
    ),
    _atom(
        "C19",
        PROC,
        "The test of feeling may hurt in back, buttocks or thigh",
        (43,),
        "may move to the buttocks and down the back of the thigh",
    ),
    _atom("C20", PROC, "The test of movement makes back muscles twitch", (43,), "back muscles that will twitch"),
    _atom(
        "C21",
        PROC,
        "Order: place checked, numbed, a wait, then heat",
        (45,),
        "Once the local anesthetic has had time to work",
    ),
    _atom("C22", DEF, "The heat kills the nerve and ends its signals", (45,), "The heat kills the nerve"),
    _atom("C23", AFT, "Home soon after; rest, light activity", (49,), "go home to rest and resume light activity"),
    _atom("C24", AFT, "No driving, nothing strenuous", (49,), "should not drive or do anything strenuous"),
    _atom(
        "C25",
        AFT,
        "Normal activity after a day or two",
        (49,),
        "After a day or two, the patient can resume normal activities",
    ),
    _atom("C26", SE, "Sore for up to a week, from spasm and needles", (51,), "normal and may last for up to a week"),
    _atom(
        "C27",
        AFT,
        "Medicine for soreness if needed; physical therapy for strength",
        (53,),
        "regain strength and flexibility in his or her back and legs",
    ),
    _atom(
        "C28", AFT, "A short recovery: a day or two resting, then usual activity", (59,), "after a day or two of rest"
    ),
    _atom(
        "C29", SE, "Pain like the usual pain while it is done", (63,), "similar to what he or she experienced before"
    ),
    _atom("C30", SE, "Burning like sunburn, a week or two", (65,), "may remain for a week or two"),
    _atom("C31", AFT, "Ice on the back may be advised", (65,), "placing ice on the back to cool it"),
    _atom(
        "C32",
        SE,
        "Numb skin where the needle went in; medicine if needed",
        (67,),
        "numbness in the back where the needle went",
    ),
    _atom(
        "C33",
        SE,
        "Complications are rare, yet lasting nerve damage or worse pain can happen",
        (71,),
        "permanent nerve damage or pain can occur on occasion",
    ),
    _atom(
        "C34",
        OUT,
        "For some relief lasts months, or up to two years or so; for others it is small",
        (77,),
        "from a few months to a couple of years",
    ),
    _atom(
        "C35",
        META,
        "Reviewed 30 January 2019; references",
        (79,),
        "Last reviewed",
        left_out="provenance, in the source's version",
    ),
)
