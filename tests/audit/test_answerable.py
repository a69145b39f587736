"""A share of answers that could only be one is not called a finding, and one that the first months tilt is told without them."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path
from random import Random

import pytest

from facetwise.audit.audit import audit_all
from facetwise.audit.histories import CodedEvent, Cover, PatientHistory, evaluate_history
from facetwise.audit.possible_answers import possible_answers, unbiased_from
from facetwise.audit.request import DENERVATIONS_ALONE, AuditRequest
from facetwise.audit.results import AuditResult
from facetwise.language.truth import Truth
from facetwise.library import POLICIES
from tests.audit.planted import FIRST, LAST, planted, written
from tests.audit.test_audit import ANY, BOTH, run
from tests.audit.test_audit_refused import row
from tests.report.test_report import Written
from tests.spells.activity_files import write

MET, NOT = Truth.MET, Truth.NOT_MET


@pytest.mark.parametrize(
    ("policy", "criterion", "complete", "expected"),
    [
        ("hny-2025", "repeat-interval", DENERVATIONS_ALONE, {MET, NOT}),
        ("hny-2025", "lumbar", DENERVATIONS_ALONE, {MET, NOT}),
        ("hny-2025", "positive-block", DENERVATIONS_ALONE, set()),
        ("hny-2025", "positive-block", BOTH, {NOT}),
        ("hny-2025", "chronic", BOTH, set()),
        ("hny-2025", "repeat-interval", frozenset(), {NOT}),
        ("medicare-lcd", "session-cap", DENERVATIONS_ALONE, {MET, NOT}),
        ("medicare-lcd", "thermal", DENERVATIONS_ALONE, {MET}),
        ("radical-trial", "no-previous-denervation", DENERVATIONS_ALONE, {NOT}),
        ("radical-trial", "adult", DENERVATIONS_ALONE, {MET, NOT}),
    ],
)
def test_what_activity_can_answer_is_found_by_asking(
    policy: str, criterion: str, complete: frozenset[str], expected: set[Truth]
) -> None:
    """Relief, levels and what was done elsewhere are in no activity: a block can be missing, never positive."""
    assert possible_answers(POLICIES[policy], complete)[criterion] == expected


@pytest.mark.parametrize("policy", POLICIES)
def test_everything_that_planted_histories_are_judged_as_is_held_possible(policy: str, tmp_path: Path) -> None:
    """The made-up patients are a handful, and find every answer that two thousand others find."""
    path = written(tmp_path / "a.csv", planted(2_000, seed=21))
    for complete in (DENERVATIONS_ALONE, BOTH, frozenset[str]()):
        (result,) = audit_all(AuditRequest((path,), (POLICIES[policy],), ANY, (FIRST, LAST), complete)).results
        for criterion in result.criteria:
            found = {Truth.MET} if criterion.met else set()
            found |= {Truth.NOT_MET} if criterion.not_met else set()
            assert found <= possible_answers(POLICIES[policy], complete)[criterion.id], criterion.id


@pytest.mark.parametrize(
    ("policy", "criterion", "day"),
    [
        ("hny-2025", "repeat-interval", date(2016, 8, 1)),
        ("evicore-cmm-208", "repeat-interval", date(2015, 10, 1)),
        ("medicare-lcd", "session-cap", date(2016, 3, 31)),
    ],
)
def test_both_answers_are_possible_from_a_day_on_and_not_before(policy: str, criterion: str, day: date) -> None:
    """By the plain evaluator: that day a first session may lie so far back that everything since is in the data."""
    assert unbiased_from(POLICIES[policy], POLICIES[policy].criterion(criterion), FIRST, DENERVATIONS_ALONE) == day

    def answers(on: date) -> set[Truth | None]:
        far, near = (FIRST,), tuple(on - timedelta(days=n) for n in (9, 8, 7, 6))
        found = set()
        for before in (far, near, ()):
            days = (*before, on)
            course = PatientHistory(
                "a", tuple(CodedEvent(str(n), d, "R0A", 50, "lumbar") for n, d in enumerate(days)), ()
            )
            found.add(evaluate_history(course, POLICIES[policy], Cover(FIRST, LAST))[-1].truths[criterion])
        return found

    assert answers(day) >= {MET, NOT}
    assert MET not in answers(day - timedelta(days=1))
    assert NOT in answers(day - timedelta(days=1))


FIRSTS = (*(date(2015, 12, 30) + timedelta(days=n) for n in (0, 1, 2, 60, 61, 62, 244, 245)), date(2019, 2, 28))
ASKED = (("hny-2025", "repeat-interval"), ("evicore-cmm-208", "repeat-interval"), ("medicare-lcd", "session-cap"))


@pytest.mark.parametrize("first", FIRSTS, ids=str)
@pytest.mark.parametrize(("policy", "criterion"), ASKED, ids=lambda name: str(name))
def test_on_the_first_day_of_both_answers_both_are_found_and_on_the_day_before_only_one(
    policy: str, criterion: str, first: date
) -> None:
    """Of a hundred histories a day, whichever day the data begin on: ends of months, and around 29 February."""
    day = unbiased_from(POLICIES[policy], POLICIES[policy].criterion(criterion), first, DENERVATIONS_ALONE)
    assert day is not None
    rng = Random(f"{policy} {first}")
    alone = replace(POLICIES[policy], criteria=(POLICIES[policy].criterion(criterion),))

    def answers(on: date) -> set[Truth | None]:
        found = set()
        for _ in range(100):
            near = [on - timedelta(days=rng.randint(1, 5)) for _ in range(rng.randint(0, 3))]
            far = [first + timedelta(days=rng.choice((0, 0, 1, 2, 30))) for _ in range(rng.randint(0, 2))]
            days = sorted({one for one in rng.choice((near, far, near + far)) if one >= first})
            done = tuple(CodedEvent(str(n), d, "R0A", 50, "lumbar") for n, d in enumerate((*days, on)))
            found.add(evaluate_history(PatientHistory("a", done, ()), alone, Cover(first, LAST))[-1].truths[criterion])
        return found

    assert answers(day) >= {MET, NOT}
    for before in (1, 2, 3):
        assert MET not in (found := answers(day - timedelta(days=before)))
        assert NOT in found


def test_a_cap_met_a_year_less_a_day_after_the_data_begin_is_counted_from_that_day(tmp_path: Path) -> None:
    """What lies before 2016-04-01 is more than twelve months before 2017-03-31, so nothing hidden can break the cap."""
    path = write(tmp_path / "a.csv", [row(1, "2017-03-30", patient="a"), row(2, "2017-03-31", patient="b")])
    options = ("--policy", "medicare-lcd", "--covers", "2016-04-01:2019-03-31", "--format", "json")
    code, out, _ = run("audit", path, *options)
    assert code == 0
    answer = json.loads(out)
    (cap,) = (c for c in answer["criteria"] if c["criterion"] == "session-cap")
    assert (cap["met"], cap["not_met"], cap["unknown"]) == (1, 0, 1)
    assert cap["both_from"] == {"day": "2017-03-31", "met": 1, "not_met": 0, "met_share": 1.0}


COVERED = ("--covers", "2016-04-01:2019-03-31")


@pytest.mark.parametrize(
    ("days", "is_said"),
    [
        ({"a": ("2016-04-02", "2018-08-01"), "b": ("2018-01-01", "2018-01-15")}, False),
        ({"a": ("2016-06-01", "2016-07-01"), "b": ("2018-01-01", "2018-01-15")}, False),
        ({"a": ("2016-04-02", "2018-08-01"), "b": ("2016-06-01", "2016-07-01")}, True),
        (
            {"b": ("2016-06-01", "2016-07-01"), "c": ("2018-01-01", "2018-01-15"), "a": ("2016-04-02", "2018-01-01")},
            True,
        ),
    ],
    ids=["none before", "none met either way", "all later are met", "half of the later are met"],
)
def test_the_first_months_are_said_to_tilt_a_share_only_where_it_is_another_without_them(
    days: dict[str, tuple[str, ...]], is_said: bool, tmp_path: Path
) -> None:
    """In the table, the notes of JSON, and the report."""
    rows = [
        row(10 * n + k, day, patient) for n, (patient, some) in enumerate(days.items()) for k, day in enumerate(some)
    ]
    path, page = write(tmp_path / "a.csv", rows), tmp_path / "a.html"
    for form in ("table", "json"):
        _, out, _ = run("audit", path, "--policy", "hny-2025", *COVERED, "--format", form)
        assert ("tilts the share" in " ".join(out.split())) == is_said
    code, _, err = run("report", path, "--out", page, "--disclosure", "none", *COVERED)
    assert code == 0, err
    says = Written(path, page.read_text(encoding="utf-8")).text
    assert ("repeat-interval of hny-2025 from 2017-08-01 on is met by" in says) == is_said


@pytest.fixture(scope="module")
def activity(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return written(tmp_path_factory.mktemp("answerable") / "a.csv", planted(600, seed=13))


def audited(activity: Path, policy: str, complete: frozenset[str] = DENERVATIONS_ALONE) -> AuditResult:
    # The planted second sessions begin in April 2017: covered from then, the first of them come too early for a kept interval.
    cover = (date(2017, 4, 1), LAST)
    return audit_all(AuditRequest((activity,), (POLICIES[policy],), ANY, cover, complete)).results[0]


def test_a_share_that_could_not_be_otherwise_is_a_dash_with_the_reason_and_a_number_in_json(activity: Path) -> None:
    """hny-2025 asks for a positive block: with all blocks in the data some are known to have had none, and none to meet it."""
    result = audited(activity, "hny-2025", BOTH)
    (block,) = (c for c in result.to_json()["criteria"] if c["criterion"] == "positive-block")
    assert block["not_met"] > 0
    assert (block["met"], block["met_share"], block["can_be"]) == (0, 0.0, ["not-met"])
    said = "Activity can only ever show of positive-block that it is not met: the share that meets is no finding."
    assert said in result.to_json()["notes"]
    for more in ((), ("--disclosure", "hes-2018")):
        _, table, _ = run(
            "audit", activity, "--policy", "hny-2025", "--complete", "blocks,denervations", "--format", "table", *more
        )
        assert said in " ".join(table.split())
        (line,) = (line for line in table.splitlines() if line.startswith("positive-block"))
        assert "-" in line.split()
    _, csv, _ = run("audit", activity, "--policy", "hny-2025", "--complete", "blocks,denervations", "--format", "csv")
    (line,) = (line for line in csv.splitlines() if line.startswith('"positive-block"'))
    assert line.endswith(',0,"not-met"')


def test_the_share_that_meets_stands_also_without_the_months_that_can_only_break_an_interval(activity: Path) -> None:
    """Counted by hand from the rows: of those judged from the day on which sixteen months are covered."""
    result = audited(activity, "hny-2025")
    (interval,) = (c for c in result.criteria if c.id == "repeat-interval")
    day = date(2018, 8, 1)
    rows = [
        row["hny-2025:repeat-interval"]
        for row in result.judged.to_pylist()
        if date.fromisoformat(str(row["date"])) >= day and row["hny-2025:repeat-interval"] in ("met", "not-met")
    ]
    both = interval.biased_early
    assert both is not None
    assert (both.day, both.met, both.not_met) == (day, rows.count("met"), rows.count("not-met"))
    assert both.met == interval.met, "earlier none can be met"
    assert both.not_met < interval.not_met
    (said,) = result.caveats
    assert (
        f"repeat-interval from 2018-08-01 on is met by {both.met} of {len(rows)} ({100 * both.met / len(rows):.1f} %)"
        in said
    )
    (told,) = (c for c in result.to_json()["criteria"] if c["criterion"] == "repeat-interval")
    assert told["both_from"]["met_share"] == both.met / len(rows)


def test_protected_only_the_caveat_is_told_for_the_numbers_are_of_too_few_days(activity: Path) -> None:
    options = ("--policy", "hny-2025", "--covers", f"2017-04-01:{LAST}", "--format", "json", "--disclosure", "hes-2018")
    _, out, _ = run("audit", activity, *options)
    assert "which tilts the share that meets: repeat-interval before 2018-08-01." in out
    assert "both_from" not in out


def test_a_number_is_never_cut_short_for_want_of_width(tmp_path: Path) -> None:
    """1,005 once stood as 1,00 on a terminal of 80 columns."""
    rows = [row(n, f"2018-03-{1 + n % 28:02}", patient=f"p{n}") for n in range(1_003)]
    path = write(tmp_path / "a.csv", rows)
    _, table, _ = run("audit", path, "--policy", "radical-trial", "--disclosure", "hes-2018", "--format", "table")
    (line,) = (line for line in table.splitlines() if line.startswith("adult"))
    assert line.split()[1:] == ["1,005", "0", "0", "0", "100", "100"]


def test_the_report_gives_a_dash_and_the_reason_where_an_answer_could_not_be_otherwise(activity: Path) -> None:
    """Of every policy on the page together, and by what is true without protection."""
    out = activity.with_suffix(".html")
    for profile in ("none", "hes-2018"):
        code, _, err = run("report", activity, "--out", out, "--disclosure", profile, "--covers", f"2017-04-01:{LAST}")
        assert code == 0, err
        page = Written(activity, out.read_text(encoding="utf-8"))
        rows = {(cells[0], cells[1]): cells for cells in page.table("policy-criteria")}
        says = POLICIES["radical-trial"].criterion("no-previous-denervation").says
        assert rows["radical-trial", says][3] == "–"
        assert "no-previous-denervation of radical-trial" in page.text
        assert "that it is not met: the share that meets is no finding." in page.text
        assert ("repeat-interval of hny-2025 from 2018-08-01 on is met by" in page.text) == (profile == "none")
        assert ("repeat-interval of hny-2025 before 2018-08-01" in page.text) == (profile != "none")
