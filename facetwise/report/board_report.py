"""The commissioner's report as one value that holds nothing but protected numbers: pages, pictures and files come from it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from types import MappingProxyType

from facetwise.audit.request import DENERVATIONS_ALONE
from facetwise.disclosure.count_tables import named_notes
from facetwise.disclosure.protect import HES_2018, Profile, protect
from facetwise.disclosure.protected_count import protected_input
from facetwise.disclosure.protected_tables import ProtectedInput, ProtectedNumber, ProtectedTable, ProtectedTables
from facetwise.disclosure.tables import LinkedTables
from facetwise.language.definition import Definition
from facetwise.report.audit_sections import policy_section, repeats_section
from facetwise.report.collect import Findings, findings
from facetwise.report.count_sections import headline_tables, sections, years_of
from facetwise.report.cross_section_sums import cross_section_sums
from facetwise.report.overview import Overview
from facetwise.report.section import ProtectedSection, Section
from facetwise.report.variation_sections import coding_section, variation_section
from facetwise.spells.dimensions import UNKNOWN
from facetwise.variation.variation import ReferenceFiles

# Where each section stands, those of linked activity among them; one that there is nothing for is left out.
ORDER = ("flow", "misses", "coding", "policy", "providers", "variation", "repeats", "trend", "compared", "rows")
_NO_TIES = LinkedTables()


@dataclass(frozen=True)
class Board:
    """Everything that the report shows. figures: numbers by name, for its sentences; years: those in the data."""

    definition: Definition
    others: tuple[Definition, ...]
    profile: Profile
    is_national: bool
    files: tuple[str, ...]
    layout: str
    years: tuple[str, ...]
    absent: Mapping[str, str]
    notes: tuple[str, ...]
    figures: Mapping[str, ProtectedNumber]
    hidden_n: int
    input: ProtectedInput
    headline: ProtectedTable
    sections: tuple[ProtectedSection, ...]

    @property
    def tables(self) -> tuple[ProtectedTable, ...]:
        """Every table, in the order of the page."""
        return (self.headline, *(table for section in self.sections for table in section.tables))


def board(
    inputs: tuple[str | Path, ...],
    layout: str = "auto",
    threads: int = 2,
    on_rows: Callable[[int], None] | None = None,
    profile: Profile = HES_2018,
    is_national: bool = False,
    beside: ReferenceFiles | None = None,
    covers: tuple[date, date] | None = None,
    complete: frozenset[str] = DENERVATIONS_ALONE,
) -> Board:
    """The report on some activity by a disclosure profile. Errors: InputError, UsageError, EngineError.

    covers, complete: what the files hold whole, as AuditRequest has them.
    """
    found = findings(inputs, layout, threads, on_rows, beside, covers, complete)
    made = protected(found.overview, profile, is_national, further_sections(found, profile), cross_section_sums(found))
    # The names alone: the folders may say more of the sender than a commissioner should be told.
    return replace(made, files=tuple(Path(file).name for file in found.files))


def further_sections(found: Findings, profile: Profile) -> tuple[Section, ...]:
    """What is found beside the counts, as sections."""
    made = (
        coding_section(found.undercoding),
        policy_section(found.audits, found.why_no_audit, found.overview.main.notes, profile.is_open),
        variation_section(found.variation, found.why_no_variation, profile),
        repeats_section(found.audits),
    )
    return tuple(section for section in made if section is not None)


def report_tables(seen: Overview, further: tuple[Section, ...] = (), ties: LinkedTables = _NO_TIES) -> LinkedTables:
    """Everything that the report tells, as one linked: what one section hides, another must not tell."""
    own = (section.linked for section in _in_order(seen, further))
    return LinkedTables.of(
        (headline_tables(seen.main), *own, named_notes("note", seen.main.notes, seen.main.input)[1], ties)
    )


def _in_order(seen: Overview, further: tuple[Section, ...]) -> list[Section]:
    return sorted((*sections(seen), *further), key=lambda section: ORDER.index(section.id))


def protected(
    seen: Overview,
    profile: Profile = HES_2018,
    is_national: bool = False,
    further: tuple[Section, ...] = (),
    ties: LinkedTables = _NO_TIES,
) -> Board:
    """The one way from true numbers to the report.

    further: sections beside those of the overview, by their place in ORDER. ties: of numbers of different sections.
    """
    main = seen.main
    held = _in_order(seen, further)
    notes, _ = named_notes("note", main.notes, main.input)
    released = protect(report_tables(seen, further, ties), profile, is_national)
    shown = tuple(_shown(section, released) for section in held)
    return Board(
        definition=main.definition,
        others=tuple(other.definition for other in seen.others),
        profile=profile,
        is_national=is_national,
        # The names alone: the folders may say more of the sender than a commissioner should be told.
        files=tuple(Path(file).name for file in main.input.files),
        layout=main.input.layout,
        years=tuple(year for year in years_of(main) if year != UNKNOWN) if "year" in main.dimensions else (),
        absent=MappingProxyType({absent.dimension: " or ".join(absent.names) for absent in seen.absent}),
        notes=tuple(released.fill(note) for note in notes),
        figures=released.figures,
        hidden_n=released.hidden_n,
        input=protected_input(main.input, released),
        headline=released.table("headline"),
        sections=shown,
    )


def _shown(section: Section, released: ProtectedTables) -> ProtectedSection:
    tables = tuple(released.table(table.id) for table in section.linked.tables)
    says, ask = section.of_shown(tables) if section.of_shown else ("", "")
    return ProtectedSection(
        id=section.id,
        title=section.title,
        says=(*(released.fill(sentence) for sentence in section.says), *((says,) if says else ())),
        notes=tuple(released.fill(note) for note in section.notes),
        tables=tables,
        picture=section.picture,
        ask=released.fill(section.ask) or ask,
        is_of_doubtful_dates=section.is_of_doubtful_dates,
    )
