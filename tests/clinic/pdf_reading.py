"""What the tests look for in a PDF: its objects as text, with every compressed stream opened."""

from __future__ import annotations

import re
import zlib


def opened(pdf: bytes) -> str:
    """The objects and the streams of a PDF as one text."""
    parts = [pdf]
    for stream in re.findall(rb"stream\r?\n(.*?)\r?\nendstream", pdf, re.DOTALL):
        try:
            parts.append(zlib.decompress(stream))
        except zlib.error:
            parts.append(stream)
    return b"\n".join(parts).decode("latin-1")


def title_of(pdf: bytes) -> str:
    """The title of the document as its metadata holds it."""
    found = re.search(r"<dc:title>.*?<rdf:li[^>]*>(.*?)</rdf:li>", opened(pdf), re.DOTALL)
    return found[1].encode("latin-1").decode() if found else ""


def is_accessible(pdf: bytes) -> bool:
    """Tagged, in a language, with a title that is shown, and marked as PDF/UA-1."""
    text = opened(pdf)
    return all(
        re.search(wanted, text)
        for wanted in (
            r"/Marked true",
            r"/StructTreeRoot",
            r"/Lang \(en-GB\)",
            r"/DisplayDocTitle true",
            r"<pdfuaid:part>1</pdfuaid:part>|pdfuaid:part=\"1\"",
        )
    )
