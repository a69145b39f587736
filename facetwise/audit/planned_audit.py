"""What an audit would read and compute: --dry-run."""

from __future__ import annotations

from dataclasses import replace

from facetwise.audit.request import AuditQuestion, reading_for
from facetwise.compile.audit.query import asked_sql
from facetwise.count.dry_run import Planned, opened_for, planned


def planned_audit(question: AuditQuestion, engine: str = "duckdb") -> Planned:
    """What an audit would do: find the denervations, then ask policies of each. sql: both, one after the other."""
    opened = opened_for(question.inputs, question.layout, engine)
    made = planned("audit", opened, reading_for(question), (question.of,), engine)
    sql = (
        f"{made.sql};\n\n-- of each denervation, as several records: see docs/audit.md\n{asked_sql(question.policies)}"
    )
    return replace(made, policies=question.policies, sql=sql)
