"""The denervation as it was done, what is out of the ordinary in it, and the record's entry from it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from facetwise.clinic.follow_up.alerts import see_to
from facetwise.clinic.follow_up.follow_up import add_look, move_look, schedule
from facetwise.clinic.model.clinic_record import FollowUp, Procedure, clinic_of, with_clinic
from facetwise.clinic.model.list_references import session_of
from facetwise.clinic.model.nerves import NERVES
from facetwise.clinic.pathway.status import listed
from facetwise.clinic.procedure.checklist import begin, not_stopped, procedure_at, stop
from facetwise.clinic.procedure.lesions import caveats, write_down
from facetwise.decide.record_as_of import record_as_of
from facetwise.errors import InputError
from facetwise.record.parse import record_of
from tests.clinic.test_procedure import CLINICIAN, EVERYTHING, LEFT, NOW, TODAY, patient

OLD = {"date": "2024-05-01", "region": "lumbar", "levels": ["L3/4"], "sides": ["left"]}


def row(nerve: str, side: str = "left", lesion: bool | None = True, **more: Any) -> dict[str, Any]:
    name = nerve if nerve.startswith("third") else f"{nerve} {'dorsal ramus' if nerve == 'L5' else 'medial branch'}"
    settings = {"temperature_c": 80, "seconds": 90} if lesion else {}
    return {"nerve": name, "side": side, "lesion": lesion, **settings, **more}


def begun(**changes: Any) -> dict[str, Any]:
    return {**begin(patient(), LEFT, EVERYTHING, CLINICIAN, NOW), **changes}


def done(*nerves: dict[str, Any], before: dict[str, Any] | None = None, **changes: Any) -> dict[str, Any]:
    return write_down(before or begun(denervations=[]), 0, {"nerves": list(nerves), **changes}, NOW)


@pytest.mark.parametrize(
    ("nerves", "entries"),
    [
        # (nerves worked on, [(region, levels, sides)]); None: the levels are left unknown
        ([row("L3"), row("L4")], [("lumbar", ["L4/5"], ["left"])]),
        ([row("L3"), row("L4"), row("L5")], [("lumbar", ["L4/5", "L5/S1"], ["left"])]),
        ([row("L3", "right"), row("L4", "right")], [("lumbar", ["L4/5"], ["right"])]),
        ([row(n, s) for n in ("L3", "L4") for s in ("left", "right")], [("lumbar", ["L4/5"], ["left", "right"])]),
        ([row("L3"), row("L4"), row("L3", "right"), row("L4", "right"), row("L5", "right")],
         [("lumbar", ["L4/5"], ["left"]), ("lumbar", ["L4/5", "L5/S1"], ["right"])]),
        ([row("L3"), row("L4", lesion=False)], [("lumbar", None, ["left"])]),
        ([row("L3"), row("L4", lesion=None)], [("lumbar", None, ["left"])]),
        ([row("L3"), row("L4"), row("L3", "right")], [("lumbar", None, ["right"]), ("lumbar", ["L4/5"], ["left"])]),
        ([row("third occipital nerve")], [("cervical", ["C2/3"], ["left"])]),
        ([row("C7"), row("C8"), row("T1")], [("cervical", ["C7/T1"], ["left"]), ("thoracic", ["T1/2"], ["left"])]),
        ([row("T12")], [("thoracic", None, ["left"])]),
        ([row("L3", lesion=False), row("L4", lesion=False)], []),
        ([row("L3", lesion=None), row("L4", lesion=None)], []),
        ([], []),
    ],
)  # fmt: skip
def test_the_record_names_the_joints_of_which_every_nerve_was_treated(
    nerves: Sequence[dict[str, Any]], entries: list[tuple[str, list[str] | None, list[str]]]
) -> None:
    """Unlike sides make two entries of one day; where no joint is whole the levels are unknown; no lesion, no entry."""
    made = done(*nerves)
    told = [(entry["region"], entry.get("levels"), entry["sides"]) for entry in made["denervations"]]
    assert told == entries
    assert {(entry["date"], entry["technique"]) for entry in made["denervations"]} <= {("2026-11-20", "thermal")}
    assert session_of(made, 0) == (tuple(range(len(entries))) or (0,))
    record_of(made, "p")


def test_a_denervation_of_one_day_with_unlike_sides_is_one_session_to_every_policy() -> None:
    """Two entries of one day do not count twice."""
    made = done(row("L3"), row("L4"), row("L3", "right"), row("L4", "right"), row("L5", "right"))
    days = [
        event.values["denervations.date"] for event in record_as_of(record_of(made, "p"), TODAY).events["denervations"]
    ]
    assert days == [TODAY, TODAY]


def test_writing_it_down_again_replaces_its_entry_and_keeps_the_relief_and_the_others() -> None:
    first = done(row("L3"), row("L4"), before=begun(denervations=[OLD]))
    assert first["denervations"][0] == OLD and procedure_at(first, 0).denervation == 1
    first["denervations"][1]["relief"] = [{"date": "2026-11-20", "percent": 50}]
    again = done(row("L3"), row("L4"), row("L3", "right"), row("L4", "right"), row("L5", "right"), before=first)
    assert [entry.get("levels") for entry in again["denervations"]] == [["L3/4"], ["L4/5"], ["L4/5", "L5/S1"]]
    assert [entry.get("relief") for entry in again["denervations"][1:]] == [first["denervations"][1]["relief"]] * 2
    assert session_of(again, 2) == (1, 2)
    back = done(row("L3"), row("L4"), before=again)
    assert back["denervations"] == first["denervations"]


def test_places_that_point_into_the_list_move_along() -> None:
    """A second procedure and its follow-up stand after the first; the first grows by an entry and shrinks to none."""
    one = done(row("L3"), row("L4"))
    two = write_down(begin(one, LEFT, EVERYTHING, CLINICIAN, NOW), 1, {"nerves": [row("C3"), row("C4")]}, NOW)
    looks = tuple(FollowUp(id=f"f{n}", denervation=n, due=TODAY, name="x") for n in (0, 1))
    two = with_clinic(two, clinic_of(two).model_copy(update={"follow_ups": looks}))
    grown = done(row("L3"), row("L4"), row("L4", "right"), row("L5", "right"), before=two)
    held = clinic_of(grown)
    assert [(p.denervation, p.also) for p in held.procedures] == [(0, (1,)), (2, ())]
    assert [look.denervation for look in held.follow_ups] == [0, 2]
    gone = clinic_of(done(row("L3", lesion=False), before=grown))
    assert [(p.denervation, p.also) for p in gone.procedures] == [(None, ()), (0, ())]
    assert [(look.id, look.denervation) for look in gone.follow_ups] == [("f1", 0)]


def test_a_denervation_after_which_relief_was_read_does_not_vanish() -> None:
    first = done(row("L3"), row("L4"))
    first["denervations"][0]["relief"] = [{"date": "2026-11-20", "percent": 50}]
    with pytest.raises(InputError) as refused:
        done(row("L3", lesion=False), before=first)
    assert str(refused.value) == (
        "Relief was read after this denervation, so it cannot become one at which no lesion was made. "
        "Take those readings back first, or check the lesions."
    )


def test_nothing_that_was_given_is_changed_in_place() -> None:
    before = begun(denervations=[dict(OLD)])
    copy = {**before, "denervations": [dict(OLD)], "clinic": before["clinic"]}
    done(row("L3"), row("L4"), before=before)
    assert before == copy


@pytest.mark.parametrize(
    ("changes", "says"),
    [
        ({"planned": date(2026, 11, 21)}, "not in the future"),
        ({"planned": None}, "has the day on which it was done"),
        ({"nerves": [row("L4", temperature_c="hot")]}, r"nerves\[0\].temperature_c is no number"),
        ({"nerves": [{"nerve": "L5 medial branch", "side": "left", "lesion": True}]}, "Did you mean 'L5 dorsal ramus'"),
        ({"guidance": "mri"}, "guidance is none of the known values"),
    ],
)
def test_what_cannot_have_been_done_is_refused(changes: dict[str, Any], says: str) -> None:
    with pytest.raises(InputError, match=says):
        write_down(begun(), 0, changes, NOW)


def test_a_procedure_that_was_not_begun_or_is_not_there_cannot_be_written_down() -> None:
    prepared = with_clinic(patient(), clinic_of({}).model_copy(update={"procedures": (Procedure(),)}))
    with pytest.raises(InputError, match="prepared but not begun"):
        write_down(prepared, 0, {}, NOW)
    for number in (1, -1):
        with pytest.raises(InputError, match="no such procedure"):
            write_down(prepared, number, {}, NOW)


@pytest.mark.parametrize(
    ("technique", "nerve", "says"),
    [
        ("thermal", row("L3"), []),
        ("thermal", row("L3", temperature_c=90, seconds=60), []),
        ("thermal", row("L3", temperature_c=79.9), ["The temperature is 79.9 C, outside the usual 80 to 90."]),
        ("thermal", row("L3", temperature_c=91), ["The temperature is 91 C, outside the usual 80 to 90."]),
        ("thermal", row("L3", seconds=59), ["The time is 59 seconds, outside the usual 60 to 90."]),
        ("thermal", row("L3", seconds=120), ["The time is 120 seconds, outside the usual 60 to 90."]),
        ("thermal", row("L3", seconds=None), ["The time of the lesion is not recorded."]),
        ("thermal", row("L3", lesion=None), ["Whether a lesion was made is not recorded."]),
        ("thermal", row("L3", lesion=False), []),
        ("thermal", row("L3", motor_leg_or_arm=True),
         ["The leg or arm moved at the motor test, and a lesion is recorded here."]),
        ("thermal", row("L3", motor_leg_or_arm=True, lesion=False), []),
        ("pulsed", row("L3", temperature_c=42, seconds=240),
         ["Pulsed radiofrequency: these policies take only a thermal technique: medicare-lcd, tricare-west, dutch-nva."]),
        ("cooled", row("L3", temperature_c=60),
         ["Cooled radiofrequency: the usual range of temperature and time is that of the conventional technique."]),
        (None, row("L3"), ["The technique is not recorded, so no code can be suggested for it."]),
    ],
)  # fmt: skip
def test_what_is_out_of_the_ordinary_is_warned_of_and_never_refused(
    technique: str | None, nerve: dict[str, Any], says: list[str]
) -> None:
    """80 to 90 C for 60 to 90 seconds, both ends allowed; a value nobody wrote down is said, not guessed."""
    made = done(nerve, technique=technique)
    told = [item.says for item in caveats(procedure_at(made, 0)) if not item.says.startswith("Partly")]
    assert told == says


def told_of(*nerves: dict[str, Any]) -> list[tuple[str, str]]:
    return [(item.where, item.says) for item in caveats(procedure_at(done(*nerves), 0))]


def test_a_partly_denervated_joint_is_said_where_it_was_asked_for() -> None:
    """The joint above shares a nerve and was never meant."""
    both = ("L4/5", "L5/S1")
    meant = [row("L3", joints=["L4/5"]), row("L4", joints=both), row("L5", joints=["L5/S1"], lesion=False)]
    assert told_of(*meant) == [
        ("L5/S1, left", "Partly denervated: L5 dorsal ramus was not treated on that side."),
    ]


PLANNED = (row("L3", joints=["L4/5"]), row("L4", joints=["L4/5", "L5/S1"]), row("L5", joints=["L5/S1"]))


@pytest.mark.parametrize(
    ("nerves", "where"),
    [
        # (nerves worked on, joints said to be partly denervated); a row of PLANNED names its joints, others do not
        ([row("L3"), row("L4")], []),
        ([row("L3"), row("L4"), row("L5")], []),
        ([row("L3")], ["L3/4, left", "L4/5, left"]),
        ([row("L3"), row("L4"), row("L5", lesion=False)], ["L5/S1, left"]),
        ([row("L3"), row("L4"), row("L2", lesion=False)], ["L3/4, left"]),
        ([row("L3"), row("L4"), row("L1")], ["L1/2, left", "L2/3, left"]),
        ([row("L3"), row("L4"), row("L4", "right")], ["L4/5, right", "L5/S1, right"]),
        ([*PLANNED, row("L2")], []),
        ([*PLANNED, row("L4", "right")], ["L4/5, right", "L5/S1, right"]),
        ([*PLANNED, row("L3", "right"), row("L4", "right"), row("L5", "right")], []),
        ([*PLANNED[:2], row("L2")], ["L5/S1, left"]),
        ([PLANNED[0], row("L4")], []),
    ],
)
def test_a_joint_that_was_never_planned_is_not_partly_denervated_by_a_nerve_it_shares(
    nerves: Sequence[dict[str, Any]], where: list[str]
) -> None:
    """A nerve added by hand is held against the joints that rows name, on its own side; else against those not explained."""
    assert sorted(place for place, says in told_of(*nerves) if says.startswith("Partly")) == where


def test_a_joint_that_was_asked_for_and_not_reached_is_said() -> None:
    meant = [row("L3", joints=["L4/5"], lesion=False), row("L4", joints=["L4/5"], lesion=False)]
    assert told_of(*meant) == [("L4/5, left", "Asked for, and none of its nerves was treated.")]


NERVE_ROWS = st.builds(
    lambda nerve, side, lesion: {"nerve": nerve, "side": side, "lesion": lesion},
    st.sampled_from(NERVES),
    st.sampled_from(("left", "right")),
    st.sampled_from((True, False, None)),
)


@settings(max_examples=150, deadline=None, derandomize=True)
@given(first=st.lists(NERVE_ROWS, max_size=8), second=st.lists(NERVE_ROWS, max_size=8))
def test_any_correction_leaves_a_record_whose_places_fit(first: list[Any], second: list[Any]) -> None:
    """Written down twice over: the last word stands alone, every place points at an entry of its own day."""
    once = done(*first, before=begun(denervations=[OLD]))
    twice = done(*second, before=once)
    assert twice["denervations"] == done(*second, before=begun(denervations=[OLD]))["denervations"]
    held = procedure_at(twice, 0)
    places = () if held.denervation is None else (held.denervation, *held.also)
    assert places == tuple(range(1, len(twice["denervations"])))
    record_of(twice, "p")


def test_a_procedure_marked_as_stopped_gets_no_lesion_until_the_mark_is_taken_back() -> None:
    stopped = stop(begun(denervations=[]), 0, "faint")
    assert done(row("L3", lesion=False), before=stopped)["denervations"] == []
    with pytest.raises(InputError, match="marked as stopped without a lesion"):
        done(row("L3"), before=stopped)
    assert done(row("L3"), row("L4"), before=not_stopped(stopped, 0))["denervations"]


@pytest.mark.parametrize("events", [["none seen"], ["faint", "bleeding", "pain that stopped it"], []])
def test_an_event_without_a_consequence_changes_nothing_else(events: list[str]) -> None:
    made = done(row("L3"), events=events)
    assert clinic_of(made).alerts == () and made["conditions"] == begun()["conditions"]


def test_new_weakness_is_an_alert_that_stands_until_somebody_has_seen_to_it_and_is_raised_once() -> None:
    """Saved again it is no second alert, seen to or not; written down anew after it was taken away, it is."""
    made = done(row("L3"), events=["new weakness or numbness"])
    held = clinic_of(made).alerts
    assert [(alert.where, alert.signs, alert.at, alert.seen_at) for alert in held] == [
        ("the procedure", ("getting-weaker",), NOW, None)
    ]
    assert listed(made, "nice-ng59", TODAY).next.step == "see-to-alert"
    seen = see_to(made, held[0].id, "dr.rao", "examined", NOW, {"progressive_neurological_deficit": "ruled-out"})
    for document in (made, seen):
        assert len(clinic_of(done(row("L3"), before=document)).alerts) == 1
    taken_away = done(row("L3"), before=seen, events=[])
    assert len(clinic_of(taken_away).alerts) == 1
    later = write_down(taken_away, 0, {"events": ["new weakness or numbness"]}, NOW + timedelta(minutes=5))
    assert [alert.seen_at is None for alert in clinic_of(later).alerts] == [False, True]


@pytest.mark.parametrize("before", [False, None, True])
def test_an_allergic_reaction_is_an_allergy_on_record_whatever_was_said_before(before: bool | None) -> None:
    document = begun(denervations=[], conditions={"fracture": False, **({} if before is None else {"allergy": before})})
    made = done(row("L3"), before=document, events=["allergic reaction"])
    assert made["conditions"] == {"fracture": False, "allergy": True}
    resolved = {**made, "conditions": {"allergy": False}}
    assert done(row("L3"), before=resolved)["conditions"] == {"allergy": False}


def test_the_usual_looks_move_with_a_corrected_day_and_those_that_were_done_moved_or_added_stay() -> None:
    planned = schedule(done(row("L3"), row("L4")), 0)
    planned = move_look(add_look(planned, 0, "9 months", date(2027, 8, 20)), "f3", date(2027, 5, 25))
    clinic = clinic_of(planned)
    looks = [look.model_copy(update={"done": TODAY}) if look.id == "f1" else look for look in clinic.follow_ups]
    planned = with_clinic(planned, clinic.model_copy(update={"follow_ups": tuple(looks)}))
    moved = done(row("L3"), row("L4"), before=planned, planned=date(2026, 11, 6))
    assert [(look.name, look.due.isoformat()) for look in clinic_of(moved).follow_ups] == [
        ("6 weeks", "2027-01-01"),  # done: it stays
        ("3 months", "2027-02-06"),
        ("6 months", "2027-05-25"),  # moved by hand
        ("9 months", "2027-08-20"),
        ("12 months", "2027-11-06"),
    ]
    assert moved["denervations"][0]["date"] == "2026-11-06"


def test_a_day_after_a_reading_is_refused_and_one_before_it_or_on_it_is_not() -> None:
    first = done(row("L3"), row("L4"), planned=date(2026, 11, 2))
    first["denervations"][0]["relief"] = [{"percent": 60}, {"date": "2026-11-10", "percent": 50}]
    for day in (date(2026, 11, 10), date(2026, 10, 1)):
        assert done(row("L3"), row("L4"), before=first, planned=day)["denervations"][0]["date"] == day.isoformat()
    with pytest.raises(InputError) as refused:
        done(row("L3"), row("L4"), before=first, planned=date(2026, 11, 11))
    assert str(refused.value) == (
        "A reading of relief is on record before that day. Check the day, or take the reading back first, "
        "on the follow-up page."
    )
