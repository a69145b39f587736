"""Walking a running clinic: every page that links lead to, one or two of each kind, and what axe says of each."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

from playwright.sync_api import Page

AXE = Path("node_modules/axe-core/axe.min.js")
_RUN = """async () => {
  const found = await axe.run(document, {resultTypes: ["violations"]});
  return found.violations.map(v => v.id + ": " + v.nodes.slice(0, 3).map(n => n.target.join(" ") + " " + (n.any[0]?.message || n.none[0]?.message || n.all[0]?.message || "")).join(" | "));
}"""
_DOWNLOADS = (".json", ".csv", ".pdf")
_STORIES = (
    "milo-alarm",
    "noel-ready",
    "gina-twice",
    "percy-soreham",
    "olga-largeprint",
    "ben-halfasked",
    "ravi-better",
    "fay-nowadays",
)


def kind_of(path: str) -> str:
    """'/patients/:/blocks/:' for every page of one kind."""
    parts = urlsplit(path)
    kind = re.sub(r"^/patients/(?!new$|new/)[^/.]+", "/patients/:", unquote(parts.path))
    kind = re.sub(r"^/my/[^/]+", "/my/:", kind)
    names = sorted(pair.partition("=")[0] for pair in parts.query.split("&") if pair)
    return re.sub(r"/\d+(?=/|$)", "/:", kind) + ("?" + "&".join(names) if names else "")


def walk(page: Page, address: str, start: str, most: int, each: int = 2) -> Iterator[str]:
    """Every kind of page that links lead to from a start, at most `each` of a kind. Yields the path once it is open."""
    queue, seen = [start], {start}
    opened: dict[str, int] = {}
    while queue and sum(opened.values()) < most:
        path = queue.pop(0)
        kind = kind_of(path)
        if opened.get(kind, 0) >= each:
            continue
        opened[kind] = opened.get(kind, 0) + 1
        answer = page.goto(address + path)
        assert answer is not None and answer.status == 200, (path, answer.status if answer else None)
        yield path
        for found in links(page):
            if found not in seen and _of_a_story(found):
                seen.add(found)
                queue.append(found)


def links(page: Page) -> list[str]:
    """The pages of the clinic that a page leads to."""
    found: list[str] = page.eval_on_selector_all("a[href]", "all => all.map(a => a.getAttribute('href'))")
    local = [link.partition("#")[0] for link in found if link.startswith("/") and not link.startswith("//")]
    return [link for link in dict.fromkeys(local) if link and not urlsplit(link).path.endswith(_DOWNLOADS)]


def _of_a_story(path: str) -> bool:
    """Patients whose stories between them reach every page; the rest of the demo is more of the same."""
    match = re.match(r"/patients/([^/?]+)", path)
    return match is None or match[1] in (*_STORIES, "new")


def faults(page: Page) -> list[str]:
    """What axe-core finds on the open page."""
    if not page.evaluate("typeof window.axe === 'object'"):
        page.evaluate(AXE.read_text(encoding="utf-8"))
    found: list[Any] = page.evaluate(_RUN)
    return [str(one) for one in found]


def too_wide(page: Page) -> bool:
    """Whether the page scrolls sideways."""
    return bool(page.evaluate("document.documentElement.scrollWidth > document.documentElement.clientWidth"))
