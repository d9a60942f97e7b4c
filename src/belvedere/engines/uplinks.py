"""What devices published over MQTT, out of the stream in which the bus keeps it until it is taken.

The server puts a QoS 1 message in the stream `$MQTT_msgs` before it acknowledges it. `prepare` makes that
stream before any device is let in. When it is full the server acknowledges nothing more, and devices keep
what they have. Not for deciding what a message is worth.

What was taken stays until `sweep`: a stream that forgets each message at its acknowledgement writes the disk
once more for each (with `BELVEDERE_BUS_SYNC=always` that halves what the bus takes in).
"""

from __future__ import annotations

import asyncio
import json
import logging
from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

from belvedere.engines.bus import DEVICES, replicas

if TYPE_CHECKING:
    from nats.aio.client import Client
    from nats.aio.msg import Msg

STREAM = "$MQTT_msgs"
CONSUMER = "intake"
PREFIX = "$MQTT.msgs."
MOST_BYTES = 2 << 30  # of the stream: an hour of 2,000 messages a second while nobody takes them
PULL_BYTES = 8 << 20
PULL_EXPIRES_S = 5.0
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Uplink:
    """A message: its subject (`devices.…`), its bytes, its number in the stream, when the bus had it."""

    subject: str
    payload: bytes
    seq: int
    received_at: datetime
    reply: str


async def prepare(client: Client) -> str:
    """Make the stream and its reader when they are missing; the stream's name with its birth.

    A stream that is made anew counts from one again: its birth tells the two apart.
    """
    from nats.js.api import (
        AckPolicy,
        ConsumerConfig,
        DiscardPolicy,
        RetentionPolicy,
        StorageType,
        StreamConfig,
    )
    from nats.js.errors import NotFoundError

    manager = client.jetstream()
    wanted = StreamConfig(
        name=STREAM,
        subjects=[PREFIX + ">"],
        retention=RetentionPolicy.LIMITS,
        storage=StorageType.FILE,
        max_bytes=MOST_BYTES,
        discard=DiscardPolicy.NEW,
        num_replicas=replicas(client),
    )
    try:
        held = await manager.stream_info(STREAM)
        config = held.config
        if (config.retention, config.discard, config.max_bytes, config.num_replicas) != (
            wanted.retention,
            wanted.discard,
            wanted.max_bytes,
            wanted.num_replicas,
        ):
            # Made by the server for a device that came before us, or when the bus had fewer nodes.
            config.retention, config.discard = wanted.retention, wanted.discard
            config.max_bytes, config.num_replicas = wanted.max_bytes, wanted.num_replicas
            await manager.update_stream(config)
    except NotFoundError:
        held = await manager.add_stream(wanted)
    reader = ConsumerConfig(
        durable_name=CONSUMER,
        filter_subject=f"{PREFIX}{DEVICES}.>",
        # Each by itself: after a crash, later ones are taken before those that were on their way.
        ack_policy=AckPolicy.EXPLICIT,
        ack_wait=10,
        max_ack_pending=50_000,
    )
    await manager.add_consumer(STREAM, reader)
    return f"{STREAM}@{_birth(held)}"


def _birth(info: Any) -> str:
    made = info.created
    return made.isoformat() if isinstance(made, datetime) else str(made)


async def waiting(client: Client) -> int:
    """How many messages nobody has taken yet."""
    info = await client.jetstream().consumer_info(STREAM, CONSUMER)
    return int(info.num_pending or 0) + int(info.num_ack_pending or 0)


async def sweep(client: Client) -> None:
    """Have the stream forget the messages up to the first that is not acknowledged."""
    info = await client.jetstream().consumer_info(STREAM, CONSUMER)
    if info.ack_floor is not None and info.ack_floor.stream_seq:
        wish = json.dumps({"seq": info.ack_floor.stream_seq + 1}).encode()
        answer = json.loads((await client.request(f"$JS.API.STREAM.PURGE.{STREAM}", wish, timeout=20)).data)
        if "error" in answer:
            log.warning("the stream %s could not be swept: %s", STREAM, answer["error"])


