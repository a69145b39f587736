"""Where the SQL dialects part, in one table: what a script says differently for each engine, and where that is documented.

Everything else in a script is the same text in every dialect. SQLGlot writes the operators and functions of each dialect
(+ for || in T-SQL, CHARINDEX, LOCATE, POSITION or STRPOS).
"""

from __future__ import annotations

from dataclasses import dataclass
from types import MappingProxyType

from facetwise.errors import UsageError, nearest
from facetwise.language.units import Quantity, Unit


@dataclass(frozen=True)
class Dialect:
    """One engine's dialect. The notes are comments of the script, each with the page that documents it."""

    name: str  # SQLGlot's name for it too
    engine: str
    no_break_space: str  # an expression for U+00A0, which pads values that were copied from web pages
    long_text: str  # the type that code texts are cast to; '' where no text function cuts a long text
    key_text: str  # the type that patient keys are cast to, which may be numbers
    collation: str  # put on every text column; '' where text is compared exactly without it
    comparing: str
    joining: str
    placing: str
    three_values: str
    as_step: str  # what stands between the name of a step and its SELECT
    documented: str  # the engine's list of functions
    adding_days: str  # a day so many days later; {day} and {n}
    adding_months: str  # so many calendar months later, on the last day of a shorter month
    dating: str

    def days_later(self, day: str, n: int) -> str:
        """The day n days later, or earlier where n is under 0."""
        return self.adding_days.format(day=day, n=n).replace("+ -", "- ") if n else day

    def later(self, day: str, span: Quantity) -> str:
        """The day so much later. Errors: NotImplementedError for what is no span of days, weeks or months."""
        match span.unit:
            case Unit.DAYS:
                return self.days_later(day, span.value)
            case Unit.WEEKS:
                return self.days_later(day, 7 * span.value)
            case Unit.MONTHS:
                return self.adding_months.format(day=day, n=span.value)
            case _:
                raise NotImplementedError(f"{span} is no span of time in SQL. Say it in compile/dialects.py.")


_MICROSOFT = "https://learn.microsoft.com/sql/t-sql"
_SPARK = "https://spark.apache.org/docs/latest"
_POSTGRES = "https://www.postgresql.org/docs/current"
_SNOWFLAKE = "https://docs.snowflake.com/en/sql-reference"
_DATABRICKS = "https://docs.databricks.com/aws/en/sql/language-manual"
_DUCKDB = "https://duckdb.org/docs/stable/sql"
_MONTHS = "A month is added as the calendar has it: 31 January and a month is the last day of February."
_NULL_STAYS = (
    "Text is joined with ||, which gives NULL for a NULL; CONCAT is not used, for engines disagree on it there."
)

