"""The published filter with its quotes repaired, written straight for DuckDB, giving only its count: what speed is held against.

As the script stands it looks for bracket classes with LIKE, which only SQL Server knows, so its patterns are regular
expressions here; nothing else is changed. Run by itself: python -m bench.published FILE THREADS
"""

import sys

import duckdb

WHERE = r"""
(left(Spell_Dominant_Procedure, 4) IN ('V485', 'V487')
  AND (regexp_matches(Der_Procedure_All, 'Z67[567]') OR Der_Procedure_All LIKE '%Z993%'))
AND left(Spell_Primary_Diagnosis, 4) IN ('M512', 'M518', 'M519', 'M545', 'M549')
AND coalesce(Age_At_Start_of_Spell_SUS, Der_Age_at_CDS_Activity_Date) BETWEEN 19 AND 120
AND Admission_Method NOT LIKE '2%'
AND NOT regexp_matches(Der_Diagnosis_All, 'C[0-9][0-9]') AND Der_Diagnosis_All NOT LIKE '%D0%'
AND NOT regexp_matches(Der_Diagnosis_All, 'D3[789]') AND NOT regexp_matches(Der_Diagnosis_All, 'D4[012345678]')
AND Administrative_Category <> '02'
"""


def count(file: str, threads: int) -> int:
    """How many spells the published filter flags in a file."""
    connection = duckdb.connect(config={"threads": threads})
    return int(connection.sql(f"SELECT count(*) FROM '{file}' WHERE {WHERE}").fetchall()[0][0])


if __name__ == "__main__":
    print(count(sys.argv[1], int(sys.argv[2])))
