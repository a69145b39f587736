"""What a reader can work out: the least and most that each number can be, from those shown and the sums that tie them."""

from __future__ import annotations

from collections import defaultdict, deque
from collections.abc import Iterable, Mapping

from facetwise.disclosure.tables import Sum

Bounds = tuple[int, int]
UNBOUNDED = 10**15


class Ties:
    """Sums, with the way from each number to those that it stands in."""

    def __init__(self, sums: Iterable[Sum]) -> None:
        self.sums = tuple(sums)
        self._standing: dict[str, list[int]] = defaultdict(list)
        for place, item in enumerate(self.sums):
            for name in dict.fromkeys((item.total, *item.parts)):
                self._standing[name].append(place)

    def of(self, name: str) -> tuple[int, ...]:
        """The places of the sums that a number stands in."""
        return tuple(self._standing.get(name, ()))

    def names(self, places: Iterable[int]) -> tuple[str, ...]:
        """The numbers of some sums, each once."""
        return tuple(dict.fromkeys(name for p in places for name in (self.sums[p].total, *self.sums[p].parts)))

    def narrowed(self, bounds: Mapping[str, Bounds]) -> dict[str, Bounds]:
        """The bounds drawn in as far as the sums allow, one sum at a time, until nothing changes."""
        found = dict(bounds)
        queue = deque(range(len(self.sums)))
        waiting = set(queue)
        while queue:
            place = queue.popleft()
            waiting.discard(place)
            for name in _draw_in(self.sums[place], found):
                again = [other for other in self.of(name) if other not in waiting]
                queue.extend(again)
                waiting.update(again)
        return found


def _draw_in(item: Sum, found: dict[str, Bounds]) -> list[str]:
    """Draw in the bounds of one sum's numbers; those that changed."""
    changed = []
    low, high = (sum(times * found[part][end] for part, times in item.weighted) for end in (0, 1))
    before = found[item.total]
    total = (max(before[0], low), min(before[1], high))
    if total != before:
        found[item.total] = total
        changed.append(item.total)
    for part, times in item.weighted:
        least, most = found[part]
        # What the others leave at least, rounded up, and at most, rounded down.
        now = (
            max(least, -((high - times * most - total[0]) // times)),
            min(most, (total[1] - (low - times * least)) // times),
        )
        if now != (least, most):
            found[part] = now
            low, high = low + times * (now[0] - least), high + times * (now[1] - most)
            changed.append(part)
    return changed
