"""A run chart as a picture: the months, their mean and limits, and the points that a rule picks out."""

from __future__ import annotations

import altair as alt
import vl_convert

from facetwise.variation.monthly_run_chart import MonthlyRunChart

_INK, _LINE, _SIGNAL = "#1d2429", "#2f5d57", "#d9a441"
_WIDTH, _HEIGHT = 640, 240


def run_chart_svg(found: MonthlyRunChart) -> str:
    """The chart as SVG. Its counts are raw, as MonthlyRunChart has them."""
    chart = found.chart
    points = [
        {"month": point.period, "value": point.value, "signal": ", ".join(point.signals) or "none"}
        for point in chart.points
    ]
    levels = [{"level": level, "is_mean": level == chart.mean} for level in (chart.mean, chart.low, chart.high)]
    months = [point.period for point in chart.points if point.period.endswith(("-01", "-07"))]
    x = alt.X("month:O", title=None, axis=alt.Axis(values=months, labelAngle=0, ticks=False))
    y = alt.Y("value:Q", title=f"{found.definition.id}: {found.what}", scale=alt.Scale(zero=True))
    data = alt.Chart(alt.Data(values=points))  # type: ignore[no-untyped-call]
    rules = alt.Chart(alt.Data(values=levels))  # type: ignore[no-untyped-call]
    dash = alt.condition("datum.is_mean", alt.value([1, 0]), alt.value([5, 4]))
    is_signal = "datum.signal != 'none'"
    marks = data.mark_point(filled=True, size=70, stroke=_INK, strokeWidth=0.5, opacity=1)
    layers = (
        rules.mark_rule(color=_INK).encode(y="level:Q", strokeDash=dash)
        + data.mark_line(color=_LINE).encode(x=x, y=y)
        + marks.encode(x=x, y=y, color=alt.condition(is_signal, alt.value(_SIGNAL), alt.value(_LINE)))
    )
    title = f"By month of admission: mean {chart.mean:,.1f}, limits {chart.low:,.1f} to {chart.high:,.1f}"
    whole = layers.properties(width=_WIDTH, height=_HEIGHT, title=title)
    whole = whole.configure(font="sans-serif", background="#ffffff", padding=8)
    whole = whole.configure_axis(labelFontSize=12, titleFontSize=12, titleFontWeight="normal", grid=False)
    whole = whole.configure_view(stroke=None).configure_title(fontSize=13, anchor="start", fontWeight="normal")
    svg: str = vl_convert.vegalite_to_svg(whole.to_json())
    return svg
