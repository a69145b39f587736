"""Raw SUS APCS rows: what a warehouse holds, as the plain evaluator sees it and as SQL does."""

import random
from collections.abc import Iterable
from dataclasses import dataclass, fields

import duckdb

from facetwise.compile.scripts.definition_script import OUTCOMES, script
from facetwise.decide.evaluate_spell import judge
from facetwise.language.definition import Definition
from facetwise.spells.normalise import parse_value
from facetwise.spells.spell import Spell

COLUMNS = (
    "APCS_Ident VARCHAR, Spell_Dominant_Procedure VARCHAR, Spell_Primary_Diagnosis VARCHAR, Der_Procedure_All VARCHAR, "
    "Der_Diagnosis_All VARCHAR, Age_At_Start_of_Spell_SUS INTEGER, Der_Age_at_CDS_Activity_Date INTEGER, "
    "Admission_Method VARCHAR, Administrative_Category VARCHAR"
)


@dataclass(frozen=True)
class Raw:
    """One row; as it stands it is counted by ebi-2k."""

    dominant: str | None = "V485"
    primary: str | None = "M545"
    procedures: str | None = "||V485,Z675"
    diagnoses: str | None = "||M545,E119"
    age_at_start: int | None = 55
    age_at_activity: int | None = None
    method: str | None = "11"
    category: str | None = "01"

    def cells(self) -> tuple[str | int | None, ...]:
        return tuple(getattr(self, field.name) for field in fields(self))

    def spell(self) -> Spell:
        """The row as the normaliser leaves it, one value at a time."""
        return Spell(
            "1",
            dominant_procedure=None if self.dominant is None else parse_value.code(self.dominant),
            primary_diagnosis=None if self.primary is None else parse_value.diagnosis(self.primary),
            procedures=parse_value.episodes(self.procedures, dash_is_none=True),
            diagnoses=parse_value.episodes(self.diagnoses, dash_is_none=False),
            age_at_start=parse_value.age(self.age_at_start),
            age_at_activity=parse_value.age(self.age_at_activity),
            admission_method=None if self.method is None else parse_value.text(self.method),
            administrative_category=None if self.category is None else parse_value.category(self.category),
        )


def in_python(definition: Definition, row: Raw) -> tuple[str, ...]:
    """The truths and the outcome by the plain evaluator."""
    judged = judge(definition, row.spell())
    return (*(truth.value for truth in judged.truths), OUTCOMES[judged.outcome])


def in_script(definition: Definition, rows: Iterable[Raw]) -> list[tuple[str, ...]]:
    """The truths and the outcome of each row by the script, in DuckDB, in order."""
    with duckdb.connect(":memory:", config={"threads": 1}) as connection:
        connection.execute(f"CREATE TABLE apcs ({COLUMNS})")
        cells = [(f"{place:06d}", *row.cells()) for place, row in enumerate(rows)]
        connection.executemany(f"INSERT INTO apcs VALUES ({', '.join('?' * 9)})", cells)
        found = connection.execute(script(definition, "duckdb")).fetchall()
    ends = 1 + len(definition.criteria) + 1
    return [tuple(row[1:ends]) for row in sorted(found)]


CODES = [
    "V485",
    "V487",
    "V486",
    "v48.5",
    "V4851",
    "A572",
    "A5731",
    "Z675",
    "Z676",
    "z67.7",
    "Z993",
    "Z67",
    "Y114",
    "Y532",
    "X403",
]
DIAGNOSES = [
    "M545",
    "M512",
    "m51.8",
    "M5190",
    "M549",
    "M54",
    "C509",
    "C50",
    "D09X",
    "D10",
    "D371",
    "D486†",
    "E119*",
    "R69X",
    "R69X3",
    "R69X8",
    "Z993",
    "c.61",
]
ODD = [None, "", " ", "-", " - ", "&", "NULL", "null", "N ULL", "\u00a0", ".", "||", "&,&", "-,&", "||-||&"]


def random_rows(seed: int, number: int) -> list[Raw]:
    """Rows with every oddity that a raw column may hold, near enough to being counted for each criterion to matter."""
    chance = random.Random(seed)
    return [_random_row(chance) for _ in range(number)]


def _random_row(chance: random.Random) -> Raw:
    def one(usual: list[str], odd: list[str | None]) -> str | None:
        return chance.choice(odd) if chance.random() < 0.2 else _padded(chance, chance.choice(usual))

    def many(usual: list[str]) -> str | None:
        if chance.random() < 0.2:
            return chance.choice(ODD)
        stand_ins = ["", "-", "&", " ", "NULL", "\u00a0"]
        episodes = [
            ",".join(
                _padded(chance, chance.choice(stand_ins if chance.random() < 0.15 else usual))
                for _ in range(chance.randint(0, 4))
            )
            for _ in range(chance.randint(1, 3))
        ]
        return chance.choice(["||", "||", ""]) + "||".join(episodes)

    ages = [None, -1, 0, 18, 19, 55, 120, 121, 6999, 7000, 7001, 7007, 7008, 2**31 - 1]
    return Raw(
        dominant=one(CODES[:8], ODD),
        primary=one(DIAGNOSES[:8], [*ODD, "R69X3", "R69X6 ", "r69.X8", "R69X"]),
        procedures=many(CODES),
        diagnoses=many(DIAGNOSES),
        age_at_start=chance.choice([*ages, 40, 50, 60]),
        age_at_activity=chance.choice(ages),
        method=one(["11", "12", "13", "21", "2A", "31", "81"], [None, "", " ", "NULL", " 2b", "\u00a021"]),
        category=one(
            ["01", "02", "03", "1", "2", " 2"], [None, "", " ", "null", "2A", "99", "&", "2.0", " 02.0", "1.0", "10.0"]
        ),
    )


def _padded(chance: random.Random, value: str) -> str:
    return chance.choice(["", "", "", " ", "\u00a0"]) + value + chance.choice(["", "", "", " ", "  "])
