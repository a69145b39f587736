"""The commissioner's report: one self-contained page."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from facetwise.errors import UsageError
from facetwise.language.citation import Read, Source
from facetwise.language.codes import CodeList, dotted
from facetwise.language.definition import Definition
from facetwise.language.expressions import AnyCodeIn, CodeIn
from facetwise.measure.overview import Overview, overview
from facetwise.measure.result import CountResult, InputSummary
from facetwise.serve.compared import Sibling, sibling
from facetwise.serve.flowchart import NARROW, WIDE, Flowchart, flowchart, named
from facetwise.serve.near_misses import Miss, in_words
from facetwise.serve.paper import environment, refuse_no_folder, write
from facetwise.serve.places import Table, by_provider, by_year, known

_READ = {
    Read.PRIMARY: "yes, the primary text",
    Read.PARTIAL: "in part",
    Read.SECONDARY: "no, another text that speaks of it",
    Read.UNVERIFIED: "no, not verified",
}


@dataclass(frozen=True)
class Page:
    """What the template is given. years, providers: None where the data has no such column (see absent)."""

    result: CountResult
    candidates: int
    files: tuple[str, ...]
    flowcharts: tuple[Flowchart, ...]
    misses: tuple[Miss, ...]
    years: Table | None
    providers: Table | None
    period: str
    absent: dict[str, str]
    siblings: tuple[Sibling, ...]
    most_counted: int
    code_lists: tuple[CodeList, ...]
    sources: tuple[Source, ...]


def write_report(
    inputs: tuple[str | Path, ...],
    out: Path,
    layout: str = "auto",
    threads: int = 2,
    on_rows: Callable[[int], None] | None = None,
) -> InputSummary:
    """Write the report on some activity; what became of its rows. Errors: InputError, UsageError, EngineError."""
    if out.suffix.lower() not in (".html", ".htm"):
        raise UsageError(f"A report is an HTML page and {out} does not end in .html. Name it so.")
    refuse_no_folder(out)
    seen = overview(inputs, layout, threads, on_rows)
    write(out, rendered(page(seen)))
    return seen.main.input


def page(seen: Overview) -> Page:
    """What the report shows of an overview."""
    result = seen.main
    definitions = (result.definition, *(other.definition for other in seen.others))
    years = by_year(result) if "year" in result.dimensions else None
    return Page(
        result=result,
        candidates=result.counted + sum(miss.spells for miss in result.near_misses),
        # The names alone: the folders may say more of the sender than a commissioner should be told.
        files=tuple(Path(file).name for file in result.input.files),
        flowcharts=(flowchart(result, WIDE), flowchart(result, NARROW)) if result.input.spells else (),
        misses=in_words(result.definition, result.near_misses, seen.recorded),
        years=years,
        providers=by_provider(result) if "provider" in result.dimensions else None,
        period=_period(years),
        absent={absent.dimension: " or ".join(absent.names) for absent in seen.absent},
        siblings=tuple(sibling(*pair) for pair in zip(seen.others, seen.differences, strict=True)),
        most_counted=max(other.counted for other in (result, *seen.others)),
        code_lists=tuple(dict.fromkeys(codes for definition in definitions for codes in code_lists(definition))),
        sources=tuple(dict.fromkeys(c.cite.source for definition in definitions for c in definition.criteria)),
    )


def code_lists(definition: Definition) -> tuple[CodeList, ...]:
    """The code lists that a definition's criteria look codes up in, in the order of the criteria."""
    tests = (part for criterion in definition.criteria for part in criterion.met_when.walk())
    return tuple(dict.fromkeys(test.codes for test in tests if isinstance(test, CodeIn | AnyCodeIn)))


def _period(years: Table | None) -> str:
    names = known(line.name for line in years.lines) if years else ()
    if not names:
        return ""
    return names[0] if len(names) == 1 else f"{names[0]} to {names[-1]}"


def rendered(shown: Page) -> str:
    """The page as HTML: nothing in it is fetched from anywhere, and every value of the data is escaped."""
    made = environment()
    made.filters.update(n=_number, spells=_spells, rows=_rows, dotted=dotted, named=named)
    template = made.get_template("report.html")
    return template.render(page=shown, result=shown.result, definition=shown.result.definition, read=_READ)


def _number(value: int) -> str:
    return f"{value:,}"


def _rows(value: int) -> str:
    return "1 row" if value == 1 else f"{value:,} rows"


def _spells(value: int) -> str:
    return "1 spell" if value == 1 else f"{value:,} spells"
