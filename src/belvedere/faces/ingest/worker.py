"""The worker: pulls messages, hands them to intake in batches, acknowledges what is committed.

One batch is stored while the next one comes. While PostgreSQL is away the batch waits and nothing more is
pulled: the bus keeps the rest. While the bus is away there is nothing to do but to wait for it.

Of several workers one takes messages, whose turn it is, in the order of the stream; all keep the door.
"""

from __future__ import annotations

import asyncio
import logging
import time
from collections import Counter
from collections.abc import Coroutine, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from typing import TYPE_CHECKING, Any

from django.db import InterfaceError, OperationalError, connection
from nats.errors import Error as NatsError

from belvedere.domains.intake.public import Message, Taken, take_surely
from belvedere.engines import bus, changes, postgres, pulse, telling, uplinks
from belvedere.engines.changes import Told
from belvedere.engines.devices import Door
from belvedere.engines.home import Home
from belvedere.engines.nkeys import Issuer
from belvedere.engines.turns import Turn
from belvedere.engines.uplinks import Puller, Uplink
from belvedere.faces.ingest.guard import Guard, Pair, pair_of
from belvedere.kernel.errors import Unavailable

if TYPE_CHECKING:
    from nats.aio.client import Client
    from nats.aio.msg import Msg

NAME = "ingest"
MOST = 2000
WINDOW_S = 0.05
WAIT_S = 1.0
FIRST_DELAY_S, LAST_DELAY_S = 0.1, 5.0
BEAT_S = 1.0
PATIENCE_S = 3.0
LOOK_S = 0.5  # how soon another one goes on
CUT = "door.cut"  # said to all who keep the door
log = logging.getLogger(__name__)


