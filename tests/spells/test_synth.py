"""Promises of the synthetic spells and of the answers written beside them."""

import csv
import gzip
import re
from collections import Counter
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import pyarrow.csv as pa_csv
import pyarrow.parquet as pq
import pytest

import facetwise
from facetwise.errors import InputError, UsageError
from facetwise.spells.synthetic.planted import KINDS, planted_kinds, quotas, scenarios_n
from facetwise.spells.synthetic.scenarios import CRITERIA, DEFINITIONS, ENGLAND_SPELLS, RELATED, SCENARIOS
from facetwise.spells.synthetic.synth import CHUNK_SPELLS, SPELL_SCHEMA, TRUTH_SCHEMA, SynthSummary, write_synthetic

UNPLANTED = {"background", *(kind.name for kind in RELATED)}
COLUMNS = (
    "APCS_Ident Der_Pseudo_NHS_Number Der_Provider_Code Der_Commissioner_Code Admission_Date Discharge_Date "
    "Age_At_Start_of_Spell_SUS Der_Age_at_CDS_Activity_Date Admission_Method Administrative_Category "
    "Der_Procedure_All Der_Diagnosis_All Spell_Dominant_Procedure Spell_Primary_Diagnosis"
)


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> tuple[Any, Any, SynthSummary]:
    """5,000 spells, their answers and the summary."""
    folder = tmp_path_factory.mktemp("made")
    summary = write_synthetic(5_000, 11, folder / "spells.parquet", folder / "truth.parquet")
    return pq.read_table(folder / "spells.parquet"), pq.read_table(folder / "truth.parquet"), summary


@pytest.fixture(scope="module")
def large(tmp_path_factory: pytest.TempPathFactory) -> tuple[Any, Any]:
    """200,000 spells and their answers."""
    folder = tmp_path_factory.mktemp("large")
    write_synthetic(200_000, 3, folder / "spells.parquet", folder / "truth.parquet")
    return pq.read_table(folder / "spells.parquet"), pq.read_table(folder / "truth.parquet")


def kleene_and(truths: Iterable[str]) -> str:
    held = set(truths)
    return "not-counted" if "not-met" in held else "unknown" if "unknown" in held else "counted"


def spells_texts(spells: Any, name: str) -> list[str]:
    return [text for text in spells[name].to_pylist() if text is not None]


def mean_codes(texts: list[str]) -> float:
    return sum(len(re.split(r"\|\||,", text.removeprefix("||"))) for text in texts) / len(texts)


def share(column: Any) -> float:
    return float(column.null_count) / len(column)


def test_the_same_seed_and_number_give_the_same_bytes(tmp_path: Path) -> None:
    """A file can be named by its seed and number instead of being sent."""
    for ending in (".parquet", ".csv", ".csv.gz"):
        for copy in "ab":
            write_synthetic(700, 5, tmp_path / f"{copy}{ending}", tmp_path / f"truth-{copy}{ending}")
        assert (tmp_path / f"a{ending}").read_bytes() == (tmp_path / f"b{ending}").read_bytes()
        assert (tmp_path / f"truth-a{ending}").read_bytes() == (tmp_path / f"truth-b{ending}").read_bytes()


def test_another_seed_gives_other_spells(tmp_path: Path) -> None:
    """Two seeds agree in the layout and in how many of each scenario there are, not in the spells."""
    summaries = [write_synthetic(2_000, seed, tmp_path / f"{seed}.parquet") for seed in (1, 2)]
    tables = [pq.read_table(tmp_path / f"{seed}.parquet") for seed in (1, 2)]
    assert tables[0].schema == tables[1].schema == SPELL_SCHEMA
    assert tables[0]["Der_Diagnosis_All"] != tables[1]["Der_Diagnosis_All"]
    assert summaries[0].planted == summaries[1].planted


def test_the_layout_is_sus_apcs_to_the_letter(made: tuple[Any, Any, SynthSummary]) -> None:
    spells, truth, _ = made
    assert spells.column_names == COLUMNS.split()
    assert truth.column_names == ["spell_id", "scenario", *DEFINITIONS, *(f"ebi-2k:{name}" for name in CRITERIA)]


def test_every_scenario_is_in_a_file_of_5000_and_in_one_as_small_as_their_number(
    made: tuple[Any, Any, SynthSummary],
) -> None:
    _, truth, summary = made
    assert set(truth["scenario"].to_pylist()) == set(KINDS)
    assert Counter(truth["scenario"].to_pylist()) - Counter({"background": 5_000}) == Counter(dict(summary.planted))
    assert (quotas(len(SCENARIOS))[1 + len(RELATED) :] == 1).all()


