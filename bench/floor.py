"""What reading alone costs DuckDB. Run by itself: python -m bench.floor FILE THREADS WHICH"""

import sys

import duckdb

FLOORS = {
    "one code column": "SELECT count(*) FROM '{file}' WHERE Spell_Dominant_Procedure = 'V485'",
    "the procedure column": "SELECT count(*) FROM '{file}' WHERE contains(Der_Procedure_All, 'V48')",
    "the candidates' columns": "SELECT count(*), max(hash(APCS_Ident, Der_Provider_Code, Admission_Date, "
    "Age_At_Start_of_Spell_SUS, Der_Age_at_CDS_Activity_Date, Admission_Method, Administrative_Category, "
    "Der_Diagnosis_All, Spell_Dominant_Procedure, Spell_Primary_Diagnosis)) "
    "FROM '{file}' WHERE contains(Der_Procedure_All, 'V48')",
}

if __name__ == "__main__":
    with duckdb.connect(config={"threads": int(sys.argv[2])}) as connection:
        print(connection.sql(FLOORS[sys.argv[3]].format(file=sys.argv[1])).fetchall()[0][0])
