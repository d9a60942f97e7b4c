"""Requests that a program may send again: the header `Idempotency-Key` names them."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from typing import Any

from django.http import HttpRequest, HttpResponse

from belvedere.domains.access.public import do_once
from belvedere.faces.rest.tokens import actor_of
from belvedere.kernel.errors import N_, InvalidInput
from belvedere.kernel.identifiers import sha256

HEADER = "Idempotency-Key"
PATTERN = r"^[\x21-\x7e]{1,200}$"


def _described(*, required: bool) -> dict[str, Any]:
    about = "Of your own, one for each request: sent again under it, the request is not done again (7 days)"
    return {
        "parameters": [
            {
                "name": HEADER,
                "in": "header",
                "required": required,
                "description": about,
                "schema": {"type": "string", "pattern": "^[A-Za-z0-9_-]{1,200}$"},
            }
        ]
    }


#: For what a repetition would do twice, and for what it would not.
KEYED = _described(required=True)
MAY_BE_KEYED = _described(required=False)


class KeyNeeded(InvalidInput):
    """What was asked for could be done twice by a repetition, and has no key."""

    default_code = "key_needed"


def once(
    request: HttpRequest, response: HttpResponse, do: Callable[[], Sequence[object]], *, needed: bool
) -> tuple[str, ...]:
    """Do it once for its key, and give what was made then.

    Raises:
        KeyNeeded: it has no key and needs one. KeyUsed: the key was another request's.
    """
    key = request.headers.get(HEADER, "").strip().strip('"')
    if not key and not needed:
        return tuple(str(one) for one in do())
    if not re.fullmatch(PATTERN, key):
        raise KeyNeeded(
            N_("Send a key of your own as “Idempotency-Key”, 1 to 200 letters: sent twice, it is done once."),
            field=HEADER,
        )
    what = sha256(f"{request.method} {request.path}\n".encode() + request.body)
    made = do_once(actor=actor_of(request), key=key, what=what, do=lambda: [str(one) for one in do()])
    if made.again:
        response["Idempotent-Replayed"] = "true"
    return made.ids
