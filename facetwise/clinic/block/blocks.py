"""The diagnostic block and its sheet: what staff record of it, the timed scores, and what the clinician makes of it.

`blocks[n].after` of the record, which `decide` reads, always says what the sheet says. A score given again replaces the
one of the same minute; the trail keeps both.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import Any

from facetwise.clinic.model.block_ids import marks, new_block_id
from facetwise.clinic.model.clinic_record import Clinic, Reading, Sheet, Who, clinic_of, with_clinic
from facetwise.clinic.model.entry_timing import LATE_AFTER, Timing, later_by, not_to_come, since, timing, written
from facetwise.decide.evidence import plain
from facetwise.errors import InputError
from facetwise.record.parse import part_of
from facetwise.record.record import Block

SCHEDULE = (15, 30, *range(60, 481, 60))
"""Minutes after the block at which a score is asked for; the next morning comes on top."""
NEXT_MORNING = time(8)
LONGEST = 3 * 24 * 60
_BLOCK_FIELDS = ("date", "kind", "region", "levels", "sides", "agent", "steroid", "sedation", "volume_ml", "before")
_JUDGED = ("positive", "prolonged", "stated_relief_percent", "relief_hours")


@dataclass(frozen=True)
class Done:
    """What is known of a block as it was done; None is not known. volume_ml: of each nerve."""

    date: date
    at: time | None = None
    kind: str | None = None
    region: str | None = None
    levels: tuple[str, ...] = ()
    sides: tuple[str, ...] = ()
    agent: str | None = None
    steroid: bool | None = None
    sedation: bool | None = None
    volume_ml: Decimal | None = None
    nerves: tuple[str, ...] = ()
    before: Decimal | None = None
    target: str | None = None
    movement: str | None = None


@dataclass(frozen=True)
class Felt:
    """A score as it is entered: so many minutes after the block, or when it was felt. written_at: by a telephone's clock."""

    score: Decimal
    minutes: int | None = None
    felt_at: datetime | None = None
    written_at: datetime | None = None


@dataclass(frozen=True)
class Judgement:
    """What only a clinician records of a block; None is not judged."""

    positive: bool | None = None
    prolonged: bool | None = None
    stated_relief_percent: Decimal | None = None
    relief_hours: Decimal | None = None


@dataclass(frozen=True)
class SheetLine:
    """One line of the sheet. minutes: None for the next morning of a block whose time is not known.

    recorded: a score that stands in the record with nothing on the sheet, such as one of another system.
    """

    minutes: int | None
    says: str
    at: datetime | None
    reading: Reading | None = None
    recorded: Decimal | None = None

    @property
    def is_filled(self) -> bool:
        return self.reading is not None or self.recorded is not None

    @property
    def timing(self) -> Timing | None:
        return None if self.reading is None else timing(self.reading.felt_at, self.reading.entered_at)


def add_block(document: Mapping[str, Any], done: Done, now: datetime, by: Who = "staff") -> tuple[dict[str, Any], int]:
    """The record with one more block, and its place in `blocks`. Errors: InputError."""
    blocks = [*_blocks(document), {}]
    place = len(blocks) - 1
    mark = new_block_id(vars(done), now)
    return _recorded({**document, "blocks": blocks}, place, done, now, by, mark), place


def change_block(
    document: Mapping[str, Any], place: int, done: Done, now: datetime, by: Who = "staff"
) -> dict[str, Any]:
    """The record with a block as it is now known. Scores that staff copied keep their minute, a patient's own their time."""
    block_at(document, place)
    return _recorded(document, place, done, now, by, marks(document)[place])


