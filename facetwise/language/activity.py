"""The facts of one admitted spell, as the normaliser leaves them."""

from facetwise.language.codes import CodeSystem
from facetwise.language.expressions import CodeFact, CodesFact, FirstRecorded, NumberFact, TextFact
from facetwise.language.units import Grain, Unit

dominant_procedure = CodeFact("dominant_procedure", "the dominant procedure", Grain.SPELL, CodeSystem.OPCS4)
procedures = CodesFact("procedures", "the procedures", Grain.SPELL, CodeSystem.OPCS4)
primary_diagnosis = CodeFact("primary_diagnosis", "the primary diagnosis", Grain.SPELL, CodeSystem.ICD10)
diagnoses = CodesFact("diagnoses", "the diagnoses", Grain.SPELL, CodeSystem.ICD10)
age_at_start = NumberFact("age_at_start", "the age at the start of the spell", Grain.SPELL, Unit.YEARS, 0, 120)
age_at_activity = NumberFact("age_at_activity", "the age at the activity date", Grain.SPELL, Unit.YEARS, 0, 120)
admission_method = TextFact("admission_method", "the admission method", Grain.SPELL)
administrative_category = TextFact("administrative_category", "the administrative category", Grain.SPELL)

age = FirstRecorded(age_at_start, age_at_activity)

SPELL_FACTS = (
    dominant_procedure,
    procedures,
    primary_diagnosis,
    diagnoses,
    age_at_start,
    age_at_activity,
    admission_method,
    administrative_category,
)
