"""The command that checks the library, and policy files of one's own."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated

import typer

from facetwise.cli.check_definitions import check_definitions
from facetwise.cli.check_policies import check_policies, policy_in
from facetwise.cli.messages import note
from facetwise.library import DEFINITIONS, POLICIES


def check(
    files: Annotated[
        list[Path] | None, typer.Argument(metavar="[FILE.py...]", help="Policy files of your own to check as well.")
    ] = None,
) -> None:
    """Check the library itself, and policy files of your own.

    It checks citations, dates, examples and code systems, and that no criterion is unreachable or met by an empty record.
    """
    faults, summary = check_definitions(tuple(DEFINITIONS.values()))
    own = [policy_in(path) for path in files or ()]
    policy_faults, policy_summary = check_policies((*POLICIES.values(), *own))
    for line in () if faults or policy_faults else (*summary, *policy_summary):
        sys.stdout.write(line + "\n")
    for fault in (*faults, *policy_faults):
        note(f"PolicyError: {fault}")
    if faults or policy_faults:
        raise typer.Exit(4)
