"""Is it there yet? Small questions by plain sockets, light enough to be asked again and again.

Not for checking data: a probe says that a server takes requests, no more.
"""

from __future__ import annotations

import socket
import struct

TIMEOUT_S = 2.0


def postgres_accepts(host: str, port: int) -> bool:
    """Whether PostgreSQL takes connections: it asks for a password (`R`), not “starting up” (`E`)."""
    words = b"user\0probe\0database\0probe\0\0"
    hello = struct.pack(">II", len(words) + 8, 196608) + words
    # The whole answer is read: PostgreSQL would log a connection cut short.
    return _exchange(host, port, hello, 4096)[:1] == b"R"


def nats_accepts(host: str, port: int) -> bool:
    """Whether NATS takes clients and has JetStream."""
    told = _exchange(host, port, b"", 4096)
    return told.startswith(b"INFO ") and b'"jetstream":true' in told


def http_ok(host: str, port: int, path: str) -> bool:
    """Whether a GET is answered by 200."""
    request = f"GET {path} HTTP/1.0\r\nHost: localhost\r\nConnection: close\r\n\r\n".encode("ascii")
    told = _exchange(host, port, request, 64)
    return told.startswith(b"HTTP/1.") and told[8:13] == b" 200 "


def _exchange(host: str, port: int, said: bytes, size: int) -> bytes:
    try:
        with socket.create_connection((host, port), timeout=TIMEOUT_S) as line:
            line.settimeout(TIMEOUT_S)
            if said:
                line.sendall(said)
            return line.recv(size)
    except OSError:
        return b""
