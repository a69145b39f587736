"""Small activity files for tests, written as a user's would be."""

from __future__ import annotations

import csv
from collections.abc import Sequence
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

HEAD = (
    "APCS_Ident,Der_Pseudo_NHS_Number,Der_Provider_Code,Der_Commissioner_Code,Admission_Date,Discharge_Date,"
    "Age_At_Start_of_Spell_SUS,Der_Age_at_CDS_Activity_Date,Admission_Method,Administrative_Category,"
    "Der_Procedure_All,Der_Diagnosis_All,Spell_Dominant_Procedure,Spell_Primary_Diagnosis"
)
COUNTED = '{key},9001,R0A,Q01,2018-05-01,2018-05-01,50,50,11,01,"||V485,Z675","||M545 ,E119",V485,M545'


def counted_rows(number: int, start: int = 1) -> list[str]:
    """Rows that ebi-2k counts, with ascending keys."""
    return [COUNTED.format(key=key) for key in range(start, start + number)]


def write(path: Path, rows: Sequence[str], head: str = HEAD) -> Path:
    """A CSV file of a header and rows."""
    path.write_text("\n".join([head, *rows]) + "\n", encoding="utf-8")
    return path


def typed(path: Path, rows: int = 5, **over: pa.Array) -> Path:
    """A Parquet file of counted rows, all text but for the columns given in other types."""
    held = [next(csv.reader([row])) for row in counted_rows(rows)]
    columns = {name: pa.array([row[place] for row in held]) for place, name in enumerate(HEAD.split(","))}
    pq.write_table(pa.table({**columns, **over}), path)
    return path
