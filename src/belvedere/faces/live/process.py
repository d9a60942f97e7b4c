"""The process: hears the bus, tells browsers, says how it goes.

While the bus is away nobody is kept waiting on a silent line: everyone is let go and comes back when it is
there again.
"""

from __future__ import annotations

import asyncio
import logging
import os
import resource
from contextlib import suppress
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from granian.constants import Interfaces
from granian.http import HTTP1Settings
from granian.server.embed import Server
from nats.errors import Error as NatsError

from belvedere.engines import bus, changes, listening, pulse
from belvedere.engines.home import Home
from belvedere.faces.live.door import Door
from belvedere.faces.live.hub import Hub
from belvedere.kernel.errors import Unavailable

if TYPE_CHECKING:
    from nats.aio.client import Client

NAME = "live"
LOCAL = ("localhost", "127.0.0.1", "[::1]")
BEAT_S = 15.0
PULSE_S = 1.0
LOOK_S = 0.5
AWAY_S = 3.0
FIRST_DELAY_S, LAST_DELAY_S = 0.1, 5.0
MOST_LISTENERS = 2000
BUFFER_BYTES = 64 << 10
SPARE_FILES = 64
log = logging.getLogger(__name__)


def own_origins() -> set[str]:
    """The origins of the platform's own pages: where people reach the web server."""
    address = os.environ.get("BELVEDERE_ADDRESS", "127.0.0.1:8000")
    port = address.rpartition(":")[2]
    told = {f"http://{host}" for host in (address, *(f"{one}:{port}" for one in LOCAL))}
    public = os.environ.get("BELVEDERE_PUBLIC_URL")
    if public:
        parts = urlsplit(public)
        told.add(f"{parts.scheme}://{parts.netloc}")
    return told


def most_listeners() -> int:
    """As many as this process may open files for."""
    _soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted = MOST_LISTENERS + SPARE_FILES
    allowed = wanted if hard == resource.RLIM_INFINITY else min(wanted, hard)
    if _soft != resource.RLIM_INFINITY and _soft < allowed:
        resource.setrlimit(resource.RLIMIT_NOFILE, (allowed, hard))
    return max(1, allowed - SPARE_FILES)


class Process:
    """One process that tells browsers of changes."""

    def __init__(self, home: Home) -> None:
        self._home = home
        self.hub = Hub()
        most = most_listeners()
        self.door = Door(home, self.hub, origins=own_origins(), most=most)
        host, port = listening.address(home)
        self._server = Server(
            self.door,
            address=host,
            port=port,
            interface=Interfaces.ASGINL,
            websockets=False,
            log_enabled=False,
            backlog=1024,
            backpressure=most + SPARE_FILES,
            http1_settings=HTTP1Settings(max_buffer_size=BUFFER_BYTES),
        )

    def forget(self) -> None:
        """Say no more how it goes."""
        pulse.forget(self._home, NAME)

    async def run(self) -> None:
        """Work, until the process ends."""
        tasks = [asyncio.create_task(work()) for work in (self._hear, self._beat, self._pulse)]
        try:
            await self._server.serve()
        finally:
            for task in tasks:
                task.cancel()
            self.forget()

    async def _hear(self) -> None:
        """Hear the stream, through all outages."""
        delay = FIRST_DELAY_S
        while True:
            try:
                client = await bus.connect(self._home, name=NAME, forever=True)
                break
            except Unavailable as error:
                if delay == FIRST_DELAY_S:
                    log.warning("%s", error)
                await asyncio.sleep(delay)
                delay = min(delay * 2, LAST_DELAY_S)
        while True:
            try:
                await self._hear_once(client)
            except (NatsError, TimeoutError, OSError) as error:
                log.warning("the bus is away: %s", error)
            except Exception:
                log.exception("changes could not be heard")
            self.hub.close()
            await asyncio.sleep(FIRST_DELAY_S)

    async def _hear_once(self, client: Client) -> None:
        """Until the bus is away for longer than a moment."""
        while True:
            connection = client.stats["reconnects"]
            after = self.hub.begin(await changes.prepare(client))
            ear = asyncio.create_task(changes.Ear(client, self.hub.hear).listen(after))
            try:
                await self._until_other(client, connection, ear)
            finally:
                ear.cancel()
                with suppress(asyncio.CancelledError):
                    await ear

    async def _until_other(self, client: Client, connection: int, ear: asyncio.Task[None]) -> None:
        away_s = 0.0
        while client.stats["reconnects"] == connection:
            await asyncio.wait([ear], timeout=LOOK_S)
            if ear.done():
                ear.result()
            away_s = 0.0 if client.is_connected else away_s + LOOK_S
            if away_s >= AWAY_S:
                raise TimeoutError("no connection")

    async def _beat(self) -> None:
        while True:
            await asyncio.sleep(BEAT_S)
            self.hub.beat()

    async def _pulse(self) -> None:
        while True:
            pulse.beat(self._home, NAME, self._told())
            await asyncio.sleep(PULSE_S)

    def _told(self) -> dict[str, Any]:
        return {
            "state": "ready" if self.hub.is_open else "waiting for the bus",
            "listeners": self.hub.many,
            "lag_s": round(self.hub.lag_s, 3),
            "refused": self.door.refused,
            "totals": dict(self.hub.counts),
        }
