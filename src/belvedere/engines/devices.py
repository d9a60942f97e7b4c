"""The door for devices: who signs in over MQTT, what they may publish, and how one is sent away.

The server of the bus asks here about each connection that is not the platform's (NATS auth callout,
ADR-26). Who may come in is decided by the caller. Not for messages: see `uplinks`.
"""

from __future__ import annotations

import asyncio
import json
import logging
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

from belvedere.engines.accounts import ACCOUNT
from belvedere.engines.nkeys import Issuer, claims_of

if TYPE_CHECKING:
    from nats.aio.client import Client
    from nats.aio.msg import Msg

QUESTION = "$SYS.REQ.USER.AUTH"
QUEUE = "doorkeepers"
PATIENCE_S = 5.0
PAGE = 1024
log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class SignIn:
    """Somebody who asks to come in."""

    user: str
    password: str

    def __repr__(self) -> str:
        return f"SignIn(user={self.user!r})"


@dataclass(frozen=True, slots=True)
class Pass:
    """May come in, publish to these subjects and hear what is sent to those."""

    publish: tuple[str, ...]
    hear: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Guest:
    """A device that is connected now, `since` when."""

    user: str
    since: datetime
    server: str
    number: int


Judge = Callable[[SignIn], Awaitable[Pass | None]]


class Door:
    """Answers for devices on a connection of the doorkeeper, until closed."""

    def __init__(self, client: Client, issuer: Issuer, judge: Judge) -> None:
        self._client = client
        self._issuer = issuer
        self._judge = judge
        self._busy: set[asyncio.Task[None]] = set()

    async def open(self) -> None:
        """Answer from now on. Several processes may: each question goes to one of them."""
        await self._client.subscribe(QUESTION, queue=QUEUE, cb=self._asked)
        await self._client.flush()

    async def _asked(self, message: Msg) -> None:
        # Each on its own: one slow look into the database must not keep a thousand devices waiting.
        task = asyncio.get_running_loop().create_task(self._answer(message))
        self._busy.add(task)
        task.add_done_callback(self._busy.discard)

    async def _answer(self, message: Msg) -> None:
        try:
            asked = claims_of(message.data)["nats"]
            answer = await self._verdict(asked)
            server = asked["server_id"]["id"]
            nats = {"type": "authorization_response", "version": 2, **answer}
            token = self._issuer.token(asked["user_nkey"], nats, audience=server)
            await message.respond(token.encode())
        except Exception:
            # No answer is a refusal: the server closes the connection after a while.
            log.exception("a question about a device could not be answered")

    async def _verdict(self, asked: dict[str, Any]) -> dict[str, str]:
        said = asked.get("connect_opts") or {}
        about = asked.get("client_info") or {}
        given = SignIn(str(said.get("user") or ""), str(said.get("pass") or ""))
        found = await self._judge(given) if about.get("type") == "mqtt" else None
        if found is None:
            return {"error": "not known here"}
        rights = {
            "type": "user",
            "version": 2,
            "pub": {"allow": list(found.publish)},
            "sub": {"allow": list(found.hear)} if found.hear else {"deny": [">"]},
            "subs": -1,
            "data": -1,
            "payload": -1,
            "allowed_connection_types": ["MQTT"],
        }
        key = str(asked["user_nkey"])
        return {"jwt": self._issuer.token(key, rights, name=given.user, audience=ACCOUNT)}

    async def guests(self) -> list[Guest]:
        """Every device connected to any server of the bus."""
        found: list[Guest] = []
        for server, connections in await self._connections():
            for told in connections:
                since = datetime.fromisoformat(str(told["start"]))
                found.append(Guest(str(told.get("authorized_user", "")), since, server, int(told["cid"])))
        return found

    async def send_away(self, guest: Guest) -> None:
        """Close a device's connection; it may knock again."""
        wish = json.dumps({"cid": guest.number}).encode()
        await self._client.request(f"$SYS.REQ.SERVER.{guest.server}.KICK", wish, timeout=PATIENCE_S)

    async def _connections(self) -> list[tuple[str, list[dict[str, Any]]]]:
        pages: list[tuple[str, list[dict[str, Any]]]] = []
        offset, more = 0, True
        while more:
            wish = {"auth": True, "acc": ACCOUNT, "offset": offset, "limit": PAGE}
            more = False
            for answer in await self._ask_all("$SYS.REQ.SERVER.PING.CONNZ", wish):
                told = answer.get("data") or {}
                connections = [one for one in told.get("connections") or [] if one.get("type") == "mqtt"]
                pages.append((str(answer["server"]["id"]), connections))
                more = more or int(told.get("total") or 0) > offset + PAGE
            offset += PAGE
        return pages

    async def _ask_all(self, subject: str, wish: dict[str, Any]) -> list[dict[str, Any]]:
        """The answers of all servers; of one when it is alone."""
        inbox = self._client.new_inbox()
        heard = await self._client.subscribe(inbox)
        answers: list[dict[str, Any]] = []
        try:
            await self._client.publish(subject, json.dumps(wish).encode(), reply=inbox)
            wait = PATIENCE_S
            while True:
                message = await heard.next_msg(wait)
                answers.append(json.loads(message.data))
                wait = 0.1
        except TimeoutError:
            return answers
        finally:
            await heard.unsubscribe()