def put_readings(
    document: Mapping[str, Any], place: int, felt: Iterable[Felt], now: datetime, by: Who
) -> dict[str, Any]:
    """The record with scores on the sheet. One that is there already alike stays as it was entered.

    Errors: InputError, also for two unlike scores of one minute, or where staff would replace a patient's own score by one
    that names a time instead of its line.
    """
    block_at(document, place)
    clinic = clinic_of(document)
    sheet = sheet_of(clinic, place)
    by_minute = {reading.minutes: reading for reading in sheet.readings}
    entered: dict[Decimal, Decimal] = {}
    for score in felt:
        reading = _reading(score, sheet, now, by)
        before = by_minute.get(reading.minutes)
        if entered.setdefault(reading.minutes, reading.score) != reading.score:
            raise InputError(
                f"Two unlike scores were given for {after_words(int(reading.minutes))} after the block. Keep one of them."
            )
        own = before is not None and before.by == "patient" and by == "staff" and score.minutes is None
        if own and before is not None and before.score != reading.score:
            raise InputError(
                f"The patient gave a score at {after_words(int(reading.minutes))} themselves. Change it in its own line."
            )
        if before is None or before.score != reading.score:
            by_minute[reading.minutes] = reading
    return _in_step(document, clinic, sheet, by_minute.values())


def remove_reading(document: Mapping[str, Any], place: int, minutes: int) -> dict[str, Any]:
    """The record without a score that was entered by mistake."""
    block_at(document, place)
    clinic = clinic_of(document)
    sheet = sheet_of(clinic, place)
    return _in_step(document, clinic, sheet, [held for held in sheet.readings if held.minutes != minutes], {minutes})


def put_before(document: Mapping[str, Any], place: int, score: Decimal, now: datetime, by: Who) -> dict[str, Any]:
    """The record with the score just before the block."""
    block = block_at(document, place)
    if block.before == score:
        return dict(document)
    clinic = clinic_of(document)
    sheet = sheet_of(clinic, place).model_copy(update={"before_entered_at": now, "before_by": by})
    return with_clinic(_with_block(document, place, {"before": score}), _with_sheet(clinic, sheet))


def remove_before(document: Mapping[str, Any], place: int) -> dict[str, Any]:
    """The record without the score before the block, which was entered by mistake."""
    if block_at(document, place).before is None:
        return dict(document)
    clinic = clinic_of(document)
    sheet = sheet_of(clinic, place).model_copy(update={"before_entered_at": None, "before_by": None})
    return with_clinic(_with_block(document, place, {"before": None}), _with_sheet(clinic, sheet))


def note_medicines(document: Mapping[str, Any], place: int, medicines: str) -> dict[str, Any]:
    """The record with the medicines taken while the sheet was kept."""
    block_at(document, place)
    clinic = clinic_of(document)
    sheet = sheet_of(clinic, place).model_copy(update={"medicines": " ".join(medicines.split()) or None})
    return with_clinic(document, _with_sheet(clinic, sheet))


def judge(document: Mapping[str, Any], place: int, judgement: Judgement) -> dict[str, Any]:
    """The record with a clinician's judgement of a block. What is not judged is taken out, never 'no'."""
    block_at(document, place)
    return _with_block(document, place, {name: getattr(judgement, name) for name in _JUDGED})


def block_at(document: Mapping[str, Any], place: int) -> Block:
    """The block at that place. Errors: InputError where there is none."""
    blocks = _blocks(document)
    if not 0 <= place < len(blocks):
        raise InputError(f"There is no block {place + 1} in this record. Choose one that is on the list.")
    return part_of(Block, blocks[place], f"blocks[{place}]")


def sheet_of(clinic: Clinic, place: int) -> Sheet:
    """The sheet of the block at that place; an empty one where none was begun."""
    return next((sheet for sheet in clinic.sheets if sheet.block == place), Sheet(block=place))


def standing(document: Mapping[str, Any], place: int) -> dict[Decimal, Decimal]:
    """The scores of a block that stand in the record, by their minute, whether they are on the sheet or not."""
    after = block_at(document, place).after or ()
    return {one.minutes: one.score for one in after if one.minutes is not None and one.score is not None}


