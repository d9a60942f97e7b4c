"""A broker on loopback that speaks MQTT 3.1.1 and 5.0 as far as somebody who only publishes needs it."""

from __future__ import annotations

import contextlib
import socket
import struct
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import BinaryIO

V3, V5 = 4, 5


@dataclass
class Told:
    """One message as it came."""

    topic: str
    payload: bytes
    qos: int
    level: int
    user: str
    password: str


@dataclass
class Broker:
    """`levels`: the versions it speaks; `refuses`: the reason with which it acknowledges (5.0 only);
    `is_silent`: it acknowledges nothing."""

    port: int = 0
    levels: tuple[int, ...] = (V3, V5)
    refuses: int = 0
    is_silent: bool = False
    lets_in: bool = True
    told: list[Told] = field(default_factory=list)

    def url(self, topic: str = "a/b", login: str = "") -> str:
        return f"mqtt://{login + '@' if login else ''}127.0.0.1:{self.port}/{topic}"


@contextmanager
def listening() -> Iterator[Broker]:
    """Listens while the block runs."""
    broker = Broker()
    with socket.create_server(("127.0.0.1", 0)) as server:
        broker.port = server.getsockname()[1]
        lines: list[socket.socket] = []

        def accept() -> None:
            with contextlib.suppress(OSError):
                while True:
                    line, _ = server.accept()
                    lines.append(line)
                    threading.Thread(target=_serve, args=(broker, line), daemon=True).start()

        thread = threading.Thread(target=accept, daemon=True)
        thread.start()
        yield broker
        server.shutdown(socket.SHUT_RDWR)
        thread.join()
        for line in lines:
            line.close()


def _serve(broker: Broker, line: socket.socket) -> None:
    with contextlib.suppress(OSError, EOFError, struct.error), line, line.makefile("rb") as stream:
        user = password = ""
        level = V3
        while True:
            kind = stream.read(1)
            if not kind:
                return
            body = stream.read(_length(stream))
            if kind[0] == 0x10:
                level, user, password = _signed_in(body)
                if level not in broker.levels:
                    line.sendall(b"\x20\x02\x00\x01")
                    return
                code = 0 if broker.lets_in else 135 if level == V5 else 5
                line.sendall(bytes((0x20, 3, 0, code, 0)) if level == V5 else bytes((0x20, 2, 0, code)))
            elif kind[0] & 0xF0 == 0x30:
                qos = kind[0] >> 1 & 3
                topic, at = _text_at(body, 0)
                number, at = (body[at : at + 2], at + 2) if qos else (b"", at)
                at += body[at] + 1 if level == V5 else 0
                if not broker.refuses:
                    broker.told.append(Told(topic, body[at:], qos, level, user, password))
                if qos and not broker.is_silent:
                    why = bytes((broker.refuses,)) if level == V5 and broker.refuses else b""
                    answer = number + why
                    line.sendall(bytes((0x40 if qos == 1 else 0x50, len(answer))) + answer)
            elif kind[0] == 0x62:
                line.sendall(b"\x70\x02" + body[:2])
            elif kind[0] == 0xE0:
                return


def _length(stream: BinaryIO) -> int:
    size, shift = 0, 0
    while True:
        (digit,) = stream.read(1)
        size |= (digit & 127) << shift
        shift += 7
        if digit < 128:
            return size


def _text_at(body: bytes, at: int) -> tuple[str, int]:
    (size,) = struct.unpack_from(">H", body, at)
    end = at + 2 + size
    return body[at + 2 : end].decode(), end


def _signed_in(body: bytes) -> tuple[int, str, str]:
    level, flags = body[6], body[7]
    at = 10 + (body[10] + 1 if level == V5 else 0)
    _client, at = _text_at(body, at)
    user, at = _text_at(body, at) if flags & 0x80 else ("", at)
    password = _text_at(body, at)[0] if flags & 0x40 else ""
    return level, user, password
