"""A message through a gateway: what is asked of it, and what its answer means. No table is touched here.

The same `key` is the same message: Matrix takes it once, receivers of webhooks and some providers know it
again. An HTTP gateway that does not may tell twice after a crash; it never tells less than once.
"""

from __future__ import annotations

import base64
import json
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final
from urllib.parse import quote, urlencode
from xml.sax.saxutils import escape

from belvedere.domains.reach import bodies
from belvedere.domains.reach.bodies import HttpBody, RoomBody, filled
from belvedere.domains.reach.states import Coding, Kind, Method
from belvedere.engines import outgoing, signing
from belvedere.engines.outgoing import AddressRefused, Answer, NobodyThere, Unreachable

#: What another try may change: the network, a busy or broken server.
_PASSING: Final = frozenset({408, 425, 429})
SAID_MOST: Final = 300


@dataclass(frozen=True, slots=True)
class Outgoing:
    """What is to be told. `to`: the number in E.164, "" of a room."""

    to: str
    text: str
    language: str
    key: str


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of it. `wrong`: None when it was taken, else the status and words of the answer, or the
    msgid `message` with its `data`. `is_permanent`: trying again will not help. `is_unsure`: no answer came,
    so it may have been taken."""

    number: str = ""
    wrong: dict[str, Any] | None = None
    is_permanent: bool = False
    is_unsure: bool = False

    @property
    def taken(self) -> bool:
        return self.wrong is None


def send(kind: Kind, settings: Any, secret: str, told: Outgoing, at: datetime) -> Outcome:
    """Tell it through a gateway; whatever happens is an outcome."""

    def hidden(said: str) -> str:
        for one in (secret, told.to, told.to.lstrip("+")):
            said = said.replace(one, "•••") if len(one) > 3 else said
        return said[:SAID_MOST]

    try:
        if kind is Kind.HTTP:
            return _through_http(bodies.http_body(settings), secret, told, hidden)
        room = bodies.room_body(settings)
        if kind is Kind.MATRIX:
            return judged(_to_matrix(room, secret, told), "", "event_id", hidden)
        return judged(_to_webhook(room, secret, told, at), "", "", hidden)
    except (Unreachable, AddressRefused) as error:
        return unreached(error, hidden)


def _through_http(body: HttpBody, secret: str, told: Outgoing, hidden: Callable[[str], str]) -> Outcome:
    digits = told.to.lstrip("+")
    values = {
        "to": told.to,
        "to_00": f"00{digits}",
        "to_digits": digits,
        "text": told.text,
        "text_xml": escape(told.text, {'"': "&quot;"}),
        "language": told.language,
        "user": body.user,
        "secret": secret,
        "basic": base64.b64encode(f"{body.user}:{secret}".encode()).decode("ascii"),
        "sender": body.sender,
        "key": told.key,
    }
    url = filled(body.url, {name: quote(value, safe="") for name, value in values.items()})
    headers = {name: filled(value, values) for name, value in body.headers}
    content: bytes | None = None
    if body.coding is not Coding.NONE and body.method is not Method.GET:
        # The texts are put into what was read as JSON: no message can end a text and begin another member.
        members = _with_texts(json.loads(body.body), values)
        if body.coding is Coding.FORM:
            content = urlencode(members).encode("ascii")
            headers.setdefault("Content-Type", "application/x-www-form-urlencoded")
        else:
            content = json.dumps(members, ensure_ascii=False).encode("utf-8")
            headers.setdefault("Content-Type", "application/json")
    answer = outgoing.call(body.method.value, url, content, headers, longest=2 * bodies.LONGEST)
    return judged(answer, body.taken, body.answer_id, hidden)


def _with_texts(told: Any, values: dict[str, str]) -> Any:
    if isinstance(told, dict):
        return {name: _with_texts(one, values) for name, one in told.items()}
    if isinstance(told, list):
        return [_with_texts(one, values) for one in told]
    return filled(told, values) if isinstance(told, str) else told


def _to_matrix(room: RoomBody, secret: str, told: Outgoing) -> Answer:
    """Client-Server API of Matrix, PUT /_matrix/client/v3/rooms/{roomId}/send/{eventType}/{txnId}."""
    path = (
        f"/_matrix/client/v3/rooms/{quote(room.room, safe='')}/send/m.room.message/{quote(told.key, safe='')}"
    )
    body = json.dumps({"msgtype": "m.text", "body": told.text}, ensure_ascii=False).encode("utf-8")
    headers = {"Authorization": f"Bearer {secret}", "Content-Type": "application/json"}
    return outgoing.call("PUT", room.url.rstrip("/") + path, body, headers, longest=2 * bodies.LONGEST)


def _to_webhook(room: RoomBody, secret: str, told: Outgoing, at: datetime) -> Answer:
    members = {
        "type": "message",
        "timestamp": at.isoformat(),
        "data": {"text": told.text, "language": told.language},
    }
    body = json.dumps(members, ensure_ascii=False).encode("utf-8")
    headers = signing.headers([secret], f"msg_{told.key}", at, body)
    return outgoing.post(room.url, body, {"Content-Type": "application/json", **headers})


def unreached(error: Unreachable | AddressRefused, hidden: Callable[[str], str]) -> Outcome:
    """What became of a message that nobody answered to. `hidden`: takes out of words what nobody may read."""
    data = {name: hidden(str(value)) for name, value in error.data.items()}
    is_permanent = isinstance(error, AddressRefused)
    wrong = {"message": error.message, "data": data}
    is_unsure = not is_permanent and not isinstance(error, NobodyThere)
    return Outcome(wrong=wrong, is_permanent=is_permanent, is_unsure=is_unsure)


def judged(answer: Answer, taken: str, where: str, hidden: Callable[[str], str]) -> Outcome:
    if answer.taken and taken in answer.body:
        return Outcome(number=_number(answer.body, where))
    is_passing = answer.status >= 500 or answer.status in _PASSING
    wrong = {"status": answer.status, "said": hidden(" ".join(answer.body.split()))}
    return Outcome(wrong=wrong, is_permanent=not is_passing)


def _number(body: str, where: str) -> str:
    """The number of the message, where a JSON answer holds it; "" elsewhere."""
    if not where:
        return ""
    try:
        found = json.loads(body)
        for part in where.split("."):
            found = found[int(part)] if isinstance(found, list) else found[part]
    except (ValueError, LookupError, TypeError):
        return ""
    return str(found)[:80] if isinstance(found, str | int) else ""