def test_answers_stand_beside_their_spells_one_to_one(made: tuple[Any, Any, SynthSummary]) -> None:
    spells, truth, summary = made
    assert spells["APCS_Ident"] == truth["spell_id"]
    assert len(set(truth["spell_id"].to_pylist())) == summary.spells == 5_000
    assert dict(summary.counted) == {name: truth[name].to_pylist().count("counted") for name in DEFINITIONS}


def test_each_answer_is_what_its_own_criteria_make_it(made: tuple[Any, Any, SynthSummary]) -> None:
    """Not counted when any criterion is not met, counted when all are met, else unknown."""
    seen = set()
    for row in made[1].to_pylist():
        criteria = [row[f"ebi-2k:{name}"] for name in CRITERIA]
        if row["scenario"] in UNPLANTED:
            assert criteria == [None] * len(CRITERIA)
            assert {row[name] for name in DEFINITIONS} == {"not-counted"}
        else:
            assert row["ebi-2k"] == kleene_and(criteria), row["scenario"]
        seen.add(row["ebi-2k"])
    assert seen == {"counted", "not-counted", "unknown"}


def test_the_table_of_scenarios_names_each_once_and_answers_every_question() -> None:
    assert len({scenario.name for scenario in SCENARIOS}) == len(SCENARIOS)
    for scenario in SCENARIOS:
        assert re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", scenario.name)
        assert re.fullmatch(r"[-+?]{7}", scenario.criteria), scenario.name
        assert re.fullmatch(r"[-+?]{6}", scenario.outcomes), scenario.name
        assert (scenario.outcomes[5] == "+") == (scenario.family == "facet"), scenario.name


def test_csv_and_parquet_hold_the_same_values(tmp_path: Path) -> None:
    for ending in (".parquet", ".csv", ".csv.gz"):
        write_synthetic(3_000, 9, tmp_path / f"spells{ending}", tmp_path / f"truth{ending}")
    for name, schema in (("spells", SPELL_SCHEMA), ("truth", TRUTH_SCHEMA)):
        types = pa_csv.ConvertOptions(
            column_types=schema, strings_can_be_null=True, null_values=[""], quoted_strings_can_be_null=False
        )
        parquet = pq.read_table(tmp_path / f"{name}.parquet")
        for ending in (".csv", ".csv.gz"):
            assert pa_csv.read_csv(tmp_path / f"{name}{ending}", convert_options=types) == parquet


def test_csv_is_read_by_a_strict_reader(tmp_path: Path) -> None:
    write_synthetic(400, 9, tmp_path / "spells.csv.gz")
    with gzip.open(tmp_path / "spells.csv.gz", "rt", encoding="ascii", newline="") as lines:
        rows = list(csv.reader(lines, strict=True))
    assert rows[0] == COLUMNS.split()
    assert {len(row) for row in rows} == {14}
    assert len(rows) == 401


@pytest.mark.parametrize("ending", [".parquet", ".csv", ".csv.gz"])
def test_no_spells_make_a_file_with_its_columns_and_no_rows(tmp_path: Path, ending: str) -> None:
    summary = write_synthetic(0, 1, tmp_path / f"none{ending}", tmp_path / f"truth{ending}")
    read = pq.read_table if ending == ".parquet" else pa_csv.read_csv
    empty = read(tmp_path / f"none{ending}")
    assert (empty.column_names, empty.num_rows) == (COLUMNS.split(), 0)
    assert summary.spells == 0 and summary.planted == () and dict(summary.counted) == dict.fromkeys(DEFINITIONS, 0)


def test_an_unknown_ending_is_refused_before_anything_is_written(tmp_path: Path) -> None:
    for out, truth in (("spells.xlsx", "truth.csv"), ("spells.csv", "truth.xlsx")):
        with pytest.raises(UsageError) as refusal:
            write_synthetic(10, 1, tmp_path / out, tmp_path / truth)
        given = tmp_path / (out if out.endswith("xlsx") else truth)
        assert str(refusal.value) == (
            f"{given} does not say by its ending how to write it. Use a name that ends in .parquet, .csv or .csv.gz."
        )
    assert list(tmp_path.iterdir()) == []


def test_what_cannot_be_written_is_refused(tmp_path: Path) -> None:
    with pytest.raises(InputError) as refusal:
        write_synthetic(10, 1, tmp_path / "none" / "spells.csv")
    assert str(refusal.value) == (
        f"{tmp_path / 'none' / 'spells.csv'} cannot be written: there is no folder {tmp_path / 'none'}. Make it first."
    )
    with pytest.raises(UsageError) as misuse:
        write_synthetic(-1, 1, tmp_path / "spells.csv")
    assert str(misuse.value) == "spells is -1, and cannot be less than 0. Give 0 or a positive whole number."
    with pytest.raises(UsageError) as misuse:
        write_synthetic(10, 1, tmp_path / "spells.csv", tmp_path / "spells.csv")
    assert str(misuse.value) == (
        f"{tmp_path / 'spells.csv'} is given both for the spells and for their answers. Give two names."
    )


