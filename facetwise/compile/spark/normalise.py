"""Raw columns as Spark SQL: what is wrong with a row, and its values in the canonical columns.

The rules are the data of spells/normalise/value_rules.py, as for Arrow and the scripts. The SQL needs a session of
compile/spark/session.py, whose settings it relies on. Spark's functions: https://spark.apache.org/docs/latest/api/sql/
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import assert_never

from facetwise.language.codes import CodeList
from facetwise.spells.layouts import Column, Kind
from facetwise.spells.normalise.batches import RAGGED
from facetwise.spells.normalise.value_rules import (
    BETWEEN_CODE_CHARACTERS,
    CATEGORY_WITH_POINT,
    CODE_SEPARATOR,
    DATE_FORMATS,
    EPISODE_SEPARATOR,
    IDENTIFIER_WITH_POINT,
    INFANTS,
    LARGEST,
    MISSING,
    NO_BREAK_SPACE,
    NULL_DATES,
    UNDECODED,
    WHOLE_NUMBER,
    FaultKind,
    Reading,
    ValueRule,
    rule_of,
)

_WHOLE, _PARTS = "tinyint smallint int bigint", "float double"
_DAYS = "date timestamp timestamp_ntz"


@dataclass(frozen=True)
class RawColumn:
    """One column of a source: what it stands for, its own name, how SQL names it, and Spark's name of its type."""

    column: Column
    name: str
    sql: str
    held: str

    @property
    def is_text(self) -> bool:
        return self.held == "string" or self.held.startswith(("char", "varchar"))

    @property
    def is_whole(self) -> bool:
        return self.held in _WHOLE.split()

    @property
    def may_be_faulty(self) -> bool:
        """Whether the column could hold a value that is none of its kind."""
        if self.is_text or self.column.kind is Kind.KEY:
            return True
        if self.held == "void":
            return False
        if self.column.kind is Kind.NUMBER:
            return self.held not in _WHOLE.split()
        return self.column.kind is Kind.DATE and self.held not in _DAYS.split()


def reason_sql(columns: Sequence[RawColumn], ragged: str | None) -> str:
    """The first thing that is wrong with a row, NULL where it can be used. ragged: a column that is NULL in whole rows."""
    arms = [f"WHEN {ragged} IS NOT NULL THEN {quoted(RAGGED)}"] if ragged else []
    texts = [column for column in columns if column.is_text]
    for column in columns:
        arms += [f"WHEN {test} THEN {quoted(reason)}" for test, reason in _faults(column)]
    if not arms:
        return "CAST(NULL AS STRING)"
    dirty = [arm for column in texts for arm in _dirt(column)]
    if not dirty:
        return f"CASE {' '.join(arms)} END"
    # Almost every row is clean, and one look over all its texts together tells so; which text it is matters to few.
    whole = "CASE " + " ".join([*arms[: 1 if ragged else 0], *_in_order(columns)]) + " END"
    return f"CASE WHEN {is_dirty_sql(texts)} THEN {whole} {' '.join(arms)} END"


def _in_order(columns: Sequence[RawColumn]) -> list[str]:
    arms = []
    for column in columns:
        found = [*_dirt(column), *_faults(column)]
        arms += [f"WHEN {test} THEN {quoted(reason)}" for test, reason in found]
    return arms


def is_dirty_sql(columns: Sequence[RawColumn]) -> str:
    """Whether any of some text columns holds what is no text: never NULL."""
    joined = f"concat_ws('|', {', '.join(column.sql for column in columns)})"
    return f"(NOT is_valid_utf8({joined}) OR {joined} RLIKE r'[\\p{{Cc}}{UNDECODED}]')"


def _dirt(column: RawColumn) -> list[tuple[str, str]]:
    """Text that could not be decoded, and control characters."""
    if not column.is_text:
        return []
    undecoded = f"NOT is_valid_utf8({column.sql}) OR contains({column.sql}, '{UNDECODED}')"
    return [
        (undecoded, FaultKind.NOT_UTF8.reason(column.column, column.name)),
        (f"{column.sql} RLIKE r'\\p{{Cc}}'", FaultKind.CONTROL_CHARACTER.reason(column.column, column.name)),
    ]


