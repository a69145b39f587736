"""The meaning of the facts of a patient, in tables: every row is judged by every evaluator and printed in docs.

A row says how the example patient (facetwise/guidance/example_patient.py, as of 2026-11-20) is put otherwise, as
`decide --what-if` takes it, and what the criterion then is.
"""

from __future__ import annotations

from dataclasses import dataclass

_PLACE = '"region": "lumbar", "levels": ["L4/5"], "sides": ["left"]'


@dataclass(frozen=True)
class PatientSpec:
    """Rows of changes with the truth of one criterion of one policy."""

    policy: str
    criterion: str
    says: str
    rows: tuple[tuple[tuple[str, ...], str], ...]


def _blocks(*blocks: str) -> str:
    shared = f'"kind": "medial-branch-block", {_PLACE}, "steroid": false'
    return "blocks=[" + ", ".join(f"{{{shared}, {block}}}" for block in blocks) + "]"


def _after(before: object, *scores: float) -> str:
    after = ", ".join(f'{{"minutes": {30 * (n + 1)}, "score": {score}}}' for n, score in enumerate(scores))
    return f'"date": "2026-10-01", "before": {before}, "after": [{after}]'


def _done(*days: str, place: str = _PLACE) -> str:
    return "denervations=[" + ", ".join(f'{{"date": "{day}", {place}}}' for day in days) + "]"


def _relief(*readings: str, day: str = "2025-05-31") -> str:
    return f'denervations=[{{"date": "{day}", {_PLACE}, "relief": [{", ".join(readings)}]}}]'


def _session(left: str, right: str, day: str = "2025-05-31") -> str:
    done = ", ".join(
        f'{{"date": "{day}", "region": "lumbar", "levels": ["L4/5"], "sides": ["{side}"], "relief": [{readings}]}}'
        for side, readings in (("left", left), ("right", right))
    )
    return f"denervations=[{done}]"


def _reading(day: str, percent: object, adl: object = "null") -> str:
    written = f'"date": "{day}", ' if day else ""
    return f'{{{written}"percent": {percent}, "adl_percent": {adl}}}'


