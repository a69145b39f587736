"""A drawing of a graph without circles in floors, every line downward and around the boxes (after Sugiyama, 1981)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from itertools import pairwise

_APART, _SLIP = 26, 14  # between neighbours on a floor; the width of a line that passes a floor
_SWEEPS = 60


@dataclass(frozen=True)
class Graph:
    """Nodes, and of each the nodes below it that it points to."""

    nodes: tuple[str, ...]
    below: Mapping[str, set[str]]


@dataclass(frozen=True)
class Layout:
    """Each box as x, y, width and height; each arrow as points from its upper box down to its lower one."""

    boxes: dict[str, tuple[float, float, float, float]]
    arrows: list[tuple[tuple[float, float], ...]]
    width: float
    height: float


@dataclass
class _Floors:
    """Boxes and the places where lines pass, floor by floor from the ground, in order from the left."""

    order: list[list[str]]
    up: dict[str, list[str]] = field(default_factory=dict)
    down: dict[str, list[str]] = field(default_factory=dict)
    chains: list[list[str]] = field(default_factory=list)

    def neighbours(self, node: str, *, above: bool) -> list[str]:
        return (self.up if above else self.down).get(node, [])


def laid_out(graph: Graph, sizes: Mapping[str, tuple[int, int]], gap: int) -> Layout:
    """The graph in floors: a node stands one floor over the highest that it points to."""
    floors = _floors(graph)
    _untangle(floors)
    widths = {node: float(sizes[node][0]) if node in sizes else float(_SLIP) for row in floors.order for node in row}
    x = _columns(floors, widths)
    left = min(x[node] - widths[node] / 2 for node in x)
    x = {node: at - left for node, at in x.items()}
    tops, bottoms = _rows(floors, sizes, gap)
    boxes: dict[str, tuple[float, float, float, float]] = {}
    for floor, row in enumerate(floors.order):
        for node in row:
            if node in sizes:
                width, height = sizes[node]
                middle = (tops[floor] + bottoms[floor]) / 2
                boxes[node] = (
                    x[node] - width / 2,
                    middle - height / 2,
                    float(width),
                    float(height),
                )
    lines = [_line(chain, floors, x, boxes, tops, bottoms) for chain in floors.chains]
    return Layout(boxes, lines, max(x[node] + widths[node] / 2 for node in x), max(bottoms))


def _floors(graph: Graph) -> _Floors:
    level: dict[str, int] = {}

    def height(node: str) -> int:
        if node not in level:
            level[node] = 1 + max(map(height, graph.below[node]), default=-1)
        return level[node]

    floors = _Floors([[] for _ in range(1 + max(map(height, graph.nodes)))])
    for node in graph.nodes:
        floors.order[level[node]].append(node)
    for node in graph.nodes:
        for other in sorted(graph.below[node]):
            chain = [node]
            for floor in range(level[node] - 1, level[other], -1):
                chain.append(f"{node}>{other}@{floor}")
                floors.order[floor].append(chain[-1])
            chain.append(other)
            floors.chains.append(chain)
            for upper, lower in pairwise(chain):
                floors.down.setdefault(upper, []).append(lower)
                floors.up.setdefault(lower, []).append(upper)
    return floors


def _untangle(floors: _Floors) -> None:
    """Orders each floor by its neighbours' middle, up and down, and keeps the order with the fewest crossings."""
    best, fewest = [list(row) for row in floors.order], _crossings(floors)
    for sweep in range(_SWEEPS):
        above = sweep % 2 == 0
        rows = range(len(floors.order) - 2, -1, -1) if above else range(1, len(floors.order))
        for row in rows:
            beside = floors.order[row + 1 if above else row - 1]
            place = {node: (at + 0.5) / len(beside) for at, node in enumerate(beside)}
            own = {node: (at + 0.5) / len(floors.order[row]) for at, node in enumerate(floors.order[row])}
            middles = {
                node: _mean([place[other] for other in floors.neighbours(node, above=above)], own[node]) for node in own
            }
            floors.order[row].sort(key=middles.__getitem__)
        _swap_neighbours(floors)
        if (crossed := _crossings(floors)) < fewest:
            best, fewest = [list(row) for row in floors.order], crossed
    floors.order[:] = best


