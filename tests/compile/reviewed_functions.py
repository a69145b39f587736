"""Every function that a script may use, reviewed against each engine's reference (`documented` of its dialect)."""

_SHARED = frozenset({"COALESCE", "LEFT", "LTRIM", "REPLACE", "REVERSE", "RIGHT", "TRIM", "UPPER"})
OF_AUDITS = frozenset({"CAST", "COUNT", "MAX", "MIN", "SUM"})
"""What the script of an audit uses besides, in standard SQL and in every engine."""
REVIEWED = {
    "duckdb": _SHARED | {"CHR", "STRPOS"},
    "tsql": _SHARED | {"CAST", "CHARINDEX", "NCHAR"},
    "spark": _SHARED | {"DECODE", "LOCATE", "UNHEX"},
    "databricks": _SHARED | {"DECODE", "LOCATE", "UNHEX"},
    "snowflake": _SHARED | {"CHARINDEX", "CHR"},
    "postgres": _SHARED | {"CHR", "POSITION"},
}
