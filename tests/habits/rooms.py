"""The house as its imports draw it: packages in order, what each holds, and which takes from which."""

from __future__ import annotations

import ast
from collections import defaultdict
from pathlib import Path

PACKAGE = Path("facetwise")

# From the ground up: a package imports only itself and those before it.
ORDER = (
    "errors",
    "clock",
    "plural",
    "toml_table",
    "note",
    "language",
    "record.fhir",
    "record",
    "guidance",
    "guidance.definitions",
    "guidance.policies",
    "library",
    "information.model",
    "information",
    "spells",
    "spells.normalise",
    "spells.reading",
    "spells.synthetic",
    "decide",
    "compile",
    "compile.duckdb",
    "compile.spark",
    "compile.scripts",
    "compile.audit",
    "statistics",
    "lookups",
    "count",
    "audit",
    "variation",
    "disclosure",
    "api",
    "clinic",
    "clinic.model",
    "clinic.store",
    "clinic.store.migrations",
    "clinic.store.migrations.versions",
    "clinic.accounts",
    "clinic.block",
    "clinic.follow_up",
    "clinic.procedure",
    "clinic.pathway",
    "clinic.letters",
    "clinic.demo",
    "pages",
    "report",
    "web.charts",
    "web.frame",
    "web.patient",
    "web.staff",
    "web",
    "cli.terminal",
    "cli",
)


def files() -> list[Path]:
    return sorted(PACKAGE.rglob("*.py"))


def package(path: Path) -> str:
    """The package that a file lies in, `compile.spark`; a file of the top folder is one of its own."""
    inside = path.relative_to(PACKAGE)
    return ".".join(inside.parts[:-1]) if len(inside.parts) > 1 else inside.stem


def modules_imported(path: Path) -> set[str]:
    """The modules of Facetwise that a file imports, wherever in it."""
    known = {".".join(file.with_suffix("").parts) for file in files()}
    found: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            inside = {f"{node.module}.{alias.name}" for alias in node.names}
            found |= {name if name in known else node.module for name in inside}
    return {name for name in found if name.startswith("facetwise.")}


def files_imported() -> dict[Path, set[Path]]:
    """Each file with the other files that it imports."""
    return {path: {_file(name) for name in modules_imported(path)} - {path} for path in files()}


def _file(module: str) -> Path:
    at = PACKAGE.joinpath(*module.split(".")[1:])
    return at / "__init__.py" if at.is_dir() else at.with_suffix(".py")


def packages_imported() -> dict[str, set[str]]:
    """Each package with the others that it imports."""
    arrows: dict[str, set[str]] = defaultdict(set)
    for path in files():
        for name in modules_imported(path):
            other = package(_file(name))
            if other != package(path):
                arrows[package(path)].add(other)
    return arrows
