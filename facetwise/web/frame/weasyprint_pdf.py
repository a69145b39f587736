"""Paper pages as PDF by WeasyPrint: PDF/UA-1, tagged, and made of the application's own files alone."""

from __future__ import annotations

from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

from weasyprint import HTML
from weasyprint.urls import URLFetcher, URLFetcherResponse

ASSETS = Path(__file__).parents[1] / "assets"
BASE = "https://clinic.invalid"
"""No such host can be: whatever a page names by its path is looked for here, and only here."""
ON_PAPER = "paper.css"
_SCREEN_ONLY = ("nhsuk.css", "clinic.css")


class OwnFiles(URLFetcher):  # type: ignore[misc]  # it has no types
    """Serves the application's assets and nothing else: no other host, no file of the machine, no data in an address."""

    def fetch(self, url: str, headers: Any = None) -> URLFetcherResponse:
        """The asset of that address. Errors: ValueError for any other."""
        parts = urlsplit(url)
        path = unquote(parts.path)
        if f"{parts.scheme}://{parts.netloc}" != BASE or not path.startswith("/assets/"):
            raise ValueError("Only the application's own files are put into a PDF.")
        wanted = (ASSETS / path.removeprefix("/assets/")).resolve()
        if not wanted.is_relative_to(ASSETS.resolve()) or not wanted.is_file():
            raise ValueError("There is no such file of the application.")
        if wanted.name in _SCREEN_ONLY:  # for screens; paper has a sheet of its own, and this one is large
            return URLFetcherResponse(url, b"", {"Content-Type": "text/css"})
        kind = "text/css" if wanted.suffix == ".css" else "image/svg+xml"
        return URLFetcherResponse(url, wanted.read_bytes(), {"Content-Type": kind})


def pdf_bytes(html: str) -> bytes:
    """The page as a PDF."""
    page = HTML(string=html, base_url=f"{BASE}/", url_fetcher=OwnFiles())
    pdf: bytes = page.write_pdf(pdf_variant="pdf/ua-1", hinting=False)
    return pdf
