"""Which nerves serve which facet joint, and which joints are denervated by the nerves that were treated.

Policies count joints, notes list nerves. Each joint is served by the nerve one above its upper vertebra and the nerve of
its upper vertebra, except in the neck, where the nerves are numbered by the vertebra below them.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import Enum
from types import MappingProxyType

from facetwise.errors import InputError, nearest
from facetwise.guidance.safety import SAFETY_NOTES
from facetwise.language.citation import Cite, Read, Source
from facetwise.record.field_types import LEVELS

BOGDUK_LONG = Source(
    id="bogduk-long-1979",
    title="The anatomy of the so-called articular nerves and their relationship to facet denervation, J Neurosurg 51:172",
    publisher="Journal of Neurosurgery",
    version="1979",
    url="https://www.qxmd.com/r/156249",
    read=Read.PARTIAL,
)
FURMAN_30H = Source(
    id="furman-30h",
    title="Cervical zygapophysial joint innervation: anatomy, dissections and lesion zone diagrams (chapter 30H)",
    publisher="Conly and others, in Furman's atlas of image-guided spinal procedures",
    version="as seen in November 2026",
    url="https://musculoskeletalkey.com/cervical-zygapophysial-joint-innervation-anatomy-dissections-and-lesion-zone-diagrams",
    read=Read.PARTIAL,
)
FACET_JOINT = Source(
    id="wikipedia-facet-joint",
    title="Facet joint",
    publisher="Wikipedia",
    version="a copy, as seen in November 2026",
    url="https://en.wikipedia.org/wiki/Facet_joint",
    read=Read.SECONDARY,
)
JOSHI = Source(
    id="joshi-2019",
    title="The source and the course of the articular branches to the T4-T8 zygapophysial joints, Pain Medicine 20:2371",
    publisher="Pain Medicine",
    version="2019",
    url="https://doi.org/10.1093/pm/pnz116",
    read=Read.PARTIAL,
)
SOURCES = (BOGDUK_LONG, FURMAN_30H, FACET_JOINT, JOSHI)
TON = "third occipital nerve"
L5_RAMUS = "L5 dorsal ramus"
WITHOUT = "C1/2"


@dataclass(frozen=True)
class Supply:
    """The nerves of one joint, from the upper to the lower, and where that is written. doubt: what speaks against it."""

    joint: str
    nerves: tuple[str, ...]
    cites: tuple[Cite, ...]
    doubt: Cite | None = None


_LUMBAR = (Cite(BOGDUK_LONG, "abstract: L1 to L4", "innervate the adjacent zygapophysial joint"),)
_LOW_LUMBAR = (Cite(SAFETY_NOTES, "technique facts: L4/5 and L5/S1"), *_LUMBAR, Cite(FACET_JOINT, "innervation"))
_LIKE_LUMBAR = (Cite(FACET_JOINT, "innervation"),)
_NECK = (
    Cite(FURMAN_30H, "figure 30H.1, as labelled"),
    Cite(FACET_JOINT, "innervation: numbered by both vertebrae", read_as=Read.UNVERIFIED),
)
_HIGH_NECK = (Cite(FURMAN_30H, "figure 30H.1: third occipital nerve"),)
_MID_THORAX = Cite(JOSHI, "abstract: most branches come from the dorsal ramus, and often touch no bone")


def _chain() -> tuple[str, ...]:
    """The nerves below the neck in the order in which they leave the spine: C8, T1 and so on."""
    spinal = ("C8", *(f"T{n}" for n in range(1, 13)), *(f"L{n}" for n in range(1, 5)))
    return (*(f"{name} medial branch" for name in spinal), L5_RAMUS)


def _supply(joint: str, chain: tuple[str, ...]) -> Supply:
    upper = joint.partition("/")[0]
    if joint == "C2/3":
        return Supply(joint, (TON,), _HIGH_NECK)
    if upper.startswith("C"):
        number = int(upper[1:])
        return Supply(joint, (f"C{number} medial branch", f"C{number + 1} medial branch"), _NECK)
    own = next(place for place, nerve in enumerate(chain) if nerve.startswith(f"{upper} "))
    nerves = (chain[own - 1], chain[own])
    if upper.startswith("T"):
        doubted = {nerve.partition(" ")[0] for nerve in nerves} & {f"T{n}" for n in range(4, 9)}
        return Supply(joint, nerves, _LIKE_LUMBAR, _MID_THORAX if doubted else None)
    return Supply(joint, nerves, _LOW_LUMBAR if upper in ("L4", "L5") else _LUMBAR)


SUPPLY = MappingProxyType({joint: _supply(joint, _chain()) for joint in LEVELS if joint != WITHOUT})
NERVES = tuple(dict.fromkeys(nerve for supply in SUPPLY.values() for nerve in supply.nerves))
_REGIONS = {"C": "cervical", "T": "thoracic", "L": "lumbar"}


def region_of(joint: str) -> str:
    """The region that a joint is counted in: that of its upper vertebra."""
    return _REGIONS[joint[0]]


def supply(joint: str) -> Supply:
    """The nerves of a joint. Errors: InputError for a joint that no medial branch serves, or for none at all."""
    if joint == WITHOUT:
        raise InputError(
            "C1/2 is served by no medial branch, so none can be treated for it. Choose C2/3 or a joint below."
        )
    if joint not in SUPPLY:
        raise InputError("That is no facet joint. Write it as L4/5." + nearest(joint, SUPPLY))
    return SUPPLY[joint]


def nerves_of(joints: Iterable[str]) -> tuple[str, ...]:
    """The nerves that serve these joints, each once, from the neck down."""
    wanted = {nerve for joint in joints for nerve in supply(joint).nerves}
    return tuple(nerve for nerve in NERVES if nerve in wanted)


def joints_of(nerve: str) -> tuple[str, ...]:
    """The joints that a nerve helps to serve. Errors: InputError for a nerve that is not on the map."""
    if nerve not in NERVES:
        same = [known for known in NERVES if known.startswith(nerve.partition(" ")[0])]
        raise InputError("That nerve is not on the map." + nearest(nerve, same or NERVES))
    return tuple(joint for joint, held in SUPPLY.items() if nerve in held.nerves)


class Extent(Enum):
    """How far a joint is denervated on one side."""

    WHOLE = "denervated"
    PARTLY = "partly denervated"
    CANNOT_TELL = "cannot tell"


@dataclass(frozen=True)
class Denervated:
    """One joint on one side, by its nerves: treated, left alone, and those of which nobody wrote down either."""

    joint: str
    side: str
    extent: Extent
    treated: tuple[str, ...]
    not_treated: tuple[str, ...]
    not_recorded: tuple[str, ...]


@dataclass(frozen=True)
class Treated:
    """A nerve on one side that was worked on. lesion: whether a lesion was made; None where that is not recorded."""

    nerve: str
    side: str
    lesion: bool | None


def denervated(worked_on: Iterable[Treated]) -> tuple[Denervated, ...]:
    """The joints that the nerves come to, from the neck down, left before right.

    A joint is denervated when all its nerves on that side were treated, partly so when some were; it is not told where
    none was. A nerve that nobody worked on was not treated; one worked on without a word of a lesion is not known.
    """
    lesions: dict[tuple[str, str], bool | None] = {}
    for item in worked_on:
        joints_of(item.nerve)  # refuses what is not on the map
        key = (item.nerve, item.side)
        lesions[key] = item.lesion if key not in lesions else _either(lesions[key], item.lesion)
    found = (_extent(held, side, lesions) for held in SUPPLY.values() for side in ("left", "right"))
    return tuple(item for item in found if item is not None)


def _either(first: bool | None, second: bool | None) -> bool | None:
    if first or second:
        return True
    return None if first is None or second is None else False


def _extent(joint_supply: Supply, side: str, known: dict[tuple[str, str], bool | None]) -> Denervated | None:
    lesions = {nerve: known.get((nerve, side), False) for nerve in joint_supply.nerves}
    treated = tuple(nerve for nerve, lesion in lesions.items() if lesion)
    unsaid = tuple(nerve for nerve, lesion in lesions.items() if lesion is None)
    left = tuple(nerve for nerve, lesion in lesions.items() if lesion is False)
    if not treated and not unsaid:
        return None
    if not left and not unsaid:
        extent = Extent.WHOLE
    elif treated and left:
        extent = Extent.PARTLY
    else:
        extent = Extent.CANNOT_TELL
    return Denervated(joint_supply.joint, side, extent, treated, left, unsaid)