def test_a_run_that_breaks_off_leaves_no_file(tmp_path: Path) -> None:
    def stop(written: int) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        write_synthetic(10, 1, tmp_path / "spells.csv", tmp_path / "truth.csv", stop)
    assert list(tmp_path.iterdir()) == []


def test_background_never_holds_a_code_that_decides_a_definition(large: tuple[Any, Any]) -> None:
    """Not in any spelling: upper or lower case, with or without a dot."""
    spells, truth = large
    matters = re.compile(r"V48|A57|V54|A52|A73|V37|V38|V39|V40|V41|Z67|Z99\.?3|Y11\.?4", re.IGNORECASE)
    scenario = truth["scenario"].to_pylist()
    for name in ("Der_Procedure_All", "Spell_Dominant_Procedure"):
        assert not any(
            matters.search(text or "")
            for text, kind in zip(spells[name].to_pylist(), scenario, strict=True)
            if kind == "background"
        )
    diagnoses = zip(spells["Der_Diagnosis_All"].to_pylist(), scenario, strict=True)
    assert not any(re.search("v48", text or "", re.IGNORECASE) for text, kind in diagnoses if kind == "background")


def test_code_strings_have_the_layouts_form(large: tuple[Any, Any]) -> None:
    """Each episode opens with two bars, commas part the codes, blanks pad them; a bare dash means no procedure."""
    code = r"[A-Za-z]\d[0-9.A-Za-z]{1,5}[*+]? ?"
    form = re.compile(rf"-|\|\|-|(\|\|({code}(,{code})*|-)?)+")
    for name in ("Der_Procedure_All", "Der_Diagnosis_All"):
        texts = [text for text in spells_texts(large[0], name) if not form.fullmatch(text)]
        assert texts == []
    held = spells_texts(large[0], "Der_Procedure_All")
    assert "-" in held and "||-" in held


def test_proportions_in_200000_spells(large: tuple[Any, Any]) -> None:
    """Near hospital activity where background is concerned; 45 met, 45 missed and 10 unknown in 100 facet denervations."""
    spells, truth = large
    assert 0.31 < share(spells["Der_Procedure_All"]) < 0.37
    assert 0 < share(spells["Admission_Method"]) < 0.05 and 0 < share(spells["Administrative_Category"]) < 0.05
    procedures = [text for text in spells_texts(spells, "Der_Procedure_All") if text not in ("-", "||-")]
    diagnoses = spells_texts(spells, "Der_Diagnosis_All")
    assert 1.7 < mean_codes(procedures) < 2.1
    assert 4.7 < mean_codes(diagnoses) < 5.3
    assert 0.07 < sum(text.count("||") > 1 for text in diagnoses) / len(diagnoses) < 0.13
    facet = {scenario.name for scenario in SCENARIOS if scenario.family == "facet"}
    outcomes = Counter(
        row["ebi-2k"] for row in truth.select(["scenario", "ebi-2k"]).to_pylist() if row["scenario"] in facet
    )
    assert 0.40 < outcomes["counted"] / outcomes.total() < 0.50
    assert 0.40 < outcomes["not-counted"] / outcomes.total() < 0.50
    assert 0.07 < outcomes["unknown"] / outcomes.total() < 0.14


def test_planted_spells_are_englands_share_of_a_years_admissions() -> None:
    """17 million spells: 13,001 with V485 or V487, 51,299 facet injections (Hospital Episode Statistics, 2018/19)."""
    counts = dict(zip(KINDS, quotas(17_000_000).tolist(), strict=True))
    facet = sum(counts[scenario.name] for scenario in SCENARIOS if scenario.family == "facet")
    assert abs(facet - 13_001) < len(SCENARIOS)
    assert counts["block"] == 51_299
    assert min(counts.values()) > 0


def test_a_larger_file_has_more_denervations() -> None:
    """Evenly between 2 in 100 at 100,000 spells, 1 in 100 at a million, and England's share at its 17 million."""
    sizes = [
        5_000,
        20_000,
        100_000,
        100_001,
        550_000,
        999_999,
        1_000_000,
        9_000_000,
        ENGLAND_SPELLS,
        2 * ENGLAND_SPELLS,
    ]
    made = [scenarios_n(spells) for spells in sizes]
    assert made == [416, 416, 2_000, 2_000, 6_000, 9_999, 10_000, 16_024, 22_048, 44_096]


