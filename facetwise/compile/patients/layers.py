"""What the tests of patients ask of events, gathered while they are put into SQL.

A test of a patient's events becomes SQL in layers. A truth for each event is a column beside it; what is told of them for
a patient is an aggregate, a column of the patient one layer further; a test of events that looks at other events, such
as Near, reads what was told of those in the layer before. The same column asked for twice, by any policy, is made once.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from sqlglot import exp

from facetwise.compile.patients.as_of_views import Lasting
from facetwise.compile.patients.sql_helpers import of_event, of_patient, or_else
from facetwise.language.events import AtLeastAtOneLevel


@dataclass(frozen=True)
class Form:
    """An expression in SQL, and the first layer in which everything that it reads is there."""

    sql: exp.Expr
    layer: int = 0


@dataclass(frozen=True)
class Made:
    """A column to make: in which layer, beside the events of which list, under which name."""

    name: str
    events: str
    form: Form


@dataclass(frozen=True)
class AtLevels:
    """An aggregate for each level asked for: the names of what is told, and the truth of being chosen it rests on."""

    test: AtLeastAtOneLevel
    chosen: Form
    sure: str
    possible: str

    @property
    def name(self) -> str:
        return f"levels_{self.sure}"


@dataclass
class Asked:
    """The columns of events and of patients asked for so far."""

    columns: dict[tuple[str, str], Made] = field(default_factory=dict)
    told: dict[tuple[str, str], Made] = field(default_factory=dict)
    levels: dict[AtLeastAtOneLevel, AtLevels] = field(default_factory=dict)
    lastings: dict[Lasting, str] = field(default_factory=dict)

    def column(self, events: str, form: Form) -> Form:
        """The form as a column beside the events of a list."""
        key = events, form.sql.sql("duckdb")
        made = self.columns.setdefault(key, Made(f"c{len(self.columns)}", events, form))
        return Form(of_event(made.name), made.form.layer)

    def tell(self, events: str, aggregate: exp.Expr, layer: int, default: exp.Expr | None = None) -> Form:
        """An aggregate over a patient's events, as a column of the patient. default: where the list has none."""
        key = events, aggregate.sql("duckdb")
        made = self.told.setdefault(key, Made(f"t{len(self.told)}", events, Form(aggregate, layer)))
        value: exp.Expr = of_patient(made.name)
        return Form(value if default is None else or_else(value, default), made.form.layer + 1)

    def at_levels(self, test: AtLeastAtOneLevel, chosen: Form) -> AtLevels:
        """What is told of the levels asked for."""
        n = len(self.levels)
        return self.levels.setdefault(test, AtLevels(test, chosen, f"s{n}", f"m{n}"))

    def lasting(self, lasting: Lasting) -> Form:
        """Whether the relief of one denervation lasted, as a column beside it."""
        return Form(of_event(self.lastings.setdefault(lasting, f"r{len(self.lastings)}")))

    @property
    def layers_n(self) -> int:
        """How many layers of events there are."""
        made = (*self.columns.values(), *self.told.values())
        return 1 + max((one.form.layer for one in made), default=-1)
