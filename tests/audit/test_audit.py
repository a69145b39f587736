"""The audit of linked activity: what was planted is found, and both evaluators say the same."""

from __future__ import annotations

import json
from collections import Counter
from datetime import date
from pathlib import Path
from random import Random

import pyarrow.parquet as pq
import pytest
from typer.testing import CliRunner

import facetwise
from facetwise.audit.audit import audit_all
from facetwise.audit.histories import Cover, evaluate_history, histories_from_spells
from facetwise.audit.request import AuditRequest
from facetwise.audit.results import AuditResult, AuditResults
from facetwise.cli.app import app
from facetwise.count.extract import extract
from facetwise.decide.calendar import plus
from facetwise.disclosure.audit_tables import audit_tables
from facetwise.disclosure.protect import HES_2018
from facetwise.disclosure.protected_audit import protect_audits
from facetwise.language.definition import Definition
from facetwise.language.units import months
from facetwise.library import POLICIES, definition
from facetwise.lookups.organisations import Successors
from facetwise.spells.reading.activity import Account, ReadOptions, open_activity
from facetwise.spells.reading.dispatch import read
from facetwise.spells.spell import Spell, spells_of
from facetwise.spells.synthetic.synth import write_synthetic
from tests.audit.boundaries import on_boundaries
from tests.audit.planted import FIRST, LAST, Planted, planted, written
from tests.shared import shared
from tests.spells.activity_files import write

ANY = definition("any-v48")
EVERY = tuple(POLICIES.values())
BOTH = frozenset({"denervations", "blocks"})
NARROW = (Cover(date(2018, 1, 31), date(2020, 2, 29)), Cover(date(2018, 1, 31), date(2020, 2, 29), BOTH))


@pytest.fixture(scope="module")
def plan() -> Planted:
    return planted(20_000, seed=11)


@pytest.fixture(scope="module")
def activity(plan: Planted, tmp_path_factory: pytest.TempPathFactory) -> Path:
    return written(tmp_path_factory.mktemp("audit") / "activity.csv", plan)


def audited(*inputs: Path, policy: str = "", **more: object) -> AuditResults:
    policies = (POLICIES[policy],) if policy else EVERY
    asked = {"of": ANY, "covers": (FIRST, LAST), **more}
    return audit_all(AuditRequest(inputs, policies, **asked))  # type: ignore[arg-type]


def criterion(result: AuditResult, name: str) -> dict[str, int]:
    (found,) = (c for c in result.criteria if c.id == name)
    told = {"met": found.met, "not met": found.not_met, "unknown": found.unknown, "n/a": found.not_applicable}
    return {truth: n for truth, n in told.items() if n}


def test_every_planted_history_is_found_with_the_shares_that_were_planted(plan: Planted, activity: Path) -> None:
    found = plan.found
    assert min(found.values()) > 500, "every plan was used"
    hny, medicare = audit_all(
        AuditRequest((activity,), (POLICIES["hny-2025"], POLICIES["medicare-lcd"]), ANY, (FIRST, LAST))
    ).results
    assert hny.denervations == found["denervations"]
    assert dict(hny.set_aside) == {why: found[why] for why in ("no patient key", "no admission date")}
    assert criterion(hny, "repeat-interval") == {
        truth: found[f"interval {truth}"] for truth in ("met", "not met", "unknown", "n/a")
    }
    assert criterion(medicare, "session-cap") == {
        truth: found[f"cap {truth}"] for truth in ("met", "not met", "unknown")
    }
    (block,) = (row for row in hny.seen if row.what == "block recorded in the 6 months before")
    assert (block.yes, block.no, block.cannot_see) == tuple(
        found[f"block 6 {said}"] for said in ("yes", "no", "cannot see")
    )
    again = hny.repeats
    assert again.all.repeated == found["repeated"]
    assert again.all.sessions == found["denervations"] - found["one session of two"]
    assert again.moved == found["moved"]
    sides = dict(again.sides)
    assert (sides["same side"], sides["other side"]) == (found["same side"], found["other side"])
    assert sides["cannot tell"] == sides["one side shared"] == 0


def test_what_activity_cannot_show_is_unknown_for_every_denervation(plan: Planted, activity: Path) -> None:
    result = audited(activity, policy="hny-2025").results[0]
    for name in ("chronic", "severity", "conservative-care", "positive-block"):
        assert criterion(result, name) == {"unknown": plan.found["denervations"]}
    assert dict(result.outcomes) == {
        "meets": 0,
        "does-not-meet": plan.found["interval not met"],
        "cannot-tell": plan.found["denervations"] - plan.found["interval not met"],
    }


def read_whole(path: Path) -> list[Spell]:
    opened = open_activity([path])
    pieces = read(opened, ReadOptions(None), Account(opened.names, opened.layout.id))
    return [spell for piece in pieces for spell in spells_of(piece.spells)]


