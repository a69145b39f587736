"""One way to read whatever was opened: an extract, one-row-a-spell files, APCS with Der, or episodes."""

from collections.abc import Iterator

from facetwise.spells.layouts import HES_APC, Layout, layout_named
from facetwise.spells.reading.activity import Account, Opened, ReadOptions, SpellBatch, read_spells
from facetwise.spells.reading.apcs_with_der import read_joined
from facetwise.spells.reading.extract import contents_of, read_extract
from facetwise.spells.reading.hes_episodes import read_episodes


def read(opened: Opened, reading: ReadOptions, account: Account, only_first: bool = False) -> Iterator[SpellBatch]:
    """The spells that the reading keeps and the groups of the rest; `account` is whole when the last piece is out.

    only_first: of an extract, read only the spells with a code of its first list (see extract.py).
    """
    if opened.extract is not None:
        return read_extract(opened, reading, account, only_first)
    if opened.layout is HES_APC:
        return read_episodes(opened, reading, account)
    if opened.der:
        return read_joined(opened, reading, account)
    return read_spells(opened, reading, account)


def has(opened: Opened, canonical: str) -> bool:
    """Whether the data has a canonical column at all; for an extract, whether the data it was made from had it."""
    if opened.extract is not None:
        return canonical in contents_of(opened).columns
    return opened.has(canonical)


def layout_of(opened: Opened) -> Layout:
    """The layout of the data; for an extract, of the data it was made from."""
    return opened.layout if opened.extract is None else layout_named(contents_of(opened).account.layout)
