"""Made-up patients whose pathway is on hold, who may be offered the procedure, or who have had it."""

from __future__ import annotations

from facetwise.clinic.demo.builders import (
    GOOD,
    Json,
    PatientBuilder,
    after,
    block,
    denervation,
    diary,
    follow_ups,
    good,
    procedure,
    referred,
    score,
    sheet,
    worked_up,
)
from facetwise.clinic.demo.patients_before_block import with_policy


def blood_thinner(scene: PatientBuilder) -> Json:
    return worked_up(
        scene,
        conditions={"anticoagulant": True},
        clinic={
            "plan": {"holder": "clinician", "note": "Ask the prescriber about the blood thinner", "due": scene.day(2)}
        },
    )


def pacemaker(scene: PatientBuilder) -> Json:
    return worked_up(scene, blocks=[good(scene, 32)], conditions={"pacemaker": True})


def infected_before_the_day(scene: PatientBuilder) -> Json:
    record = worked_up(scene, blocks=[good(scene, 44)], conditions={"systemic_infection": True})
    record["clinic"] |= {"procedure_booked": scene.day(-3), "procedures": [procedure(scene, None, scene.day(-3))]}
    return record


def suspected_cancer(scene: PatientBuilder) -> Json:
    return worked_up(scene, conditions={"suspected_cancer": True}, clinic={"plan": {"holder": "clinician"}})


def warning_signs_ticked(scene: PatientBuilder) -> Json:
    """Two signs ticked on a telephone this morning; nobody has seen to them."""
    record = worked_up(scene, blocks=[good(scene, 6)])
    record["clinic"]["alerts"] = [
        {"id": "a1", "at": scene.at(0, "07:12"), "signs": ["cauda-equina", "getting-weaker"], "where": "diary"}
    ]
    return record


def fever_seen_to(scene: PatientBuilder) -> Json:
    day = scene.day(9)
    record = done(scene, day, [])
    record["clinic"]["alerts"] = [
        {
            "id": "a1",
            "at": scene.at(5, "18:40"),
            "signs": ["headache-or-fever"],
            "where": "diary",
            "seen_by": "Sister Notreal",
            "seen_at": scene.at(5, "18:55"),
            "done": "Rang back; seen the same evening, a cold, no sign of infection at the site",
        }
    ]
    return record


def to_be_offered(scene: PatientBuilder) -> Json:
    record = worked_up(scene, blocks=[good(scene, 47), good(scene, 20, stated_relief_percent=80)])
    record["clinic"]["sheets"] = [sheet(scene, 1, 20, GOOD)]
    record["blocks"][1]["after"] = [{"minutes": minutes, "score": value} for minutes, value in GOOD]
    return record


def booked_large_print(scene: PatientBuilder) -> Json:
    record = worked_up(scene, blocks=[good(scene, 62), good(scene, 33)])
    record["clinic"] |= {
        "needs": ["large-print", "hearing", "carer"],
        "needs_note": "Letters to her daughter as well",
        "needs_reviewed": scene.day(58),
        "drives": False,
        "sedation_planned": True,
        "procedure_booked": scene.day(-5),
        "procedures": [procedure(scene, None, scene.day(-5))],
    }
    return record


def booked_and_gone_by(scene: PatientBuilder) -> Json:
    record = worked_up(scene, blocks=[good(scene, 90)])
    record["clinic"] |= {
        "procedure_booked": scene.day(2),
        "plan": {"holder": "coordinator", "note": "Did it take place?"},
    }
    return record


def signs_language(scene: PatientBuilder) -> Json:
    record = worked_up(scene, blocks=[good(scene, 50), good(scene, 22)])
    record["clinic"] |= {"needs": ["bsl", "text-message"], "needs_note": "Interpreter for every visit"}
    return record


def four_days_after(scene: PatientBuilder) -> Json:
    record = done(scene, scene.day(4), [])
    entries = (
        (4, "19:00", 6, "resting"),
        (3, "08:30", 7, "getting up"),
        (3, "20:15", 6, "short walk"),
        (2, "09:10", 6, "getting dressed"),
        (1, "12:30", 5, "short walk"),
        (1, "21:00", 4, "resting"),
        (0, "07:30", 4, "getting up"),
    )
    record["clinic"]["diary"] = diary(scene, entries)
    return record


def six_weeks_overdue(scene: PatientBuilder) -> Json:
    return done(scene, scene.day(52), [])


def good_at_five_months(scene: PatientBuilder) -> Json:
    day = scene.months_ago(5)
    record = done(scene, day, [(after(day, 1), 60), (after(day, 3), 80), (scene.day(8), 75)])
    record["clinic"]["follow_ups"] = follow_ups(0, day, [("6 weeks", 60), ("3 months", 80)])
    return record


