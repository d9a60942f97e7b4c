"""The door for browsers, as an ASGI application: `GET …/events` and `GET …/healthz`, nothing else.

    /events?ticket=…&things=1,2,3&after=<id of the last event>&back=<seconds>

`after` (or the header Last-Event-ID) resumes; `back` tells also what changed within the last seconds, so that
nothing is missed between the reading of a page and its first word from here.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable, Collection, Iterable
from contextlib import suppress
from typing import Any
from urllib.parse import parse_qsl

from belvedere.engines import listening
from belvedere.engines.home import Home
from belvedere.faces.live.hub import MOST_THINGS, Hub, Listener
from belvedere.faces.live.ring import Position

RETRY_MS = 3000
MOST_BACK_S = 600.0
Receive = Callable[[], Awaitable[dict[str, Any]]]
Send = Callable[[dict[str, Any]], Awaitable[None]]
Headers = list[tuple[bytes, bytes]]


class Door:
    """Lets browsers listen.

    Args:
        origins: those of the platform's own pages; a page of another site may not read.
        most: how many may listen at once.
    """

    def __init__(self, home: Home, hub: Hub, *, origins: Collection[str], most: int) -> None:
        self._home = home
        self._hub = hub
        self._origins = frozenset(origins)
        self._most = most
        self.refused = 0

    async def __call__(self, scope: dict[str, Any], receive: Receive, send: Send) -> None:
        """Answer one request."""
        if scope["type"] != "http":
            return
        path: str = scope["path"].rstrip("/")
        headers = dict(scope["headers"])
        shared = self._shared(headers.get(b"origin", b"").decode("latin-1"))
        if scope["method"] != "GET":
            await _say(send, 405, "Only GET is answered here.", shared)
        elif path.endswith("/healthz"):
            good = self._hub.is_open
            await _say(send, 200 if good else 503, "ok" if good else "waiting for the bus", shared)
        elif path.endswith("/events"):
            await self._events(scope, headers, shared, receive, send)
        else:
            await _say(send, 404, "There is nothing here.", shared)

    async def _events(
        self,
        scope: dict[str, Any],
        headers: dict[bytes, bytes],
        shared: Headers,
        receive: Receive,
        send: Send,
    ) -> None:
        asked = dict(parse_qsl(scope["query_string"].decode("latin-1")))
        ticket = listening.read(self._home, asked.get("ticket", ""), time.time())
        things = _numbers(asked.get("things", "").split(","))
        if ticket is None:
            self.refused += 1
            await _say(send, 403, "This ticket is over, or not ours. Ask for another one.", shared)
            return
        if things is None:
            await _say(send, 422, f"things: at most {MOST_THINGS} numbers, with commas between them.", shared)
            return
        if not self._hub.is_open or self._hub.many >= self._most:
            await _say(send, 503, "Nothing can be told now. Try again in a while.", shared)
            return
        after = asked.get("after") or headers.get(b"last-event-id", b"").decode("latin-1")
        # What is no position is told like one of another stream: read anew.
        position = (Position.read(after) or Position(0, 0)) if after else None
        await self._tell(
            Listener(ticket, things), position, _seconds(asked.get("back", "")), shared, receive, send
        )

    async def _tell(
        self,
        listener: Listener,
        position: Position | None,
        back_s: float | None,
        shared: Headers,
        receive: Receive,
        send: Send,
    ) -> None:
        self._hub.enter(listener, position, back_s)
        telling = asyncio.ensure_future(self._pass_on(listener, shared, send))
        leaving = asyncio.ensure_future(_gone(receive))
        ending = asyncio.ensure_future(listener.over.wait())
        try:
            # One that takes nothing is not waited for: its connection is closed under it.
            await asyncio.wait((telling, leaving, ending), return_when=asyncio.FIRST_COMPLETED)
        finally:
            self._hub.leave(listener)
            for task in (telling, leaving, ending):
                task.cancel()
                with suppress(asyncio.CancelledError, Exception):
                    await task

    async def _pass_on(self, listener: Listener, shared: Headers, send: Send) -> None:
        kind = [(b"content-type", b"text/event-stream; charset=utf-8"), (b"x-accel-buffering", b"no")]
        await send({"type": "http.response.start", "status": 200, "headers": [*kind, *shared]})
        part = f"retry: {RETRY_MS}\n\n".encode()
        while True:
            await send({"type": "http.response.body", "body": part, "more_body": True})
            part = await listener.take()

    def _shared(self, origin: str) -> Headers:
        headers = [(b"cache-control", b"no-store"), (b"vary", b"origin")]
        if origin in self._origins:
            headers.append((b"access-control-allow-origin", origin.encode("latin-1")))
        return headers


async def _gone(receive: Receive) -> None:
    while (await receive())["type"] != "http.disconnect":
        pass


async def _say(send: Send, status: int, sentence: str, headers: Iterable[tuple[bytes, bytes]]) -> None:
    kind = (b"content-type", b"text/plain; charset=utf-8")
    await send({"type": "http.response.start", "status": status, "headers": [kind, *headers]})
    await send({"type": "http.response.body", "body": sentence.encode() + b"\n", "more_body": False})


def _numbers(words: list[str]) -> frozenset[int] | None:
    words = [word for word in words if word]
    if len(words) > MOST_THINGS or not all(
        word.isascii() and word.isdigit() and len(word) < 19 for word in words
    ):
        return None
    return frozenset(map(int, words))


def _seconds(text: str) -> float | None:
    return min(float(text), MOST_BACK_S) if text.isascii() and text.isdigit() else None
