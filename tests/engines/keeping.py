"""Somebody at the door of a bus, in a thread of its own: devices in `known` come in, by name and password."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Awaitable, Callable
from typing import Any, TypeVar

from nats.aio.client import Client

from belvedere.engines import bus, uplinks
from belvedere.engines.devices import Door, Guest, Pass, SignIn
from belvedere.engines.home import Home
from belvedere.engines.nkeys import Issuer

Answer = TypeVar("Answer")


class Keeper:
    """Answers for devices until stopped; lives through a restart of the bus."""

    def __init__(self, home: Home) -> None:
        self.home = home
        self.known: dict[str, str] = {}
        self.asked: list[str] = []
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, daemon=True)
        self._thread.start()
        self._client, self._door = self._run(self._open())

    async def _open(self) -> tuple[Client, Door]:
        platform = await bus.connect(self.home)
        await uplinks.prepare(platform)
        await platform.close()
        client = await bus.connect(self.home, forever=True, url=bus.doorkeeper_url(self.home))
        door = Door(client, Issuer.of(self.home.secret("nats_issuer")), self._judge)
        await door.open()
        return client, door

    async def _judge(self, asked: SignIn) -> Pass | None:
        self.asked.append(asked.user)
        if not asked.password or self.known.get(asked.user) != asked.password:
            return None
        own = f"{bus.DEVICES}.{asked.user}"
        return Pass((own, f"{own}.>", f"answers.{asked.user}"), (f"commands.{asked.user}",))

    def _run(self, work: Awaitable[Answer]) -> Answer:
        async def whole() -> Answer:
            return await work

        return asyncio.run_coroutine_threadsafe(whole(), self._loop).result(30)

    @property
    def guests(self) -> list[Guest]:
        return self._run(self._door.guests())

    def send_away(self, guest: Guest) -> None:
        self._run(self._door.send_away(guest))

    def stop(self) -> None:
        self._run(self._client.close())
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join(10)
        self._loop.close()

    def __enter__(self) -> Keeper:
        return self

    def __exit__(self, *_: Any) -> None:
        self.stop()


Work = Callable[[Client], Awaitable[Answer]]
