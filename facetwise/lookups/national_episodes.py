"""National yearly counts that a local count is set beside: published figures, each with its source and its unit."""

from __future__ import annotations

from dataclasses import dataclass
from types import MappingProxyType

from facetwise.guidance.sources import OPCS_TITLES
from facetwise.information.sources import EBI_SUMMARY
from facetwise.language.citation import Cite

LICENCE = "Open Government Licence v3.0"


@dataclass(frozen=True)
class Episodes:
    """Finished consultant episodes in England with a code in any position, in one financial year.

    An episode with both codes is in both numbers, so the two are not added up.
    """

    year: str
    v485: int
    v487: int


EPISODES_CITE = Cite(OPCS_TITLES, "usage of V48.5 and V48.7 by year")
EPISODES = MappingProxyType(
    {
        held.year: held
        for held in (
            Episodes("2012/13", 7_599, 972),
            Episodes("2013/14", 8_696, 1_111),
            Episodes("2014/15", 8_766, 1_083),
            Episodes("2015/16", 8_314, 1_075),
            Episodes("2016/17", 9_536, 1_185),
            Episodes("2017/18", 11_179, 1_137),
            Episodes("2018/19", 11_663, 1_338),
            Episodes("2019/20", 11_655, 1_261),
            Episodes("2020/21", 5_143, 488),
            Episodes("2021/22", 10_253, 942),
        )
    }
)

# The programme's own count by its rule, before its coding was changed in August 2022 and December 2023.
PROGRAMME_YEAR = "2018/19"
PROGRAMME = 1_612
PROGRAMME_CITE = Cite(EBI_SUMMARY, "number of interventions in 18/19, lines 8 to 10", quote="1,612")
