"""The commissioner's report: one self-contained page, and its tables and pictures as files. All of it comes from a Board."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from jinja2 import Environment

from facetwise.audit.request import DENERVATIONS_ALONE
from facetwise.disclosure.protect import HES_2018, Profile
from facetwise.disclosure.protected_tables import WITHHELD, Cell, Hidden, ProtectedNumber
from facetwise.errors import UsageError
from facetwise.language.citation import Read, Source
from facetwise.language.codes import CodeList, dotted
from facetwise.language.definition import Definition
from facetwise.language.expressions import AnyCodeIn, CodeIn
from facetwise.lookups.national_episodes import EPISODES_CITE, PROGRAMME_CITE
from facetwise.pages.standalone_html import environment, refuse_no_folder, write
from facetwise.report.board_report import Board, board
from facetwise.report.charts import NARROW as NARROW_PICTURE
from facetwise.report.charts import WIDE as WIDE_PICTURE
from facetwise.report.charts import drawn
from facetwise.report.definition_differences import differs
from facetwise.report.files import refuse_tables, write_tables
from facetwise.report.flowchart import NARROW, WIDE, Flowchart, flowchart, named
from facetwise.report.section import ProtectedSection
from facetwise.variation.variation import ReferenceFiles

_READ = {
    Read.PRIMARY: "yes, the primary text",
    Read.PARTIAL: "in part",
    Read.SECONDARY: "no, another text that speaks of it",
    Read.UNVERIFIED: "no, not verified",
}


@dataclass(frozen=True)
class Drawn:
    """A picture for wide pages and for narrow ones."""

    title: str
    wide: str
    narrow: str


@dataclass(frozen=True)
class Page:
    """What the template is given beside the board: pictures, and words about the definitions."""

    board: Board
    flowcharts: tuple[Flowchart, ...]
    pictures: dict[str, Drawn]
    differs: tuple[tuple[Definition, str], ...]
    code_lists: tuple[CodeList, ...]
    sources: tuple[Source, ...]


def write_report(
    inputs: tuple[str | Path, ...],
    out: Path,
    layout: str = "auto",
    threads: int = 2,
    on_rows: Callable[[int], None] | None = None,
    profile: Profile = HES_2018,
    is_national: bool = False,
    tables: Path | None = None,
    beside: ReferenceFiles | None = None,
    covers: tuple[date, date] | None = None,
    complete: frozenset[str] = DENERVATIONS_ALONE,
) -> Board:
    """Write the report on some activity, and its tables and pictures into a folder; what it shows.

    covers, complete: what the files hold whole, as AuditRequest has them.
    Errors: InputError, UsageError, EngineError.
    """
    if out.suffix.lower() not in (".html", ".htm"):
        raise UsageError(f"A report is an HTML page and {out} does not end in .html. Name it so.")
    refuse_no_folder(out)
    if tables is not None:
        refuse_tables(tables)
    made = page(board(inputs, layout, threads, on_rows, profile, is_national, beside, covers, complete))
    write(out, rendered(made))
    if tables is not None:
        pictures = {name: picture.wide for name, picture in made.pictures.items()}
        if made.flowcharts:
            pictures["flow"] = flow_alone(made)
        write_tables(inputs, tables, made.board, pictures)
    return made.board


def page(shown: Board) -> Page:
    """The pictures and words of a report."""
    definitions = (shown.definition, *shown.others)
    cites = [criterion.cite for definition in definitions for criterion in definition.criteria]
    cites += [EPISODES_CITE, PROGRAMME_CITE, *([shown.profile.cite] if shown.profile.cite else [])]
    flow = next(section for section in shown.sections if section.id == "flow").tables[0]
    spells, counted = shown.figures["spells"], shown.figures[f"{shown.definition.id} counted"]
    charts = tuple(flowchart(shown.definition, flow, spells, counted, shape) for shape in (WIDE, NARROW))
    pictures = {section.id: picture for section in shown.sections if (picture := _drawn(section))}
    return Page(
        board=shown,
        flowcharts=charts if spells != 0 else (),
        pictures=pictures,
        differs=tuple((other, differs(shown.definition, other)) for other in shown.others),
        code_lists=tuple(dict.fromkeys(codes for definition in definitions for codes in code_lists(definition))),
        sources=tuple(dict.fromkeys(cite.source for cite in cites)),
    )


def _drawn(section: ProtectedSection) -> Drawn | None:
    picture = section.picture
    if picture is None or not any(table.id == picture.table for table in section.tables):
        return None
    table = section.table(picture.table)
    lines = section.table(picture.lines) if picture.lines else None
    wide, narrow = (drawn(picture, table, width, lines) for width in (WIDE_PICTURE, NARROW_PICTURE))
    return Drawn(picture.title, wide, narrow) if wide and narrow else None


def code_lists(definition: Definition) -> tuple[CodeList, ...]:
    """The code lists that a definition's criteria look codes up in, in the order of the criteria."""
    tests = (part for criterion in definition.criteria for part in criterion.met_when.walk())
    return tuple(dict.fromkeys(test.codes for test in tests if isinstance(test, CodeIn | AnyCodeIn)))


def rendered(shown: Page) -> str:
    """The page as HTML: nothing in it is fetched from anywhere, and every value of the data is escaped."""
    of = shown.board
    outcomes = {name: of.figures[f"{of.definition.id} {name}"] for name in ("counted", "not counted", "unknown")}
    return (
        _environment()
        .get_template("report.html")
        .render(
            page=shown,
            board=of,
            definition=of.definition,
            figures=of.figures,
            outcomes=outcomes,
            read=_READ,
            withheld=WITHHELD,
        )
    )


def flow_alone(shown: Page) -> str:
    """The flowchart as a file of its own, with the style that the page gives it."""
    return (
        _environment().get_template("flow_alone.svg").render(page=shown, board=shown.board, chart=shown.flowcharts[0])
    )


def _environment() -> Environment:
    made = environment("report")
    made.filters.update(n=_number, spells=_spells, rows=_rows, dotted=dotted, named=named)
    made.tests.update(hidden=lambda value: isinstance(value, Hidden))
    return made


def _number(value: Cell) -> str:
    if value is None:
        return "–"
    return value if isinstance(value, str) else f"{value:,}"


def _rows(value: ProtectedNumber) -> str:
    return "1 row" if value == 1 else f"{value:,} rows"


def _spells(value: ProtectedNumber) -> str:
    return "1 spell" if value == 1 else f"{value:,} spells"
