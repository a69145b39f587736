"""The layouts that hospital activity comes in, and how a file's columns tell which one it is."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from difflib import get_close_matches
from enum import Enum

from facetwise.errors import InputError, UsageError, nearest


class Kind(Enum):
    """What the values of a column must be."""

    KEY = "an identifier"
    TEXT = "text"
    CODE = "a code"
    CODES = "codes"
    NUMBER = "a whole number"
    DATE = "a date"


@dataclass(frozen=True)
class Column:
    """One canonical column and the names it goes by in a layout, the likeliest first."""

    canonical: str
    kind: Kind
    names: tuple[str, ...]
    says: str
    required: bool = True


@dataclass(frozen=True)
class Layout:
    """A named set of columns."""

    id: str
    says: str
    columns: tuple[Column, ...]

    def find(self, header: Sequence[str]) -> dict[str, str]:
        """Canonical name to the header's own name, for the columns that the header has, whatever their case."""
        folded = {name.strip().lower(): name for name in header}
        found = {}
        for column in self.columns:
            for name in column.names:
                if name.lower() in folded:
                    found[column.canonical] = folded[name.lower()]
                    break
        return found

    def missing(self, header: Sequence[str]) -> tuple[Column, ...]:
        """The required columns that the header lacks."""
        found = self.find(header)
        return tuple(column for column in self.columns if column.required and column.canonical not in found)


def _column(canonical: str, kind: Kind, says: str, *names: str, required: bool = True) -> Column:
    return Column(canonical, kind, names, says, required)


SUS_APCS = Layout(
    "sus-apcs",
    "one row a spell, as the SUS APCS tables hold it",
    (
        _column("spell_id", Kind.KEY, "the spell's identifier", "APCS_Ident"),
        _column("patient_id", Kind.TEXT, "the patient key", "Der_Pseudo_NHS_Number", required=False),
        _column("provider", Kind.TEXT, "the provider", "Der_Provider_Code", required=False),
        _column("commissioner", Kind.TEXT, "the commissioner", "Der_Commissioner_Code", required=False),
        _column("admitted", Kind.DATE, "the admission date", "Admission_Date", required=False),
        _column("discharged", Kind.DATE, "the discharge date", "Discharge_Date", required=False),
        _column("age_at_start", Kind.NUMBER, "the age at the start of the spell", "Age_At_Start_of_Spell_SUS"),
        _column("age_at_activity", Kind.NUMBER, "the activity age", "Der_Age_at_CDS_Activity_Date", required=False),
        _column("admission_method", Kind.TEXT, "the admission method", "Admission_Method"),
        _column("administrative_category", Kind.TEXT, "the administrative category", "Administrative_Category"),
        _column("procedures", Kind.CODES, "all procedures", "Der_Procedure_All"),
        _column("diagnoses", Kind.CODES, "all diagnoses", "Der_Diagnosis_All"),
        _column("dominant_procedure", Kind.CODE, "the dominant procedure", "Spell_Dominant_Procedure"),
        _column("primary_diagnosis", Kind.CODE, "the primary diagnosis", "Spell_Primary_Diagnosis"),
        _column("sex", Kind.TEXT, "the sex", "Sex", "Gender", required=False),
    ),
)

PROCEDURE_POSITIONS = tuple(f"OPERTN_4_{number:02d}" for number in range(1, 25))
DIAGNOSIS_POSITIONS = tuple(f"DIAG_4_{number:02d}" for number in range(1, 21))

