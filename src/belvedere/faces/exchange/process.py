"""The process: woken by PostgreSQL, it takes lanes that have something to send, has them sent, writes down
what became of it, says how it goes.

One thread talks to the database; many only send, so that a receiver that hangs costs a thread and no
connection. Lanes that failed share a few threads of their own: those that go well never wait for them.
"""

from __future__ import annotations

import logging
import queue
import secrets
import threading
import time
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from typing import Any

import psycopg
from django.db import InterfaceError, OperationalError, connection, connections

from belvedere.domains.exchange import public as exchange
from belvedere.domains.exchange.public import Fate, Outcome, Round, Way
from belvedere.engines import pulse
from belvedere.engines.home import Home

NAME = "exchange"
GOOD, FAILING = 24, 8  # threads for lanes that go well, and for those that fail
LOOK_S = 1.0  # how often it looks without being woken
HEAR_S = 5.0
FIRST_DELAY_S, LAST_DELAY_S = 0.1, 5.0
LAST_WORDS_S = 2.0
log = logging.getLogger(__name__)
_WAKE = None


class Process:
    """One process that delivers; several may work on one database."""

    def __init__(self, home: Home) -> None:
        self._home = home
        self._stopping = threading.Event()
        self._inbox: queue.SimpleQueue[tuple[Outcome, bool] | None] = queue.SimpleQueue()
        self._pools = {
            False: ThreadPoolExecutor(GOOD, thread_name_prefix="send"),
            True: ThreadPoolExecutor(FAILING, thread_name_prefix="try"),
        }
        self._sending: Counter[bool] = Counter()
        self._ways: dict[int, Way] = {}
        self._worker = 0
        self._state = "waiting for PostgreSQL"
        self._backlog = (0, 0.0)
        self.totals: Counter[str] = Counter()

    def stop(self) -> None:
        """End after what is being sent, if that is soon."""
        self._stopping.set()
        self._inbox.put(_WAKE)

    def run(self) -> None:
        """Work until stopped."""
        for work in (self._hear, self._beat):
            threading.Thread(target=work, daemon=True).start()
        delay = FIRST_DELAY_S
        while not self._stopping.is_set():
            try:
                self._begin()
                delay = FIRST_DELAY_S
                self._work()
            except (OperationalError, InterfaceError) as error:
                if self._state == "ready":
                    log.warning("PostgreSQL is away: %s", error)
                self._state = "waiting for PostgreSQL"
                self._abandon()
                self._stopping.wait(delay)
                delay = min(delay * 2, LAST_DELAY_S)
        self._end()

    # ------------------------------------------------------------------ the thread of the database
    def _begin(self) -> None:
        self._worker = secrets.randbelow(2**62) + 1
        exchange.hold(self._worker)
        exchange.free_lost()
        self._state = "ready"

    def _work(self) -> None:
        looked_at = time.monotonic()
        while not self._stopping.is_set():
            if time.monotonic() - looked_at >= LOOK_S:
                looked_at = time.monotonic()
                exchange.free_lost()
                exchange.tick()
                self._backlog = exchange.backlog()
            if self._take(failing=False) + self._take(failing=True):
                self._drain(0.0)
                continue
            due = exchange.next_due()
            wait = LOOK_S if due is None else min(LOOK_S, max(0.005, due.total_seconds()))
            self._drain(LOOK_S if self._is_full() else wait)

    def _is_full(self) -> bool:
        return self._sending[False] >= GOOD

    def _take(self, *, failing: bool) -> int:
        """Have lanes sent that wait; how many."""
        room = (FAILING if failing else GOOD) - self._sending[failing]
        held = exchange.claim(self._worker, room, failing=failing)
        for one in exchange.prepare(held, self._worker):
            self._sending[failing] += 1
            self._pools[failing].submit(self._send, one, self._worker, failing)
        return len(held)

    def _drain(self, wait_s: float) -> None:
        """Write down what became of what was sent; wait for it, or for a call, that long at most."""
        with suppress(queue.Empty):
            self._note(self._inbox.get(timeout=wait_s) if wait_s else self._inbox.get_nowait())
            while True:
                self._note(self._inbox.get_nowait())

    def _note(self, done: tuple[Outcome, bool] | None) -> None:
        if done is None:
            return
        outcome, failing = done
        self._sending[failing] -= 1
        exchange.record(self._worker, outcome)
        self.totals["posts"] += outcome.posts
        if outcome.fate is not Fate.TAKEN:
            self.totals["failures"] += 1

    def _abandon(self) -> None:
        """The database is away, and with it the right to these lanes: nothing more is sent of them."""
        for way in list(self._ways.values()):
            way.cut()
        connection.close()

    def _end(self) -> None:
        """Say what became of what is sent, and let the lanes go."""
        end = time.monotonic() + LAST_WORDS_S
        with suppress(OperationalError, InterfaceError):
            while self._sending.total() and time.monotonic() < end:
                self._drain(0.1)
            connection.close()
        pulse.forget(self._home, NAME)

    # ------------------------------------------------------------------ the threads that send
    def _send(self, one: Round, worker: int, failing: bool) -> None:
        def keep(way: Way) -> None:
            self._ways[one.to.id] = way
            if worker != self._worker or self._state != "ready":
                way.cut()

        outcome = Outcome(one.to.id, fate=Fate.FAILED, failures=one.failures)
        try:
            outcome = exchange.attempt(one, keep)
        except Exception as error:  # a fault of ours: the lane tries again later
            log.exception("a notification could not be sent")
            outcome = Outcome(one.to.id, fate=Fate.FAILED, answer=type(error).__name__, failures=one.failures)
        finally:
            self._ways.pop(one.to.id, None)
            self._inbox.put((outcome, failing))

    # ------------------------------------------------------------------ beside
    def _hear(self) -> None:
        """Wake the worker when something was written."""
        while not self._stopping.is_set():
            ear = connections.create_connection("default")
            try:
                ear.ensure_connection()
                ear.set_autocommit(True)
                raw: psycopg.Connection[Any] = ear.connection
                raw.execute(f"LISTEN {exchange.CHANNEL}")
                self._inbox.put(_WAKE)
                while not self._stopping.is_set():
                    for _ in raw.notifies(timeout=HEAR_S, stop_after=1):
                        self._inbox.put(_WAKE)
            except (psycopg.Error, OperationalError, InterfaceError):
                self._stopping.wait(LOOK_S)
            finally:
                with suppress(Exception):
                    ear.close()

    def _beat(self) -> None:
        while not self._stopping.is_set():
            pulse.beat(self._home, NAME, self._told())
            self._stopping.wait(LOOK_S)

    def _told(self) -> dict[str, Any]:
        waiting, lag_s = self._backlog
        return {
            "state": self._state,
            "waiting": waiting,
            "lag_s": round(lag_s, 3),
            "sending": self._sending.total(),
            "totals": dict(self.totals),
        }
