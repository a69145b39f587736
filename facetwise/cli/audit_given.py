"""Gives the answers of an audit, in any format, protected or not."""

from __future__ import annotations

import pyarrow as pa

from facetwise.audit.results import AuditResults
from facetwise.cli import output
from facetwise.cli.output import Format
from facetwise.cli.terminal.audit import audit_shown, audits_shown, disclosed_audits_shown
from facetwise.disclosure.protect import Profile
from facetwise.disclosure.protected_audit import disclosed_audits


def give(form: Format, results: AuditResults, profile: Profile) -> None:
    """Write the answers to standard output, and what is to be known beside them to standard error."""
    if not profile.is_open:
        _give_disclosed(form, results, profile)
        return
    output.set_aside(results[0].input)
    _beside(form, results)
    if len(results) == 1:
        output.give(form, lambda: audit_shown(results[0]), results[0].to_json, results[0].to_arrow)
        return
    output.give(form, lambda: audits_shown(results), results.to_json, results.to_arrow)


def _give_disclosed(form: Format, results: AuditResults, profile: Profile) -> None:
    audits = disclosed_audits(results, profile)
    _beside(form, audits)
    told = [one.to_json() for one in audits]
    output.give(
        form,
        lambda: disclosed_audits_shown(audits),
        lambda: told[0] if len(told) == 1 else told,
        lambda: pa.concat_tables((one.told(form is Format.CSV) for one in audits), promote_options="default"),
    )


def _beside(form: Format, answers: object) -> None:
    """A line an answer, for the formats that hold its criteria alone."""
    assert isinstance(answers, AuditResults | tuple)
    for one in answers if form in (Format.CSV, Format.PARQUET) else ():
        output.note(repr(one))
