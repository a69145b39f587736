"""Made-up patients from the referral to the last block."""

from __future__ import annotations

from facetwise.clinic.demo.builders import (
    GOOD,
    HALF,
    POOR,
    Json,
    PatientBuilder,
    block,
    good,
    live,
    referred,
    score,
    sheet,
    worked_up,
)


def referred_yesterday(scene: PatientBuilder) -> Json:
    return referred(
        scene, plan={"holder": "coordinator", "note": "First appointment to be sent", "due": scene.day(-13)}
    )


def thinking_it_over(scene: PatientBuilder) -> Json:
    return worked_up(
        scene,
        clinic={
            "informed": scene.day(6),
            "choice": "not-now",
            "plan": {"holder": "patient", "note": "Asked for two weeks to think it over", "due": scene.day(-8)},
        },
    )


def neck_in_physiotherapy(scene: PatientBuilder) -> Json:
    record = worked_up(scene, "cervical", clinic={"informed": None, "choice": None})
    record["care"] = [{"kind": "physiotherapy", "from": scene.day(20), "outcome": "ongoing"}]
    record["scores"] = [score(scene.day(22), 6, "referral"), score(scene.day(22), 34, "usual", "NDI")]
    return record


def hardly_anything_asked(scene: PatientBuilder) -> Json:
    record = referred(scene, informed=scene.day(12), choice="go-on")
    return {
        **record,
        "pain": {"since": scene.months_ago(9), "axial": True},
        "care": [
            {"kind": "physiotherapy", "from": scene.months_ago(7), "to": scene.months_ago(5), "outcome": "failed"}
        ],
        "conditions": {"pacemaker": False, "icd": False, "pregnant": False},
    }


def care_has_helped(scene: PatientBuilder) -> Json:
    record = worked_up(scene)
    record["care"] = [
        {"kind": "physiotherapy", "from": scene.months_ago(6), "to": scene.months_ago(3), "outcome": "helped"}
    ]
    return record


def five_months_of_pain(scene: PatientBuilder) -> Json:
    record = worked_up(scene, blocks=[good(scene, 40)], pain={"since": scene.months_ago(5)})
    record["care"] = [{"kind": "physiotherapy", "from": scene.months_ago(4), "to": scene.day(45), "outcome": "failed"}]
    return with_policy(record, "hny-2025")


def source_not_the_joints(scene: PatientBuilder) -> Json:
    return worked_up(scene, assessment={"facet_suspected": False}, pain={"radicular": True, "below_knee": True})


def too_mild(scene: PatientBuilder) -> Json:
    record = worked_up(scene, pain={"rating": "mild", "limits_daily_life": False}, conditions={"hads_depression": 4})
    record["scores"] = [score(scene.day(70), 4, "referral"), score(scene.day(20), 3, "usual")]
    return record


def block_to_be_booked(scene: PatientBuilder) -> Json:
    return worked_up(
        scene, clinic={"plan": {"holder": "coordinator", "note": "Book a first block", "due": scene.day(4)}}
    )


def block_booked(scene: PatientBuilder) -> Json:
    return worked_up(scene, clinic={"block_booked": scene.day(-6), "sedation_planned": False})


def block_today(scene: PatientBuilder) -> Json:
    """Done forty minutes ago; the patient has entered 15 and 30 minutes."""
    scores = ((15, 4), (30, 2))
    day, made = live(scene, 0, scores)
    record = worked_up(scene, blocks=[block(scene, 0, scores, date=day)])
    record["clinic"]["sheets"] = [made]
    return record


def block_filled_in_late(scene: PatientBuilder) -> Json:
    """Every score was written down the next evening, and nobody has judged it."""
    record = worked_up(scene, blocks=[block(scene, 3, HALF)])
    record["clinic"] |= {"sheets": [sheet(scene, 0, 3, HALF, late=True)], "plan": {"holder": "clinician"}}
    return record


def second_block_due(scene: PatientBuilder) -> Json:
    record = worked_up(scene, blocks=[good(scene, 26)])
    record["blocks"][0]["after"] = [{"minutes": minutes, "score": value} for minutes, value in GOOD]
    record["clinic"]["sheets"] = [sheet(scene, 0, 26, GOOD)]
    return with_policy(record, "medicare-lcd")


def second_block_booked(scene: PatientBuilder) -> Json:
    record = worked_up(scene, blocks=[good(scene, 19, stated_relief_percent=85)])
    record["clinic"]["block_booked"] = scene.day(-2)
    return with_policy(record, "german-s3-2023")


def steroid_in_the_second(scene: PatientBuilder) -> Json:
    blocks = [good(scene, 60), good(scene, 30, agent="bupivacaine and methylprednisolone", steroid=True, sedation=True)]
    return with_policy(worked_up(scene, blocks=blocks), "bcbs-nd")


def no_relief_from_the_block(scene: PatientBuilder) -> Json:
    record = worked_up(scene, blocks=[block(scene, 13, POOR, positive=False, prolonged=False, relief_hours=0)])
    record["clinic"] |= {
        "sheets": [sheet(scene, 0, 13, POOR)],
        "plan": {"holder": "clinician", "note": "Talk through what else may help", "due": scene.day(-5)},
    }
    return record


def weeks_of_relief(scene: PatientBuilder) -> Json:
    """A response that lasts: one policy asks for nothing further then."""
    record = worked_up(scene, blocks=[good(scene, 35, prolonged=True, relief_hours=500)])
    return with_policy(record, "ebi-2k-guidance")


def stated_is_not_computed(scene: PatientBuilder) -> Json:
    """55 per cent was said on the telephone; the scores come to 35."""
    record = worked_up(scene, blocks=[block(scene, 25, ((30, 5), (60, 5), (120, 6)), stated_relief_percent=55)])
    record["blocks"][0]["before"] = 8
    return with_policy(record, "hny-2025")


def two_blocks_in_the_neck(scene: PatientBuilder) -> Json:
    record = worked_up(scene, "cervical", blocks=[good(scene, 55), good(scene, 24)])
    return with_policy(record, "tricare-west")


def thoracic_pain(scene: PatientBuilder) -> Json:
    record = worked_up(scene, "thoracic", request={"levels": ["T8/9"]})
    return with_policy(record, "nice-ng59")


def seventeen_years_old(scene: PatientBuilder) -> Json:
    record = worked_up(scene)
    record["born"] = f"{scene.today.year - 17}-01-01"
    return with_policy(record, "ebi-2k-guidance")


def with_policy(record: Json, policy: str) -> Json:
    """The record governed by another policy than the clinic's own."""
    return {**record, "clinic": {**record["clinic"], "policy": policy}}