class Worker:
    """One process of ingest; several may run on one bus, on one machine or on several."""

    def __init__(self, home: Home, name: str = NAME) -> None:
        self._home = home
        self._name = name
        self._stopping = asyncio.Event()
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="take")
        self._guard = Guard(self._tell_cut)
        self._turn: Turn | None = None
        self._client: Client | None = None
        self._puller: Puller | None = None
        self._stream = ""
        self._state = "waiting for the bus"
        self.totals: Counter[str] = Counter()
        self._lag_s = 0.0

    def stop(self) -> None:
        """End after the batch at hand."""
        self._stopping.set()

    async def run(self) -> None:
        """Work until stopped."""
        beating = asyncio.create_task(self._beat())
        loop = asyncio.get_running_loop()
        telling.use(lambda messages: _later(loop, self._publish(messages)))
        try:
            client = await self._connected(None)
            if client is not None:
                await self._work(client)
        finally:
            beating.cancel()
            telling.use(None)
            self._guard.close()
            self._thread.submit(connection.close)
            self._thread.shutdown()
            pulse.forget(self._home, self._name)

    async def _work(self, client: Client) -> None:
        self._client = client
        if not await self._prepared(client):
            return
        door_url = bus.doorkeeper_url(self._home)
        keeper = None if door_url is None else await self._connected(door_url)
        self._puller = Puller(client, most=MOST)
        await self._puller.open()
        watching = None
        if keeper is not None:
            door = Door(keeper, Issuer.of(self._home.secret("nats_issuer")), self._guard.judge)
            await client.subscribe(CUT, cb=self._hear_cut)
            await door.open()  # only now: what a device says is kept from its first message on
            watching = asyncio.create_task(self._guard.watch(door))
        try:
            await self._take_all(client, self._puller)
        finally:
            if self._turn is not None:
                await self._turn.give_up()
            if watching is not None:
                watching.cancel()
            for one in (keeper, client):
                if one is not None:
                    with suppress(NatsError, TimeoutError, OSError):
                        await one.flush(1)
                    await one.close()

    async def _take_all(self, client: Client, puller: Puller) -> None:
        reconnects = client.stats["reconnects"]
        while not self._stopping.is_set():
            if client.stats["reconnects"] != reconnects:
                reconnects = client.stats["reconnects"]
                if not await self._prepared(client):
                    return
            if not await self._has_turn(puller):
                await self._pause(LOOK_S)
                continue
            try:
                batch = await puller.take(WAIT_S, WINDOW_S)
            except (NatsError, TimeoutError, OSError):
                await self._pause(FIRST_DELAY_S)
                continue
            await self._take(puller, batch)
        await self._take(puller, puller.drain())

    async def _has_turn(self, puller: Puller) -> bool:
        """Whether this worker is the one that takes; what it pulled goes back when it is not."""
        assert self._turn is not None
        try:
            mine = await self._turn.mine()
        except Unavailable as error:
            if self._state == "ready":
                log.warning("%s", error)
            self._state = "waiting for PostgreSQL"
            return False
        self._state = "ready" if mine else "standing by"
        if not mine:
            with suppress(NatsError, OSError):
                await puller.give_back(puller.drain())
        return mine

    async def _take(self, puller: Puller, batch: Sequence[Uplink]) -> None:
        """Store a batch, however long PostgreSQL is away, unless stopped meanwhile; then acknowledge it."""
        if not batch:
            return
        messages = [Message(one.subject, one.payload, one.seq, one.received_at) for one in batch]
        delay = FIRST_DELAY_S
        while True:
            try:
                loop = asyncio.get_running_loop()
                taken = await loop.run_in_executor(self._thread, _stored, self._stream, messages)
                break
            except (OperationalError, InterfaceError) as error:
                if self._state == "ready":
                    log.warning("PostgreSQL cannot store now, the batch waits: %s", error)
                self._state = "waiting for PostgreSQL"
            await self._pause(delay)
            delay = min(delay * 2, LAST_DELAY_S)
            mine = await self._has_turn(puller)
            if self._stopping.is_set() or (not mine and self._state == "standing by"):
                with suppress(NatsError, OSError):
                    await puller.give_back(batch)  # another one goes on, or will
                return
        self._state = "ready"
        self._note(batch, taken)
        with suppress(NatsError, OSError):  # not acknowledged: it comes again, and is known
            await puller.acknowledge(batch)

    def _note(self, batch: Sequence[Uplink], taken: Taken) -> None:
        self._lag_s = max(0.0, time.time() - batch[-1].received_at.timestamp())
        self.totals["messages"] += taken.messages
        self.totals["again"] += len(batch) - taken.messages
        self.totals["batches"] += 1
        for (outcome, _reason), many in taken.sets.items():
            self.totals[outcome.value] += many
        self._guard.note(taken.flooding)

    async def _connected(self, url: str | None) -> Client | None:
        """A connection that lives through outages; None when stopped before the bus is there."""
        delay = FIRST_DELAY_S
        while not self._stopping.is_set():
            try:
                return await bus.connect(self._home, name=self._name, forever=True, url=url)
            except Unavailable as error:
                if delay == FIRST_DELAY_S:
                    log.warning("%s", error)
                await self._pause(delay)
                delay = min(delay * 2, LAST_DELAY_S)
        return None

    async def _prepared(self, client: Client) -> bool:
        """The stream and its reader are there; False when stopped before."""
        delay = FIRST_DELAY_S
        while not self._stopping.is_set():
            try:
                stream = await uplinks.prepare(client)
                if stream != self._stream:
                    await self._follow(stream)
                await self._tell_anew(client)
                return True
            except (NatsError, TimeoutError, OSError) as error:
                if delay == LAST_DELAY_S:
                    log.warning("the stream of the bus cannot be had: %s", error)
                await self._pause(delay)
                delay = min(delay * 2, LAST_DELAY_S)
        return False

    async def _follow(self, stream: str) -> None:
        """Take from this stream from now on."""
        if self._puller is not None:
            self._puller.drain()  # of a stream that is no more: its numbers mean other messages now
        if self._turn is not None:
            await self._turn.give_up()
        self._turn = Turn(postgres.database_url(self._home), stream)
        self._stream = stream

    async def _tell_anew(self, client: Client) -> None:
        """What was committed and not told, by this worker or the one before it, is to be read anew."""
        with suppress(NatsError, TimeoutError, OSError):
            await changes.prepare(client)
            await self._publish([changes.reset()])

    async def _publish(self, messages: Sequence[Told]) -> None:
        """Tell what changed; intake goes on without it."""
        if self._client is None:
            return
        try:
            await changes.publish(self._client, messages)
        except (NatsError, TimeoutError, OSError) as error:
            log.debug("changes were not told: %s", error)  # the reset after the reconnection tells of them
        except Exception:
            log.exception("changes were not told")

    def _tell_cut(self, pair: Pair) -> None:
        """Have all who keep the door know that a device stays outside for now."""
        if self._client is not None:
            said = self._client.publish(CUT, ".".join(pair).encode())
            _later(asyncio.get_running_loop(), said)

    async def _hear_cut(self, message: Msg) -> None:
        self._guard.cut(pair_of(message.data.decode("utf-8", "replace")))

    async def _pause(self, seconds: float) -> None:
        with suppress(TimeoutError):
            await asyncio.wait_for(self._stopping.wait(), seconds)

    async def _beat(self) -> None:
        while True:
            pulse.beat(self._home, self._name, await self._told())
            await asyncio.sleep(BEAT_S)

    async def _told(self) -> dict[str, Any]:
        waiting = None
        if self._client is not None and self._client.is_connected:
            # While a cluster chooses its leader nobody answers; we live all the same, and say so.
            with suppress(NatsError, TimeoutError, OSError):
                async with asyncio.timeout(PATIENCE_S):
                    waiting = await uplinks.waiting(self._client)
                    if self._state == "ready":
                        await uplinks.sweep(self._client)
        return {
            "state": self._state,
            "waiting": waiting,
            "lag_s": round(self._lag_s, 3),
            "totals": dict(self.totals),
            "devices_refused": self._guard.refused,
            "devices_sent_away": self._guard.sent_away,
        }


def _later(loop: asyncio.AbstractEventLoop, work: Coroutine[Any, Any, None]) -> None:
    """Have it done by the loop, from the thread that stores."""
    try:
        asyncio.run_coroutine_threadsafe(work, loop)
    except RuntimeError:  # the loop has ended
        work.close()


def _stored(stream: str, messages: Sequence[Message]) -> Taken:
    try:
        return take_surely(stream, messages)
    except (OperationalError, InterfaceError):
        connection.close()
        raise
