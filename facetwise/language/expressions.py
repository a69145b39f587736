"""Expressions: values that a row has or lacks, and tests of them that are met, not met or unknown.

Every expression is frozen and checked when it is built. What each one means is said once, in its docstring; the plain
evaluator (decide/evaluate.py) and the SQL compiler (compile/to_sql.py) both implement exactly that.
"""

from __future__ import annotations

from dataclasses import dataclass, fields
from functools import cached_property
from itertools import count

from facetwise.errors import PolicyError
from facetwise.language.codes import CodeList, CodeSystem
from facetwise.language.units import Grain, Quantity, Unit

_NEXT_NUMBER = count()
_NUMBERS: dict[Expression, int] = {}


@dataclass(frozen=True)
class Expression:
    """A value or a test. `parts` are the expressions directly inside it."""

    def parts(self) -> tuple[Expression, ...]:
        return self._parts

    def walk(self) -> tuple[Expression, ...]:
        """This expression and everything inside it, outermost first."""
        return self._walked

    @cached_property
    def number(self) -> int:
        """A number of its own, which equal expressions share: the key of what was found for one of them."""
        return _NUMBERS.setdefault(self, next(_NEXT_NUMBER))

    @cached_property
    def _parts(self) -> tuple[Expression, ...]:
        inside: list[Expression] = []
        for field in fields(self):
            part = getattr(self, field.name)
            inside.extend(part if isinstance(part, tuple) else (part,))
        return tuple(part for part in inside if isinstance(part, Expression))

    @cached_property
    def _walked(self) -> tuple[Expression, ...]:
        return (self, *(below for part in self.parts() for below in part.walk()))


# Values


@dataclass(frozen=True)
class Value(Expression):
    """Something that a row has a value for, or lacks."""

    def is_recorded(self) -> IsRecorded:
        return IsRecorded(self)


@dataclass(frozen=True)
class Code(Value):
    """One code of a known system, or none."""

    def is_in(self, codes: CodeList) -> CodeIn:
        return CodeIn(self, codes)


@dataclass(frozen=True)
class Codes(Value):
    """Codes of one system in the order of their episodes, or none recorded. Recorded and empty is a value."""

    def any_in(self, codes: CodeList) -> AnyCodeIn:
        return AnyCodeIn(self, codes)

    def first_code(self) -> FirstCode:
        return FirstCode(self)


@dataclass(frozen=True)
class Number(Value):
    """A number with a unit. A number recorded outside its valid range is recorded, and its value unknown."""

    @property
    def held_in(self) -> Unit:
        """The unit that the number is held in."""
        raise NotImplementedError(f"{type(self).__name__} names no unit. Give it one.")

    def between(self, low: Quantity, high: Quantity) -> Between:
        return Between(self, low, high)


@dataclass(frozen=True)
class Text(Value):
    """A short coded text, such as an admission method."""

    def begins_with(self, prefix: str) -> BeginsWith:
        return BeginsWith(self, prefix)

    def is_one_of(self, *options: str) -> OneOf:
        return OneOf(self, options)


@dataclass(frozen=True)
class CodeFact(Code):
    """A recorded code, such as the primary diagnosis."""

    name: str
    says: str
    grain: Grain
    system: CodeSystem


@dataclass(frozen=True)
class CodesFact(Codes):
    """Recorded codes, one list an episode, such as all procedures of a spell."""

    name: str
    says: str
    grain: Grain
    system: CodeSystem

    def last_episode(self) -> LastEpisode:
        return LastEpisode(self)


@dataclass(frozen=True)
class NumberFact(Number):
    """A recorded number, valid from `low` to `high`, both included."""

    name: str
    says: str
    grain: Grain
    unit: Unit
    low: int
    high: int

    @property
    def held_in(self) -> Unit:
        return self.unit


@dataclass(frozen=True)
class TextFact(Text):
    """A recorded short text."""

    name: str
    says: str
    grain: Grain


@dataclass(frozen=True)
class FlagFact(Value):
    """Recorded as true or false."""

    name: str
    says: str
    grain: Grain


@dataclass(frozen=True)
class DayFact(Value):
    """A recorded day."""

    name: str
    says: str
    grain: Grain


@dataclass(frozen=True)
class TextsFact(Value):
    """Several recorded short texts, such as the levels asked for. Empty is not recorded: it names none."""

    name: str
    says: str
    grain: Grain


@dataclass(frozen=True)
class LastEpisode(Codes):
    """The codes of the last episode alone. Not recorded when that episode holds no code."""

    of: CodesFact


@dataclass(frozen=True)
class FirstCode(Code):
    """The first code in the order recorded. Not recorded when there is none."""

    of: Codes


