"""@contexts that are kept here, over HTTP (clauses 6.29 and 6.30)."""

from __future__ import annotations

from typing import Any

from belvedere.domains.context.public import (
    Hosted,
    host_context,
    hosted_context,
    hosted_contexts,
    unhost_context,
)
from belvedere.faces.ngsi_ld.answers import NO_CONTENT, Answer, created, plain
from belvedere.faces.ngsi_ld.calls import LD_JSON, Call
from belvedere.kernel.errors import N_
from belvedere.standards.ngsi_ld.problems import BadRequestData
from belvedere.standards.ngsi_ld.writing import instant

KINDS = frozenset({"", "hosted", "cached", "implicitlycreated"})


def add(call: Call) -> Answer:
    """Keep an @context (6.29.3.1)."""
    body = call.json()
    if not isinstance(body, dict) or "@context" not in body:
        raise BadRequestData(N_("The body must be a JSON object with an “@context”."))
    made = host_context(actor=call.caller.actor, territory=call.caller.territory, body=body)
    return created(f"/ngsi-ld/v1/jsonldContexts/{made.id}")


def listed(call: Call) -> Answer:
    """Those that are kept here (6.29.3.2)."""
    kind = call.parameters.get("kind", "").lower()
    if kind not in KINDS:
        raise BadRequestData(N_("“{name}” knows only {known}."), name="kind", known=sorted(KINDS - {""}))
    found = hosted_contexts(call.caller.territory) if kind in ("", "hosted") else []
    return plain([_details(one) for one in found] if call.flag("details") else [one.url for one in found])


def serve(call: Call, context_id: str) -> Answer:
    """One of them, or (`details=true`) what is known of it (6.30.3.1)."""
    found = hosted_context(context_id)
    if call.flag("details"):
        return plain(_details(found))
    answer = plain({"@context": found.body["@context"]})
    answer.headers = [("Content-Type", LD_JSON)]
    return answer


def remove(call: Call, context_id: str) -> Answer:
    """Take one away (6.30.3.2)."""
    unhost_context(actor=call.caller.actor, territory=call.caller.territory, context_id=context_id)
    return NO_CONTENT


def _details(one: Hosted) -> dict[str, Any]:
    return {
        "URL": one.url,
        "localId": str(one.id),
        "kind": "Hosted",
        "timestamp": instant(one.created_at),
        "body": {"@context": one.body["@context"]},
    }
