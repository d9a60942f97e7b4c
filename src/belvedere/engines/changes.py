"""What just changed, on its way to who shows it: a stream of the bus, in memory, of the last ten minutes.

Told after commit, by whoever wrote. Nothing depends on it: what is lost here is told as `reset`, and who
shows things reads them anew.
"""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from uuid import UUID

import msgspec

from belvedere.engines.bus import replicas

if TYPE_CHECKING:
    from nats.aio.client import Client
    from nats.aio.msg import Msg

STREAM = "LIVE"
SUBJECT = "live"
EVERYWHERE = "all"
KEPT_S = 600
MOST_BYTES = 32 << 20
MOST_ROWS = 2000  # in one message
BEAT_S = 5.0
DEAF_AFTER_S = 15.0


class StateChange(msgspec.Struct, array_like=True, frozen=True, gc=False):
    """A thing is otherwise than before, and who may know of it."""

    thing: int
    kind: str
    owner: UUID | None
    visibility: str
    before: str
    after: str


class ValueChange(msgspec.Struct, array_like=True, frozen=True, gc=False):
    """A present value changed. `observed_at`: seconds since 1970. `kept`: its own visibility, or None."""

    thing: int
    owner: UUID | None
    visibility: str
    kept: str | None
    series: int
    term: str
    number: float | None
    value: Any
    unit: str
    observed_at: float
    level: int


class Change(msgspec.Struct, omit_defaults=True):
    """What one message tells. `reset`: more changed than is told here, read everything anew.

    `alarms`: whose alarms moved (None: the territory's); pages that list alarms read theirs anew.
    """

    reset: bool = False
    states: Sequence[StateChange] = ()
    values: Sequence[ValueChange] = ()
    alarms: Sequence[UUID | None] = ()


@dataclass(frozen=True, slots=True)
class Told:
    """A message: its territory (None: all of them), and its bytes."""

    territory_id: UUID | None
    payload: bytes

    @property
    def subject(self) -> str:
        return f"{SUBJECT}.{self.territory_id or EVERYWHERE}"


@dataclass(frozen=True, slots=True)
class Heard:
    """A message as the stream gives it: its number, when the bus had it (seconds since 1970)."""

    seq: int
    at: float
    territory: str
    payload: bytes


_ENCODER = msgspec.json.Encoder()
_DECODER = msgspec.json.Decoder(Change)
RESET = _ENCODER.encode(Change(reset=True))


def reset(territory_id: UUID | None = None) -> Told:
    """That things of a territory, or of all, are to be read anew."""
    return Told(territory_id, RESET)


def alarms(territory_id: UUID, owners: Sequence[UUID | None]) -> Told:
    """That alarms of these owners moved."""
    return Told(territory_id, _ENCODER.encode(Change(alarms=owners)))


def told(
    territory_id: UUID, *, states: Sequence[StateChange] = (), values: Sequence[ValueChange] = ()
) -> Iterator[Told]:
    """These changes as messages of a sound size."""
    for at in range(0, len(states), MOST_ROWS):
        yield Told(territory_id, _ENCODER.encode(Change(states=states[at : at + MOST_ROWS])))
    for at in range(0, len(values), MOST_ROWS):
        yield Told(territory_id, _ENCODER.encode(Change(values=values[at : at + MOST_ROWS])))


def understood(payload: bytes) -> Change:
    """What a message tells; what nobody of ours wrote is a reset, to be on the safe side."""
    try:
        return _DECODER.decode(payload)
    except msgspec.MsgspecError:
        return Change(reset=True)


async def publish(client: Client, messages: Iterable[Told]) -> None:
    """Hand the messages to the bus; nobody waits for it to keep them."""
    for message in messages:
        await client.publish(message.subject, message.payload)


@dataclass(frozen=True, slots=True)
class Stream:
    """The stream as it is: its birth (milliseconds since 1970), and the numbers that it holds.

    A stream that is made anew counts from one again: its birth tells the two apart.
    """

    birth: int
    first_seq: int
    last_seq: int


