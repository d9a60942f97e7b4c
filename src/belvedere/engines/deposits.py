"""Put an uplink into the stream of all uplinks from code that is not asynchronous, and know that it is safe.

A thread of its own keeps one connection to the bus; callers wait for the acknowledgement of the stream, which
means on disk. Many may call at once. Not for taking them out again: see `uplinks`.
"""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Coroutine, Sequence
from concurrent.futures import TimeoutError as Late
from contextlib import suppress
from typing import TYPE_CHECKING, Any

from belvedere.engines import bus
from belvedere.engines.home import Home
from belvedere.engines.uplinks import PREFIX, STREAM
from belvedere.kernel.errors import N_, Unavailable

if TYPE_CHECKING:
    from nats.aio.client import Client

PATIENCE_S = 5.0
AT_ONCE = 100
NAME = "deposits"


class Depositor:
    """One connection; started when it is first needed."""

    def __init__(self, home: Home) -> None:
        self._home = home
        self._client: Client | None = None
        self._connecting: asyncio.Lock | None = None
        self._loop: asyncio.AbstractEventLoop | None = None
        self._thread: threading.Thread | None = None
        self._lock = threading.Lock()

    def put(self, subject: str, payload: bytes) -> None:
        """Keep `payload` under `subject` (`devices.…`).

        Raises:
            Unavailable: it was not acknowledged; it may be kept all the same, and should be sent again.
        """
        self._wait(self._put(subject, payload))

    def _wait(self, putting: Coroutine[Any, Any, None]) -> None:
        from nats.errors import Error as NatsError

        wish = asyncio.run_coroutine_threadsafe(putting, self._running())
        try:
            wish.result(PATIENCE_S)
        except (NatsError, OSError, Late, TimeoutError) as error:
            wish.cancel()
            raise Unavailable(
                N_("The uplink could not be kept now. Send it again in a moment."), code="not_kept"
            ) from error

    def put_all(self, messages: Sequence[tuple[str, bytes]]) -> None:
        """Keep many, in their order, several of them under way at once.

        Raises:
            Unavailable: not all were acknowledged; all should be sent again.
        """
        for start in range(0, len(messages), AT_ONCE):
            self._wait(self._put_some(messages[start : start + AT_ONCE]))

    def close(self) -> None:
        """Leave the bus."""
        with self._lock:
            loop, self._loop = self._loop, None
        if loop is not None:
            with suppress(Late, TimeoutError):
                asyncio.run_coroutine_threadsafe(self._leave(), loop).result(PATIENCE_S)
            loop.call_soon_threadsafe(loop.stop)
            assert self._thread is not None
            self._thread.join(PATIENCE_S)
            loop.close()

    async def _put_some(self, messages: Sequence[tuple[str, bytes]]) -> None:
        await asyncio.gather(*(self._put(subject, payload) for subject, payload in messages))

    async def _put(self, subject: str, payload: bytes) -> None:
        client = await self._connected()
        await client.jetstream().publish(PREFIX + subject, payload, timeout=PATIENCE_S - 0.5, stream=STREAM)

    async def _connected(self) -> Client:
        if self._connecting is None:
            self._connecting = asyncio.Lock()
        async with self._connecting:
            if self._client is None or self._client.is_closed:
                self._client = await bus.connect(self._home, name=NAME, forever=True)
            return self._client

    async def _leave(self) -> None:
        client, self._client = self._client, None
        if client is not None:
            await client.close()

    def _running(self) -> asyncio.AbstractEventLoop:
        with self._lock:
            if self._loop is None:
                self._loop = asyncio.new_event_loop()
                self._thread = threading.Thread(target=self._loop.run_forever, name=NAME, daemon=True)
                self._thread.start()
            return self._loop


_own: Depositor | None = None
_lock = threading.Lock()


def put(subject: str, payload: bytes) -> None:
    """`Depositor.put`, over the connection of this process."""
    _of_this_process().put(subject, payload)


def put_all(messages: Sequence[tuple[str, bytes]]) -> None:
    """`Depositor.put_all`, over the connection of this process."""
    _of_this_process().put_all(messages)


def _of_this_process() -> Depositor:
    global _own
    with _lock:
        if _own is None:
            _own = Depositor(Home.from_environment())
        return _own