def _swap_neighbours(floors: _Floors) -> None:
    for row in floors.order:
        for at in range(len(row) - 1):
            before = _crossings(floors)
            row[at], row[at + 1] = row[at + 1], row[at]
            if _crossings(floors) >= before:
                row[at], row[at + 1] = row[at + 1], row[at]


def _mean(values: list[float], otherwise: float) -> float:
    return sum(values) / len(values) if values else otherwise


def _crossings(floors: _Floors) -> int:
    crossed = 0
    for lower, upper in pairwise(floors.order):
        place = {node: at for at, node in enumerate(lower)}
        ends = [(at, place[n]) for at, node in enumerate(upper) for n in floors.neighbours(node, above=False)]
        for at, (top, bottom) in enumerate(ends):
            crossed += sum((top - other) * (bottom - end) < 0 for other, end in ends[at + 1 :])
    return crossed


def _columns(floors: _Floors, widths: Mapping[str, float]) -> dict[str, float]:
    """The middle of each node: as near as the order allows to the middle of its neighbours."""
    x: dict[str, float] = {}
    for row in floors.order:
        edge = 0.0
        for node in row:
            x[node] = edge + widths[node] / 2
            edge += widths[node] + _APART
    for sweep in range(_SWEEPS * 4):
        rows = floors.order if sweep % 2 else floors.order[::-1]
        for row in rows:
            wanted = []
            for node in row:
                beside = floors.neighbours(node, above=True) + floors.neighbours(node, above=False)
                wanted.append(_mean([x[other] for other in beside], x[node]))
            x.update(zip(row, _apart(wanted, [widths[node] for node in row]), strict=True))
    return x


def _apart(wanted: list[float], widths: list[float]) -> list[float]:
    """The middles nearest to those wanted (least squares) that leave room between neighbours."""
    offsets = [0.0]
    for one, two in pairwise(widths):
        offsets.append(offsets[-1] + (one + two) / 2 + _APART)
    blocks: list[tuple[float, int]] = []
    for at, offset in zip(wanted, offsets, strict=True):
        blocks.append((at - offset, 1))
        while len(blocks) > 1 and blocks[-2][0] > blocks[-1][0]:
            (one, n), (two, m) = blocks[-2], blocks[-1]
            blocks[-2:] = [((one * n + two * m) / (n + m), n + m)]
    fitted = [value for value, n in blocks for _ in range(n)]
    return [value + offset for value, offset in zip(fitted, offsets, strict=True)]


def _rows(floors: _Floors, sizes: Mapping[str, tuple[int, int]], gap: int) -> tuple[list[float], list[float]]:
    """The top and the bottom of each floor; the ground lies lowest."""
    heights = [max(sizes[node][1] for node in row if node in sizes) for row in floors.order]
    tops = [float(sum(heights[floor + 1 :]) + gap * (len(heights) - 1 - floor)) for floor in range(len(heights))]
    return tops, [top + height for top, height in zip(tops, heights, strict=True)]


def _line(
    chain: list[str],
    floors: _Floors,
    x: Mapping[str, float],
    boxes: Mapping[str, tuple[float, float, float, float]],
    tops: list[float],
    bottoms: list[float],
) -> tuple[tuple[float, float], ...]:
    first, last = boxes[chain[0]], boxes[chain[-1]]
    start = _port(chain[0], chain[1], floors.down[chain[0]], x, first)
    end = _port(chain[-1], chain[-2], floors.up[chain[-1]], x, last)
    floor = {node: level for level, row in enumerate(floors.order) for node in row}
    points = [(start, first[1] + first[3]), (start, bottoms[floor[chain[0]]])]
    for node in chain[1:-1]:
        points += [(x[node], tops[floor[node]]), (x[node], bottoms[floor[node]])]
    points += [(end, tops[floor[chain[-1]]]), (end, last[1])]
    return tuple(points)


def _port(node: str, towards: str, every: Iterable[str], x: Mapping[str, float], box: tuple[float, ...]) -> float:
    """Where a line meets its box: the lines share the side between them, in the order of where they go."""
    order = sorted(every, key=lambda other: (x[other], other))
    return box[0] + box[2] * (order.index(towards) + 1) / (len(order) + 1)
