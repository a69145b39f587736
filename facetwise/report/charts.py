"""Pictures of protected tables: Vega-Lite by Altair, drawn as SVG by vl-convert. They hold no number that their table hides."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from html import escape
from typing import Any, assert_never

import altair as alt
import vl_convert

from facetwise.disclosure.protected_tables import HIDDEN, Cell, ProtectedTable
from facetwise.disclosure.tables import Role
from facetwise.report.flowchart import named
from facetwise.report.section import Marks, Panel, Picture

_INK, _SOFT, _LINE = "#1d2429", "#4b565e", "#c3cad0"
_FILLS = ("#2f5d57", "#d9a441", "#7a4f7d")
_FONT = "sans-serif"  # whatever the reader has: nothing is fetched
_ROOT = re.compile(r'<svg [^>]*?width="([\d.]+)" height="([\d.]+)"[^>]*>')


@dataclass(frozen=True)
class Width:
    """A width to draw for, in pixels: of the plot, and of the names at its side at most."""

    id: str
    plot: int
    names: int
    letters: int


WIDE = Width("wide", plot=460, names=200, letters=13)
NARROW = Width("narrow", plot=145, names=125, letters=12)


def drawn(picture: Picture, table: ProtectedTable, width: Width, lines: ProtectedTable | None = None) -> str | None:
    """The picture as SVG; None where the table has nothing to draw: noughts and hidden numbers alone. lines: of a funnel."""
    test = _holds_a_point if picture.marks is Marks.FUNNEL else _holds_something
    picture = replace(picture, panels=tuple(panel for panel in picture.panels if test(panel, table)))
    if not picture.panels:
        return None
    match picture.marks:
        case Marks.BARS:
            made = _bars(picture, table, width)
        case Marks.YEARS:
            made = _years(picture, table, width)
        case Marks.FUNNEL:
            made = _funnel(picture, table, lines, width)
        case _:
            assert_never(picture.marks)
    made = made.configure(font=_FONT, aria=False, padding=2, background="#ffffff")
    made = made.configure_view(stroke=None, clip=False)
    made = made.configure_axis(
        labelFontSize=width.letters,
        titleFontSize=width.letters,
        labelColor=_INK,
        titleColor=_SOFT,
        titleFontWeight="normal",
    )
    made = made.configure_legend(labelFontSize=width.letters, labelLimit=0, symbolSize=120, title=None, orient="top")
    made = made.configure_title(fontSize=width.letters, color=_INK, anchor="start", frame="group")
    svg: str = vl_convert.vegalite_to_svg(made.to_json())
    return _told(svg, picture, table, width)


def _holds_something(panel: Panel, table: ProtectedTable) -> bool:
    values = (value for name in panel.columns for value in table.column(name).values)
    return any(isinstance(value, int | float) and value for value in values)


def _holds_a_point(panel: Panel, table: ProtectedTable) -> bool:
    """Whether some row shows every number of a panel."""
    rows = zip(*(table.column(name).values for name in panel.columns), strict=True)
    return any(all(isinstance(cell, int | float) for cell in row) for row in rows)


def _bars(picture: Picture, table: ProtectedTable, width: Width) -> Any:
    (panel,) = picture.panels
    names = _names(picture, table)
    titles = [table.column(name).title for name in panel.columns]
    values, ends = [], []
    for place, name in enumerate(names):
        cells = [table.column(column).values[place] for column in panel.columns]
        length = sum(cell for cell in cells if isinstance(cell, int))
        ends.append({"place": place, "name": name, "length": length, "said": " + ".join(map(_said, cells))})
        values += [
            {"place": place, "name": name, "part": title, "length": cell, "order": order}
            for order, (title, cell) in enumerate(zip(titles, cells, strict=True))
            if isinstance(cell, int)
        ]
    y = alt.Y("name:N", sort=names, title=None, axis=alt.Axis(labelLimit=width.names, ticks=False))
    x = alt.X("length:Q", title=panel.title, axis=alt.Axis(grid=False, tickCount=4, tickMinStep=1, format=",d"))
    colour = alt.Color("part:N", scale=alt.Scale(domain=titles, range=list(_FILLS[: len(titles)])))
    bars = _chart(values).mark_bar(stroke=_INK, strokeWidth=0.5)
    bars = bars.encode(y=y, x=x, color=colour, order=alt.Order("order:Q"))
    text = _chart(ends).mark_text(align="left", dx=4, fontSize=width.letters, color=_INK)
    text = text.encode(y=y, x=x, text="said:N")
    return (bars + text).properties(width=width.plot, height=alt.Step(24))


def _chart(values: list[dict[str, Any]]) -> Any:
    return alt.Chart(alt.Data(values=values))  # type: ignore[no-untyped-call]


def _names(picture: Picture, table: ProtectedTable) -> list[str]:
    """The names of the rows that are drawn. Those left out stand last in their table, or the places would not fit."""
    held = [str(name) for name in table.column(picture.along).values if name not in picture.without]
    return [named(name) if picture.along == "criterion" else name for name in held[: picture.most]]


def _said(cell: Cell) -> str:
    return f"{cell:,}" if isinstance(cell, int) else str(cell)


def _years(picture: Picture, table: ProtectedTable, width: Width) -> Any:
    years = _names(picture, table)
    return alt.vconcat(*(_panel(panel, table, years, width) for panel in picture.panels), spacing=24).resolve_scale(
        color="independent", shape="independent", strokeDash="independent"
    )


def _panel(panel: Panel, table: ProtectedTable, years: list[str], width: Width) -> Any:
    titles = [table.column(name).title for name in panel.columns]
    is_share = any(table.column(name).role in (Role.RATE, Role.SHARE) for name in panel.columns)
    values = [
        {
            "year": year,
            "part": title,
            "n": cell if isinstance(cell, int | float) else None,
            "mark": "*" if cell is HIDDEN else "",
        }
        for name, title in zip(panel.columns, titles, strict=True)
        for year, cell in zip(years, table.column(name).values, strict=False)
    ]
    x = alt.X(
        "year:O", sort=years, title=None, scale=alt.Scale(domain=years), axis=alt.Axis(labelAngle=-90, grid=False)
    )
    y = alt.Y(
        "n:Q",
        title=None,
        scale=alt.Scale(zero=True),
        axis=alt.Axis(format=",d", tickCount=4, tickMinStep=5 if is_share else 1, gridColor=_LINE),
    )
    colours = alt.Scale(domain=titles, range=list(_FILLS[: len(titles)]))
    shapes = alt.Scale(domain=titles, range=["circle", "square", "triangle-up"][: len(titles)])
    legend = alt.Legend(columns=1)
    data = _chart(values)
    lines = data.mark_line(strokeWidth=2).encode(x=x, y=y, color=alt.Color("part:N", scale=colours, legend=legend))
    points = data.mark_point(filled=True, size=55, opacity=1).encode(
        x=x, y=y, color=alt.Color("part:N", scale=colours), shape=alt.Shape("part:N", scale=shapes, legend=legend)
    )
    stars = data.transform_filter("datum.mark === '*'").mark_text(fontSize=width.letters + 3, dy=-2, color=_INK)
    stars = stars.encode(x=x, y=alt.datum(0), text="mark:N")
    return (lines + points + stars).properties(width=width.plot + width.names // 2, height=150, title=panel.title)


_FUNNEL_LINES = (
    ("target", "share of all", [1, 0]),
    ("low_95", "95 % limits", [4, 3]),
    ("high_95", "95 % limits", [4, 3]),
    ("low_998", "99.8 % limits", [1, 2]),
    ("high_998", "99.8 % limits", [1, 2]),
)


def _funnel(picture: Picture, table: ProtectedTable, lines: ProtectedTable | None, width: Width) -> Any:
    """A point for each row that shows its size and its share, between the limits; hidden ones have no place in it."""
    (panel,) = picture.panels
    size, share = (table.column(name) for name in panel.columns)
    points = [
        {"size": n, "share": value}
        for n, value in zip(size.values, share.values, strict=True)
        if isinstance(n, int) and isinstance(value, int | float)
    ]
    sizes = [n for n in (lines.column("size").values if lines else ()) if isinstance(n, int)]
    largest = max((int(point["size"]) for point in points), default=10)
    most = next((n for n in sizes if n >= largest), largest)
    step = next((n for n in (5, 25, 50, 100, 250, 500, 1_000) if most / n <= 8), 2_500)
    x = alt.X(
        "size:Q",
        title=size.title,
        scale=alt.Scale(domain=[0, most]),
        axis=alt.Axis(grid=False, values=list(range(0, most + 1, step))),
    )
    y = alt.Y("share:Q", title=panel.title, scale=alt.Scale(domain=[0, 100]), axis=alt.Axis(gridColor=_LINE))
    held = [
        {"line": name, "kind": kind, "size": n, "share": value}
        for name, kind, _ in _FUNNEL_LINES
        for n, value in (zip(lines.column("size").values, lines.column(name).values, strict=True) if lines else ())
        if isinstance(value, int | float) and isinstance(n, int) and n <= most
    ]
    kinds = list(dict.fromkeys(kind for _, kind, _ in _FUNNEL_LINES))
    dashes = {kind: dash for _, kind, dash in _FUNNEL_LINES}
    dash = alt.StrokeDash(
        "kind:N", scale=alt.Scale(domain=kinds, range=[dashes[kind] for kind in kinds]), legend=alt.Legend(columns=1)
    )
    drawn_lines = _chart(held).mark_line(color=_SOFT, strokeWidth=1.2)
    drawn_lines = drawn_lines.encode(x=x, y=y, detail="line:N", strokeDash=dash)
    dots = _chart(points).mark_point(filled=True, size=60, opacity=0.75, color=_FILLS[0], stroke=_INK, strokeWidth=0.5)
    return (drawn_lines + dots.encode(x=x, y=y)).properties(width=width.plot + width.names // 2, height=260)


def _told(svg: str, picture: Picture, table: ProtectedTable, width: Width) -> str:
    """The picture with its title and its numbers in words, for those who do not see it, and free to shrink."""
    root = _ROOT.match(svg)
    assert root, "vl-convert writes its root with a width and a height"
    mark = f"{picture.table}-{width.id}"
    view = f"0 0 {root[1]} {root[2]}"
    head = (
        f'<svg xmlns="http://www.w3.org/2000/svg" class="chart chart-{width.id}" viewBox="{view}" role="img" '
        # A reader's font may be wider than the one that vl-convert measured: no name or number is cut off by the edge.
        f'aria-labelledby="{mark}-title {mark}-desc" style="max-width:{root[1]}px;overflow:visible">'
        f'<title id="{mark}-title">{escape(picture.title)}</title><desc id="{mark}-desc">{escape(_words(picture, table))}</desc>'
    )
    return head + svg[root.end() :]


def _words(picture: Picture, table: ProtectedTable) -> str:
    said = []
    for panel in picture.panels:
        columns = [table.column(name) for name in panel.columns]
        for place, name in enumerate(_names(picture, table)):
            parts = [f"{c.title} {_spoken(c.values[place])}" for c in columns if c.values[place] is not None]
            said += [f"{name}: {', '.join(parts)}."] if parts else []
    return " ".join(said) + " The table holds the same numbers."


def _spoken(cell: Cell) -> str:
    return "hidden" if cell is HIDDEN else f"{cell:,}"