def slots(document: Mapping[str, Any], place: int, now: datetime) -> tuple[SheetLine, ...]:
    """The lines of the sheet in their order: the schedule, and every other minute at which there is a score.

    now: in the clinic's zone, by which the next morning is told.
    """
    sheet = sheet_of(clinic_of(document), place)
    by_minute = {int(reading.minutes): reading for reading in sheet.readings}
    recorded = {int(minutes): score for minutes, score in standing(document, place).items()}
    done = sheet.done_at.astimezone(now.tzinfo) if sheet.done_at else None
    labels: dict[int, str] = {minutes: after_words(minutes) for minutes in SCHEDULE}
    morning, next_day = None, None
    if done is not None:
        next_day = datetime.combine(done.date() + timedelta(days=1), NEXT_MORNING, done.tzinfo)
        morning = round((next_day.timestamp() - done.timestamp()) / 60)
        labels[morning] = "The next morning"
    lines = [
        SheetLine(
            minutes,
            labels.get(minutes) or after_words(minutes),
            next_day if minutes == morning else later_by(done, minutes) if done else None,
            by_minute.get(minutes),
            recorded.get(minutes) if minutes not in by_minute else None,
        )
        for minutes in sorted({*labels, *by_minute, *recorded})
    ]
    return tuple(lines) if morning is not None else (*lines, SheetLine(None, "The next morning", None))


def due(lines: Iterable[SheetLine], now: datetime) -> SheetLine | None:
    """The line that is due: the last whose time has come, unless it is filled in, or over long since."""
    come = [line for line in lines if line.at is not None and line.at <= now]
    last = come[-1] if come else None
    return last if last is not None and not last.is_filled and timing(last.at, now) is Timing.LIVE else None


def coming(lines: Iterable[SheetLine], now: datetime) -> SheetLine | None:
    """The next line whose time is still to come; a score given just now may stand at the minute that is not over yet."""
    return next((line for line in lines if line.at is not None and line.at > now and not line.is_filled), None)


def open_until(lines: Iterable[SheetLine], now: datetime) -> datetime | None:
    """Until when scores are still to come; None once the last line is filled in or over, or no time is known."""
    last = max((line.at for line in lines if line.at is not None and line.reading is None), default=None)
    return last + LATE_AFTER if last is not None and now <= last + LATE_AFTER else None


def after_words(minutes: int) -> str:
    """'15 minutes', '1 hour', '2 hours 30 minutes'."""
    hours, rest = divmod(minutes, 60)
    parts = [f"{hours} hour{'s' if hours > 1 else ''}"] if hours else []
    return " ".join([*parts, *([f"{rest} minute{'s' if rest > 1 else ''}"] if rest else [])])


def _recorded(document: Mapping[str, Any], place: int, done: Done, now: datetime, by: Who, mark: str) -> dict[str, Any]:
    if done.date > now.date():
        raise InputError("The day of the block is in the future. Record the block once it is done.")
    done_at = datetime.combine(done.date, done.at, now.tzinfo) if done.at else None
    if done_at is not None:
        not_to_come(done_at, now)
    clinic = clinic_of(document)
    before = _blocks(document)[place].get("before")
    sheet = sheet_of(clinic, place)
    scored = done.before is not None and done.before != before
    sheet = sheet.model_copy(
        update={
            "id": mark,
            "done_at": done_at,
            "target": done.target,
            "movement": done.movement,
            "nerves": done.nerves,
            "before_entered_at": now if scored else sheet.before_entered_at if done.before is not None else None,
            "before_by": by if scored else sheet.before_by if done.before is not None else None,
        }
    )
    changed = _with_block(document, place, {name: getattr(done, name) for name in _BLOCK_FIELDS})
    old = {int(reading.minutes) for reading in sheet.readings}
    return _in_step(changed, clinic, sheet, [_moved(reading, done_at) for reading in sheet.readings], old)


