"""Subscriptions over HTTP (clauses 6.10 and 6.11)."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from belvedere.domains.context.public import context_document
from belvedere.domains.exchange import public as exchange
from belvedere.faces.ngsi_ld.answers import NO_CONTENT, Answer, Header, created, document, wanted
from belvedere.faces.ngsi_ld.calls import Call
from belvedere.kernel.errors import N_
from belvedere.standards.ngsi_ld.contexts import Context
from belvedere.standards.ngsi_ld.problems import BadRequestData
from belvedere.standards.ngsi_ld.reading import take_context

PATH = "/ngsi-ld/v1/subscriptions"
USUAL, MOST = 20, 1000


def create(call: Call) -> Answer:
    """Create a subscription (6.10.3.1)."""
    given, context = _body(call)
    caller = call.caller
    urn = exchange.create_subscription(
        actor=caller.actor, territory=caller.territory, given=given, context=context
    )
    return created(f"{PATH}/{urn}")


def query(call: Call) -> Answer:
    """The subscriptions of the caller (6.10.3.2)."""
    media = wanted(call)
    context = call.context()
    limit, offset = _number(call, "limit", USUAL, MOST), _number(call, "offset", 0, 10**9)
    caller = call.caller
    page = exchange.query(caller.actor, caller.territory, context, limit=limit, offset=offset)
    headers: list[Header] = []
    if call.flag("count"):
        headers.append(("NGSILD-Results-Count", str(page.total)))
    for rel, start, there in (
        ("prev", max(0, offset - limit), offset > 0),
        ("next", offset + limit, offset + limit < page.total),
    ):
        if there and limit:
            asked = urlencode({**call.parameters, "limit": limit, "offset": start})
            headers.append(("Link", f'<{PATH}?{asked}>;rel="{rel}";type="{media}"'))
    return document(call, list(page.rows), context, media=media, headers=headers)


def retrieve(call: Call, urn: str) -> Answer:
    """One subscription (6.11.3.1)."""
    media = wanted(call)
    context = call.context()
    found = exchange.retrieve(call.caller.actor, call.caller.territory, urn, context)
    return document(call, found, context, media=media)


def update(call: Call, urn: str) -> Answer:
    """Change a subscription by a fragment (6.11.3.2)."""
    given, context = _body(call)
    caller = call.caller
    exchange.update_subscription(
        actor=caller.actor, territory=caller.territory, urn=urn, given=given, context=context
    )
    return NO_CONTENT


def delete(call: Call, urn: str) -> Answer:
    """Remove a subscription (6.11.3.3)."""
    exchange.delete_subscription(actor=call.caller.actor, territory=call.caller.territory, urn=urn)
    return NO_CONTENT


def _body(call: Call) -> tuple[Any, Context]:
    given = call.json()
    if given == {}:
        return {}, call.context()
    return take_context(given, call.link, call.content_type, context_document)


def _number(call: Call, name: str, usual: int, most: int) -> int:
    text = call.parameters.get(name)
    if text is None:
        return usual
    if not text.isascii() or not text.isdigit() or int(text[:12]) > most:
        raise BadRequestData(
            N_("“{name}” is a whole number from {least} to {most}."), name=name, least=0, most=most
        )
    return int(text)
