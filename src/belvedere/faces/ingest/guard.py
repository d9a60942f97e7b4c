"""Who may come in, and who must go: devices at the door of the bus, judged by the twin.

Every second it asks whether anything about devices changed; then whoever may no more is sent away. A device
that floods is sent away too, and let in again after a minute.
"""

from __future__ import annotations

import asyncio
import logging
import time
from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

from django.db import Error as DatabaseProblem
from django.db import connection
from nats.errors import Error as NatsError

from belvedere.domains.twin.public import authenticate, feeds_version, signed_in_since
from belvedere.engines.devices import Door, Guest, Pass, SignIn

LOOK_S = 1.0
LOOK_ANYWAY_S = 60.0
FLOOD_MESSAGES = 500  # over its measure, within the time below
CUT_S = 60.0
Pair = tuple[str, str]
Answer = TypeVar("Answer")
log = logging.getLogger(__name__)


class Guard:
    """Judges devices in a thread of its own, with its own connection to the database.

    `tell_cut` hears of a device that was cut off, for other guards of the same door.
    """

    def __init__(self, tell_cut: Callable[[Pair], None] = lambda _pair: None) -> None:
        self._tell_cut = tell_cut
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="guard")
        self._version = -1
        self._looked_at = float("-inf")
        self._over: dict[Pair, tuple[float, int]] = {}
        self._cut: dict[Pair, float] = {}
        self.refused = 0
        self.sent_away = 0

    async def judge(self, asked: SignIn) -> Pass | None:
        """What a device that gives this name and password may do."""
        if self.is_cut(pair_of(asked.user)):
            self.refused += 1
            return None
        try:
            grant = await self._ask(lambda: authenticate(asked.user, asked.password))
        except DatabaseProblem:
            grant = None  # it knocks again
        if grant is None:
            self.refused += 1
            return None
        return Pass(grant.publish, grant.hear)

    async def watch(self, door: Door) -> None:
        """Send away those who may no more, until cancelled."""
        while True:
            try:
                await self._look(door)
            except (DatabaseProblem, NatsError, TimeoutError, OSError) as error:
                log.warning("devices could not be looked at: %s", error)
            except Exception:
                log.exception("devices could not be looked at")  # the next look may do
            await asyncio.sleep(LOOK_S)

    async def _look(self, door: Door) -> None:
        version = await self._ask(feeds_version)
        due = time.monotonic() - self._looked_at > LOOK_ANYWAY_S
        if version == self._version and not due and not self._fresh_cuts():
            return
        guests = await door.guests()
        pairs = {pair_of(guest.user) for guest in guests}
        since = await self._ask(lambda: signed_in_since(pairs)) if pairs else {}
        for guest in guests:
            allowed = since.get(pair_of(guest.user))
            # No row: gone or revoked. A younger secret: this one signed in with the former.
            if allowed is None or guest.since < allowed or self.is_cut(pair_of(guest.user)):
                await self._send_away(door, guest)
        self._version, self._looked_at = version, time.monotonic()

    async def _send_away(self, door: Door, guest: Guest) -> None:
        await door.send_away(guest)
        self.sent_away += 1
        log.info("%s was sent away", guest.user)

    def note(self, flooding: Counter[Pair]) -> None:
        """Messages over measure that were just taken; who sends too many of them is cut off for a while."""
        now = time.monotonic()
        for pair, many in flooding.items():
            began, so_far = self._over.get(pair, (now, 0))
            if now - began > CUT_S:
                began, so_far = now, 0
            self._over[pair] = (began, so_far + many)
            if so_far + many >= FLOOD_MESSAGES and not self.is_cut(pair):
                self._over.pop(pair)
                self.cut(pair)
                self._tell_cut(pair)

    def cut(self, pair: Pair) -> None:
        """Send a device away at the next look; it stays outside for a while."""
        if not self.is_cut(pair):
            self._cut[pair] = time.monotonic() + CUT_S
            self._looked_at = float("-inf")

    def is_cut(self, pair: Pair) -> bool:
        """Whether the device must stay outside for now."""
        until = self._cut.get(pair)
        if until is not None and time.monotonic() > until:
            del self._cut[pair]
            return False
        return until is not None

    def _fresh_cuts(self) -> bool:
        return self._looked_at == float("-inf")

    async def _ask(self, question: Callable[[], Answer]) -> Answer:
        def asked() -> Answer:
            try:
                return question()
            except DatabaseProblem:
                connection.close()
                raise

        return await asyncio.get_running_loop().run_in_executor(self._thread, asked)

    def close(self) -> None:
        """No more questions."""
        self._thread.submit(connection.close)
        self._thread.shutdown()


def pair_of(user: str) -> Pair:
    """Territory and device of a user name, `territory.device`."""
    territory, _, device = user.partition(".")
    return territory, device
