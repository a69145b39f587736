"""Kaplan-Meier (1958) by SciPy: the share without an event so long, where some are not followed to theirs."""

from __future__ import annotations

import warnings
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from scipy.stats import CensoredData, ecdf

from facetwise.statistics.rates import Estimate

# A step that stands at 0.5 but for rounding is a half, and a share that is all or none but for rounding is all or none.
_ROUNDING = 1e-9


@dataclass(frozen=True)
class SurvivalCurve:
    """A curve that steps down at each event. low, high: its pointwise 95 % limits, on the log-log scale."""

    survival: Any
    low: Any
    high: Any

    def at(self, time: float) -> Estimate:
        """The share without an event up to and including a time.

        No limits where it is all or none: the variance is 0 there and log-log has no value, which is no certainty.
        """
        value = float(self.survival.evaluate(time))
        if not _ROUNDING < value < 1 - _ROUNDING:
            return Estimate(float(round(value)), None, None)
        return Estimate(value, float(self.low.evaluate(time)), float(self.high.evaluate(time)))

    @property
    def median(self) -> float | None:
        """The first time at which no more than a half are without an event; None where more are to the end."""
        halved = self.survival.quantiles[self.survival.probabilities <= 0.5 + _ROUNDING]
        return float(halved[0]) if len(halved) else None


def kaplan_meier(times: Sequence[float], is_event: Sequence[bool]) -> SurvivalCurve:
    """The survival curve of one or more times, each to an event or to the end of follow-up."""
    events = np.array(is_event, dtype=np.bool_)
    followed = np.array(times, dtype=np.float64)
    survival = ecdf(CensoredData(uncensored=followed[events], right=followed[~events])).sf
    with np.errstate(divide="ignore", invalid="ignore"), warnings.catch_warnings():
        warnings.simplefilter(
            "ignore", RuntimeWarning
        )  # of limits where the share is all or none, which `at` leaves out
        limits = survival.confidence_interval(0.95, method="log-log")
    return SurvivalCurve(survival, limits.low, limits.high)