def _faults(column: RawColumn) -> list[tuple[str, str]]:
    """Values of clean text or of another type that are not of their kind, and missing keys."""
    kind, sql = column.column.kind, column.sql
    found = []
    if kind in (Kind.NUMBER, Kind.DATE) and (wrong := _not_of_kind(column)):
        found.append((wrong, FaultKind.NOT_OF_KIND.reason(column.column, column.name)))
    if kind is Kind.KEY:
        missing = f"{sql} IS NULL OR upper({_trimmed(sql)}) IN {_MISSING}" if column.is_text else f"{sql} IS NULL"
        missing += f" OR isnan({sql})" if column.held in _PARTS.split() else ""
        found.append((missing, FaultKind.MISSING_KEY.reason(column.column, column.name)))
    return found


def _not_of_kind(column: RawColumn) -> str:
    kind, sql, held = column.column.kind, column.sql, column.held
    if column.is_text or (kind is Kind.DATE and held in _WHOLE.split()):
        trimmed = _trimmed(_as_text(column))
        parsed = f"{trimmed} = regexp_extract({trimmed}, '{WHOLE_NUMBER}', 0)" if kind is Kind.NUMBER else _day(trimmed)
        wrong = f"NOT {parsed}" if kind is Kind.NUMBER else f"{parsed} IS NULL"
        return f"{sql} IS NOT NULL AND upper({trimmed}) NOT IN {_MISSING} AND {wrong}"
    if held == "void" or held in (_WHOLE if kind is Kind.NUMBER else _DAYS).split():
        return ""
    number = f" AND NOT isnan({sql})" if held in _PARTS.split() else ""
    if kind is Kind.NUMBER and (number or held.startswith("decimal")):
        return f"{sql} IS NOT NULL{number} AND {sql} % 1 <> 0"
    return f"{sql} IS NOT NULL{number}"


def meaning_sql(column: RawColumn) -> str:
    """A faultless raw value in its canonical column."""
    rule = rule_of(column.column)
    match rule.reading:
        case Reading.NUMBER:
            return _number(column)
        case Reading.DATE:
            return _date(column)
        case Reading.CODES:
            return _episodes(_bare(_as_text(column)), rule)
        case Reading.CODE:
            return _recorded(_bare(_as_text(column)), rule.missing)
        case Reading.CATEGORY:
            trimmed = _trimmed(f"replace({_as_text(column)}, '{CATEGORY_WITH_POINT}', '')")
            return f"CASE WHEN {trimmed} RLIKE '^[0-9]$' THEN concat('0', {trimmed}) ELSE {_recorded(trimmed)} END"
        case Reading.IDENTIFIER:
            return _recorded(f"regexp_replace({_trimmed(_as_text(column))}, '{IDENTIFIER_WITH_POINT}', '$1')")
        case Reading.TEXT:
            return _recorded(_trimmed(_as_text(column)))
        case _:
            assert_never(rule.reading)


def _date(column: RawColumn) -> str:
    if column.held in _DAYS.split():
        return _known_day(f"CAST({column.sql} AS DATE)")
    return "CAST(NULL AS DATE)" if _not_fitting(column) else _known_day(_day(_trimmed(_as_text(column))))


def may_contain_sql(columns: Sequence[RawColumn], codes: CodeList) -> str:
    """Whether a raw row may hold a code of the list as a procedure: true too often rather than too seldom, never NULL."""
    columns_of_codes = [c for c in columns if c.column.canonical in ("procedures", "dominant_procedure")]
    stems = "|".join(_any_spelling(stem) for stem in sorted(codes.fours | codes.categories))
    return " OR ".join(f"coalesce({_as_text(c)} RLIKE '{stems}', false)" for c in columns_of_codes)


def _any_spelling(stem: str) -> str:
    """A pattern for a stem in either case, with blanks and dots between its characters."""
    return f"[{BETWEEN_CODE_CHARACTERS}]*".join(
        f"[{letter}{letter.lower()}]" if letter.isalpha() else letter for letter in stem
    )


def lines_inside_sql(columns: Sequence[RawColumn]) -> str:
    """How many lines of a file stand inside the quotation marks of a row."""
    return " + ".join(f"coalesce(regexp_count({c.sql}, r'\\n[^\\n]'), 0)" for c in columns if c.is_text) or "0"


# Values


def quoted(value: str) -> str:
    """A literal that ends where it should, whatever a column is called."""
    return "'" + value.replace("\\", "\\\\").replace("'", "\\'") + "'"


_MISSING = "(" + ", ".join(quoted(missing) for missing in sorted(MISSING)) + ")"


def _not_fitting(column: RawColumn) -> bool:
    return not column.is_text and column.held not in _WHOLE.split()


