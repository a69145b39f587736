"""The same rule in PySpark as analysts usually write it: codes in long tables, and a semi-join for each criterion.

Run by itself: python -m bench.pyspark_usual FILE THREADS
"""

import sys
from importlib import import_module
from typing import Any

KEY = "APCS_Ident"
DENERVATIONS, SITES = ["V485", "V487"], ["Z675", "Z676", "Z677", "Z993"]
DIAGNOSES = ["M512", "M518", "M519", "M545", "M549"]
CANCER = "^(C[0-9][0-9]|D0[0-9]|D3[789]|D4[0-8])"


def count(file: str, threads: str) -> int:
    """How many spells the rule flags in a file, by Spark on so many threads."""
    f: Any = import_module("pyspark.sql.functions")
    builder = import_module("pyspark.sql").SparkSession.builder.master(f"local[{threads}]")
    builder = builder.config("spark.ui.enabled", "false").config("spark.sql.shuffle.partitions", "8")
    spark = builder.config("spark.log.level", "ERROR").getOrCreate()
    spells = spark.read.parquet(file)

    def codes(column: str) -> Any:
        each = f.explode(f.split(f.regexp_replace(column, r"\|\|", ","), ","))
        return spells.select(KEY, each.alias("code")).withColumn("code", f.trim("code")).where("code <> ''")

    def first_four(column: str) -> Any:
        return f.substring(column, 1, 4)

    procedures, diagnoses = codes("Der_Procedure_All"), codes("Der_Diagnosis_All")
    age = f.coalesce("Age_At_Start_of_Spell_SUS", "Der_Age_at_CDS_Activity_Date")
    denervated = spells.where(first_four("Spell_Dominant_Procedure").isin(DENERVATIONS))
    at_the_back = procedures.where(first_four("code").isin(SITES)).select(KEY).distinct()
    with_back_pain = spells.where(first_four("Spell_Primary_Diagnosis").isin(DIAGNOSES)).select(KEY)
    adults = spells.where(age.between(19, 120)).select(KEY)
    planned = spells.where(~f.col("Admission_Method").startswith("2")).select(KEY)
    with_cancer = diagnoses.where(f.col("code").rlike(CANCER)).select(KEY).distinct()
    diagnosed = spells.where(f.col("Der_Diagnosis_All").isNotNull()).select(KEY)
    not_private = spells.where(f.col("Administrative_Category") != "02").select(KEY)
    flagged = denervated
    for those in (at_the_back, with_back_pain, adults, planned, diagnosed, not_private):
        flagged = flagged.join(those, KEY, "left_semi")
    return int(flagged.join(with_cancer, KEY, "left_anti").count())


if __name__ == "__main__":
    print(count(sys.argv[1], sys.argv[2]))