HES_APC = Layout(
    "hes-apc",
    "one row an episode, as HES admitted patient care holds it",
    (
        _column("episode", Kind.KEY, "the episode's identifier", "EPIKEY"),
        _column("spell", Kind.TEXT, "the spell's identifier", "SUSSPELLID", required=False),
        _column(
            "patient_id",
            Kind.TEXT,
            "the patient key",
            "TOKEN_PERSON_ID",
            "PSEUDO_HESID",
            "EXTRACT_HESID",
            "HESID",
            required=False,
        ),
        _column("provider", Kind.TEXT, "the provider", "PROCODE3", "PROCODET", "PROCODE5", "PROCODE", required=False),
        _column(
            "commissioner",
            Kind.TEXT,
            "the commissioner",
            "CCG_RESPONSIBILITY",
            "CCG_RESIDENCE",
            "PURCODE",
            required=False,
        ),
        _column("admitted", Kind.DATE, "the admission date", "ADMIDATE", required=False),
        _column("discharged", Kind.DATE, "the discharge date", "DISDATE", required=False),
        _column("order", Kind.NUMBER, "the episode's order", "EPIORDER", required=False),
        _column("began", Kind.DATE, "the episode's start", "EPISTART", required=False),
        _column("age_at_start", Kind.NUMBER, "the age on admission", "ADMIAGE", required=False),
        _column("age_at_activity", Kind.NUMBER, "the age at the start of the episode", "STARTAGE", required=False),
        _column("admission_method", Kind.TEXT, "the admission method", "ADMIMETH"),
        _column("administrative_category", Kind.TEXT, "the administrative category", "ADMINCAT"),
        _column("dominant_procedure", Kind.CODE, "the dominant procedure", "DOMPROC", required=False),
        _column("sex", Kind.TEXT, "the sex", "SEX", required=False),
        *(
            _column(name, Kind.CODE, f"procedure {name[-2:]}", name, required=name == "OPERTN_4_01")
            for name in PROCEDURE_POSITIONS
        ),
        *(
            _column(name, Kind.CODE, f"diagnosis {name[-2:]}", name, required=name == "DIAG_4_01")
            for name in DIAGNOSIS_POSITIONS
        ),
    ),
)

STAGED = Layout(
    "staged",
    "one row a spell under the canonical names, grouped from episodes or joined from two files",
    tuple(replace(column, names=(column.canonical,)) for column in SUS_APCS.columns),
)

_SHOWN = 40
LAYOUTS = {layout.id: layout for layout in (SUS_APCS, HES_APC)}


def layout_named(name: str) -> Layout:
    """The layout of that name. Errors: UsageError with the nearest known name."""
    if name not in LAYOUTS:
        raise UsageError(f"There is no layout '{name}'." + nearest(name, [*LAYOUTS, "auto"]))
    return LAYOUTS[name]


def recognise(header: Sequence[str]) -> Layout:
    """The layout that a header has most columns of. Errors: InputError where it has hardly any of either."""
    scored = sorted(LAYOUTS.values(), key=lambda layout: -len(layout.find(header)))
    if len(scored[0].find(header)) < 2:
        shown = ", ".join(map(_printable, header[:8])) + (", ..." if len(header) > 8 else "")
        raise InputError(
            f"its columns ({shown}) are of no layout that Facetwise knows: {', '.join(LAYOUTS)}. "
            f"A sus-apcs file has {SUS_APCS.columns[0].names[0]} and Der_Procedure_All; a hes-apc file has EPIKEY and OPERTN_4_01."
        )
    return scored[0]


def _printable(name: str) -> str:
    """A column's name as a message can show it: nothing a terminal would act on, and not all of a long one."""
    shown = "".join(letter if letter.isprintable() else "?" for letter in name)
    return shown if len(shown) <= _SHOWN else shown[:_SHOWN] + "..."


def refusal(missing: Sequence[Column], header: Sequence[str]) -> str:
    """What to say of required columns that a header lacks: what was looked for, and the nearest name it has."""
    parts = []
    for column in missing:
        looked_for = " or ".join(column.names)
        close = get_close_matches(looked_for.lower(), [name.lower() for name in header], n=1, cutoff=0.75)
        original = next((name for name in header if close and name.lower() == close[0]), None)
        hint = f"; did you mean '{_printable(original)}'?" if original else ""
        parts.append(f"no column for {column.says}. Looked for {looked_for}{hint}")
    return "has " + "; ".join(parts) + ("" if parts[-1].endswith("?") else ".")
