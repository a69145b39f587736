"""The texts of the package's TOML files as typed values, each file read once, when it is first needed.

statements/ holds what the sources say, chapters/ the sentences for patients, disagreements/ the points on which sources differ.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from functools import cache
from importlib.resources import files
from types import MappingProxyType

from facetwise.guidance import safety
from facetwise.information.model.position import Conflict, Option, Position
from facetwise.information.model.red_flags import RedFlag, Whom
from facetwise.information.model.sentence import EVERY_STAGE, Chapter, Sentence, Slot, Stage, Topic
from facetwise.information.model.situation import Condition
from facetwise.information.model.statement import Statement, StatementType
from facetwise.information.model.terms import Term
from facetwise.information.sources import BY_ID, cautious, clinic
from facetwise.language.citation import Cite, Read, Source
from facetwise.toml_table import TomlTable, read_toml

SOURCE_FILES = ("bupa", "cleveland", "ebi", "mayo", "ebi_summary")
CHAPTER_FILES = ("deciding", "before", "block", "day", "after", "asking")
DISAGREEMENT_FILES = ("offer", "day", "preparing", "after", "course", "outcome")

_TYPES = {kind.value: kind for kind in StatementType}
_STAGES = {stage.value: stage for stage in Stage}
_TOPICS = {topic.value: topic for topic in Topic}
_READS = {read.value: read for read in Read}
_WHOM = {whom.name.lower(): whom for whom in Whom}
_CONDITIONS = {condition.name.lower().replace("_", "-"): condition for condition in Condition}
_SAFETY = {each.id: each.cite for each in (*safety.SAFETY, *safety.RED_FLAGS, *safety.POSITIONS)}


@cache
def statements() -> Mapping[str, Statement]:
    """Every statement of the five sources by its id, in the order of the sources."""
    by_id: dict[str, Statement] = {}
    for name in SOURCE_FILES:
        file = _file("statements", name)
        source = file.choice("source", BY_ID)
        for id_, table in file.named_tables():
            if id_ in by_id:
                raise table.fault("id", f"is a statement of {by_id[id_].source.id} already. Choose another.")
            by_id[id_] = _statement(table, source, id_)
    return MappingProxyType(by_id)


@cache
def chapters() -> tuple[Chapter, ...]:
    """The chapters of the text, in the order in which a patient reads them; the warning signs last."""
    read = [_chapter(table) for name in CHAPTER_FILES for table in _tables(_file("chapters", name), "chapter")]
    return (*read, _warning_signs()[0])


def red_flags() -> tuple[RedFlag, ...]:
    """The signs to call about, the most urgent first."""
    return _warning_signs()[1]


@cache
def terms() -> tuple[Term, ...]:
    """The medical words that the text explains."""
    tables = _tables(_file("chapters", "words"), "term")
    return tuple(Term(table.text("pattern"), sentence(table, Topic.WORDS)) for table in tables)


@cache
def conflicts() -> Mapping[str, Conflict]:
    """Every point on which the five sources differ by its id, D1 to D32."""
    read = [
        _conflict(table) for name in DISAGREEMENT_FILES for table in _tables(_file("disagreements", name), "conflict")
    ]
    read.sort(key=lambda conflict: int(conflict.id[1:]))
    return MappingProxyType({conflict.id: conflict for conflict in read})


def _file(folder: str, name: str) -> TomlTable:
    return read_toml(files("facetwise.information").joinpath(folder, f"{name}.toml"))


def _tables(file: TomlTable, key: str) -> tuple[TomlTable, ...]:
    """The tables of that key, the only key of the file."""
    tables = tuple(file.tables(key))
    file.finish()
    return tables


def _statement(table: TomlTable, source: Source, id_: str) -> Statement:
    return table.build(
        Statement,
        source,
        id_,
        table.choice("type", _TYPES),
        table.text("says"),
        table.text("place"),
        table.text("quote"),
        table.texts("by"),
        table.text("left_out", ""),
    )


@cache
def _warning_signs() -> tuple[Chapter, tuple[RedFlag, ...]]:
    """The chapter of warning signs, which begins with the sentences of the signs, and the signs."""
    file = _file("chapters", "red_flags")
    flags = []
    for table in file.tables("sign"):
        sign, ask, whom = table.text("sign"), table.text("ask"), table.choice("whom", _WHOM)
        flags.append(RedFlag(sign, ask, whom, sentence(table, Topic.RED_FLAGS)))
    (rest,) = (_chapter(table) for table in _tables(file, "chapter"))
    return replace(rest, parts=(*(flag.sentence for flag in flags), *rest.parts)), tuple(flags)


def _chapter(table: TomlTable) -> Chapter:
    topic = table.choice("topic", _TOPICS)
    return table.build(
        Chapter,
        topic,
        table.text("heading"),
        _stages(table),
        tuple(_part(part, topic) for part in table.tables("part")),
        table.flag("terms"),
    )


def _part(table: TomlTable, topic: Topic) -> Sentence | Slot:
    if "conflict" in table:
        return table.build(Slot, table.text("conflict"))
    return sentence(table, topic)


def sentence(table: TomlTable, topic: Topic) -> Sentence:
    """The sentence of a table. Errors: PolicyError, naming the file, the table and the key."""
    return table.build(
        Sentence,
        topic,
        table.text("id"),
        table.text("says"),
        table.choices("statements", statements()),
        _cites(table),
        frozenset(table.choices("only", _CONDITIONS)),
        _stages(table),
    )


def _stages(table: TomlTable) -> frozenset[Stage]:
    return frozenset(table.choices("stages", _STAGES)) or EVERY_STAGE


def _cites(table: TomlTable) -> tuple[Cite, ...]:
    return tuple(_cite(place) for place in table.tables("also"))


def _cite(table: TomlTable) -> Cite:
    """A place beside the statements: a caution of the library, our own inference, the clinic's choice, or a source's."""
    if "safety" in table:
        cite = table.choice("safety", _SAFETY)
    elif "cautious" in table:
        cite = cautious(table.text("cautious"))
    elif "clinic" in table:
        cite = clinic(table.text("clinic"))
    else:
        source, place = table.choice("source", BY_ID), table.text("place")
        cite = Cite(source, place, read_as=table.choice("read_as", _READS) if "read_as" in table else None)
    table.finish()
    return cite


def _conflict(table: TomlTable) -> Conflict:
    return table.build(
        Conflict,
        table.text("id"),
        table.text("title"),
        table.text("why"),
        tuple(_position(position) for position in table.tables("position")),
        tuple(_option(option) for option in table.tables("option")),
        _sentences(table, "fixed"),
        table.texts("own_words"),
    )


def _option(table: TomlTable) -> Option:
    return table.build(Option, table.text("id"), table.text("says"), _sentences(table, "sentence"))


def _sentences(table: TomlTable, key: str) -> tuple[Sentence, ...]:
    return tuple(sentence(row, row.choice("topic", _TOPICS)) for row in table.tables(key))


def _position(table: TomlTable) -> Position:
    """What a source says; or, where it is silent, the lines where it would say it."""
    silent = table.flag("silent")
    says = table.text("says", "Does not speak of it." if silent else None)
    return table.build(Position, says, table.choices("statements", statements()), _cites(table), silent)
