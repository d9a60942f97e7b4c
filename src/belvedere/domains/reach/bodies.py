"""What is written of a gateway, as it is stored and as it is checked."""

from __future__ import annotations

import json
import re
from typing import Any, Final

import msgspec
from msgspec import Struct

from belvedere.domains.reach.errors import BadGateway
from belvedere.domains.reach.states import Coding, Method
from belvedere.engines.outgoing import AddressRefused, checked_url
from belvedere.kernel.errors import N_

#: What stands for something in addresses, headers and bodies of HTTP gateways.
PLACES: Final = (
    "to", "to_00", "to_digits", "text", "text_xml", "language", "user", "secret", "basic", "sender", "key"
)  # fmt: skip
LONGEST: Final = 4000
_PLACE = re.compile(r"\{([a-z0-9_]+)\}")
_HEADER = re.compile(r"[A-Za-z0-9_-]{1,60}\Z")


class HttpBody(Struct, frozen=True, omit_defaults=True):
    """How an HTTP gateway is asked. Address, values of headers and texts of `body` hold {places}.

    `answer_id`: where the number of the message is in a JSON answer, as "messages.0.id". `taken`: words the
    answer holds when the message was taken, for gateways that answer 200 to everything.
    """

    url: str
    method: Method = Method.POST
    headers: tuple[tuple[str, str], ...] = ()
    coding: Coding = Coding.JSON
    body: str = ""
    answer_id: str = ""
    taken: str = ""
    user: str = ""
    sender: str = ""


class RoomBody(Struct, frozen=True, omit_defaults=True):
    """`url`: of the homeserver, or of the receiver; `room`: of Matrix."""

    url: str
    room: str = ""


class Subscribed(Struct, frozen=True):
    """A push subscription as its browser gives it: keys in base64 for addresses (RFC 8291)."""

    endpoint: str
    key: str
    auth: str


def packed(body: Struct) -> Any:
    """As JSON values, for a column."""
    return msgspec.to_builtins(body)


def http_body(stored: Any) -> HttpBody:
    return msgspec.convert(stored, HttpBody)


def room_body(stored: Any) -> RoomBody:
    return msgspec.convert(stored, RoomBody)


def checked_http(body: HttpBody) -> HttpBody:
    """The same; BadGateway says what is wrong, and in which field."""
    _places("url", body.url)
    if "{" in "/".join(body.url.split("/")[:3]):
        raise BadGateway(N_("The name of the server is written whole, without braces."), field="url")
    _address(_PLACE.sub("0", body.url))
    for name, value in body.headers:
        if not _HEADER.match(name) or not value.isprintable():
            raise BadGateway(N_("Write each header on a line, as “Name: value”."), field="headers")
        _places("headers", value)
    if body.method is Method.GET or body.coding is Coding.NONE:
        if "{text" not in body.url:
            raise BadGateway(
                N_("Without a body, the address says the text: put {{text}} into it."), field="url"
            )
        return msgspec.structs.replace(body, coding=Coding.NONE, body="")
    _places("body", body.body)
    try:
        told = json.loads(body.body)
    except ValueError:
        raise BadGateway(
            N_('The body is written as JSON, for example {{"to": "{{to}}", "text": "{{text}}"}}.'),
            field="body",
        ) from None
    if not isinstance(told, dict):
        raise BadGateway(N_("The body is one JSON object, in braces."), field="body")
    if body.coding is Coding.FORM and any(isinstance(one, dict | list) for one in told.values()):
        raise BadGateway(N_("A form holds texts and numbers only, no lists."), field="body")
    if "{text" not in body.body:
        raise BadGateway(N_("Put {{text}} where the message goes."), field="body")
    return body


def checked_room(body: RoomBody, *, is_matrix: bool) -> RoomBody:
    _address(body.url)
    if is_matrix and not re.match(r"[!#][^\s/?]{1,250}\Z", body.room):
        raise BadGateway(
            N_("Give the identifier of the room, as in !abc:example.org."),
            field="room",
        )
    return body


def _address(url: str) -> None:
    try:
        checked_url(url, LONGEST)
    except AddressRefused as error:
        raise BadGateway(error.message, **{**error.data, "field": "url"}) from None


def _places(field: str, text: str) -> None:
    if len(text) > LONGEST:
        raise BadGateway(N_("This is too long: {most} characters at most."), most=LONGEST, field=field)
    unknown = sorted(set(_PLACE.findall(text)) - set(PLACES))
    if unknown:
        raise BadGateway(
            N_("{{{unknown}}} stands for nothing. Use one of: {known}."),
            unknown=unknown[0],
            known=", ".join("{" + one + "}" for one in PLACES),
            field=field,
        )


def filled(text: str, values: dict[str, str]) -> str:
    """`text` with what its places stand for."""
    return _PLACE.sub(lambda found: values.get(found[1], found[0]), text)
