"""The steps of an audit's script from judged spells to histories: what codes show, each denervation, what came before it.

What codes tell of an event is that of guidance/coded.py, as in linked_events.py; what may lie outside the covered dates
is that of linked_sql.py.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import date

from sqlglot import exp

from facetwise.compile.scripts.audit_conditions import ASKED_ON, DONE_ON, MAYBE, NO, SURE, AggregateRegistry, Condition
from facetwise.compile.scripts.definition_script import KEY, OUTCOMES
from facetwise.compile.scripts.dialects import Dialect
from facetwise.compile.scripts.layout import CteStep, comment, select, wrap
from facetwise.compile.scripts.text_columns import Step, TextColumns
from facetwise.compile.to_sql import in_range, text
from facetwise.guidance import coded, codelists
from facetwise.guidance.coded import BLOCK, DENERVATION
from facetwise.language import activity
from facetwise.language.codes import CodeList, CodeSystem
from facetwise.language.definition import Criterion, Definition
from facetwise.language.expressions import TextFact
from facetwise.language.history_criteria import BEYOND_ANY_CAP
from facetwise.language.truth import Truth
from facetwise.language.units import Grain

# What is supposed to lie outside the covered dates: the views of linked_sql.Seen that ask of histories
NOTHING, FIRST_DAY, ANY_DAY, ALONE, OUTSIDE = "nothing", "first-day", "any-day", "outside-alone", "outside"
PATIENT, ADMITTED, DISCHARGED, FAULT = "patient_id", "admitted", "discharged", "set_aside"
FAULTS = {
    "no patient key": f"COALESCE({PATIENT}, '-') = '-'",
    "no admission date": f"{ADMITTED} IS NULL",
    "discharged before the admission": f"{DISCHARGED} < {ADMITTED}",
}
"""Why a spell has no place in a history, each with its condition; the first that holds."""
_RAW_DAYS = {ADMITTED: "Admission_Date", DISCHARGED: "Discharge_Date"}
_NO_DAYS = "CAST('1800-01-01' AS DATE), CAST('1801-01-01' AS DATE)"
_OF_SPELL = TextFact(PATIENT, "the patient key", Grain.SPELL)
_REGIONS = ("cervical", "thoracic", "lumbar")


def _listed(name: str, codes: Iterable[str]) -> CodeList:
    return CodeList.of(name, CodeSystem.OPCS4, codelists.OPCS_RELEASE, " ".join(sorted(codes)))


def _naming(region: str, named: Mapping[str, coded.Region], what: str) -> CodeList:
    return _listed(f"{what} of the {region} spine", (code for code, of in named.items() if of == region))


CODE_LISTS: Mapping[str, CodeList] = {
    **{f"operation_{region}": _naming(region, coded.REGIONS_OF_OPERATIONS, "operations") for region in _REGIONS},
    **{f"site_{region}": _naming(region, coded.REGIONS_OF_SITES, "sites") for region in _REGIONS},
    **{
        f"is_{side}": _listed(f"{side} side", (code for code, sides in coded.SIDES.items() if side in sides))
        for side in ("left", "right")
    },
    "is_thermal": _listed("thermal techniques", coded.THERMAL),
    "is_block": codelists.BLOCKS_AND_INJECTIONS,
}


def coded_events_definition(of: Definition, lists: Mapping[str, CodeList] = CODE_LISTS) -> Definition:
    """A definition with a criterion a list: whether a spell has a code of it. Its provenance is that of `of`."""

    def has_code(name: str, codes: CodeList) -> Criterion:
        there = activity.procedures.any_in(codes) | activity.dominant_procedure.is_in(codes)
        return Criterion(name.replace("_", "-"), codes.name, there, of.criteria[0].cite, "no", "no")

    criteria = tuple(has_code(*item) for item in lists.items())
    return Definition("coded-events", "coded events", "1", of.published, of.steward, of.status, of.source, criteria)


def with_patient_and_age(codes: Definition) -> Definition:
    """The same, and it reads the patient key and the ages, so that the steps of a script carry them."""
    aged = activity.age_at_activity.is_recorded() | activity.age_at_start.is_recorded()
    reads = Criterion("reads", "reads", _OF_SPELL.is_recorded() & aged, codes.criteria[0].cite, "no", "no")
    return replace(codes, criteria=(*codes.criteria, reads))


def days_beside() -> tuple[Step, ...]:
    """The dates of a spell, carried along from `apcs`; the dates that stand for none are taken out."""
    steps = []
    for name, raw in _RAW_DAYS.items():
        day = f"CAST({raw} AS DATE)"
        kept = exp.If(this=exp.var(f"{day} NOT IN ({_NO_DAYS})"), true=exp.var(day))
        steps.append(Step(name, exp.Case(ifs=[kept])))
    return tuple(steps)


def event_steps(columns: TextColumns, covers: tuple[date, date] | None, into: Dialect) -> tuple[CteStep, ...]:
    """From `found` and `judged` to `events`, `covered` and `denervations`."""
    kept = [f"found.{name}" for name in (KEY, PATIENT, ADMITTED, DISCHARGED)] + ["judged.outcome"]
    told = [*(_flag(name, codes, columns) for name, codes in CODE_LISTS.items()), age_step()]
    source = f"found JOIN judged ON judged.{KEY} = found.{KEY}"
    return (
        CteStep("coded", _CODED, select(kept, told, source, into)),
        CteStep("placed", _PLACED, select(_OF_SPELLS, placed_steps(), "coded", into)),
        CteStep("covered", _covered_says(covers), covered_lines(covers)),
        CteStep("events", _EVENTS, event_lines()),
        CteStep("denervations", "Each denervation, on the day on which it is judged.", denervation_lines()),
    )


def event_lines() -> list[str]:
    """The SELECT of `events` over `placed`."""
    return [*_events(DENERVATION), "UNION ALL", *_events(BLOCK)]


def denervation_lines() -> list[str]:
    """The SELECT of `denervations` over `placed`; it ends in a WHERE."""
    return [
        f"SELECT {KEY}, {PATIENT}, {ADMITTED} AS {ASKED_ON}, region AS asked_region, is_left AS asked_left,",
        f"  is_right AS asked_right, technique AS asked_technique, age, {FAULT}",
        "FROM placed",
        f"WHERE outcome = '{COUNTED}'",
    ]


COUNTED, NOT_COUNTED, MAYBE_COUNTED = (OUTCOMES[truth] for truth in (Truth.MET, Truth.NOT_MET, Truth.UNKNOWN))
_EVENTS = (
    "The events that histories are made of. A denervation whose codes name no region is taken as "
    f"{coded.TAKEN_AS} where it is held against others. One without a day that can be, and a spell of which it cannot be told "
    f"whether it is one, may be asked for and never surely is: {DONE_ON} is NULL. Without a patient key there is no history."
)


def _events(kind: str) -> list[str]:
    day = f"CASE WHEN {FAULT} IS NULL THEN {ADMITTED} END"
    chosen = {
        DENERVATION: f"outcome IN ('{COUNTED}', '{MAYBE_COUNTED}')",
        BLOCK: f"outcome <> '{COUNTED}' AND is_block = 1",
    }[kind]
    sure, region = day, "region"
    if kind == DENERVATION:
        is_sure = f"outcome = '{COUNTED}' AND {FAULT} IS NULL"
        sure = f"CASE WHEN {is_sure} THEN {ADMITTED} END"
        region = f"CASE WHEN {is_sure} THEN COALESCE(region, '{coded.TAKEN_AS}') ELSE region END"
    return [
        f"SELECT {KEY}, {PATIENT}, '{kind}' AS kind, {day} AS {ADMITTED},",
        f"  {sure} AS {DONE_ON},",
        f"  {region} AS region,",
        "  is_left, is_right",
        "FROM placed",
        f"WHERE {chosen} AND COALESCE({PATIENT}, '-') <> '-'",
    ]


_OF_SPELLS = [KEY, PATIENT, ADMITTED, "age", "is_left", "is_right", "is_block", "outcome"]
_CODED = (
    "What the codes of each spell tell, the dominant procedure among them: 1 a code of the list is there, else 0. The age "
    "at the activity, else at the start of the spell; an invalid one is unknown."
)
_PLACED = (
    "The region that the codes name: the operation's own, else that of the sites; none where they name two. Why a "
    "spell has no day or no patient to stand in a history is said."
)


def _flag(name: str, codes: CodeList, columns: TextColumns) -> Step:
    there = exp.or_(
        columns.any_code_in(activity.procedures, codes), columns.code_in(activity.dominant_procedure, codes)
    )
    case = exp.Case(ifs=[exp.If(this=there, true=exp.Literal.number(1))], default=exp.Literal.number(0))
    return Step(name, case, (f"{codes.name}: {codes.described()}",))


def age_step() -> Step:
    """The age at the activity, else at the start of the spell; NULL where it is not valid."""
    recorded = exp.func("COALESCE", exp.column("age_at_activity"), exp.column("age_at_start"))
    return Step("age", in_range(recorded, activity.age_at_start.low, activity.age_at_start.high))


def placed_steps() -> list[Step]:
    """The region and the technique of a spell, and why it has no day or no patient, over `coded`."""

    def one_of(what: str) -> str:
        return f"{' + '.join(f'{what}_{region}' for region in _REGIONS)} = 1"

    none = " AND ".join(f"operation_{region} = 0" for region in _REGIONS)
    region = [
        *(_arm(f"{one_of('operation')} AND operation_{name} = 1", text(name)) for name in _REGIONS),
        *(_arm(f"{none} AND {one_of('site')} AND site_{name} = 1", text(name)) for name in _REGIONS),
    ]
    fault = [_arm(condition, text(says)) for says, condition in FAULTS.items()]
    return [
        Step("region", exp.Case(ifs=region)),
        Step("technique", exp.Case(ifs=[_arm("is_thermal = 1", text("thermal"))])),
        Step(FAULT, exp.Case(ifs=fault)),
    ]


def _arm(condition: str, value: exp.Expr) -> exp.If:
    return exp.If(this=exp.var(condition), true=value)


def _covered_says(covers: tuple[date, date] | None) -> str:
    if covers:
        return "The first and the last day that the data hold whole."
    return (
        "The first and the last day that the data hold whole: here those of the admissions. Where you know them, put them "
        "here, as CAST('2015-04-01' AS DATE)."
    )


def covered_lines(covers: tuple[date, date] | None) -> tuple[str, ...]:
    """The SELECT of `covered`, of one row: first_day, last_day."""
    if covers:
        first, last = (f"CAST('{day.isoformat()}' AS DATE)" for day in covers)
        return (f"SELECT {first} AS first_day, {last} AS last_day",)
    return (f"SELECT MIN({ADMITTED}) AS first_day, MAX({ADMITTED}) AS last_day", "FROM found")


# Histories


def history_step(supposed: Sequence[str], into: Dialect) -> CteStep:
    """Everything before each denervation, once for each way of supposing what lies outside the covered dates."""
    before = into.days_later(f"d.{ASKED_ON}", -1)
    ways = [
        _itself(supposed),
        _seen(tuple(way for way in supposed if way != ALONE)),
        *(_ghosts(way, before, into) for way in supposed if way != NOTHING),
    ]
    late = tuple(way for way in supposed if way in (FIRST_DAY, ALONE, OUTSIDE))
    if late:
        ways.append(_late(late, before))
    lines: list[str] = []
    for way in ways:
        lines += ["UNION ALL", *way] if lines else way
    return CteStep("history", _HISTORY, lines)


_HISTORY = (
    "What was done before each denervation; nothing on the day itself is history of it. Beside what is seen stands what may "
    "lie outside the covered dates, in each way that a criterion must be held against. A later step compares them: what "
    "such an event could change is unknown."
)
_KINDS = f"(VALUES ('{DENERVATION}'), ('{BLOCK}')) AS k (kind)"


def _row(supposed: str, kind: str, day: str, place: tuple[str, str, str]) -> list[str]:
    region, left, right = place
    return [
        f"SELECT d.{KEY}, {supposed} AS supposed, d.{ASKED_ON}, COALESCE(d.asked_region, '{coded.TAKEN_AS}') AS asked_region,",
        "  d.asked_left, d.asked_right, d.asked_technique, d.age,",
        f"  {kind} AS kind,",
        *(f"  {line}" for line in wrap(f"{day} AS {DONE_ON},")),
        f"  {region} AS region,",
        f"  {left} AS is_left, {right} AS is_right",
    ]


_NOWHERE = ("NULL", "0", "0")


def _ways(supposed: Iterable[str]) -> str:
    chosen = ", ".join(f"('{way}')" for way in supposed)
    return f"(VALUES {chosen}) AS s (supposed)"


def _itself(supposed: Sequence[str]) -> list[str]:
    return [
        *comment("One row for the denervation itself, so that one without history is there too"),
        *_row("s.supposed", "'itself'", "CAST(NULL AS DATE)", ("COALESCE(d.asked_region, '')", "0", "0")),
        "FROM denervations d",
        f"  CROSS JOIN {_ways(supposed)}",
        f"WHERE d.{FAULT} IS NULL",
    ]


def _seen(supposed: Sequence[str]) -> list[str]:
    return [
        *comment("What the data show"),
        *_row("s.supposed", "e.kind", f"e.{DONE_ON}", ("e.region", "e.is_left", "e.is_right")),
        f"FROM denervations d JOIN events e ON e.{PATIENT} = d.{PATIENT}",
        f"  AND (e.{ADMITTED} < d.{ASKED_ON} OR e.{ADMITTED} IS NULL)",
        f"  CROSS JOIN {_ways(supposed)}",
        f"WHERE d.{FAULT} IS NULL",
    ]


def _ghosts(way: str, before: str, into: Dialect) -> list[str]:
    """What may have been done before the first covered day, or on any day."""
    first = f"CASE WHEN c.first_day < {before} THEN c.first_day ELSE {before} END"
    earlier = f"CASE WHEN c.first_day < d.{ASKED_ON} THEN {into.days_later('c.first_day', -1)} ELSE {before} END"
    day, says = {
        FIRST_DAY: (first, "Something on the first covered day: what it could change, anything before it could"),
        ANY_DAY: ("NULL", "So many, on unknown days, that they would be over any cap"),
        ALONE: (earlier, "The day before the cover alone, without what is seen: whether it counts at all"),
        OUTSIDE: (earlier, "The day before the cover, beside what is seen"),
    }[way]
    numbers = ", ".join(f"({n})" for n in range(1, BEYOND_ANY_CAP + 1))
    many = (f"  CROSS JOIN (VALUES {numbers}) AS n (n)",)
    return [
        *comment(says),
        *_row(f"'{way}'", "k.kind", day, _NOWHERE),
        f"FROM denervations d CROSS JOIN covered c CROSS JOIN {_KINDS}",
        *(many if way == ANY_DAY else ()),
        f"WHERE d.{FAULT} IS NULL",
    ]


def _late(supposed: Sequence[str], before: str) -> list[str]:
    return [
        *comment("Something after the last covered day, where the denervation is later still"),
        *_row("s.supposed", "k.kind", before, _NOWHERE),
        f"FROM denervations d CROSS JOIN covered c CROSS JOIN {_KINDS}",
        f"  CROSS JOIN {_ways(supposed)}",
        f"WHERE d.{FAULT} IS NULL AND c.last_day < {before}",
    ]


def aggregate_steps(registry: AggregateRegistry, into: Dialect) -> tuple[CteStep, ...]:
    """What is told of each history, from `history` to `told`."""
    source, bodies = "history", []
    if registry.latest:
        latest = [Step(name, exp.var(made)) for name, made in registry.latest.items()]
        bodies.append(CteStep("latest", _LATEST, select(["history.*"], latest, source, into)))
        source = "latest"
    chosen = [Step(name, in_words(*arms, default=MAYBE)) for name, arms in registry.chosen.items()]
    bodies.append(CteStep("chosen", _CHOSEN, select([f"{source}.*"], chosen, source, into)))
    whose = [KEY, "supposed", ASKED_ON, "asked_region", "asked_left", "asked_right", "asked_technique", "age"]
    told = [Step(name, exp.var(made)) for name, made in registry.aggregates.items()]
    lines = select(whose, told, "chosen", into)
    return (*bodies, CteStep("told", _TOLD, (*lines, f"GROUP BY {', '.join(whose)}")))


_LATEST = "Beside each event, the last day of those that it is held against."
_CHOSEN = (
    f"Whether each event is one that is asked for: {SURE}, {NO}, or {MAYBE}, because nothing that is known speaks for it or "
    "against it. One without a day is never surely one."
)
_TOLD = "Those events of each history, counted."


def in_words(*arms: tuple[Condition, str | None], default: str) -> exp.Expr:
    """The word of the first condition that holds, None standing for NULL; else the default."""
    said = [(exp.var("1 = 1" if held is True else held), word) for held, word in arms if held is not False]
    ifs = [exp.If(this=held, true=text(word) if word else exp.null()) for held, word in said]
    return exp.Case(ifs=ifs, default=text(default)) if ifs else text(default)