@dataclass(frozen=True)
class FirstRecorded(Number):
    """The first number where it is recorded, valid or not; else the second."""

    first: NumberFact
    second: NumberFact

    @property
    def held_in(self) -> Unit:
        return self.first.unit

    def __post_init__(self) -> None:
        if self.first.unit is not self.second.unit:
            raise PolicyError(
                f"'{self.first.name}' is in {self.first.unit.value} and '{self.second.name}' in "
                f"{self.second.unit.value}. One can stand in for the other only in the same unit."
            )


Fact = CodeFact | CodesFact | NumberFact | TextFact | FlagFact | DayFact | TextsFact
FACT_TYPES = (CodeFact, CodesFact, NumberFact, TextFact, FlagFact, DayFact, TextsFact)

# Tests


@dataclass(frozen=True)
class Test(Expression):
    """Something that is met, not met or unknown for one row."""

    __test__ = False  # pytest collects classes named Test

    def __and__(self, other: Test) -> All:
        return All((self, other))

    def __or__(self, other: Test) -> AnyOf:
        return AnyOf((self, other))

    def __invert__(self) -> Not:
        return Not(self)


@dataclass(frozen=True)
class CodeIn(Test):
    """Met when the code is on the list; not met when another code is recorded; unknown when none is."""

    value: Code
    codes: CodeList

    def __post_init__(self) -> None:
        refuse_other_system(self.value, self.codes)


@dataclass(frozen=True)
class AnyCodeIn(Test):
    """Met when any of the codes is on the list; not met when none is; unknown when they are not recorded."""

    value: Codes
    codes: CodeList

    def __post_init__(self) -> None:
        refuse_other_system(self.value, self.codes)


@dataclass(frozen=True)
class Between(Test):
    """Met when low <= number <= high; unknown when the number is missing or outside its valid range."""

    value: Number
    low: Quantity
    high: Quantity

    def __post_init__(self) -> None:
        unit = self.value.held_in
        for bound in (self.low, self.high):
            if bound.unit is not unit:
                raise PolicyError(
                    f"'{name_of(self.value)}' is in {unit.value} and is held against {bound}. "
                    f"Give the bound in {unit.value}."
                )
        if self.low.value > self.high.value:
            raise PolicyError(f"No '{name_of(self.value)}' is between {self.low} and {self.high}. Swap the bounds.")


@dataclass(frozen=True)
class BeginsWith(Test):
    """Met when the text begins with the prefix; unknown when it is missing."""

    value: Text
    prefix: str

    def __post_init__(self) -> None:
        if not self.prefix:
            raise PolicyError(f"Every '{name_of(self.value)}' begins with ''. Give at least one character.")


@dataclass(frozen=True)
class OneOf(Test):
    """Met when the text equals one of the options; unknown when it is missing."""

    value: Text
    options: tuple[str, ...]

    def __post_init__(self) -> None:
        if not self.options:
            raise PolicyError(f"No '{name_of(self.value)}' is one of nothing. Give at least one option.")


@dataclass(frozen=True)
class IsRecorded(Test):
    """Met when the value is recorded, valid or not; else not met. Never unknown."""

    value: Value


@dataclass(frozen=True)
class All(Test):
    """Kleene's and of the tests."""

    tests: tuple[Test, ...]

    def __post_init__(self) -> None:
        refuse_nothing(self.tests, "All")


@dataclass(frozen=True)
class AnyOf(Test):
    """Kleene's or of the tests."""

    tests: tuple[Test, ...]

    def __post_init__(self) -> None:
        refuse_nothing(self.tests, "AnyOf")


@dataclass(frozen=True)
class Not(Test):
    """Kleene's not: unknown stays unknown."""

    test: Test


def facts_of(expression: Expression) -> tuple[Fact, ...]:
    """The facts that an expression reads, each once, in the order met."""
    return tuple(dict.fromkeys(below for below in expression.walk() if isinstance(below, FACT_TYPES)))


def system_of(value: Value) -> CodeSystem:
    """The code system that a code value is held in."""
    fact = next(below for below in value.walk() if isinstance(below, CodeFact | CodesFact))
    return fact.system


def name_of(value: Value) -> str:
    """The name of the fact that a value is, or that it is made from."""
    return value.name if isinstance(value, FACT_TYPES) else facts_of(value)[0].name


def refuse_other_system(value: Value, codes: CodeList) -> None:
    """Raise PolicyError when codes of one system are looked for where another is held."""
    held = system_of(value)
    if codes.system is not held:
        some = codes.written[0] + (", ..." if len(codes.written) > 1 else "")
        raise PolicyError(
            f"'{codes.name}' looks for {codes.system.value} codes ({some}) in {name_of(value)}, which holds "
            f"{held.value}. Use an {held.value} list, or {codes.system.holds}."
        )


def refuse_nothing(tests: tuple[Test, ...], name: str) -> None:
    """Raise PolicyError for an and/or of no tests at all."""
    if not tests:
        raise PolicyError(f"{name} of no tests says nothing. Give it at least one test.")
