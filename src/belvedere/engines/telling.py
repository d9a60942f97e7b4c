"""Telling of changes from code that is not asynchronous, and that must not wait for the bus.

A thread of its own says them, over a connection that it keeps while they come close together; of changes that
come one after the other those of a moment are said together. While the bus is away it tries again; what waits
then becomes one `reset` of each territory. A process that lives on the bus gives its own outlet (`use`).
"""

from __future__ import annotations

import asyncio
import atexit
import contextlib
import logging
import threading
import time
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING
from uuid import UUID

from belvedere.engines import bus, changes, ports
from belvedere.engines.changes import Told
from belvedere.engines.home import Home
from belvedere.kernel.errors import Unavailable

if TYPE_CHECKING:
    from nats.aio.client import Client

MOST_WAITING = 200
#: Between two sayings: whoever looks at a page hears of a change well within two seconds.
MOMENT_S = 0.3
#: After so long without a word the connection is given up; after so long in use a new one is made, which
#: finds the stream or makes it.
IDLE_S, KEPT_S = 5.0, 60.0
FIRST_DELAY_S, LAST_DELAY_S = 0.5, 10.0
LAST_WORDS_S = 2.0
Outlet = Callable[[Sequence[Told]], None]
log = logging.getLogger(__name__)


class Teller:
    """Says what it is given, in order, as soon as it can; `say` publishes messages or raises Unavailable,
    `leave` is called in the same thread when there was nothing to say for a while."""

    def __init__(
        self, say: Callable[[Sequence[Told]], None], leave: Callable[[], None] = lambda: None
    ) -> None:
        self._say, self._leave = say, leave
        self._waiting: list[Told] = []
        self._changed = threading.Condition()
        self._saying = False
        self._ending = False
        self._thread: threading.Thread | None = None

    def tell(self, messages: Sequence[Told]) -> None:
        """Say these after what waits. Returns at once."""
        with self._changed:
            self._waiting = _fewer([*self._waiting, *messages])
            if self._thread is None:
                self._thread = threading.Thread(target=self._work, name="telling", daemon=True)
                self._thread.start()
            self._changed.notify_all()

    def close(self, patience_s: float = LAST_WORDS_S) -> None:
        """Say what waits, unless that takes too long."""
        with self._changed:
            self._ending = True
            self._changed.notify_all()
            self._changed.wait_for(lambda: not (self._waiting or self._saying), patience_s)

    def _work(self) -> None:
        delay = FIRST_DELAY_S
        while True:
            with self._changed:
                if not self._changed.wait_for(lambda: bool(self._waiting), IDLE_S):
                    self._leave()
                    self._changed.wait_for(lambda: bool(self._waiting))
                messages, self._waiting, self._saying = self._waiting, [], True
            try:
                self._say(messages)
                messages, delay, pause = [], FIRST_DELAY_S, MOMENT_S
            except Exception as error:
                if not isinstance(error, Unavailable):
                    log.warning("changes were not told yet: %s", error)
                pause = delay = min(delay * 2, LAST_DELAY_S)
            with self._changed:
                self._waiting, self._saying = _fewer([*messages, *self._waiting]), False
                self._changed.notify_all()
                self._changed.wait_for(lambda: self._ending, pause)


def _fewer(messages: list[Told]) -> list[Told]:
    """The same, each `reset` once; one `reset` for each territory where they are too many to be kept."""
    if len(messages) > MOST_WAITING:
        territories: dict[UUID | None, None] = dict.fromkeys(one.territory_id for one in messages)
        return [changes.reset(territory) for territory in territories]
    seen: set[UUID | None] = set()
    kept = []
    for one in messages:
        if one.payload == changes.RESET:
            if one.territory_id in seen:
                continue
            seen.add(one.territory_id)
        kept.append(one)
    return kept


_own: Outlet | None = None
_teller: Teller | None = None
_lock = threading.Lock()


def use(outlet: Outlet | None) -> None:
    """Tell by this from now on, in this process; None: by the thread again."""
    global _own
    _own = outlet


def tell(messages: Sequence[Told]) -> None:
    """Tell these changes, which are committed. Returns at once and raises nothing of the bus."""
    if not messages:
        return
    if _own is not None:
        _own(messages)
        return
    if _teller is not None:
        _teller.tell(messages)
        return
    home = Home.from_environment()
    if not bus.is_external() and ports.remembered(home, "nats") is None:
        return  # no bus ever ran in this home: nobody listens
    _thread_of(home).tell(messages)


def _thread_of(home: Home) -> Teller:
    global _teller
    with _lock:
        if _teller is None:
            way = Way(home)
            _teller = Teller(way.say, way.leave)
            atexit.register(_teller.close)
        return _teller


class Way:
    """The way of one thread to the bus, kept open from one saying to the next."""

    def __init__(self, home: Home) -> None:
        self._home = home
        self._open: tuple[asyncio.Runner, Client] | None = None
        self._until = 0.0

    def say(self, messages: Sequence[Told]) -> None:
        """Publish messages, or raise Unavailable (or what the bus says is wrong)."""
        if self._open is not None and time.monotonic() < self._until:
            runner, client = self._open
            try:
                return runner.run(_publish(client, messages))
            except Exception as error:  # one that was kept may be over
                log.debug("a new connection is made: %s", error)
        self.leave()
        runner = asyncio.Runner()
        try:
            self._open = runner, runner.run(bus.connect(self._home, name="telling"))
            self._until = time.monotonic() + KEPT_S
            runner.run(_say_first(self._open[1], messages))
        except BaseException:
            self.leave()
            runner.close()
            raise

    def leave(self) -> None:
        """Let the connection go."""
        if self._open is not None:
            (runner, client), self._open = self._open, None
            with contextlib.suppress(Exception):
                runner.run(client.close())
            runner.close()


async def _say_first(client: Client, messages: Sequence[Told]) -> None:
    await changes.prepare(client)
    await _publish(client, messages)


async def _publish(client: Client, messages: Sequence[Told]) -> None:
    await changes.publish(client, messages)
    await client.flush(2)
