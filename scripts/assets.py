"""Fetches what the clinic's pages are drawn with, as package-lock.json pins it, and puts it where they are served from.

The stylesheet's fonts are left out: they are not ours to show, and no page loads anything from outside.
Run by `make setup`, and by setup.py when a wheel is built. Needs npm.
"""

import re
import shutil
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
BUILT = ROOT / "facetwise" / "web" / "assets" / "built"
MODULES = ROOT / "node_modules"


def fetch() -> None:
    """Writes the stylesheet, its icons and htmx into facetwise/web/assets/built. Exits where npm is missing or fails."""
    npm = shutil.which("npm")
    if npm is None:
        sys.exit("npm is missing, which fetches the clinic's stylesheet. Install Node.js 20 or newer, which brings it.")
    subprocess.run([npm, "ci", "--silent", "--ignore-scripts", "--no-audit", "--no-fund"], cwd=ROOT, check=True)
    shutil.rmtree(BUILT, ignore_errors=True)
    BUILT.mkdir(parents=True)
    shutil.copy(MODULES / "htmx.org" / "dist" / "htmx.min.js", BUILT / "htmx.js")
    (source,) = (MODULES / "nhsuk-frontend" / "dist" / "nhsuk").glob("nhsuk-frontend-[0-9]*.min.css")
    stylesheet = without_fonts(source.read_text(encoding="utf-8"))
    for name in set(re.findall(r"url\(/assets/images/([a-z-]+\.svg)", stylesheet)):
        shutil.copy(source.parent / "assets" / "images" / name, BUILT / name)
    # Last, as a build without a stylesheet is taken for one that was broken off.
    (BUILT / "nhsuk.css").write_text(stylesheet.replace("url(/assets/images/", "url("), encoding="utf-8")


def without_fonts(stylesheet: str) -> str:
    """The stylesheet without its fonts and its source map. Exits where something still points outside."""
    text = re.sub(r"@font-face\{[^}]*\}", "", stylesheet)
    text = re.sub(r"/\*# sourceMappingURL.*?\*/", "", text)
    text = re.sub(r"Frutiger W01,\s*", "", text)
    if "http" in re.sub(r"http://www\.w3\.org/2000/svg", "", text):
        sys.exit("The new stylesheet points outside. Look at what has changed in it.")
    return text


if __name__ == "__main__":
    fetch()