async def prepare(client: Client) -> Stream:
    """Make the stream when it is missing."""
    from nats.js.api import DiscardPolicy, RetentionPolicy, StorageType, StreamConfig
    from nats.js.errors import BadRequestError, NotFoundError

    manager = client.jetstream()
    wanted = StreamConfig(
        name=STREAM,
        subjects=[f"{SUBJECT}.*"],
        retention=RetentionPolicy.LIMITS,
        storage=StorageType.MEMORY,
        max_age=KEPT_S,
        max_bytes=MOST_BYTES,
        discard=DiscardPolicy.OLD,
        num_replicas=replicas(client),
    )
    try:
        held = await manager.stream_info(STREAM)
        if held.config.num_replicas != wanted.num_replicas:
            held.config.num_replicas = wanted.num_replicas
            await manager.update_stream(held.config)
    except NotFoundError:
        try:
            held = await manager.add_stream(wanted)
        except BadRequestError:  # somebody else was quicker
            held = await manager.stream_info(STREAM)
    birth = 0 if held.created is None else round(held.created.timestamp() * 1000)
    # An empty stream that once held something begins after it.
    first = max(held.state.first_seq, 1) if held.state.messages else held.state.last_seq + 1
    return Stream(birth, first, held.state.last_seq)


class Ear:
    """Hears the stream from a number on, every message once and in order, for as long as the bus is there.

    Args:
        heard: called with each message.
    """

    def __init__(self, client: Client, heard: Callable[[Heard], None]) -> None:
        self._client = client
        self._heard = heard
        self._next = 0  # the number in the row of what is sent to us
        self._last_seq = 0
        self._lost = asyncio.Event()
        self._life_at = 0.0
        self._held: Any = None

    async def listen(self, after: int) -> None:
        """Hear what comes after that number of the stream, until cancelled or the bus does not answer."""
        self._last_seq = after
        try:
            while True:
                await self._open()
                await self._until_deaf()
        finally:
            await self._close()

    async def _open(self) -> None:
        from nats.js.api import AckPolicy, ConsumerConfig, DeliverPolicy

        await self._close()
        self._next, self._life_at = 1, _time()
        self._lost.clear()
        inbox = self._client.new_inbox()
        self._held = await self._client.subscribe(
            inbox, cb=self._message, pending_msgs_limit=-1, pending_bytes_limit=-1
        )
        wish = ConsumerConfig(
            deliver_subject=inbox,
            deliver_policy=DeliverPolicy.BY_START_SEQUENCE,
            opt_start_seq=self._last_seq + 1,
            ack_policy=AckPolicy.NONE,
            idle_heartbeat=BEAT_S,
            inactive_threshold=DEAF_AFTER_S * 2,
            mem_storage=True,
            num_replicas=1,
        )
        await self._client.jetstream().add_consumer(STREAM, wish)

    async def _until_deaf(self) -> None:
        while _time() - self._life_at < DEAF_AFTER_S:
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(self._lost.wait(), BEAT_S)
                return

    async def _message(self, message: Msg) -> None:
        self._life_at = _time()
        if message.headers and "Status" in message.headers:
            missed = int(message.headers.get("Nats-Last-Consumer") or 0) >= self._next
        else:
            told = message.metadata.sequence
            missed = told.consumer != self._next
            if not missed:
                self._next += 1
                self._last_seq = told.stream
                at = message.metadata.timestamp.timestamp()
                territory = message.subject.rpartition(".")[2]
                self._heard(Heard(told.stream, at, territory, message.data))
        if missed:
            self._lost.set()

    async def _close(self) -> None:
        held, self._held = self._held, None
        if held is not None and not self._client.is_closed:
            with contextlib.suppress(Exception):
                await held.unsubscribe()


def _time() -> float:
    return asyncio.get_running_loop().time()
