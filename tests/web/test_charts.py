"""The charts of scores: the same as the table beside them, in words too, and nothing that the page's rules forbid."""

from __future__ import annotations

import re
from datetime import date, timedelta
from decimal import Decimal
from itertools import pairwise
from typing import Any
from xml.etree import ElementTree

import pytest
from markupsafe import Markup

from facetwise.clinic.block.blocks import Felt, add_block, put_readings, slots
from facetwise.clinic.follow_up.diary import Wrote, add_entry
from facetwise.clinic.model.clinic_record import clinic_of
from facetwise.web.charts import parts
from facetwise.web.charts.block import chart_block
from facetwise.web.charts.diary import chart_diary
from tests.clinic.patient import AFTERNOON, DAY, DONE, LONDON, at, without_blocks

SVG = "{http://www.w3.org/2000/svg}"


def block_chart(*scores: tuple[int, int], before: int | None = 7) -> Markup:
    document, place = add_block(without_blocks(), DONE, at(9, 30))
    now = at(12, day=21)
    felt = [
        Felt(Decimal(score), minutes, written_at=at(9, 30) + timedelta(minutes=minutes)) for minutes, score in scores
    ]
    document = put_readings(document, place, felt, now, "patient")
    held = Decimal(before) if before is not None else None
    return chart_block(slots(document, place, now), held, Decimal(1) if scores else None)


def drawn(chart: Markup) -> ElementTree.Element:
    """The drawing, read as XML; every place within its frame."""
    root = ElementTree.fromstring(str(chart))
    for element in root.iter():
        for name, most in (("x", parts.WIDTH), ("cx", parts.WIDTH), ("y", parts.HEIGHT), ("cy", 240)):
            if name in element.attrib:
                assert 0 <= float(element.attrib[name]) <= most, element.attrib
    return root


def diary(*entries: tuple[int, int, int]) -> dict[str, Any]:
    """Entries of (day, hour, score), all entered on the afternoon of the 20th."""
    document = without_blocks()
    for number, (day, hour, score) in enumerate(entries):
        wrote = Wrote(str(number), Decimal(score), felt_at=at(hour, 0, day))
        document = add_entry(document, wrote, AFTERNOON)
    return document


def diary_chart(*entries: tuple[int, int, int], **more: Any) -> Markup:
    return chart_diary(clinic_of(diary(*entries)).diary, DAY - timedelta(days=13), DAY, LONDON, **more)


def test_a_chart_of_a_block_says_in_words_what_it_draws() -> None:
    chart = block_chart((15, 3), (60, 1), (120, 1))
    root = drawn(chart)
    told = root.findtext(f"{SVG}desc")
    assert told == "Before the block 7. 15 minutes: 3, live. 1 hour: 1, live. 2 hours: 1, live."
    assert root.findtext(f"{SVG}title") == "Pain scores after the block"
    assert len(root.findall(f"{SVG}circle")) == 3 + 1, "three scores and the legend"
    assert "best score held: 1" in chart


def test_a_score_before_that_is_not_known_is_not_drawn_as_one() -> None:
    chart = block_chart((15, 3), before=None)
    assert "The score before is not known." in chart and "before:" not in chart


def test_how_a_score_was_entered_is_told_by_its_shape() -> None:
    document, place = add_block(without_blocks(), DONE, at(9, 30))
    document = put_readings(document, place, [Felt(Decimal(3), 15)], AFTERNOON, "staff")
    root = drawn(chart_block(slots(document, place, AFTERNOON), Decimal(7), Decimal(3)))
    assert len(root.findall(f"{SVG}rect")) == 2 and not root.findall(f"{SVG}circle")


def test_the_next_morning_stands_beyond_a_gap_and_the_line_does_not_cross_it() -> None:
    root = drawn(block_chart((60, 1), (22 * 60 + 30, 6)))
    line = root.find(f"{SVG}polyline")
    assert line is not None and len(line.attrib["points"].split()) == 2
    assert "next day" in [element.text for element in root.findall(f"{SVG}text")]


def test_no_two_words_under_the_axis_stand_over_each_other() -> None:
    """A letter is about 7 units wide; numbers of hours and the next day are of one line."""
    for minutes in ((60,), (60, 22 * 60 + 30), (60, 600, 22 * 60 + 30), (600,), (22 * 60 + 30, 26 * 60)):
        words = drawn(block_chart(*((held, 3) for held in minutes))).findall(f"{SVG}text")
        spans = []
        for word in (it for it in words if it.attrib["y"] == str(parts.BOTTOM + 15)):
            x, wide = float(word.attrib["x"]), 6.5 * len(word.text or "")
            left = {"start": x, "middle": x - wide / 2, "end": x - wide}[word.attrib["text-anchor"]]
            spans.append((left, left + wide))
        spans.sort()
        assert all(one[1] < other[0] for one, other in pairwise(spans)), (minutes, spans)


def test_the_higher_the_score_the_higher_it_stands_and_later_is_further_right() -> None:
    circles = drawn(block_chart((15, 9), (60, 1), (480, 5))).findall(f"{SVG}circle")[:3]
    across = [float(circle.attrib["cx"]) for circle in circles]
    down = [float(circle.attrib["cy"]) for circle in circles]
    assert across == sorted(across) and down[0] < down[2] < down[1]


def test_a_diary_is_drawn_with_each_entry_its_days_and_what_was_done() -> None:
    chart = diary_chart((19, 8, 3), (19, 20, 7), (20, 15, 5), done=[(date(2026, 11, 18), "block")])
    root = drawn(chart)
    assert root.findtext(f"{SVG}desc") == (
        "3 entries on 2 days from 7 Nov 2026 to 20 Nov 2026, scores 3 to 7, 2 filled in later."
    )
    assert len(root.findall(f"{SVG}rect")) == 2 + 1 and len(root.findall(f"{SVG}circle")) == 1 + 1
    assert "block" in [element.text for element in root.findall(f"{SVG}text")]


def test_what_lies_outside_the_days_asked_is_not_drawn() -> None:
    assert diary_chart((1, 8, 3)) == "" and chart_diary((), DAY, DAY, LONDON) == ""
    assert "1 entry on 1 day" in diary_chart((1, 8, 9), (20, 8, 3))
    assert chart_diary(clinic_of(diary((20, 8, 3))).diary, DAY, DAY, LONDON, done=[(date(2020, 1, 1), "block")])


def test_a_block_without_a_score_has_no_chart() -> None:
    assert block_chart() == ""


@pytest.mark.parametrize("chart", [block_chart((15, 3), (60, 1)), diary_chart((19, 8, 3), (20, 8, 6))])
def test_a_chart_holds_no_style_no_script_and_nothing_from_outside(chart: Markup) -> None:
    assert not re.search(r"style|<script|href|url\(|on\w+=", chart.replace('xmlns="http://www.w3.org/2000/svg"', ""))


def test_words_in_a_chart_are_never_markup() -> None:
    chart = diary_chart((20, 8, 3), done=[(DAY, "<script>alert(1)</script>")])
    assert "<script" not in chart and "&lt;script" in chart
