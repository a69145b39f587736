"""PDF: PDF/UA-1, tagged, titled and in its language; made of the application's own files; and an extra that may be missing."""

from __future__ import annotations

import pytest

from facetwise.web.frame.pdf import NoPdfError, pdf_of
from facetwise.web.frame.weasyprint_pdf import BASE, OwnFiles
from tests.clinic.pdf_reading import is_accessible, opened, title_of

PAGE = """<!DOCTYPE html><html lang="en-GB"><head><title>A letter, for trial</title>
<link rel="stylesheet" href="/assets/paper.css?v=1">{more}</head>
<body class="fw-paper"><main class="fw-sheet"><h1>A letter</h1><p>Words.</p><table><thead><tr><th scope="col">A</th></tr></thead>
<tbody><tr><td>1</td></tr></tbody></table></main></body></html>"""


def test_a_page_becomes_tagged_pdf_ua_with_its_title_and_language() -> None:
    pdf = pdf_of(PAGE.format(more=""))
    assert pdf.startswith(b"%PDF-") and title_of(pdf) == "A letter, for trial" and is_accessible(pdf)
    for tag in ("/H1", "/Table", "/TH", "/P"):
        assert f"/S {tag}" in opened(pdf), tag


@pytest.mark.parametrize(
    "address",
    [
        "https://example.org/x.css",
        "http://clinic.invalid/assets/paper.css",
        "file:///etc/passwd",
        "data:text/css,body{}",
        f"{BASE}/assets/../pdf.py",
        f"{BASE}/assets/%2e%2e/pdf.py",
        f"{BASE}/assets/nothing.css",
        f"{BASE}/patients/p1",
        f"{BASE}.example.org/assets/paper.css",
    ],
)
def test_nothing_but_the_applications_own_assets_can_be_fetched(address: str) -> None:
    with pytest.raises(ValueError, match=r"own files|no such file"):
        OwnFiles().fetch(address)


def test_own_assets_are_served_and_those_for_screens_are_empty() -> None:
    assert b"@page" in OwnFiles().fetch(f"{BASE}/assets/paper.css?v=9").read()


def test_a_page_that_names_another_host_is_made_without_it() -> None:
    more = '<link rel="stylesheet" href="https://example.org/x.css"><style>@import url(file:///etc/passwd);</style>'
    assert is_accessible(pdf_of(PAGE.format(more=more)))


def test_where_the_engine_is_missing_it_says_what_to_install_and_that_the_page_prints() -> None:
    with pytest.raises(NoPdfError) as refused:
        pdf_of(PAGE, engine="facetwise.web.no_such_engine")
    assert refused.value.http_status == 501
    assert str(refused.value) == (
        "No PDF can be made here: WeasyPrint or the Pango that it needs is missing. Install both "
        "(pip install 'facetwise[pdf]'; on Debian libpango-1.0-0, libpangoft2-1.0-0, libharfbuzz-subset0 and a font), "
        "or print the page from the browser."
    )