def _as_text(column: RawColumn) -> str:
    if (
        column.held in _PARTS.split()
    ):  # whole numbers as they are written elsewhere; what is not a number is not recorded
        whole = f"{column.sql} % 1 = 0 AND abs({column.sql}) < 1e15"
        written = (
            f"CASE WHEN {whole} THEN CAST(CAST({column.sql} AS BIGINT) AS STRING) ELSE CAST({column.sql} AS STRING) END"
        )
        return f"CASE WHEN NOT isnan({column.sql}) THEN {written} END"
    return column.sql if column.held == "string" else f"CAST({column.sql} AS STRING)"


def _trimmed(sql: str) -> str:
    return f"trim(replace({sql}, '{NO_BREAK_SPACE}', ' '))"


def _bare(sql: str) -> str:
    return f"upper(translate({sql}, '{BETWEEN_CODE_CHARACTERS}', ''))"


def _recorded(sql: str, missing: Sequence[str] = MISSING) -> str:
    """The text, NULL where it is a word for a missing value. Bare codes are in upper case already."""
    words = ", ".join(quoted(word) for word in sorted(missing))
    upper = sql if sql.startswith("upper(") else f"upper({sql})"
    return f"CASE WHEN {upper} NOT IN ({words}) THEN {sql} END"


def _number(column: RawColumn) -> str:
    if column.is_text:
        trimmed = _trimmed(column.sql)
        digits = f"regexp_extract({trimmed}, '^([+-]?[0-9]{{1,18}})([.]0*)?', 1)"
        whole = f"CASE WHEN {digits} <> '' THEN CAST({digits} AS BIGINT) END"
    elif column.held in _WHOLE.split():
        whole = f"CAST({column.sql} AS BIGINT)"
    elif column.held in _PARTS.split() or column.held.startswith("decimal"):
        whole = f"CAST({column.sql} AS DOUBLE)"
        if column.held in _PARTS.split():
            whole = f"CASE WHEN NOT isnan({column.sql}) THEN {whole} END"
    else:
        return "CAST(NULL AS INT)"
    cut = f"CASE WHEN {{0}} > {LARGEST} THEN {LARGEST} WHEN {{0}} < -{LARGEST} THEN -{LARGEST} ELSE {{0}} END"
    infant = f"CASE WHEN {{0}} BETWEEN {INFANTS.start} AND {INFANTS.stop - 1} THEN 0 ELSE {cut} END"
    return f"CAST({infant.format(f'({whole})')} AS INT)"


def _day(trimmed: str) -> str:
    """A text as a date, NULL where it is none. A year 0 is none: no calendar here has it."""
    arms = []
    for written in DATE_FORMATS:
        pattern = written.pattern
        year, month, day = (f"regexp_extract({trimmed}, '{pattern}', {group})" for group in written.order)
        iso = f"concat({year}, '-', lpad({month}, 2, '0'), '-', lpad({day}, 2, '0'))"
        dated = f"CASE WHEN {year} <> '0000' THEN try_cast({iso} AS DATE) END"
        arms.append(f"WHEN {trimmed} = regexp_extract({trimmed}, '{pattern}', 0) AND {trimmed} <> '' THEN {dated}")
    return f"CASE {' '.join(arms)} END"


def _known_day(sql: str) -> str:
    never = ", ".join(f"DATE'{day.isoformat()}'" for day in sorted(NULL_DATES))
    return f"CASE WHEN {sql} NOT IN ({never}) THEN {sql} END"


def _episodes(bare: str, rule: ValueRule) -> str:
    """Codes as lists of episodes, each a list; NULL where nothing at all is recorded."""
    bars, comma = quoted(EPISODE_SEPARATOR), quoted(CODE_SEPARATOR)
    rest = f"substring({bare}, {len(EPISODE_SEPARATOR) + 1})"
    opened = f"CASE WHEN startswith({bare}, {bars}) THEN {rest} ELSE {bare} END"
    missing = ", ".join(quoted(token) for token in sorted(rule.missing))
    dropped = ", ".join(quoted(token) for token in sorted(rule.dropped))
    # The bars are a comma too where the question is only whether any code is recorded.
    is_recorded = f"exists(split(replace({opened}, {bars}, {comma}), {comma}), code -> code NOT IN ({missing}))"
    codes = f"filter(split(episode, {comma}), code -> code NOT IN ({dropped}))"
    split = f"transform(split({opened}, '[|][|]'), episode -> {codes})"
    return f"CASE WHEN {is_recorded} THEN {split} END"
