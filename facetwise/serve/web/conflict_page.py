"""What is shown when somebody else saved the same patient first: both versions, and nothing lost."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from fastapi import Request
from fastapi.responses import HTMLResponse

from facetwise.clinic.changes import changes_between
from facetwise.clinic.kept import clinic_of
from facetwise.clinic.store import ConflictError
from facetwise.decide.evidence import plain
from facetwise.serve.web.access import state_of
from facetwise.serve.web.places import differences
from facetwise.serve.web.shell import page


def show(request: Request, error: ConflictError) -> HTMLResponse:
    """Where the two versions differ, place by place, and both as a whole."""
    state = state_of(request)
    last = state.store.history(error.theirs.id)[0]
    yours, theirs = _text({**error.yours, "id": error.theirs.id}), _text(error.theirs.document)
    changes = changes_between(json.loads(theirs), json.loads(yours))
    name = clinic_of(error.theirs.document).name or error.theirs.id
    return page(
        request,
        "conflict.html",
        409,
        id=error.theirs.id,
        name=name,
        who=last.who,
        at=last.at,
        differences=differences(changes),
        yours=yours,
        theirs=theirs,
    )


def _text(document: Mapping[str, Any]) -> str:
    return json.dumps(document, ensure_ascii=False, indent=1, sort_keys=True, default=plain)
