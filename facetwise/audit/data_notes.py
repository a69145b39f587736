"""What an audit takes for granted, and what is to be known of its data, in words.

A number stands after what it counts: the words are the same for one and for many, and tell nothing of a hidden one.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from facetwise.audit.histories import Cover, PatientHistory
from facetwise.language.definition import Definition
from facetwise.note import Note, NoteKind

_OUTSIDE = (
    "Blocks and denervations done in outpatients, or paid for privately outside the NHS, are not in admitted care. "
    "Pain scores, relief and conservative care are in no hospital activity: criteria on them are unknown."
)
_UNIT = "A code does not tell a diagnostic block from an injection that was meant to treat: both are blocks here, of unknown kind."


def assumptions(of: Definition, cover: Cover, courses: Sequence[PatientHistory]) -> tuple[Note, ...]:
    """What the answer rests on and the data do not show."""
    placeless = sum(done.region is None for course in courses for done in course.denervations)
    whole = " and ".join(sorted(cover.complete))
    return (
        Note(f"Denervations are the spells that {of.id} counts; each is judged on the day of admission."),
        Note(
            f"The data hold all {whole} within the covered dates." if whole else "The data hold no kind of event whole."
        ),
        *(
            Note(f"Other kinds of events ({kind}) may have been done without a trace in the data.")
            for kind in ("blocks", "denervations")
            if kind not in cover.complete
        ),
        *(
            [
                Note(
                    "Denervations whose codes name no region: {placeless:,}. Held against others, they are taken as lumbar.",
                    {"placeless": placeless},
                )
            ]
            if placeless
            else []
        ),
    )


def notes(
    of: Definition, courses: Sequence[PatientHistory], cover: Cover, perhaps: int, is_given: bool = False
) -> tuple[Note, ...]:
    """What is to be known of the data: what may be missing, and what looks wrong. is_given: the cover is the user's own."""
    told = [Note(_OUTSIDE), Note(_UNIT)]
    if perhaps:
        told.append(
            Note(
                f"Spells that may be denervations and are not judged, since {of.id} cannot tell for want of a value: "
                "{perhaps:,}.",
                {"perhaps": perhaps},
            )
        )
    outside = sum(not cover.first <= one.day <= cover.last for course in courses for one in course.denervations)
    if outside:
        told.append(
            Note(
                "Denervations outside the covered dates: {outside:,}. They are judged, with whatever the uncovered time may "
                "hold; the time to the next one is told of those inside only.",
                {"outside": outside},
            )
        )
    if not is_given:
        told += _stretched(courses, cover)
    twice = sum(_is_in_two_places(course) for course in courses)
    if twice:
        told.append(
            Note(
                "Patients in the care of two providers at once, by the denervations, blocks and fusions here: {twice:,}. "
                "Their key may stand for more than one person.",
                {"twice": twice},
            )
        )
    return tuple(told)


def _stretched(courses: Sequence[PatientHistory], cover: Cover) -> list[Note]:
    """A remark where the first or the last admission lies far beyond nearly all denervations: it may be mistyped."""
    days = sorted(one.day for course in courses for one in course.denervations)
    if not days:
        return []
    # The mistyped date may be a denervation's own: the outermost few are left aside, so that it cannot vouch for itself.
    aside = max(1, len(days) // _ONE_IN) if len(days) >= _ENOUGH_TO_LEAVE_ASIDE else 0
    first, last = days[aside], days[-1 - aside]
    far = 365 * (3 if len(days) >= _MANY else 10)
    ends = [
        f"the {which} admission of the data is of {day}"
        for which, day, beyond in (("first", cover.first, first - cover.first), ("last", cover.last, cover.last - last))
        if beyond.days > far
    ]
    if ends:
        reach = f"{' and '.join(ends)}, but all but a few denervations lie {_between(first, last)}"
    elif cover.first < _RECORDS_BEGIN:
        reach = (
            f"the first admission of the data is of {cover.first}, and England's records of admitted care begin on "
            f"{_RECORDS_BEGIN}"
        )
    else:
        return []
    doubt = (
        f"{reach[0].upper()}{reach[1:]}. If a date is mistyped, days of which there is no data count as covered, and what may "
        "have been done on them as not done: "
    )
    again = "make the report again with the true dates (--covers)."
    return [Note(f"{doubt}give --covers.", kind=NoteKind.DOUBTFUL_DATES, on_page=doubt + again)]


def _between(first: date, last: date) -> str:
    months = tuple(f"{day:%Y-%m}" for day in (first, last))
    return f"in {months[0]}" if months[0] == months[1] else f"between {months[0]} and {months[1]}"


_ENOUGH_TO_LEAVE_ASIDE, _MANY, _ONE_IN = 3, 10, 100
_RECORDS_BEGIN = date(1989, 4, 1)  # Hospital Episode Statistics: admitted patient care, from the year 1989/90


def _is_in_two_places(course: PatientHistory) -> bool:
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
