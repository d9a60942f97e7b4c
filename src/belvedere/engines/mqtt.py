"""A device's side of MQTT 3.1.1, as little as one needs: sign in, publish with QoS 1, be acknowledged, hear.

For simulators, benchmarks and drills, which send as devices do. (OASIS MQTT 3.1.1, sections 3.1 to 3.9.)
"""

from __future__ import annotations

import asyncio
import struct
from collections.abc import Callable
from contextlib import suppress

from belvedere.kernel.errors import N_, Unavailable

KEEP_ALIVE_S = 60
ANSWER_S = 20.0
PUBACK, PUBLISH, SUBSCRIBE, SUBACK = 0x40, 0x30, 0x82, 0x90
REFUSED = 0x80


class Sender:
    """One device. `on_acknowledged` hears the number given to `publish` once the bus has the message.

    Who says nothing for one and a half times `keep_alive_s` is cut off by the bus.
    """

    def __init__(
        self,
        user: str,
        password: str,
        on_acknowledged: Callable[[int], None],
        *,
        keep_alive_s: int = KEEP_ALIVE_S,
        on_heard: Callable[[str, bytes], None] | None = None,
    ) -> None:
        self._user, self._password = user, password
        self._keep_alive_s = keep_alive_s
        self._acknowledged = on_acknowledged
        self._heard = on_heard
        self._granted: asyncio.Future[int] | None = None
        self._reader: asyncio.StreamReader | None = None
        self._writer: asyncio.StreamWriter | None = None
        self._listening: asyncio.Task[None] | None = None
        self._next = 0
        self._pending: dict[int, int] = {}  # packet identifier -> number of the caller
        self._room = asyncio.Condition()

    async def connect(self, host: str, port: int) -> None:
        """Sign in.

        Raises:
            Unavailable: when the bus is not there, or does not let this device in.
        """
        await self.close()  # of a former connection
        try:
            self._reader, self._writer = await asyncio.open_connection(host, port)
            flags = bytes([4, 0b11000010]) + struct.pack(">H", self._keep_alive_s)
            client = self._user.replace(".", "-")  # NATS takes no dot in it
            body = text("MQTT") + flags + text(client) + text(self._user) + text(self._password)
            self._writer.write(packet(0x10, body))
            answer = await asyncio.wait_for(self._reader.readexactly(4), ANSWER_S)
        except (OSError, TimeoutError, asyncio.IncompleteReadError) as error:
            await self.close()
            raise Unavailable(N_("The bus does not answer: {reason}."), reason=str(error)) from error
        if answer[3] != 0:
            await self.close()
            raise Unavailable(N_("The bus does not let {user} in."), permanent=True, user=self._user)
        self._pending.clear()
        listen = self._listen if self._heard is None else self._listen_to_all
        self._listening = asyncio.create_task(listen(self._reader))

    async def subscribe(self, topic: str) -> None:
        """Hear what is published to `topic` from now on, at most once each; `on_heard` is needed for it.

        Raises:
            Unavailable: the bus does not let this device hear it, or does not answer.
        """
        self._granted = asyncio.get_running_loop().create_future()
        try:
            if self._writer is None:
                raise OSError("cut")
            self._writer.write(packet(SUBSCRIBE, struct.pack(">H", 1) + text(topic) + b"\x00"))
            code = await asyncio.wait_for(self._granted, ANSWER_S)
        except (OSError, TimeoutError) as error:
            raise Unavailable(N_("The bus does not answer: {reason}."), reason=str(error)) from error
        if code == REFUSED:
            raise Unavailable(N_("The bus does not let {user} in."), permanent=True, user=self._user)

    @property
    def is_connected(self) -> bool:
        """Whether the line stands, as far as is known."""
        return self._listening is not None and not self._listening.done()

    @property
    def pending(self) -> list[int]:
        """Numbers that were published on this connection and not acknowledged."""
        return list(self._pending.values())

    async def publish(self, topic: str, payload: bytes, number: int, *, window: int = 20) -> bool:
        """Send one message, once fewer than `window` wait to be acknowledged; False: the line is cut."""
        async with self._room:
            await self._room.wait_for(lambda: len(self._pending) < window or not self.is_connected)
        if not self.is_connected or self._writer is None:
            return False
        self._next = self._next % 65535 + 1
        self._pending[self._next] = number
        self._writer.write(packet(0x32, text(topic) + struct.pack(">H", self._next) + payload))
        with suppress(OSError):
            await self._writer.drain()
        return True

    async def settle(self, timeout_s: float) -> bool:
        """Wait until everything sent is acknowledged; False when the line is cut or it takes too long."""
        with suppress(TimeoutError):
            async with asyncio.timeout(timeout_s), self._room:
                await self._room.wait_for(lambda: not self._pending or not self.is_connected)
        return not self._pending

    async def close(self) -> None:
        """Leave."""
        if self._listening is not None:
            self._listening.cancel()
        if self._writer is not None:
            self._writer.close()
            with suppress(OSError, TimeoutError):
                await asyncio.wait_for(self._writer.wait_closed(), 1)
            self._writer = None

    async def _listen(self, reader: asyncio.StreamReader) -> None:
        rest = b""
        try:
            while chunk := await reader.read(65536):
                rest += chunk
                # Nothing is subscribed to: only acknowledgements come, four bytes each.
                whole = len(rest) // 4 * 4
                for kind, _size, packet in struct.iter_unpack(">BBH", rest[:whole]):
                    number = self._pending.pop(packet, None) if kind == PUBACK else None
                    if number is not None:
                        self._acknowledged(number)
                rest = rest[whole:]
                async with self._room:
                    self._room.notify_all()
        except OSError:
            pass
        finally:
            asyncio.get_running_loop().create_task(self._wake())

    async def _listen_to_all(self, reader: asyncio.StreamReader) -> None:
        """As `_listen`, for who hears more than acknowledgements."""
        try:
            while True:
                (kind,) = await reader.readexactly(1)
                size = shift = 0
                while True:
                    (part,) = await reader.readexactly(1)
                    size |= (part & 127) << shift
                    shift += 7
                    if part < 128:
                        break
                self._take(kind, await reader.readexactly(size))
                async with self._room:
                    self._room.notify_all()
        except (OSError, asyncio.IncompleteReadError):
            pass
        finally:
            asyncio.get_running_loop().create_task(self._wake())

    def _take(self, kind: int, body: bytes) -> None:
        if kind == PUBACK:
            number = self._pending.pop(struct.unpack(">H", body)[0], None)
            if number is not None:
                self._acknowledged(number)
        elif kind == SUBACK and self._granted is not None and not self._granted.done():
            self._granted.set_result(body[2])
        elif kind & 0xF0 == PUBLISH and self._heard is not None:
            long = struct.unpack(">H", body[:2])[0]
            start = 2 + long + (2 if kind & 0b110 else 0)
            self._heard(body[2 : 2 + long].decode(), body[start:])

    async def _wake(self) -> None:
        async with self._room:
            self._room.notify_all()


def text(value: str) -> bytes:
    """A string as MQTT carries it: its length, then UTF-8."""
    encoded = value.encode()
    return struct.pack(">H", len(encoded)) + encoded


def packet(kind: int, body: bytes) -> bytes:
    """A control packet: its kind with flags, the length of `body` in sevens of bits, `body`."""
    length, size = b"", len(body)
    while True:
        size, digit = divmod(size, 128)
        length += bytes([digit | (0x80 if size else 0)])
        if not size:
            return bytes([kind]) + length + body