def test_denervations_and_providers_can_be_chosen(tmp_path: Path) -> None:
    """And the answers are as exact as without."""
    spells, truth = tmp_path / "spells.parquet", tmp_path / "truth.parquet"
    made = write_synthetic(3_000, 4, spells, truth, denervations=900, providers=3)
    assert sum(n for name, n in made.planted if name not in UNPLANTED) == 900
    assert set(pq.read_table(spells)["Der_Provider_Code"].to_pylist()) == {"R2A", "R2B", "R2C", None}
    answers = pq.read_table(truth)
    for definition, n in made.counted:
        judged = facetwise.count(spells, definition, reasons=True, all_spells=True)
        assert judged.counted == n
        assert judged.reasons is not None
        outcomes = dict(zip(judged.reasons["spell_id"].to_pylist(), judged.reasons["outcome"].to_pylist(), strict=True))
        expected = zip(answers["spell_id"].to_pylist(), answers[definition].to_pylist(), strict=True)
        assert {str(spell): outcome for spell, outcome in outcomes.items()} == {
            str(spell): outcome for spell, outcome in expected
        }


def test_no_month_has_more_than_its_share_of_denervations(tmp_path: Path) -> None:
    """Repeats and blocks are put before and after without crowding a month: its run chart has no signal of its own."""
    write_synthetic(40_000, 2, tmp_path / "spells.parquet", tmp_path / "truth.parquet", denervations=8_000)
    days = pq.read_table(tmp_path / "spells.parquet")["Admission_Date"].to_pylist()
    outcomes = pq.read_table(tmp_path / "truth.parquet")["any-v48"].to_pylist()
    counted = (day for day, outcome in zip(days, outcomes, strict=True) if outcome == "counted" and day)
    months = Counter(day.strftime("%Y-%m") for day in counted if day.year > 1900)
    mean = months.total() / 36
    assert len(months) == 36
    assert all(0.6 * mean < n < 1.5 * mean for n in months.values()), months


@pytest.mark.parametrize(
    ("chosen", "message"),
    [
        ({"denervations": 11}, "denervations is 11, of 10 spells in all. Give 0 to 10."),
        ({"providers": 0}, "providers is 0. Give 1 to 150."),
        ({"providers": 151}, "providers is 151. Give 1 to 150."),
    ],
)
def test_numbers_that_cannot_be_are_refused(tmp_path: Path, chosen: dict[str, int], message: str) -> None:
    with pytest.raises(UsageError) as refusal:
        write_synthetic(
            10,
            1,
            tmp_path / "spells.csv",
            denervations=chosen.get("denervations"),
            providers=chosen.get("providers", 150),
        )
    assert str(refusal.value) == message
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("spells", [1, 10, 103, 104, 999, 2 * CHUNK_SPELLS + 1])
def test_chunks_add_up_to_what_the_whole_file_is_due(spells: int) -> None:
    """Also when the last chunk holds one spell alone."""
    counts = quotas(spells)
    held: Counter[int] = Counter()
    for first in range(0, spells, CHUNK_SPELLS):
        kinds = planted_kinds(counts, first, min(first + CHUNK_SPELLS, spells))
        assert len(kinds) <= min(CHUNK_SPELLS, spells - first)
        held.update(kinds.tolist())
    assert counts.sum() == spells and counts.min() >= 0
    assert [held[kind] for kind in range(1, len(KINDS))] == counts[1:].tolist()


def test_denervation_patients_have_earlier_blocks_and_second_denervations(large: tuple[Any, Any]) -> None:
    """Audits of blocks and repeats need more than one spell of a patient."""
    spells, truth = large
    facet = {scenario.name for scenario in SCENARIOS if scenario.family == "facet"}
    blocks: dict[int, Any] = {}
    denervations: dict[int, list[Any]] = {}
    keys, days = spells["Der_Pseudo_NHS_Number"].to_pylist(), spells["Admission_Date"].to_pylist()
    for key, day, kind in zip(keys, days, truth["scenario"].to_pylist(), strict=True):
        if key is None or day is None or day.year < 1900:
            continue
        if kind == "block":
            blocks[key] = day
        elif kind in facet:
            denervations.setdefault(key, []).append(day)
    preceded = [key for key in blocks if key in denervations and blocks[key] < min(denervations[key])]
    repeated = [days for days in denervations.values() if len(days) > 1]
    assert len(preceded) > 0.3 * len(denervations)
    assert len(repeated) > 0.1 * len(denervations)
    assert all(240 <= (max(days) - min(days)).days < 760 for days in repeated)


def test_progress_is_told_the_spells_written_so_far(tmp_path: Path) -> None:
    told: list[int] = []
    write_synthetic(CHUNK_SPELLS + 1, 1, tmp_path / "spells.parquet", progress=told.append)
    assert told == [CHUNK_SPELLS, CHUNK_SPELLS + 1]
    assert pq.ParquetFile(tmp_path / "spells.parquet").num_row_groups == 2