def plainly(spells: list[Spell], cover: Cover, of: Definition = ANY) -> dict[str, dict[str, str]]:
    """What the plain evaluator says of each denervation, by spell and by the fast evaluator's columns."""
    told: dict[str, dict[str, str]] = {}
    for course in histories_from_spells(spells, of)[0]:
        for policy in EVERY:
            for one in evaluate_history(course, policy, cover):
                row = told.setdefault(one.denervation.spell_id, {})
                row[policy.id] = one.outcome.value
                row |= {
                    f"{policy.id}:{name}": "not-applicable" if truth is None else truth.value
                    for name, truth in one.truths.items()
                }
    return told


def by_sql(path: Path, cover: Cover, of: Definition = ANY) -> dict[str, dict[str, str]]:
    results = audited(path, covers=(cover.first, cover.last), complete=cover.complete, of=of).results
    rows: dict[str, dict[str, str]] = {}
    for result in results:
        for row in result.judged.to_pylist():
            told = rows.setdefault(row["spell_id"], {})
            told |= {name: value for name, value in row.items() if name.startswith(result.policy.id)}
    return rows


@pytest.mark.parametrize(
    "cover",
    [
        Cover(FIRST, LAST),
        Cover(FIRST, LAST, BOTH),
        Cover(FIRST, LAST, frozenset()),
        Cover(date(2018, 1, 31), date(2020, 2, 29), BOTH),
        Cover(date(2024, 4, 1), date(2024, 4, 1)),
    ],
    ids=["as covered", "blocks too", "nothing whole", "narrower", "before all"],
)
def test_the_sql_says_what_the_plain_evaluator_says_criterion_by_criterion(cover: Cover, tmp_path: Path) -> None:
    """Planted histories, and the library's own synthetic spells with their odd codes: every policy, every criterion."""
    own = written(tmp_path / "planted.csv", planted(200, seed=5))
    other = tmp_path / "synthetic.parquet"
    write_synthetic(6_000, 8, other)
    seen: Counter[str] = Counter()
    for path in (own, other):
        plain = plainly(read_whole(path), cover)
        assert len(plain) > 100
        assert by_sql(path, cover) == plain
        seen.update(value for row in plain.values() for value in row.values())
    assert set(seen) >= {"met", "unknown", "does-not-meet", "cannot-tell"}


@pytest.mark.parametrize(
    ("cover", "of"),
    [(NARROW[0], definition("ebi-2k")), (NARROW[1], ANY)],
    ids=["denervations whole, some in doubt", "blocks too"],
)
def test_both_evaluators_agree_on_the_boundaries(cover: Cover, of: Definition, tmp_path: Path) -> None:
    """Days so many months apart, one day less and one more, at the edges of the cover, and spells in doubt."""
    path = write(tmp_path / "boundaries.csv", on_boundaries(250, 17, [(cover.first, cover.last)]))
    plain = plainly(read_whole(path), cover, of)
    assert len(plain) > 100
    assert by_sql(path, cover, of) == plain
    seen = Counter(value for row in plain.values() for value in row.values())
    assert set(seen) >= {"met", "not-met", "unknown", "not-applicable", "does-not-meet", "cannot-tell"}


def test_an_extract_is_audited_like_the_whole(activity: Path, tmp_path: Path) -> None:
    """The default cover is the first to the last admission of every spell, kept by the extract or not."""
    kept = tmp_path / "extract.parquet"
    extract((activity,), kept)
    whole, part = (audited(path, policy="hny-2025", covers=None).results[0].to_json() for path in (activity, kept))
    assert whole.pop("input")["rows"] == part.pop("input")["rows"]
    assert whole == part
    assert whole["covers"] == ["2015-04-01", "2024-03-31"]


def run(*arguments: object) -> tuple[int, str, str]:
    told = CliRunner().invoke(app, [str(argument) for argument in arguments])
    return told.exit_code, told.stdout, str(told.exception) if told.exception else told.stderr


def test_the_reasons_file_holds_one_row_a_denervation_as_the_contract_names_its_columns(
    plan: Planted, activity: Path, tmp_path: Path
) -> None:
    reasons = tmp_path / "reasons.parquet"
    code, out, _ = run("audit", activity, "--policy", "hny-2025", "--reasons", reasons, "--format", "json")
    assert code == 0
    assert json.loads(out)["schema"] == "facetwise.audit/1"
    table = pq.read_table(reasons)
    assert table.column_names == [
        "spell_id",
        "patient_id",
        "date",
        *(c.id for c in POLICIES["hny-2025"].criteria),
        "outcome",
    ]
    assert table.num_rows == plan.found["denervations"]
    tallied = Counter(table["repeat-interval"].to_pylist())
    assert tallied["not-met"] == plan.found["interval not met"]


@pytest.mark.long
def test_both_evaluators_agree_on_20_000_planted_spells(plan: Planted, activity: Path) -> None:
    plain = plainly(read_whole(activity), Cover(FIRST, LAST))
    assert len(plain) == plan.found["denervations"]
    assert by_sql(activity, Cover(FIRST, LAST)) == plain


