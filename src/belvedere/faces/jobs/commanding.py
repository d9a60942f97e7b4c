"""Commands go down to devices and answers come back: of those that could, one process sends; all hear."""

from __future__ import annotations

import asyncio
import logging
import threading
import time
from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, TypeVar

from django.db import DatabaseError, InterfaceError, connection

from belvedere.domains.commands.public import MOST, hear, take_due
from belvedere.engines import bus, downlinks, pulse
from belvedere.engines.home import Home
from belvedere.engines.postgres import database_url
from belvedere.engines.turns import Turn
from belvedere.kernel.errors import BelvedereError

if TYPE_CHECKING:
    from nats.aio.client import Client

NAME = "commands"
LOOK_S, BEAT_S, AGAIN_S = 0.5, 2.0, 2.0
Result = TypeVar("Result")
log = logging.getLogger(__name__)


class Commanding:
    """The thread that sends and hears."""

    def __init__(self, home: Home) -> None:
        self._home = home
        self._stopping = threading.Event()
        self._thread = threading.Thread(target=self._run, name=NAME, daemon=True)
        self._database = ThreadPoolExecutor(1, thread_name_prefix=NAME)
        self._state = "starting"
        self._beat_at = 0.0
        self.totals: Counter[str] = Counter()

    def start(self) -> None:
        self._thread.start()

    def stop(self) -> None:
        """End soon: what was not sent stays in the outbox."""
        self._stopping.set()
        self._thread.join(10)

    def _run(self) -> None:
        try:
            asyncio.run(self._work())
        finally:
            self._database.submit(connection.close)
            self._database.shutdown()
            pulse.forget(self._home, NAME)

    async def _work(self) -> None:
        turn = Turn(database_url(self._home), NAME)
        client: Client | None = None
        try:
            while not self._stopping.is_set():
                try:
                    if client is None:
                        client = await bus.connect(self._home, name=NAME, forever=True)
                        await downlinks.listen(client, self._hear)
                    rest_s = await self._round(turn, client)
                except (DatabaseError, InterfaceError, BelvedereError) as error:
                    log.warning("commands wait: %s", error)
                    self._state, rest_s = "waiting", AGAIN_S
                except Exception:
                    log.exception("commands could not be sent")
                    self._state, rest_s = "failing", AGAIN_S
                self._beat()
                await self._rest(rest_s)
        finally:
            await turn.give_up()
            if client is not None:
                await client.close()

    async def _round(self, turn: Turn, client: Client) -> float:
        """Send what is due, if it is our turn; how long to rest."""
        if not client.is_connected:
            self._state = "waiting for the bus"
            return AGAIN_S
        if not await turn.mine():
            self._state = "standing by"
            return LOOK_S
        due = await self._ask(take_due)
        for one in due:
            await downlinks.send(client, one.user, one.payload)
        self._state = "ready"
        self.totals["sent"] += len(due)
        return 0.0 if len(due) >= MOST else LOOK_S

    async def _hear(self, user: str, payload: bytes) -> None:
        """An answer; one that cannot be taken now comes again, as the command is sent again."""
        try:
            is_new = await self._ask(lambda: hear(user, payload))
        except (DatabaseError, InterfaceError) as error:
            log.warning("an answer of %s could not be taken: %s", user, error)
            return
        except Exception:
            log.exception("an answer of %s could not be taken", user)
            return
        self.totals["answers"] += 1
        self.totals["new"] += is_new

    async def _ask(self, question: Callable[[], Result]) -> Result:
        def asked() -> Result:
            try:
                return question()
            except (DatabaseError, InterfaceError):
                connection.close()
                raise

        return await asyncio.get_running_loop().run_in_executor(self._database, asked)

    async def _rest(self, seconds: float) -> None:
        until = time.monotonic() + seconds
        while not self._stopping.is_set() and (left := until - time.monotonic()) > 0:
            await asyncio.sleep(min(left, LOOK_S))

    def _beat(self) -> None:
        if time.monotonic() - self._beat_at >= BEAT_S:
            self._beat_at = time.monotonic()
            pulse.beat(self._home, NAME, {"state": self._state, "totals": dict(self.totals)})