class Puller:
    """Asks for messages ahead of need, and gives them in batches, in order."""

    def __init__(self, client: Client, *, most: int = 2000) -> None:
        self._client = client
        self._most = most
        self._buffer: deque[Uplink] = deque()
        self._wanted = 0  # asked for and not come yet
        self._asked_at = 0.0
        self._came = asyncio.Event()
        self._inbox = client.new_inbox()
        self._reconnects = 0
        self._held: Any = None

    async def open(self) -> None:
        """Listen for what `take` asks for."""
        self._held = await self._client.subscribe(
            self._inbox, cb=self._heard, pending_msgs_limit=-1, pending_bytes_limit=-1
        )

    async def close(self) -> None:
        """Ask for nothing more."""
        if self._held is not None and not self._client.is_closed:
            await self._held.unsubscribe()

    async def take(self, wait_s: float, window_s: float) -> list[Uplink]:
        """Up to `most` messages: those that come within `window_s` of the first; none after `wait_s`."""
        await self._ask()
        if not self._buffer:
            await self._until(1, wait_s)
        if self._buffer and len(self._buffer) < self._most:
            await self._until(self._most, window_s)
        batch = [self._buffer.popleft() for _ in range(min(self._most, len(self._buffer)))]
        if batch:
            await self._ask()  # the next ones come while these are stored
        return batch

    async def acknowledge(self, batch: Sequence[Uplink]) -> None:
        """These are safe: the stream may forget them."""
        for one in batch:
            await self._client.publish(one.reply)

    async def give_back(self, batch: Sequence[Uplink]) -> None:
        """Another one is to have these, at once."""
        for one in batch:
            await self._client.publish(one.reply, b"-NAK")

    def drain(self) -> list[Uplink]:
        """What came and was not given out yet; nothing more is asked for."""
        rest = list(self._buffer)
        self._buffer.clear()
        return rest

    async def _until(self, many: int, wait_s: float) -> None:
        deadline = asyncio.get_running_loop().time() + wait_s
        while len(self._buffer) < many:
            rest = deadline - asyncio.get_running_loop().time()
            if rest <= 0:
                return
            self._came.clear()
            try:
                await asyncio.wait_for(self._came.wait(), rest)
            except TimeoutError:
                return
            if self._wanted == 0:
                await self._ask()

    async def _ask(self) -> None:
        loop = asyncio.get_running_loop()
        reconnects = self._client.stats["reconnects"]
        # A server that restarted has forgotten what was asked of it.
        if reconnects != self._reconnects or loop.time() - self._asked_at > PULL_EXPIRES_S + 1:
            self._reconnects, self._wanted = reconnects, 0
        if self._wanted > 0 or len(self._buffer) >= self._most:
            return
        self._wanted, self._asked_at = self._most, loop.time()
        wish = {"batch": self._most, "expires": int(PULL_EXPIRES_S * 1e9), "max_bytes": PULL_BYTES}
        subject = f"$JS.API.CONSUMER.MSG.NEXT.{STREAM}.{CONSUMER}"
        await self._client.publish(subject, json.dumps(wish).encode(), reply=self._inbox)

    async def _heard(self, message: Msg) -> None:
        if not message.subject.startswith(PREFIX):
            self._wanted = 0  # a status: this request is over
        else:
            seq, received_at = _number_and_time(message.reply)
            subject = message.subject.removeprefix(PREFIX)
            self._buffer.append(Uplink(subject, message.data, seq, received_at, message.reply))
            self._wanted -= 1
        if self._wanted <= 0 or not self._came.is_set():
            self._came.set()


def _number_and_time(reply: str) -> tuple[int, datetime]:
    """From `$JS.ACK.[domain.account.]stream.consumer.times.seq.number.nanoseconds.pending[.token]`."""
    parts = reply.split(".")
    at = 5 if len(parts) == 9 else 7
    return int(parts[at]), EPOCH + timedelta(microseconds=int(parts[at + 2]) // 1000)