def relief_has_ended(scene: PatientBuilder) -> Json:
    day = scene.months_ago(11)
    relief = [(after(day, 2), 70), (after(day, 6), 65), (after(day, 9), 30)]
    record = done(scene, day, relief)
    record["blocks"].append(good(scene, 10))
    record["scores"].append(score(scene.day(18), 6, "usual"))
    record["clinic"]["follow_ups"] = follow_ups(0, day, [("6 weeks", 70), ("3 months", 70), ("6 months", 65)])
    return with_policy(record, "hny-2025")


def repeat_possible(scene: PatientBuilder) -> Json:
    day = scene.months_ago(18)
    relief = [(after(day, 3), 80), (after(day, 6), 75), (after(day, 12), 60), (after(day, 16), 20)]
    record = done(scene, day, relief)
    record["blocks"].append(good(scene, 38))
    record["scores"].append(score(scene.day(20), 7, "usual"))
    record["clinic"]["follow_ups"] = [
        {**look, "done": look["due"]} for look in follow_ups(0, day, [("6 weeks", 80), ("3 months", 80)])
    ]
    return with_policy(record, "hny-2025")


def three_within_the_year(scene: PatientBuilder) -> Json:
    days = [scene.months_ago(number) for number in (11, 7, 3)]
    record = done(scene, days[0], [(after(days[0], 2), 60)])
    record["denervations"] += [denervation(scene, day, [(after(day, 1), 55)]) for day in days[1:]]
    return with_policy(record, "australia-mbs")


def other_side_after_a_year(scene: PatientBuilder) -> Json:
    """The earlier one was on the other side, elsewhere, and its list is not complete."""
    other = "right" if scene.side == "left" else "left"
    record = worked_up(scene, blocks=[good(scene, 48), good(scene, 21)])
    record["denervations"] = [denervation(scene, scene.months_ago(13), sides=[other], technique="pulsed")]
    return with_policy({**record, "complete": ["blocks", "care"]}, "tricare-west")


def helped_and_discharged(scene: PatientBuilder) -> Json:
    day = scene.months_ago(14)
    record = done(scene, day, [(after(day, 3), 85), (after(day, 6), 90), (after(day, 12), 85)])
    record["clinic"]["follow_ups"] = follow_ups(
        0, day, [("6 weeks", 85), ("3 months", 85), ("6 months", 90), ("12 months", 85)]
    )
    record["clinic"]["plan"] = {"ended": True, "why_ended": "Still much better at a year; comes back when it returns"}
    return record


def chose_not_to(scene: PatientBuilder) -> Json:
    return worked_up(
        scene, clinic={"choice": "no", "plan": {"ended": True, "why_ended": "Chose the pain management programme"}}
    )


def no_relief_at_three_months(scene: PatientBuilder) -> Json:
    day = scene.months_ago(4)
    record = done(scene, day, [(after(day, 1), 10), (after(day, 3), 0)])
    record["clinic"]["follow_ups"] = follow_ups(0, day, [("6 weeks", 10), ("3 months", 0)])
    record["clinic"]["plan"] = {"holder": "clinician", "note": "Look again at the source of the pain"}
    return record


def easy_read(scene: PatientBuilder) -> Json:
    return referred(
        scene,
        needs=["easy-read", "carer", "interpreter"],
        needs_note="Polish; his sister comes with him",
        needs_reviewed=scene.day(3),
        informed=scene.day(3),
    )


def done(scene: PatientBuilder, day: str, relief: list[tuple[str, int]]) -> Json:
    """Somebody who had it on that day, after two good blocks long before."""
    record = worked_up(scene, request={"date": day})
    before = [after(day, -3), after(day, -2)]
    region = record["request"]["region"]
    record["blocks"] = [
        block(scene, 0, GOOD, date=on, region=region, positive=True, prolonged=False, relief_hours=6) for on in before
    ]
    record["pain"]["since"] = after(day, -20)
    record["care"] = [{"kind": "physiotherapy", "from": after(day, -14), "to": after(day, -9), "outcome": "failed"}]
    record["scores"] = [score(after(day, -5), 7, "referral"), score(after(day, -1), 6, "usual")]
    record["assessment"]["date"] = after(day, -5)
    record["denervations"] = [denervation(scene, day, relief)]
    record["clinic"] |= {
        "informed": after(day, -4),
        "procedures": [procedure(scene, 0, day)],
        "follow_ups": follow_ups(0, day),
    }
    return record
