"""What of a patient changes the text: region, blood thinner, driving, sedation. Not asked is an answer of its own."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum

from facetwise.language.truth import Truth


class Region(Enum):
    """Where the procedure is done. The sources tell of no other facet joints."""

    LUMBAR = "lumbar"
    NECK = "neck"


class Condition(Enum):
    """One answer to one aspect of the situation: (aspect, answer)."""

    LUMBAR = ("region", "lumbar")
    NECK = ("region", "neck")
    BLOOD_THINNER = ("blood thinner", "met")
    NO_BLOOD_THINNER = ("blood thinner", "not-met")
    BLOOD_THINNER_NOT_ASKED = ("blood thinner", "unknown")
    DRIVES = ("drives", "met")
    DOES_NOT_DRIVE = ("drives", "not-met")
    DRIVES_NOT_ASKED = ("drives", "unknown")
    SEDATION = ("sedation", "met")
    NO_SEDATION = ("sedation", "not-met")
    SEDATION_NOT_SETTLED = ("sedation", "unknown")

    @property
    def aspect(self) -> str:
        return self.value[0]


LUMBAR = frozenset({Condition.LUMBAR})
NECK = frozenset({Condition.NECK})
MAY_TAKE_BLOOD_THINNER = frozenset({Condition.BLOOD_THINNER, Condition.BLOOD_THINNER_NOT_ASKED})
MAY_DRIVE = frozenset({Condition.DRIVES, Condition.DRIVES_NOT_ASKED})


@dataclass(frozen=True)
class Situation:
    """The patient, as far as the text differs. UNKNOWN is not asked: the text then speaks to both.

    sedation: whether it is planned for this patient.
    """

    region: Region
    blood_thinner: Truth = Truth.UNKNOWN
    drives: Truth = Truth.UNKNOWN
    sedation: Truth = Truth.UNKNOWN

    def condition(self, aspect: str) -> Condition:
        """The patient's answer to that aspect."""
        answers = {
            "region": self.region.value,
            "blood thinner": self.blood_thinner.value,
            "drives": self.drives.value,
            "sedation": self.sedation.value,
        }
        return Condition((aspect, answers[aspect]))