def _moved(reading: Reading, done_at: datetime | None) -> Reading:
    """A score under another time of the block: a patient felt it when they said; a copied one stands at its minute."""
    if done_at is None:
        return reading.model_copy(update={"felt_at": None}) if reading.by == "staff" else reading
    if reading.by == "staff" or reading.felt_at is None:
        return reading.model_copy(update={"felt_at": later_by(done_at, int(reading.minutes))})
    return reading.model_copy(update={"minutes": Decimal(_minutes(reading.felt_at, done_at))})


def _reading(felt: Felt, sheet: Sheet, now: datetime, by: Who) -> Reading:
    entered_at, received_at = written(felt.written_at, now, sheet.done_at)
    felt_at, minutes = felt.felt_at, felt.minutes
    if minutes is None:
        if felt_at is None or sheet.done_at is None:
            raise InputError("It is not known when the block was done. Give the minutes after it, or its time first.")
        minutes = _minutes(felt_at, sheet.done_at)
    elif not 0 < minutes <= LONGEST:
        raise InputError(f"A score is of 1 to {LONGEST} minutes after the block (three days). Check the minutes.")
    if sheet.done_at is not None:
        felt_at = later_by(sheet.done_at.astimezone(now.tzinfo), minutes)
    if felt_at is not None:
        not_to_come(felt_at, entered_at)
    return part_of(
        Reading,
        {
            "minutes": minutes,
            "score": felt.score,
            "felt_at": felt_at,
            "entered_at": entered_at,
            "received_at": received_at,
            "by": by,
        },
        "the score",
    )


def _minutes(felt_at: datetime, done_at: datetime) -> int:
    minutes = round(since(felt_at, done_at).total_seconds() / 60)
    if not 0 < minutes <= LONGEST:
        raise InputError("A score was felt before the block was done, or more than three days after. Check the times.")
    return minutes


def _in_step(
    document: Mapping[str, Any],
    clinic: Clinic,
    sheet: Sheet,
    readings: Iterable[Reading],
    taken_out: Iterable[int] = (),
) -> dict[str, Any]:
    """The sheet with those scores, and the same in `after` of the block, beside what stood there of other minutes."""
    ordered = sorted(readings, key=lambda reading: reading.minutes)
    minutes = {reading.minutes for reading in ordered}
    if len(minutes) < len(ordered):
        raise InputError("Two scores would stand at one minute after the block. Check the time of the block.")
    block = _blocks(document)[sheet.block]
    others = [after for after in block.get("after") or () if after.get("minutes") not in minutes | set(taken_out)]
    ours = [{"minutes": plain(reading.minutes), "score": plain(reading.score)} for reading in ordered]
    after = [*others, *ours]
    if all(one.get("minutes") is not None for one in after):
        after.sort(key=lambda one: one["minutes"])
    changed = _with_block(document, sheet.block, {"after": after or None})
    return with_clinic(changed, _with_sheet(clinic, sheet.model_copy(update={"readings": tuple(ordered)})))


def _blocks(document: Mapping[str, Any]) -> list[dict[str, Any]]:
    return list(document.get("blocks") or ())


def _with_block(document: Mapping[str, Any], place: int, values: Mapping[str, Any]) -> dict[str, Any]:
    """The record with those values of a block; what is None or empty is taken out: it is not known."""
    blocks = _blocks(document)
    block = {**blocks[place], **{name: plain(value) for name, value in values.items()}}
    blocks[place] = {name: value for name, value in block.items() if value is not None and value != []}
    part_of(Block, blocks[place], "the block")
    return {**document, "blocks": blocks}


def _with_sheet(clinic: Clinic, sheet: Sheet) -> Clinic:
    others = (held for held in clinic.sheets if held.block != sheet.block)
    return clinic.model_copy(update={"sheets": tuple(sorted((*others, sheet), key=lambda held: held.block))})
