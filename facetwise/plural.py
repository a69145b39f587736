"""A number with its noun, in the singular or the plural."""

from __future__ import annotations


def pluralise(number: int, one: str, many: str) -> str:
    """A number with its noun, and its verb where it has one: '1 patient was', '2,000 patients were'.

    For numbers that are shown as they are: beside a hidden number the words for one would tell it.
    """
    return f"{number:,} {one if number == 1 else many}"
