"""The same filter in Polars. Run by itself: POLARS_MAX_THREADS=2 python -m bench.polars_filter FILE"""

import sys

import polars as pl


def count(file: str) -> int:
    """How many spells the published filter flags in a file, by Polars."""
    column = pl.col
    procedures, diagnoses = column("Der_Procedure_All").str, column("Der_Diagnosis_All").str
    age = pl.coalesce("Age_At_Start_of_Spell_SUS", "Der_Age_at_CDS_Activity_Date")
    flagged = (
        column("Spell_Dominant_Procedure").str.slice(0, 4).is_in(["V485", "V487"])
        & procedures.contains("Z67[567]|Z993")
        & column("Spell_Primary_Diagnosis").str.slice(0, 4).is_in(["M512", "M518", "M519", "M545", "M549"])
        & age.is_between(19, 120)
        & ~column("Admission_Method").str.starts_with("2")
        & ~diagnoses.contains("C[0-9][0-9]|D0|D3[789]|D4[012345678]")
        & (column("Administrative_Category") != "02")
    )
    return int(pl.scan_parquet(file).filter(flagged).select(pl.len()).collect(engine="streaming").item())


if __name__ == "__main__":
    print(count(sys.argv[1]))
