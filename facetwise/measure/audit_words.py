"""What an audit takes for granted, and what is to be known of its data, in words.

A number stands after what it counts: the words are the same for one and for many, and tell nothing of a hidden one.
"""

from __future__ import annotations

from collections.abc import Sequence

from facetwise.language.definition import Definition
from facetwise.measure.linked import Course, Cover

_OUTSIDE = (
    "Blocks and denervations done in outpatients, or paid for privately outside the NHS, are not in admitted care. "
    "Pain scores, relief and conservative care are in no hospital activity: criteria on them are unknown."
)
_UNIT = "A code does not tell a diagnostic block from an injection that was meant to treat: both are blocks here, of unknown kind."


def assumptions(of: Definition, cover: Cover, courses: Sequence[Course]) -> tuple[str, ...]:
    """What the answer rests on and the data do not show."""
    placeless = sum(done.region is None for course in courses for done in course.denervations)
    whole = " and ".join(sorted(cover.complete))
    return (
        f"Denervations are the spells that {of.id} counts; each is judged on the day of admission.",
        f"The data hold all {whole} within the covered dates." if whole else "The data hold no kind of event whole.",
        *(
            f"Other kinds of events ({kind}) may have been done without a trace in the data."
            for kind in ("blocks", "denervations")
            if kind not in cover.complete
        ),
        *(
            [f"Denervations whose codes name no region: {placeless:,}. Held against others, they are taken as lumbar."]
            if placeless
            else []
        ),
    )


def notes(of: Definition, courses: Sequence[Course], cover: Cover, perhaps: int) -> tuple[str, ...]:
    """What is to be known of the data: what may be missing, and what looks wrong."""
    told = [_OUTSIDE, _UNIT]
    if perhaps:
        told.append(
            f"Spells that may be denervations and are not judged, since {of.id} cannot tell for want of a value: {perhaps:,}."
        )
    outside = sum(not cover.first <= one.day <= cover.last for course in courses for one in course.denervations)
    if outside:
        told.append(
            f"Denervations outside the covered dates: {outside:,}. They are judged, with whatever the uncovered time may hold; "
            "the time to the next one is told of those inside only."
        )
    told += _stretched(courses, cover)
    twice = sum(_is_in_two_places(course) for course in courses)
    if twice:
        told.append(
            f"Patients in the care of two providers at once, by the denervations, blocks and fusions here: {twice:,}. Their key "
            "may stand for more than one person."
        )
    return tuple(told)


def _stretched(courses: Sequence[Course], cover: Cover) -> list[str]:
    """A remark where the cover reaches far beyond all events: a mistyped date may have drawn it out."""
    days = [one.day for course in courses for one in course.denervations]
    if not days:
        return []
    before, after = (min(days) - cover.first).days, (cover.last - max(days)).days
    if max(before, after) <= _FAR:
        return []
    return [
        f"The covered dates, {cover.first} to {cover.last}, reach more than three years beyond the denervations ({min(days)} to "
        f"{max(days)}). If an admission date is mistyped, nothing before the data begins is unknown any more: give --covers."
    ]


_FAR = 3 * 365


def _is_in_two_places(course: Course) -> bool:
    """Whether two stays at different providers overlap, one day at each of two included."""
    stays = sorted(
        (one.day, one.until or one.day, one.provider)
        for one in (*course.denervations, *course.blocks, *course.fusions)
        if one.provider
    )
    return any(
        later[0] < end or later[0] == day
        for place, (day, end, provider) in enumerate(stays)
        for later in stays[place + 1 :]
        if later[2] != provider
    )
