"""Which extra of the package a command lacks: an import that fails names it."""

from __future__ import annotations

# As the extras stand in pyproject.toml, by the name that is imported.
EXTRAS = {
    "clinic": (
        "alembic",
        "argon2",
        "fastapi",
        "limits",
        "multipart",
        "nhsuk_frontend_jinja",
        "psycopg",
        "python_multipart",
        "sqlalchemy",
        "starlette",
        "uvicorn",
    ),
    "pandas": ("pandas",),
    "pdf": ("weasyprint",),
    "polars": ("polars",),
    "report": ("altair", "vl_convert"),
    "spark": ("pyspark",),
}


def how_to_install(missing: ModuleNotFoundError) -> str | None:
    """One sentence on which extra to install for a package that is missing; None for any other module."""
    package = (missing.name or "").partition(".")[0]
    extra = next((extra for extra, packages in EXTRAS.items() if package in packages), None)
    if extra is None:
        return None
    return f"This needs {package}, which is not installed. Install it: pip install 'facetwise[{extra}]'."