PATIENT_SPECS = (
    PatientSpec(
        "nice-ng59",
        "conservative-care",
        "a course failed, was not tolerated or is contraindicated, and none helped",
        (
            ((), "met"),
            (("care[0].outcome=not-tolerated",), "met"),
            (("care[0].outcome=contraindicated",), "met"),
            (("care[0].outcome=helped",), "not-met"),
            (("care[0].outcome=ongoing",), "unknown"),
            (("care[0].outcome=unknown",), "unknown"),
            (("care=[]",), "not-met"),
            (("care=[]", "complete=null"), "unknown"),
            (('care=[{"outcome": "failed"}, {"outcome": "helped"}]',), "not-met"),
            (('care=[{"outcome": "failed"}, {"kind": "exercise"}]',), "met"),
            (('care=[{"outcome": "failed", "from": "2026-12-01"}]',), "not-met"),
        ),
    ),
    PatientSpec(
        "evicore-cmm-208",
        "conservative-care",
        "and the longest failed course lasts four weeks; a contraindicated one is of any length",
        (
            (('care=[{"outcome": "failed", "from": "2026-02-01", "to": "2026-03-01"}]',), "met"),
            (('care=[{"outcome": "failed", "from": "2026-02-01", "to": "2026-02-28"}]',), "not-met"),
            (('care=[{"outcome": "failed", "from": "2026-02-01"}]',), "unknown"),
            (('care=[{"outcome": "failed", "from": "2026-02-01", "to": "2027-03-01"}]',), "unknown"),
            (('care=[{"outcome": "contraindicated"}]',), "met"),
            (('care=[{"outcome": "unknown", "from": "2026-02-01", "to": "2026-06-01"}]',), "unknown"),
            (('care=[{"outcome": "ongoing", "from": "2026-02-01"}]',), "unknown"),
            (('care=[{"outcome": "failed", "from": "2026-02-01", "to": "2026-02-20"}]', "complete=null"), "unknown"),
            (
                (
                    'care=[{"outcome": "ongoing", "from": "2026-01-01", "to": "2026-06-01"}, '
                    '{"outcome": "failed", "from": "2026-02-01", "to": "2026-02-20"}]',
                ),
                "not-met",
            ),
        ),
    ),
    PatientSpec(
        "hny-2025",
        "positive-block",
        "the relief of a block, stated or computed from the best sustained score; 50 % or more, within six months",
        (
            ((_blocks('"date": "2026-10-01", "stated_relief_percent": 50'),), "met"),
            ((_blocks('"date": "2026-10-01", "stated_relief_percent": 49.9'),), "not-met"),
            ((_blocks(_after(8, 4)),), "met"),
            ((_blocks(_after(8, 4.1)),), "not-met"),
            ((_blocks(_after(8, 1, 5, 5)),), "not-met"),  # 1 was not held: the best held is 5
            ((_blocks(_after(8, 5, 4, 4)),), "met"),
            ((_blocks(_after(8, 4, 5, 4)),), "not-met"),
            (
                (
                    _blocks(
                        '"date": "2026-10-01", "before": 8, "after": [{"minutes": 120, "score": 4}, '
                        '{"minutes": 30, "score": 6}, {"minutes": 60, "score": 4}]'
                    ),
                ),
                "met",
            ),  # in the order of their minutes
            ((_blocks(_after(0, 0)),), "unknown"),
            ((_blocks(_after("null", 1)),), "unknown"),
            ((_blocks('"date": "2026-10-01", "before": 8'),), "unknown"),
            ((_blocks(_after(8, 4) + ', "stated_relief_percent": 40'),), "unknown"),
            ((_blocks(_after(8, 4) + ', "stated_relief_percent": 90'),), "met"),
            ((_blocks('"date": "2026-05-20", "stated_relief_percent": 60'),), "met"),
            ((_blocks('"date": "2026-05-19", "stated_relief_percent": 60'),), "not-met"),
            ((_blocks('"stated_relief_percent": 60'),), "unknown"),
            (("blocks=[]", "complete=null"), "unknown"),
            (("blocks=[]",), "not-met"),
        ),
    ),
    PatientSpec(
        "nice-ng59",
        "positive-block",
        "no percentage is set: the clinician's judgement counts, at the place that is asked for",
        (
            ((), "met"),
            (("blocks[0].positive=false", "blocks[1].positive=false"), "not-met"),
            (("blocks[0].positive=null", "blocks[1].positive=false"), "unknown"),
            (("blocks[0].positive=false", "blocks[1].positive=false", "complete=null"), "unknown"),
            (("blocks[0].region=cervical", "blocks[1].region=cervical"), "not-met"),
            (('blocks[0].levels=["L3/4"]', 'blocks[1].sides=["right"]'), "not-met"),
            (("blocks[0].levels=null", "blocks[1].positive=false"), "met"),
            (("blocks[0].region=null", "blocks[1].positive=false"), "unknown"),
            (("blocks[0].kind=intra-articular", "blocks[1].kind=intra-articular"), "not-met"),
            (("blocks[0].kind=null", "blocks[1].positive=false"), "unknown"),
            (("blocks[0].date=2026-11-21", "blocks[1].positive=false"), "not-met"),
            (("blocks[0].date=null", "blocks[1].positive=false"), "unknown"),
            (("request.region=null",), "unknown"),
        ),
    ),
    PatientSpec(
        "medicare-lcd",
        "blocks",
        "two blocks of 80 % or more, at least 14 days apart",
        (
            ((), "met"),
            (("blocks[0].date=2026-08-20",), "met"),
            (("blocks[0].date=2026-08-21",), "not-met"),
            (("blocks[0].date=2026-09-03",), "not-met"),
            (("blocks[0].date=null",), "unknown"),
            (("blocks[0].stated_relief_percent=70",), "unknown"),
            (("blocks[0].date=2026-08-21", "complete=null"), "unknown"),
        ),
    ),
    PatientSpec(
        "bcbs-nd",
        "blocks",
        "without steroid, and not within 28 days after an injection into the joint",
        (
            ((), "met"),
            (("blocks[0].steroid=true",), "not-met"),
            (("blocks[0].steroid=null",), "unknown"),
            *(
                (
                    (
                        f'blocks=[{{"kind": "intra-articular", "date": "{day}", "region": "{region}"}}, '
                        f'{{"kind": "medial-branch-block", {_PLACE}, "steroid": false, "date": "2026-08-03", '
                        f'"stated_relief_percent": 80}}, {{"kind": "medial-branch-block", {_PLACE}, "steroid": false, '
                        f'"date": "2026-10-03", "stated_relief_percent": 80}}]',
                    ),
                    truth,
                )
                for day, region, truth in (
                    ("2026-07-06", "lumbar", "not-met"),
                    ("2026-07-05", "lumbar", "met"),
                    ("2026-08-03", "lumbar", "met"),
                    ("2026-07-06", "cervical", "met"),
                )
            ),
        ),
    ),
    PatientSpec(
        "radical-trial",
        "single-block",
        "exactly one block of the region was done, whatever its result, and that one without steroid and with 60 %",
        (
            ((), "not-met"),
            ((_blocks('"date": "2026-10-01", "stated_relief_percent": 60'),), "met"),
            ((_blocks('"date": "2026-10-01", "stated_relief_percent": 59.9'),), "not-met"),
            ((_blocks('"date": "2026-10-01", "stated_relief_percent": 60'), "complete=null"), "unknown"),
            (("complete=null",), "not-met"),  # two are too many, whatever else there was
            (("blocks[0].region=cervical",), "met"),
            (("blocks[0].date=2026-09-03",), "met"),  # two on one day are one
            (("blocks[0].date=2026-09-03", "blocks[0].steroid=true"), "not-met"),
            (("blocks[0].date=2026-09-03", "blocks[0].steroid=null"), "unknown"),
            (("blocks=[]",), "not-met"),
        ),
    ),
    PatientSpec(
        "hny-2025",
        "repeat-interval",
        "sixteen months since the last denervation of the region",
        (
            ((), "not-applicable"),
            (("complete=null",), "unknown"),
            ((_done("2025-07-20"),), "met"),
            ((_done("2025-07-21"),), "not-met"),
            ((_done("2025-07-20"), "complete=null"), "unknown"),
            ((_done("2025-07-21"), "complete=null"), "not-met"),
            ((_done("2025-10-01", place='"region": "cervical"'),), "not-applicable"),
            ((_done("2025-10-01", place='"technique": "thermal"'),), "unknown"),
        ),
    ),
    PatientSpec(
        "tricare-west",
        "repeat-interval",
        "six months since the last denervation that shares a level and a side with the request",
        (
            ((_done("2026-05-21"),), "not-met"),
            ((_done("2026-05-20"),), "met"),
            (
                (_done("2026-08-01", place='"region": "lumbar", "levels": ["L3/4"], "sides": ["left"]'),),
                "not-applicable",
            ),
            (
                (_done("2026-08-01", place='"region": "lumbar", "levels": ["L4/5"], "sides": ["right"]'),),
                "not-applicable",
            ),
            ((_done("2026-08-01", place='"region": "lumbar", "levels": ["L4/5"]'),), "unknown"),
            ((_done("2026-08-01", place='"region": "lumbar", "sides": ["left"]'),), "unknown"),
        ),
    ),
    PatientSpec(
        "medicare-lcd",
        "repeat-relief",
        "50 % of pain or of daily activities for six months after the last denervation (31 May 2025: to 30 November)",
        (
            ((_relief(_reading("2025-11-30", 50)),), "met"),
            ((_relief(_reading("2025-11-29", 50)),), "unknown"),
            ((_relief(_reading("2025-11-29", 49, 49)),), "not-met"),
            ((_relief(_reading("2025-11-29", 49, 50)),), "unknown"),
            ((_relief(_reading("2025-11-30", 40, 50)),), "met"),
            ((_relief(_reading("2025-11-29", 49)),), "unknown"),  # daily activities were not asked
            ((_relief(_reading("2025-08-01", 40, 40), _reading("2025-12-01", 70)),), "not-met"),
            ((_relief(_reading("2025-12-01", 70), _reading("2026-02-01", 20, 20)),), "met"),
            ((_relief(_reading("2025-12-02", 20, 20), _reading("2026-02-01", 70)),), "unknown"),
            ((_relief(_reading("", 20, 20), _reading("2026-02-01", 70)),), "unknown"),
            ((_relief(_reading("2026-12-01", 70)),), "unknown"),
            ((_relief(),), "unknown"),
            (
                (_session(_reading("2025-08-01", 10, 10), _reading("2025-12-01", 80)),),
                "not-met",
            ),  # both sides on one day are one session, in whatever order they are listed
            ((_session(_reading("2025-12-01", 80), _reading("2025-08-01", 10, 10)),), "not-met"),
            ((_session(_reading("2025-12-01", 80), ""),), "met"),
            ((), "not-applicable"),
        ),
    ),
    PatientSpec(
        "medicare-lcd",
        "session-cap",
        "at most two sessions of the region in twelve months, this one counted; both sides on one day are one",
        (
            ((), "met"),
            ((_done("2026-01-10"),), "met"),
            ((_done("2026-01-10", "2026-06-10"),), "not-met"),
            ((_done("2026-01-10", "2026-01-10"),), "met"),
            ((_done("2025-11-20", "2026-06-10"),), "met"),
            ((_done("2025-11-21", "2026-06-10"),), "not-met"),
            ((_done("2026-01-10", "2026-11-20"),), "not-met"),
            ((_done("2026-01-10"), "complete=null"), "unknown"),
            ((_done("2026-01-10", "2026-06-10"), "complete=null"), "not-met"),
        ),
    ),
    PatientSpec(
        "australia-mbs",
        "session-cap",
        "at most three attendances at any level asked for in twelve months, this one counted",
        (
            ((_done("2026-01-10", "2026-06-10"),), "met"),
            ((_done("2026-01-10", "2026-06-10", "2026-09-10"),), "not-met"),
            (
                (
                    'denervations=[{"date": "2026-01-10", "region": "lumbar", "levels": ["L4/5"]}, '
                    '{"date": "2026-06-10", "region": "lumbar", "levels": ["L4/5"]}, '
                    '{"date": "2026-09-10", "region": "lumbar", "levels": ["L3/4"]}]',
                ),
                "met",
            ),
            ((_done("2026-01-10", "2026-06-10", "2026-09-10", place='"region": "lumbar"'),), "unknown"),
            (("request.levels=null",), "met"),
            (
                ('request.levels=["L4/5", "L4/5"]', 'denervations=[{"region": "lumbar"}, {"region": "lumbar"}]'),
                "met",
            ),  # a level named twice is one
            (("request.levels=null", _done("2026-01-10", "2026-06-10", "2026-09-10")), "unknown"),
        ),
    ),
    PatientSpec(
        "medicare-lcd",
        "diagnosis-still-current",
        "the last denervation lies within 24 months, or two blocks were done again after it",
        (
            ((), "not-applicable"),
            ((_done("2024-11-20"), "blocks=[]"), "met"),
            ((_done("2024-11-19"), "blocks=[]"), "not-met"),
            ((_done("2024-11-19"),), "met"),
            ((_done("2024-11-19", "2020-01-01"), "blocks[0].date=2024-11-19"), "not-met"),
        ),
    ),
    PatientSpec(
        "nice-ng59",
        "pain-score",
        "the score at referral where there is one, else the latest usual one; NRS, VAS and VAS100 alone",
        (
            ((), "met"),
            (('scores=[{"date": "2026-05-02", "scale": "VAS100", "value": 50, "context": "usual"}]',), "met"),
            (('scores=[{"date": "2026-05-02", "scale": "VAS100", "value": 49.9, "context": "usual"}]',), "not-met"),
            (('scores=[{"date": "2026-05-02", "scale": "ODI", "value": 60, "context": "usual"}]',), "unknown"),
            (("scores[0].value=4",), "not-met"),
            (("scores[0].context=worst", "scores[1].value=4"), "not-met"),
            (("scores[0].context=usual", "scores[0].date=2026-10-20", "scores[0].value=3"), "met"),
            (("scores[0].value=null",), "unknown"),
            (("scores[0].date=null", "scores[0].value=3"), "unknown"),
            (("scores[0].date=2026-12-01", "scores[0].value=3"), "met"),
        ),
    ),
)
