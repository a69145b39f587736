"""The page for a save that came second, after somebody else's or a first press: both versions, nothing lost."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from fastapi import Request
from fastapi.responses import HTMLResponse

from facetwise.clinic.model.clinic_record import clinic_of
from facetwise.clinic.store.json_diff import changes_between
from facetwise.clinic.store.patients import ConflictError
from facetwise.decide.evidence import plain
from facetwise.web.frame.access import session_of, state_of
from facetwise.web.frame.change_text import differences
from facetwise.web.frame.layout import page


def show(request: Request, error: ConflictError) -> HTMLResponse:
    """Where the two versions differ, place by place, and both as a whole."""
    state = state_of(request)
    entries = state.store.history(error.theirs.id)
    last, session = entries[0], session_of(request)
    since = [entry.who for entry in entries if (entry.version or 0) > error.base]
    own = session is not None and bool(error.base) and set(since) == {session.person.sign_in}
    yours, theirs = _text({**error.yours, "id": error.theirs.id}), _text(error.theirs.document)
    changes = changes_between(json.loads(theirs), json.loads(yours))
    name = clinic_of(error.theirs.document).name or error.theirs.id
    return page(
        request,
        "conflict.html",
        409,
        id=error.theirs.id,
        name=name,
        own=own,
        who=last.who,
        at=last.at,
        differences=differences(changes),
        yours=yours,
        theirs=theirs,
    )


def _text(document: Mapping[str, Any]) -> str:
    return json.dumps(document, ensure_ascii=False, indent=1, sort_keys=True, default=plain)
