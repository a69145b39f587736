"""Rates and proportions with their limits, funnel limits, overdispersion, run charts and survival.

A name is loaded when first used: SciPy takes longer to load than most commands take in all.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from facetwise.statistics.funnels import funnel_limits
    from facetwise.statistics.overdispersion import Overdispersion, estimate_overdispersion, inflated_limits
    from facetwise.statistics.rates import Estimate, byar, dsr, isr, wilson

_PLACES = {
    "Estimate": "rates",
    "Overdispersion": "overdispersion",
    "byar": "rates",
    "dsr": "rates",
    "estimate_overdispersion": "overdispersion",
    "funnel_limits": "funnels",
    "inflated_limits": "overdispersion",
    "isr": "rates",
    "wilson": "rates",
}
__all__ = [
    "Estimate",
    "Overdispersion",
    "byar",
    "dsr",
    "estimate_overdispersion",
    "funnel_limits",
    "inflated_limits",
    "isr",
    "wilson",
]


def __getattr__(name: str) -> Any:
    if name not in _PLACES:
        raise AttributeError(f"facetwise.statistics has no {name}")
    return getattr(import_module(f"facetwise.statistics.{_PLACES[name]}"), name)
