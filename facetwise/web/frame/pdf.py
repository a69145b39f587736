"""Paper pages as PDF, where WeasyPrint is installed: an extra, since it needs Pango from the operating system."""

from __future__ import annotations

from importlib import import_module
from typing import cast

from facetwise.errors import EngineError

ENGINE = "facetwise.web.frame.weasyprint_pdf"


class NoPdfError(EngineError):
    """No PDF can be made here. The page itself prints all the same."""

    http_status = 501


def pdf_of(html: str, engine: str = ENGINE) -> bytes:
    """The page as PDF/UA-1. engine: the module that makes it. Errors: NoPdfError that says what to install."""
    try:
        module = import_module(engine)  # late, and by name: a clinic without it opens its pages all the same
    except (ImportError, OSError) as error:
        raise NoPdfError(
            "No PDF can be made here: WeasyPrint or the Pango that it needs is missing. Install both "
            "(pip install 'facetwise[pdf]'; on Debian libpango-1.0-0, libpangoft2-1.0-0, libharfbuzz-subset0 and a font), "
            "or print the page from the browser."
        ) from error
    return cast(bytes, module.pdf_bytes(html))
