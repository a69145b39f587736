"""Notes carry their counts as fields: protection changes these, whatever the sentence says."""

from __future__ import annotations

import copy
import pickle

from facetwise.count.results import InputSummary
from facetwise.disclosure.count_tables import SPELLS, named_notes
from facetwise.disclosure.protect import HES_2018, protect
from facetwise.note import Note, NoteKind

_INPUT = InputSummary(("a.csv",), "sus-apcs", 40, 40, 40, ())
_FEW = Note(
    "Twelve months, 2018, 7 organisations: {few:,} of {spells} spells, and {many:,}.",
    {"few": 7, "spells": 40, "many": 1234},
)


def test_a_count_in_a_note_is_protected_and_the_other_numbers_of_its_sentence_stand() -> None:
    """7 organisations are no patients; 7 spells are hidden; the spells of the input are one number with the table's."""
    sentences, linked = named_notes("note", [_FEW, "A policy's own 7."], _INPUT)
    told = protect(linked, HES_2018)
    assert [told.fill(sentence) for sentence in sentences] == [
        "Twelve months, 2018, 7 organisations: * of 40 spells, and 1,235.",
        "A policy's own 7.",
    ]
    assert linked.text_numbers[SPELLS] == 40


def test_a_note_is_the_sentence_that_it_was() -> None:
    """For JSON, for the terminal, and in a copy."""
    assert _FEW == "Twelve months, 2018, 7 organisations: 7 of 40 spells, and 1,234."
    for other in (copy.deepcopy(_FEW), pickle.loads(pickle.dumps(_FEW))):
        assert (other, other.counts) == (_FEW, _FEW.counts)


def test_a_note_has_another_form_on_a_page_where_it_asks_for_an_option() -> None:
    note = Note("{n} are early: give --covers.", {"n": 3}, NoteKind.DOUBTFUL_DATES, on_page="{n} are early.")
    assert note.for_page() == "3 are early."
    assert (note.for_page().kind, note.for_page().counts) == (NoteKind.DOUBTFUL_DATES, {"n": 3})
