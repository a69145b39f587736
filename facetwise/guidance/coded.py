"""What the codes of a spell say of the procedure that was done: its region, its sides, its technique.

OPCS-4 names no joint: the sites Z67.3 to Z67.7 and Z99.3 tell a region of the spine, Z94 a side.
"""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Literal

from facetwise.guidance import codelists

Region = Literal["cervical", "thoracic", "lumbar"]
Side = Literal["left", "right"]

DENERVATION, BLOCK, FUSION = "denervation", "block", "fusion"
"""What a spell is in a patient's course."""

REGIONS_OF_OPERATIONS: Mapping[str, Region] = MappingProxyType(
    {
        "V481": "cervical",
        "V482": "cervical",
        "V483": "thoracic",
        "V484": "thoracic",
        "V485": "lumbar",
        "V486": "lumbar",
    }
)
REGIONS_OF_SITES: Mapping[str, Region] = MappingProxyType(
    {"Z673": "cervical", "Z674": "thoracic", **dict.fromkeys(sorted(codelists.LUMBAR_SITES.fours), "lumbar")}
)
SIDES: Mapping[str, tuple[Side, ...]] = MappingProxyType(
    {"Z941": ("left", "right"), "Z942": ("right",), "Z943": ("left",)}
)
THERMAL = frozenset({"V481", "V483", "V485", "V487", *codelists.THERMAL_DESTRUCTION.fours})

TAKEN_AS: Region = "lumbar"
"""The region of a denervation whose codes name none (V48.7 without a site), where it is held against others."""