def test_python_gives_one_answer_for_one_policy_and_a_sequence_for_several(activity: Path) -> None:
    one = facetwise.audit(activity, "hny-2025", covers=("2015-04-01", LAST))
    both = facetwise.audit([activity], ["hny-2025", "evicore-cmm-208"], covers=(FIRST, LAST), complete=["denervations"])
    assert one.to_json()["criteria"] == both[0].to_json()["criteria"]
    assert [result.policy.id for result in both] == ["hny-2025", "evicore-cmm-208"]
    assert both.to_pandas()["policy"].nunique() == 2
    with pytest.raises(facetwise.UsageError, match="'2015' is no date"):
        facetwise.audit(activity, "hny-2025", covers=("2015", LAST))


def numbers_in(told: object) -> list[int]:
    """Every whole number of a JSON answer, dates and words left out."""
    if isinstance(told, dict):
        return [n for key, value in told.items() if key != "months" for n in numbers_in(value)]
    if isinstance(told, list):
        return [n for value in told for n in numbers_in(value)]
    return [told] if isinstance(told, int) and not isinstance(told, bool) else []


def test_a_protected_audit_tells_no_small_number_and_none_unrounded(tmp_path: Path) -> None:
    path = written(tmp_path / "small.csv", planted(60, seed=2))
    _, plain, _ = run("audit", path, "--policy", "hny-2025", "--format", "json")
    assert any(1 <= n <= 7 for n in numbers_in(json.loads(plain))), "there is something to hide"
    reasons = tmp_path / "reasons.csv"
    code, out, err = run(
        "audit", path, "--policy", "hny-2025", "--policy", "medicare-lcd", "--disclosure", "hes-2018", "--format", "json",
        "--reasons", reasons,
    )  # fmt: skip
    assert code == 0
    assert "hes-2018 protects counts and not this file" in err
    assert (tmp_path / "reasons.csv.warning.txt").exists()
    for answer in json.loads(out):
        assert answer["disclosure"] == "hes-2018"
        assert [n for n in numbers_in(answer) if n % 5] == []
        assert "*" in json.dumps(answer)
    for form in ("csv", "table"):
        _, told, _ = run("audit", path, "--policy", "hny-2025", "--disclosure", "hes-2018", "--format", form)
        assert "*" in told


def test_what_an_open_answer_counts_is_what_the_protected_tables_are_made_of(plan: Planted, activity: Path) -> None:
    """Every sum between the numbers of an audit holds: protection refuses those that do not."""
    results = audited(activity).results
    values = audit_tables(results).values()
    assert values["denervations"] == plan.found["denervations"]
    assert values["all repeated"] == plan.found["repeated"]


def moving(path: Path, before: str, after: str, on: date) -> Path:
    """Forty patients, each denervated at one trust in the year before a day, and at another in the year from it on."""
    made = Planted(Random(4))
    for patient in range(40):
        made.patients = patient
        made.denervated(plus(on, months(-12 + patient % 12)), provider=before)
        made.denervated(plus(on, months(patient % 12)), provider=after)
    return written(path, made)


def test_a_merged_trust_is_one_provider_and_no_move_and_a_split_one_stays_as_it_is(tmp_path: Path) -> None:
    """By England's dated file: RBZ became RH8 on 1 April 2022; RW6 was split between two on 1 October 2021."""
    mergers = Successors.read(shared("data", "population_geography", "trust_successors.csv"))
    merged = moving(tmp_path / "merged.csv", "RBZ", "RH8", date(2022, 4, 1))
    as_coded, standing = (audited(merged, policy="hny-2025", successors=f).results[0] for f in (None, mergers))
    assert (as_coded.repeats.moved, standing.repeats.moved) == (40, 0)
    assert [(name, waits.sessions) for name, waits in standing.repeats.by_provider] == [("RH8", 80)]
    assert "Organisations as they stood on 2024-03-31: RBZ as RH8." in standing.notes

    earlier = audited(merged, policy="hny-2025", successors=mergers, covers=(FIRST, date(2022, 3, 31))).results[0]
    assert [name for name, _ in earlier.repeats.by_provider] == ["RBZ"], "by then it had not merged"

    split = moving(tmp_path / "split.csv", "RW6", "RM3", date(2021, 10, 1))
    kept = audited(split, policy="hny-2025", successors=mergers).results[0]
    assert [name for name, _ in kept.repeats.by_provider] == ["RM3", "RW6"]
    assert any(note.startswith("RW6 stays as it is: it was split between R0A and RM3") for note in kept.notes)


@pytest.mark.parametrize("early", [1, 5, 96])
def test_a_share_repeated_early_does_not_tell_how_few_or_how_many_of_all(early: int, tmp_path: Path) -> None:
    """Of a hundred sessions so many are followed after three months, the rest after three years: 1 % of 100 would be one."""
    made = Planted(Random(1))
    for patient in range(100):
        made.patients = patient
        day = made.a_day(date(2016, 4, 1), date(2018, 3, 31))
        made.denervated(day)
        made.denervated(plus(day, months(3 if patient < early else 36)))
    (one,) = protect_audits(audited(written(tmp_path / "a.csv", made), policy="evicore-cmm-208").results, HES_2018)
    told = one.to_json()["repeats"]
    assert [row["share"] for row in told["sooner_than"]] == [0.48 if early == 96 else "*"]
