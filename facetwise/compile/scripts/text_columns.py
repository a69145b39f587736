"""Values over the raw SUS APCS columns, where codes lie in text: what a script computes, step by step, in any dialect.

Codes become one text, each code between two commas of its own (',E851,,Z676,'): NULL where they are not recorded, no code
inside where they are recorded and empty. A code can then be looked for by its beginning (LIKE '%,Z676%'), without a class
or a regular expression, and never across the border of two codes. The rules for values are the data of spells/normalise/value_rules.py.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sqlglot import exp

from facetwise.compile.duckdb.columns import begins_with_any
from facetwise.compile.plan import Plan, columns_needed, value_name
from facetwise.compile.scripts.dialects import Dialect
from facetwise.compile.to_sql import in_range, number, text
from facetwise.errors import PolicyError
from facetwise.language.codes import CodeList, CodeSystem
from facetwise.language.expressions import (
    AnyCodeIn,
    Code,
    CodeFact,
    CodeIn,
    Codes,
    CodesFact,
    Fact,
    FirstCode,
    FirstRecorded,
    LastEpisode,
    NumberFact,
    TextFact,
    Value,
)
from facetwise.spells.layouts import SUS_APCS
from facetwise.spells.normalise.value_rules import (
    CATEGORY_WITH_POINT,
    CODE_SEPARATOR,
    EPISODE_SEPARATOR,
    INFANTS,
    MISSING,
    Reading,
    ValueRule,
    rule_of,
)

_LISTED_IN_NAMES = 4
RAW_COLUMNS = {column.canonical: column.names[0] for column in SUS_APCS.columns}
_PATIENT = "patient_id"
_RULES = {column.canonical: rule_of(column) for column in SUS_APCS.columns}


@dataclass(frozen=True)
class Step:
    """A column that one step of the script computes, with the comments above it."""

    name: str
    value: exp.Expr
    says: tuple[str, ...] = ()


class TextColumns:
    """The values of a plan, over steps that each need only the one before: raw, tidy, parted, known, spell, found."""

    def __init__(self, plan: Plan, dialect: Dialect) -> None:
        self._plan = plan
        self._dialect = dialect
        self._looked_up = _looked_up(plan)

    def recorded(self, value: Value) -> exp.Expr:
        match value:
            case FirstRecorded(first=first, second=second):
                return exp.func("COALESCE", self.recorded(first), self.recorded(second))
            case _:
                return exp.column(self._plan.name(value))

    def valid(self, value: Value) -> exp.Expr:
        match value:
            case NumberFact(low=low, high=high):
                return in_range(self.recorded(value), low, high)
            case _:
                return exp.column(self._plan.name(value))

    def code_in(self, value: Code, codes: CodeList) -> exp.Expr:
        return self._found(value, codes)

    def any_code_in(self, value: Codes, codes: CodeList) -> exp.Expr:
        return self._found(value, codes)

    def _found(self, value: Code | Codes, codes: CodeList) -> exp.Expr:
        return exp.EQ(this=exp.column(self._looked_up[value, codes]), expression=number(1))

    # Steps

    def raw_step(self) -> list[Step]:
        """The raw columns under plain names, their text of a type and collation that is said."""
        facts = {fact.name: fact for definition in self._plan.definitions for fact in definition.facts}
        return [Step(name, self._raw(facts[name])) for name in columns_needed(self._plan.definitions)]

    def tidy_step(self) -> list[Step]:
        """Each column without padding; codes in upper case, without blanks and dots."""
        return [Step(step.name, self._tidy(step)) for step in self.raw_step()]

    def parted_step(self) -> list[Step]:
        """Code texts with each code between two commas of its own."""
        steps = []
        for name, value in self._code_texts():
            last = isinstance(value, LastEpisode)
            codes = _from_last_bar(exp.column(value.of.name)) if isinstance(value, LastEpisode) else exp.column(name)
            parted = _call("REPLACE", codes, text("|" if last else EPISODE_SEPARATOR), text(CODE_SEPARATOR))
            doubled = _call("REPLACE", parted, text(","), text(",,"))
            says = _LAST_EPISODE if last else ()
            steps.append(Step(_parted(name), _joined(text(","), doubled, text(",")), says))
        return steps

    def known_step(self) -> list[Step]:
        """The parted texts without what stands for an unknown code."""
        return [
            Step(_known(name), _without(exp.column(_parted(name)), *(f",{token}," for token in _unknown_in(value))))
            for name, value in self._code_texts()
        ]

    def _code_texts(self) -> list[tuple[str, Codes]]:
        return [(name, value) for name, value in self._plan.values if isinstance(value, CodesFact | LastEpisode)]

    def spell_step(self) -> list[Step]:
        """Each value of the plan, NULL where it is not recorded."""
        return [Step(name, _value(name, value), _why(value)) for name, value in self._plan.values]

    def found_step(self) -> list[Step]:
        """One column for each list that is looked for in a value: 1 a code of it is there, 0 none is, NULL unknown."""
        steps = []
        for (value, codes), name in self._looked_up.items():
            column = exp.column(self._plan.name(value))
            unknown = exp.If(this=exp.Is(this=column, expression=exp.null()), true=exp.null())
            there = begins_with_any(column, codes) if isinstance(value, Code) else _holds_any(column, codes)
            case = exp.Case(ifs=[unknown, exp.If(this=there, true=number(1))], default=number(0))
            says = f"{codes.name} ({codes.system.value}, {codes.release}): {codes.described()}"
            steps.append(Step(name, case, (says,)))
        return steps

    def _raw(self, fact: Fact) -> exp.Expr:
        if fact.name not in RAW_COLUMNS:
            raise PolicyError(f"'{fact.name}' lies in no SUS APCS column. Known: {', '.join(sorted(RAW_COLUMNS))}.")
        raw: exp.Expr = exp.column(RAW_COLUMNS[fact.name])
        if isinstance(fact, NumberFact):
            return raw
        if fact.name == _PATIENT:  # whole numbers, in many a warehouse
            raw = exp.cast(raw, exp.DataType.build(self._dialect.key_text, dialect=self._dialect.name))
        if self._dialect.long_text and isinstance(fact, CodesFact):
            raw = exp.cast(raw, exp.DataType.build(self._dialect.long_text, dialect=self._dialect.name))
        if self._dialect.collation:
            raw = exp.Collate(this=raw, expression=exp.var(self._dialect.collation))
        return raw

    def _tidy(self, step: Step) -> exp.Expr:
        column = exp.column(step.name)
        fact = next(value for name, value in self._plan.values if name == step.name)
        space = exp.var(self._dialect.no_break_space)
        match fact:
            case NumberFact():
                infant = exp.Between(this=column, low=number(INFANTS.start), high=number(INFANTS.stop - 1))
                return exp.Case(ifs=[exp.If(this=infant, true=number(0))], default=column.copy())
            case TextFact(name=name):
                spaced = _call("REPLACE", column, space, text(" "))
                return exp.Trim(this=_without(spaced, CATEGORY_WITH_POINT) if _is_category(name) else spaced)
            case _:
                return exp.Upper(this=_without(_call("REPLACE", column, space, text("")), " ", "."))


_LAST_EPISODE = (
    "The last episode: where || first stands in the reversed text says how many characters follow the last ||, counted "
    "with one of its bars; where there is no || it is the whole text",
)


def _looked_up(plan: Plan) -> dict[tuple[Code | Codes, CodeList], str]:
    names: dict[tuple[Code | Codes, CodeList], str] = {}
    for definition in plan.definitions:
        for criterion in definition.criteria:
            for part in criterion.met_when.walk():
                if isinstance(part, CodeIn | AnyCodeIn) and (part.value, part.codes) not in names:
                    wanted = (
                        f"{plan.name(part.value)}_{'is' if isinstance(part, CodeIn) else 'hold'}_{_slug(part.codes)}"
                    )
                    twin = f"_{len(names)}" if wanted in names.values() else ""
                    names[part.value, part.codes] = wanted + twin
    return names


def _slug(codes: CodeList) -> str:
    """'z675_z676_z677_z993', 'c00_to_c99_d00_to_d09'; PostgreSQL cuts names beyond 63 characters, so a long list is cut."""
    shown = [item.lower().replace("-", "_to_") for item in codes.written]
    if len("_".join(shown)) > 33:
        return f"{shown[0]}_and_{len(shown) - 1}_more"
    return "_".join(shown)


def _value(name: str, value: Value) -> exp.Expr:
    match value:
        case CodeFact(name=fact):
            return _unless(exp.column(name), _RULES[fact].missing, exp.column(name))
        case TextFact():
            return _text_value(name)
        case CodesFact() | LastEpisode():
            recorded, codes = _codes(name, value)
            return exp.Case(ifs=[exp.If(this=_some(recorded), true=codes)])
        case FirstCode(of=of):
            _, codes = _codes(value_name(of), of)
            ahead = exp.func("LTRIM", _call("REPLACE", codes, text(","), text(" ")))
            first = exp.Trim(this=exp.func("LEFT", ahead, number(4)))
            return exp.Case(ifs=[exp.If(this=_some(codes), true=first)])
        case FirstRecorded(first=first, second=second):
            return _first_recorded(first, second)
        case _:
            return exp.column(name)


def _text_value(name: str) -> exp.Expr:
    column = exp.column(name)
    case = _unless(exp.Upper(this=column), MISSING, column)
    if _is_category(name):
        digit = exp.In(this=column.copy(), expressions=[text(str(digit)) for digit in range(10)])
        padded = _joined(text("0"), column.copy())
        case.set("ifs", [exp.If(this=digit, true=padded), *case.args["ifs"]])
    return case


def _first_recorded(first: NumberFact, second: NumberFact) -> exp.Expr:
    one, two = exp.column(first.name), exp.column(second.name)
    absent = exp.Is(this=one, expression=exp.null())
    stands_in = exp.and_(absent, exp.Between(this=two, low=number(second.low), high=number(second.high)))
    case = in_range(one, first.low, first.high)
    case.append("ifs", exp.If(this=stands_in, true=two.copy()))
    return case


def _why(value: Value) -> tuple[str, ...]:
    match value:
        case CodeFact(system=CodeSystem.ICD10):
            return ("R69X3, R69X6 and R69X8 stand for a diagnosis that is missing; R69X alone is a code",)
        case CodesFact(system=CodeSystem.OPCS4):
            return ("A dash says that no procedure was done, so it is recorded; & and blanks record nothing",)
        case CodesFact(system=CodeSystem.ICD10):
            return ("Nothing but blanks, & and dashes leaves the diagnoses not recorded",)
        case FirstCode():
            return ("The text from the first code on, cut to the four characters that are compared",)
        case FirstRecorded(first=first, second=second):
            return (
                f"{second.name} stands in only where {first.name} is absent; a recorded but invalid age is unknown",
            )
        case TextFact(name=name) if _is_category(name):
            return ("A spreadsheet makes 2 of 02, and pandas 2.0: the .0 is taken off above",)
        case _:
            return ()


# Texts of codes


def _parted(name: str) -> str:
    return f"{name}_parted"


def _known(name: str) -> str:
    return f"{name}_known"


def _is_category(name: str) -> bool:
    return name in _RULES and _RULES[name].reading is Reading.CATEGORY


def _rule(value: Codes) -> ValueRule:
    """The rule of a column of codes. In one episode alone, a token that is no code records nothing."""
    if isinstance(value, CodesFact):
        return _RULES[value.name]
    assert isinstance(value, LastEpisode)
    dropped = _RULES[value.of.name].dropped
    return ValueRule(Reading.CODES, dropped, dropped)


def _unknown_in(value: Codes) -> tuple[str, ...]:
    return tuple(token for token in _rule(value).missing if token)


def _codes(name: str, value: Codes) -> tuple[exp.Expr, exp.Expr]:
    """The text that shows whether the codes are recorded, and the text of the codes: the dash is only in the first."""
    rule = _rule(value)
    known = exp.column(_known(name))
    not_codes = (f",{token}," for token in rule.dropped if token not in rule.missing)
    return known, _without(known.copy(), *not_codes)


def _from_last_bar(column: exp.Expr) -> exp.Expr:
    backwards = _joined(exp.func("REVERSE", column), text(EPISODE_SEPARATOR))
    bars = exp.StrPosition(this=backwards, substr=text(EPISODE_SEPARATOR))
    return exp.func("RIGHT", column.copy(), bars)


def _joined(*parts: exp.Expr) -> exp.Expr:
    whole = parts[0]
    for part in parts[1:]:
        whole = exp.DPipe(this=whole, expression=part)
    return whole


def _holds_any(column: exp.Expr, codes: CodeList) -> exp.Expr:
    stems = sorted(codes.fours | codes.categories)
    return exp.or_(*(exp.Like(this=column.copy(), expression=text(f"%,{stem}%")) for stem in stems))


def _some(codes: exp.Expr) -> exp.Expr:
    return exp.NEQ(this=_without(codes.copy(), ","), expression=text(""))


def _without(value: exp.Expr, *parts: str) -> exp.Expr:
    for part in parts:
        value = _call("REPLACE", value, text(part), text(""))
    return value


def _unless(tested: exp.Expr, missing: Sequence[str], value: exp.Expr) -> exp.Case:
    recorded = exp.not_(exp.In(this=tested, expressions=[text(item) for item in missing]))
    return exp.Case(ifs=[exp.If(this=recorded, true=value.copy())])


def _call(name: str, *arguments: exp.Expr) -> exp.Expr:
    return exp.Anonymous(this=name, expressions=list(arguments))