_TSQL = Dialect(
    name="tsql",
    engine="SQL Server 2017 or later",
    # CHAR(160) would depend on the code page of the database; NCHAR is Unicode.
    no_break_space="NCHAR(160)",
    # REPLACE cuts what is not of a MAX type at 8,000 bytes, without a word.
    long_text="NVARCHAR(MAX)",
    key_text="NVARCHAR(400)",
    collation="Latin1_General_BIN2",
    comparing=(
        "SQL Server compares text by the collation of its column, often blind to case, and = ignores trailing blanks. So every "
        "text column is put under the binary collation Latin1_General_BIN2 here, once; what is made from it stays under it, "
        f"and padding goes in the next step. {_MICROSOFT}/statements/collation-precedence-transact-sql\nREPLACE cuts a text that "
        f"is not of a MAX type at 8,000 bytes; so the long ones are cast. {_MICROSOFT}/functions/replace-transact-sql"
    ),
    joining=(
        "Text is joined with +, which gives NULL for a NULL (CONCAT_NULL_YIELDS_NULL is ON unless an old client turns it off). "
        f"{_MICROSOFT}/language-elements/string-concatenation-transact-sql"
    ),
    placing=(
        "SQL Server takes [ ] in a LIKE pattern for a class of characters, and no other engine here does; no pattern below "
        f"holds one. {_MICROSOFT}/language-elements/like-transact-sql"
    ),
    three_values=(
        "SQL Server has no boolean column, so a truth is the number 1, 0 or NULL until it is a word. AND, OR and NOT keep NULL "
        f"unknown. {_MICROSOFT}/language-elements/null-and-unknown-transact-sql"
    ),
    as_step="AS",
    documented=f"{_MICROSOFT}/functions/string-functions-transact-sql",
    adding_days="DATEADD(day, {n}, {day})",
    adding_months="DATEADD(month, {n}, {day})",
    dating=f"{_MONTHS} {_MICROSOFT}/functions/dateadd-transact-sql",
)
_SPARK_SQL = Dialect(
    name="spark",
    engine="Apache Spark SQL 3.0 or later",
    # chr() is documented for ASCII alone, and a setting turns the escapes of string literals off; these are its UTF-8 bytes.
    no_break_space="DECODE(UNHEX('C2A0'), 'UTF-8')",
    long_text="",
    key_text="STRING",
    # Spark 3 has no COLLATE, and compares text byte by byte; Spark 4 does so unless a column names a collation.
    collation="",
    comparing=(
        "Spark compares text byte by byte (from 4.0 on, unless your column names another collation than UTF8_BINARY), and pads a "
        f"CHAR(n) column; the padding goes in the next step. {_SPARK}/sql-ref-datatypes.html"
    ),
    joining=f"{_NULL_STAYS} {_SPARK}/api/sql/#_32",
    placing=(
        r"In a LIKE pattern only % and _ (and the escape \) mean something; no pattern below holds _ or an escape. "
        f"{_SPARK}/sql-ref-syntax-qry-select-like.html"
    ),
    three_values=f"AND, OR and NOT keep NULL unknown. {_SPARK}/sql-ref-null-semantics.html",
    as_step="AS",
    documented=f"{_SPARK}/api/sql/",
    adding_days="DATE_ADD({day}, {n})",
    adding_months="ADD_MONTHS({day}, {n})",
    dating=f"{_MONTHS} {_SPARK}/api/sql/#add_months",
)
_DATABRICKS_SQL = Dialect(
    name="databricks",
    engine="Databricks SQL and Databricks Runtime 11.3 LTS or later",
    # chr() is documented for ASCII alone, and no escape for U+00A0; these are its UTF-8 bytes.
    no_break_space="DECODE(UNHEX('C2A0'), 'UTF-8')",
    long_text="",
    key_text="STRING",
    # COLLATE came with Runtime 16.1; without it text is UTF8_BINARY.
    collation="",
    comparing=(
        "Databricks compares text exactly, case and blanks included, unless your column names another collation than "
        f"UTF8_BINARY. {_DATABRICKS}/sql-ref-collation"
    ),
    joining=f"{_NULL_STAYS} {_DATABRICKS}/functions/pipepipesign",
    placing=(
        r"In a LIKE pattern only % and _ (and the escape \) mean something; no pattern below holds _ or an escape. "
        f"{_DATABRICKS}/functions/like"
    ),
    three_values=f"AND, OR and NOT keep NULL unknown. {_DATABRICKS}/sql-ref-null-semantics",
    as_step="AS",
    documented=f"{_DATABRICKS}/sql-ref-functions-builtin",
    adding_days="DATE_ADD({day}, {n})",
    adding_months="ADD_MONTHS({day}, {n})",
    dating=f"{_MONTHS} {_DATABRICKS}/functions/add_months",
)
_SNOWFLAKE_SQL = Dialect(
    name="snowflake",
    engine="Snowflake",
    no_break_space="CHR(160)",
    long_text="",
    key_text="VARCHAR",
    # 'utf8' compares by code point, whatever the column, schema or account says.
    collation="",
    comparing=(
        "Snowflake compares text exactly, case and blanks included, unless your column, schema or account sets a collation. "
        f"Where one is set, read the text columns below through COLLATE(column, 'utf8'). {_SNOWFLAKE}/collation"
    ),
    joining=f"{_NULL_STAYS} {_SNOWFLAKE}/functions/concat",
    placing=f"In a LIKE pattern only % and _ mean something; no pattern below holds _. {_SNOWFLAKE}/functions/like",
    three_values=f"AND, OR and NOT keep NULL unknown. {_SNOWFLAKE}/ternary-logic",
    as_step="AS",
    documented=f"{_SNOWFLAKE}/functions-string",
    adding_days="DATEADD(day, {n}, {day})",
    adding_months="DATEADD(month, {n}, {day})",
    dating=(
        f"{_MONTHS} ADD_MONTHS would carry the last day of a short month to the last day of a long one: it is not used. "
        f"{_SNOWFLAKE}/functions/dateadd"
    ),
)
_POSTGRES_SQL = Dialect(
    name="postgres",
    engine="PostgreSQL 12 or later, with the encoding UTF8",
    no_break_space="CHR(160)",
    long_text="",
    key_text="TEXT",
    collation='"C"',
    comparing=(
        'PostgreSQL compares and upper-cases text by the collation of its column. "C" is put on each here, once: it compares '
        "byte by byte and upper-cases A to Z alike in every locale, and LIKE takes it where it would refuse a nondeterministic "
        f"collation. {_POSTGRES}/collation.html"
    ),
    joining=f"{_NULL_STAYS} {_POSTGRES}/functions-string.html",
    placing=(
        r"In a LIKE pattern only % and _ (and the escape \) mean something; no pattern below holds _ or an escape. "
        f"{_POSTGRES}/functions-matching.html"
    ),
    three_values=f"AND, OR and NOT keep NULL unknown. {_POSTGRES}/functions-logical.html",
    # From PostgreSQL 12 on a step that is read once is written into the next, over and over where its columns are used
    # often; kept apart, each value is computed once. https://www.postgresql.org/docs/current/queries-with.html
    as_step="AS MATERIALIZED",
    documented=f"{_POSTGRES}/functions-string.html",
    adding_days="{day} + {n}",
    adding_months="CAST({day} + INTERVAL '{n} months' AS DATE)",
    dating=f"{_MONTHS} {_POSTGRES}/functions-datetime.html",
)
_DUCKDB_SQL = Dialect(
    name="duckdb",
    engine="DuckDB 1.0 or later",
    no_break_space="CHR(160)",
    long_text="",
    key_text="VARCHAR",
    # The default is BINARY; a COLLATE here would only hide a default_collation that somebody set.
    collation="",
    comparing=(
        "DuckDB compares text exactly, case and blanks included, unless your column or default_collation says otherwise. "
        f"{_DUCKDB}/expressions/collations"
    ),
    joining=f"{_NULL_STAYS} {_DUCKDB}/functions/text",
    placing=f"In a LIKE pattern only % and _ mean something; no pattern below holds _. {_DUCKDB}/functions/pattern_matching",
    three_values=f"AND, OR and NOT keep NULL unknown. {_DUCKDB}/expressions/logical_operators",
    as_step="AS",
    documented=f"{_DUCKDB}/functions/text",
    adding_days="{day} + {n}",
    adding_months="CAST({day} + INTERVAL '{n} months' AS DATE)",
    dating=f"{_MONTHS} {_DUCKDB}/functions/date",
)

DIALECTS = MappingProxyType(
    {
        dialect.name: dialect
        for dialect in (_DUCKDB_SQL, _TSQL, _SPARK_SQL, _SNOWFLAKE_SQL, _POSTGRES_SQL, _DATABRICKS_SQL)
    }
)


def dialect_named(name: str) -> Dialect:
    """The dialect of that name. Errors: UsageError with the nearest known name."""
    if name not in DIALECTS:
        raise UsageError(f"There is no dialect '{name}'." + nearest(name, DIALECTS))
    return DIALECTS[name]
