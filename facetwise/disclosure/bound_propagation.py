"""Bound propagation: the least and most that each unknown can be, drawn in by one sum constraint at a time.

The cheap half of the audit: what it fixes to one value is recoverable, and no integer program has to be solved to see it.
"""

from __future__ import annotations

from collections import defaultdict, deque
from collections.abc import Sequence
from dataclasses import dataclass

UNBOUNDED = 10**12  # more than any count, and small enough that millions of them add up within 64 bits


@dataclass(frozen=True)
class Equation:
    """A sum constraint by the numbers of its unknowns. parts: each with how often it counts."""

    total: int
    parts: tuple[tuple[int, int], ...]


def propagate(equations: Sequence[Equation], low: list[int], high: list[int]) -> None:
    """Draw in the bounds, in place, until no equation draws them in further."""
    equations_of = defaultdict(list)
    for number, equation in enumerate(equations):
        for unknown in dict.fromkeys((equation.total, *(part for part, _ in equation.parts))):
            equations_of[unknown].append(number)
    queue = deque(range(len(equations)))
    waiting = set(queue)
    while queue:
        number = queue.popleft()
        waiting.discard(number)
        for unknown in _tighten_one_sum(equations[number], low, high):
            again = [other for other in equations_of[unknown] if other not in waiting]
            queue.extend(again)
            waiting.update(again)


def _tighten_one_sum(equation: Equation, low: list[int], high: list[int]) -> list[int]:
    """Draw in the bounds of one sum's unknowns; those that changed."""
    total, changed = equation.total, []
    least = sum(times * low[part] for part, times in equation.parts)
    most = sum(times * high[part] for part, times in equation.parts)
    if low[total] < least or high[total] > most:
        low[total], high[total] = max(low[total], least), min(high[total], most)
        changed.append(total)
    for part, times in equation.parts:
        # What the others leave at least, rounded up, and at most, rounded down.
        now_low = max(low[part], -((most - times * high[part] - low[total]) // times))
        now_high = min(high[part], (high[total] - (least - times * low[part])) // times)
        if (now_low, now_high) != (low[part], high[part]):
            least, most = least + times * (now_low - low[part]), most + times * (now_high - high[part])
            low[part], high[part] = now_low, now_high
            changed.append(part)
    return changed
