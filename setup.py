"""Lets a wheel and a source distribution hold the clinic's stylesheet, which is fetched and never committed.

Everything else about the package stands in pyproject.toml.
"""

import runpy
import shutil
import sys
from pathlib import Path
from typing import Any

from setuptools import setup
from setuptools.command.build_py import build_py
from setuptools.command.sdist import sdist

HERE = Path(__file__).resolve().parent


def fetch_assets() -> None:
    """Fetches the stylesheet where it is missing. Without npm the package is built all the same: only the clinic lacks it."""
    if (HERE / "facetwise" / "web" / "assets" / "built" / "nhsuk.css").is_file():
        return
    if shutil.which("npm") is None:
        sys.stderr.write("npm is missing: this build of Facetwise has no stylesheet for the clinic's pages.\n")
        return
    runpy.run_path(str(HERE / "scripts" / "assets.py"), run_name="__main__")


class BuildWithAssets(build_py):
    """Copies the package's files, the fetched ones among them."""

    def run(self) -> None:
        if not self.editable_mode:  # a checkout fetches them by `make setup`
            fetch_assets()
        super().run()


class SdistWithAssets(sdist):
    """Packs the sources, the fetched files among them, so that a wheel made from them needs no npm."""

    def run(self) -> None:
        fetch_assets()
        super().run()


commands: dict[str, Any] = {"build_py": BuildWithAssets, "sdist": SdistWithAssets}
setup(cmdclass=commands)
