"""The command that writes scripts: a counting definition, or a policy asked of linked activity."""

from __future__ import annotations

import sys
from typing import Annotated

import typer

from facetwise.audit.request import kinds_of
from facetwise.cli.audit import OfOption
from facetwise.cli.options import CompleteOption, CoversOption, covered_dates, words
from facetwise.compile.scripts.dialects import DIALECTS
from facetwise.errors import UsageError
from facetwise.library import DEFAULT, definition, policy

DefinitionOption = Annotated[
    str | None,
    typer.Option("--definition", metavar="ID", help=f"Which definition. Default, without a policy: {DEFAULT.id}."),
]
PolicyOption = Annotated[
    str | None, typer.Option("--policy", metavar="ID", help="Audit every denervation against a policy instead.")
]
DialectOption = Annotated[str, typer.Option("--dialect", metavar="D", help=", ".join(DIALECTS) + ".")]
_OF, _COMPLETE = "any-v48", "denervations"


def sql(
    name: DefinitionOption = None,
    policy_name: PolicyOption = None,
    dialect: DialectOption = "duckdb",
    of: OfOption = _OF,
    covers: CoversOption = None,
    complete: CompleteOption = _COMPLETE,
) -> None:
    """Write a definition or a policy as one readable SQL script.

    With --policy the script audits each denervation in linked activity, as facetwise audit does; --of, --covers and
    --complete mean the same.
    """
    from facetwise.compile.scripts.audit_script import audit_script
    from facetwise.compile.scripts.definition_script import script

    if policy_name is None:
        if (of, covers, complete) != (_OF, None, _COMPLETE):
            raise UsageError("--of, --covers and --complete are of audits. Add --policy ID, or leave them out.")
        text = script(definition(name or DEFAULT.id), dialect)
    elif name is not None:
        raise UsageError("A script holds a definition or a policy. Give --definition or --policy, not both.")
    else:
        text = audit_script(
            policy(policy_name), dialect, definition(of), covered_dates(covers), kinds_of(words(complete))
        )
    sys.stdout.write(text.rstrip() + "\n")
