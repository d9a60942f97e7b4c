"""The few bytes of MQTT 3.1.1 that the tests speak (OASIS MQTT 3.1.1, sections 2.2 to 3.9)."""

from __future__ import annotations

import socket
import struct

from belvedere.engines.mqtt import packet, text


class Device:
    """A device that connects by user and password."""

    def __init__(self, port: int, user: str, password: str, client: str) -> None:
        self._line = socket.create_connection(("127.0.0.1", port), timeout=15)
        flags = bytes([4, 0b11000010]) + struct.pack(">H", 60)
        self._send(0x10, text("MQTT") + flags + text(client) + text(user) + text(password))
        answer = self._line.recv(4)
        self.accepted = len(answer) == 4 and answer[3] == 0

    def publish(self, topic: str, payload: bytes, number: int = 1) -> None:
        """QoS 1: returns when the broker has acknowledged."""
        self._send(0x32, text(topic) + struct.pack(">H", number) + payload)
        assert self._line.recv(4) == b"\x40\x02" + struct.pack(">H", number)

    def subscribe(self, topic: str) -> int:
        """The granted QoS, or 0x80 when refused."""
        self._send(0x82, struct.pack(">H", 7) + text(topic) + b"\x00")
        answer = self._line.recv(5)
        assert answer[0] == 0x90
        return answer[4]

    @property
    def is_cut(self) -> bool:
        """Whether the broker has closed the connection; waits up to the time-out of the socket."""
        try:
            return self._line.recv(1) == b""
        except ConnectionError:
            return True
        except TimeoutError:
            return False

    def _send(self, kind: int, body: bytes) -> None:
        self._line.sendall(packet(kind, body))

    def close(self) -> None:
        self._line.close()

    def __enter__(self) -> Device:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()
