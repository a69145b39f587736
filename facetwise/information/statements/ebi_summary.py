"""The atoms of the undated summary of EBI 2K: what each says, in words of our own, and where."""

from functools import partial

from facetwise.information.statements.atom import ALT, CODE, DEF, GATE, META, PROC, Atom, lines
from facetwise.information.statements.sources import EBI_SUMMARY

_atom = partial(Atom, EBI_SUMMARY)

ATOMS = (
    _atom(
        "S1",
        DEF,
        "Title of the summary: 2K, lumbar",
        (1,),
        "Lumbar radiofrequency facet joint denervation",
        by=("ebi-2k-guidance/lumbar",),
    ),
    _atom(
        "S2",
        DEF,
        "Other names, heat, only when other ways have failed",
        (5,),
        "It is only recommended when other alternatives have failed",
        by=("ebi-2k-guidance/conservative-care",),
    ),
    _atom("S3", GATE, "From the age of 19", (6,), "adults aged 19 years and over", by=("ebi-2k-guidance/adult",)),
    _atom(
        "S4",
        CODE,
        "1,612 procedures in 2018/19",
        lines(8, 10),
        "1,612",
        left_out="a national count, for the counting definition and its documents: it tells a patient nothing",
    ),
    _atom(
        "S5",
        GATE,
        "The same criteria, headed as a proposal",
        lines(13, 16),
        "Proposal",
        by=("ebi-2k-guidance/chronic", "ebi-2k-guidance/facet-source"),
    ),
    _atom(
        "S6",
        GATE,
        "Joints, nerves and test blocks, as on the national page",
        (21, 22),
        "facet joint injections, which are no longer recommended",
        by=("ebi-2k-guidance/positive-block",),
    ),
    _atom(
        "S7",
        ALT,
        "Manual and psychological therapy first; the pathway, with its address",
        (23, 24),
        "Manual therapy, with appropriate psychological therapies",
    ),
    _atom(
        "S8",
        GATE,
        "After a block: short relief may lead to it, long relief ends the need",
        (26,),
        "a significant but short term improvement in pain symptoms",
        by=("ebi-2k-guidance/positive-block", "ebi-2k-guidance/stops"),
    ),
    _atom("S9", PROC, "The insulated needle; the nerve may grow back", (28, 29), "heats and denatures the nerve"),
    _atom(
        "S10",
        META,
        "The best interval is under research, with the address",
        (31, 32),
        "Research is ongoing to determine the optimum frequency",
    ),
    _atom(
        "S11",
        META,
        "Undated, without codes or text for patients",
        (1, 33),
        "2K",
        left_out="provenance: the layout of the file",
    ),
)
