"""Hospital activity opened on Spark: files that only Spark may reach, or a table of its catalogue, as one view of spells.

Local files are recognised as everywhere (spells/activity.py), so the same files are refused in the same words.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from facetwise.compile.spark.normalise import RawColumn, lines_inside_sql, may_contain_sql, meaning_sql, reason_sql
from facetwise.compile.spark.session import asked, opened
from facetwise.errors import InputError, UsageError
from facetwise.language.codes import CodeList
from facetwise.spells.layouts import SUS_APCS, Layout, layout_named, recognise, refusal
from facetwise.spells.reading.activity import Opened, open_activity
from facetwise.spells.reading.input_paths import ENDINGS, TABLE, is_beyond
from facetwise.spells.reading.raw_files import CsvFile, RawFile, delimiter_of
from facetwise.spells.spell import SCHEMA

SPELLS = "facetwise_spells"
REASON, WANTED, LINES, SWALLOWED = "reason", "wanted", "lines_n", "swallowed_n"
_SPARSE = 64  # numbers of a span for each key in it, beyond which bits would take more room than keys
_RAGGED = "ragged"
_TYPES = {"string": "STRING", "date32[day]": "DATE", "int32": "INT"}
_CODES = "ARRAY<ARRAY<STRING>>"
_BASES = {
    "day": "datediff({admitted}, DATE'1970-01-01')",
    "month": "(year({admitted}) - 1970) * 12 + month({admitted}) - 1",
    "age_band": "CASE WHEN coalesce({age_at_start}, {age_at_activity}) BETWEEN 0 AND 120 "
    "THEN least(coalesce({age_at_start}, {age_at_activity}) DIV 5, 18) END",
}


@dataclass(frozen=True)
class Part:
    """Rows of one shape: a view of them, their columns, and whether they come from CSV."""

    view: str
    columns: tuple[RawColumn, ...]
    is_csv: bool


@dataclass(frozen=True)
class SparkSource:
    """Activity that Spark can read: its names, its layout, and its rows in parts of one shape."""

    session: Any
    names: tuple[str, ...]
    layout: Layout
    parts: tuple[Part, ...]

    def has(self, canonical: str) -> bool:
        """Whether the data has a canonical column at all."""
        return any(column.column.canonical == canonical for part in self.parts for column in part.columns)

    def told(self, keep: CodeList | None, bases: Sequence[str]) -> str:
        """A view with a row for each row read; its name.

        reason: why it cannot be used, NULL where it can. wanted: it may hold a code of `keep` (None: every row that can be
        used). 'by ...': what groups are made of. The canonical columns, NULL in rows that are not wanted.
        lines_n and swallowed_n: lines of its file that it took up where it has the wrong number of fields, and lines
        inside its quotation marks.
        """
        whole = " UNION ALL ".join(_told(part, keep, bases) for part in self.parts)
        asked(lambda: self.session.sql(f"CREATE OR REPLACE TEMPORARY VIEW {SPELLS} AS {whole}"))
        return SPELLS

    def repeats(self, most: int = 3) -> tuple[int, tuple[str, ...]]:
        """How many keys of usable rows occur more than once, and some of them.

        First over all keys, for which only their column is read; then, where one repeats, over those of usable rows.
        """
        if self._are_all_different():
            return 0, ()
        keys = " UNION ALL ".join(
            f"SELECT {meaning_sql(_key(part))} AS spell_id FROM {part.view}" for part in self.parts
        )
        if not self._repeated(f"({keys})", 1)[0]:
            return 0, ()
        return self._repeated(self.told(None, ()), most, f"{REASON} IS NULL AND ")

    def _are_all_different(self) -> bool:
        """Whether whole numbers that lie close are sure to be different: a bit for each, and the bits counted.

        It costs a small part of what grouping by the keys does. False where it cannot be told.
        """
        if not all(_key(part).is_whole for part in self.parts):
            return False
        keys = " UNION ALL ".join(
            f"SELECT CAST({_key(part).sql} AS BIGINT) AS k FROM {part.view}" for part in self.parts
        )
        span = asked(self.session.sql(f"SELECT min(k) AS low, max(k) AS high, count(k) AS n FROM ({keys})").first)
        if not span["n"] or span["high"] - span["low"] > _SPARSE * span["n"]:
            return not span["n"]
        place = f"k - ({span['low']}) + 1"
        bits = (
            f"SELECT count(*) AS n, bitmap_count(bitmap_construct_agg(bitmap_bit_position({place}))) AS bits "
            f"FROM ({keys}) WHERE k IS NOT NULL GROUP BY bitmap_bucket_number({place})"
        )
        found = asked(self.session.sql(f"SELECT sum(n) AS n, sum(bits) AS bits FROM ({bits})").first)
        return bool(found["n"] == found["bits"])

    def _repeated(self, rows: str, most: int, where: str = "") -> tuple[int, tuple[str, ...]]:
        repeated = (
            f"SELECT spell_id FROM {rows} WHERE {where}spell_id IS NOT NULL GROUP BY spell_id HAVING count(*) > 1"
        )
        found = asked(
            self.session.sql(f"SELECT count(*) AS n, array_sort(collect_set(spell_id)) AS some FROM ({repeated})").first
        )
        return int(found["n"]), tuple(found["some"][:most])


def _key(part: Part) -> RawColumn:
    return next(column for column in part.columns if column.column.canonical == "spell_id")


def _told(part: Part, keep: CodeList | None, bases: Sequence[str]) -> str:
    by_name = {column.column.canonical: column for column in part.columns}
    ragged = _RAGGED if part.is_csv else None
    lines = f"CASE WHEN {_RAGGED} IS NULL THEN 0 ELSE 1 + regexp_count({_RAGGED}, r'\\n') END" if part.is_csv else "0"
    swallowed = f"CASE WHEN {_RAGGED} IS NULL THEN {lines_inside_sql(part.columns)} ELSE 0 END" if part.is_csv else "0"
    may = "true" if keep is None else may_contain_sql(part.columns, keep)
    judged = f"SELECT *, {reason_sql(part.columns, ragged)} AS {REASON}, {may} AS may, {lines} AS {LINES}, {swallowed} AS {SWALLOWED} FROM {part.view}"
    meant = {field.name: "CAST(NULL AS STRING)" for field in SCHEMA} | {n: meaning_sql(c) for n, c in by_name.items()}
    wanted = f"{REASON} IS NULL AND may"
    canonical = [
        f"CAST(CASE WHEN {wanted} THEN {meant[field.name]} END AS {_TYPES.get(str(field.type), _CODES)}) AS {field.name}"
        for field in SCHEMA
    ]
    groups = [f"CASE WHEN {REASON} IS NULL THEN {_base(base, by_name)} END AS `by {base}`" for base in bases]
    columns = [REASON, f"{wanted} AS {WANTED}", LINES, SWALLOWED, *groups, *canonical]
    return f"SELECT {', '.join(columns)} FROM ({judged})"


def _base(base: str, by_name: dict[str, RawColumn]) -> str:
    def meaning(name: str, otherwise: str) -> str:
        return meaning_sql(by_name[name]) if name in by_name else f"CAST(NULL AS {otherwise})"

    if base not in _BASES:
        return meaning(base, "STRING")
    names = {"admitted": "DATE", "age_at_start": "INT", "age_at_activity": "INT"}
    return (
        "CAST(" + _BASES[base].format(**{name: f"({meaning(name, held)})" for name, held in names.items()}) + " AS INT)"
    )


# Opening


def open_on_spark(session: Any, inputs: Sequence[str | Path], layout: str = "auto") -> SparkSource:
    """The activity that the inputs name: local files, URLs that Spark can open (s3a://, hdfs://), or 'table:NAME'.

    Errors: InputError, EngineError; UsageError for what Spark is not used for here: episodes, an extract, and APCS files
    whose Der file lies apart.
    """
    names = [str(given) for given in inputs]
    beyond = [name for name in names if is_beyond(name)]
    if beyond and len(beyond) < len(names):
        raise UsageError("Local files and what Spark opens itself are both given. Count them apart.")
    if any(name.startswith(TABLE) for name in names):
        if len(names) > 1:
            raise UsageError(
                "A table of the catalogue can only be counted alone. Make a view of what belongs together."
            )
        return _of_table(session, names[0], layout)
    return _of_urls(session, names, layout) if beyond else _of_files(session, inputs, layout)


def _of_files(session: Any, inputs: Sequence[str | Path], layout: str) -> SparkSource:
    held = open_activity(inputs, layout)
    refuse_on_spark(held)
    groups: dict[tuple[str, tuple[str, ...], str], list[RawFile]] = {}
    for file in held.files:
        shape = (file.delimiter, file.header, "") if isinstance(file, CsvFile) else ("", file.header, str(file.schema))  # type: ignore[attr-defined]
        groups.setdefault(shape, []).append(file)
    parts: list[Part] = []
    for (delimiter, header, _), files in groups.items():
        urls = [_url(file) for file in files]
        frame = _csv(session, urls, header, delimiter) if delimiter else asked(lambda u=urls: session.read.parquet(*u))  # type: ignore[misc]
        parts.append(_part(frame, header, held.layout, len(parts), bool(delimiter)))
    return SparkSource(session, held.names, held.layout, tuple(parts))


def refuse_on_spark(opened: Opened) -> None:
    """Raise UsageError for files of this machine that Spark is not used for here."""
    if opened.extract is not None:
        raise UsageError(f"{opened.names[0]} is an extract, which is small. Leave --engine spark out.")
    if opened.der:
        raise UsageError(
            f"{opened.der[0].path} is joined to {opened.files[0].path} by --engine duckdb alone. Leave --engine spark out, "
            "or join them to one table first."
        )
    _refuse_layout(opened.layout)


def _url(file: RawFile) -> str:
    """A local file as Spark names it: whatever a pattern could be made of is plain."""
    if isinstance(file, CsvFile) and file.is_zipped and not file.path.name.lower().endswith(".gz"):
        raise InputError(f"{file.path} is gzipped, which Spark tells by the name alone. Rename it to end in .gz.")
    return "file://" + re.sub(r"([\\{}\[\]*?^])", r"\\\1", str(file.path.resolve()))


def _of_table(session: Any, name: str, layout: str) -> SparkSource:
    frame = opened(lambda: session.table(name.removeprefix(TABLE)))
    header = tuple(frame.columns)
    found = _recognised(name, header, layout)
    return SparkSource(session, (name,), found, (_part(frame, header, found, 0, False),))


def _of_urls(session: Any, given: Sequence[str], layout: str) -> SparkSource:
    reader = session.read.format("binaryFile").option("recursiveFileLookup", "true")
    listed: list[str] = sorted(opened(lambda: reader.load(list(given)).inputFiles()))
    urls = [url for url in listed if url.lower().endswith(ENDINGS) and url.rpartition("/")[2][0] not in "._"]
    if not urls:
        raise InputError(f"{given[0]} holds no activity file. Looked for {', '.join(ENDINGS)}.")
    parts: list[Part] = []
    found: set[Layout] = set()
    for url in urls:
        is_csv = not url.lower().endswith(".parquet")
        if is_csv:
            first = opened(lambda u=url: session.read.text(u).first())  # type: ignore[misc]
            if first is None:
                raise InputError(f"{url} is empty. It needs at least a header.")
            delimiter, header = delimiter_of(first[0].strip("\r\n\ufeff"))
            frame = _csv(session, [url], header, delimiter)
        else:
            frame = opened(lambda u=url: session.read.parquet(u))  # type: ignore[misc]
            header = tuple(frame.columns)
        found.add(layout_ := _recognised(url, header, layout))
        parts.append(_part(frame, header, layout_, len(parts), is_csv))
    return SparkSource(session, tuple(urls), found.pop(), tuple(parts))


def _recognised(name: str, header: Sequence[str], layout: str) -> Layout:
    try:
        found = recognise(header) if layout == "auto" else layout_named(layout)
    except InputError as error:
        raise InputError(f"{name}: {error}") from error
    _refuse_layout(found)
    if missing := found.missing(header):
        raise InputError(f"{name} {refusal(missing, header)}")
    return found


def _refuse_layout(layout: Layout) -> None:
    if layout is not SUS_APCS:
        raise UsageError(
            f"Spark counts {SUS_APCS.id}, one row a spell, and this is {layout.id}. Leave --engine spark out: DuckDB groups "
            "its episodes."
        )


def _csv(session: Any, urls: Sequence[str], header: Sequence[str], delimiter: str) -> Any:
    """CSV as it stands: every field text, and rows with the wrong number of fields told from the others."""
    options = {
        "header": "true",
        "enforceSchema": "true",
        "sep": delimiter,
        "quote": '"',
        "escape": '"',
        "multiLine": "true",  # a line break inside quotation marks is part of a value
        "mode": "PERMISSIVE",
        "columnNameOfCorruptRecord": _RAGGED,
        "columnPruning": "false",  # else fields beyond the last one asked for are not seen
        "nullValue": "",
        "emptyValue": "",
        "encoding": "UTF-8",
    }
    schema = ", ".join([*(f"c{place} STRING" for place in range(len(header))), f"{_RAGGED} STRING"])
    return asked(lambda: session.read.options(**options).schema(schema).csv(list(urls)))


def _part(frame: Any, header: Sequence[str], layout: Layout, number: int, is_csv: bool) -> Part:
    """A view of a frame under plain names, since a column may be called anything."""
    names = [f"c{place}" for place in range(len(header))]
    view = f"facetwise_part_{number}"
    frame.toDF(*names, *([_RAGGED] if is_csv else [])).createOrReplaceTempView(view)
    held = [field.dataType.simpleString() for field in frame.schema.fields]
    columns = []
    found = layout.find(header)
    for column in layout.columns:
        if column.canonical in found:
            place = list(header).index(found[column.canonical])
            if held[place].startswith(("array", "map", "struct")):
                raise InputError(
                    f"{held[place]} is held in {found[column.canonical]}; {layout.id} needs one value a row there. "
                    "Write it as text."
                )
            columns.append(RawColumn(column, found[column.canonical], names[place], held[place]))
    return Part(view, tuple(columns), is_csv)
