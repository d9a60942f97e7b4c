"""Loopback ports: chosen free once, then remembered in the home so that addresses stay."""

from __future__ import annotations

import random
import socket
from contextlib import suppress

from belvedere.engines.home import Home, replace_private
from belvedere.kernel.errors import N_, Unavailable

LOOPBACK = "127.0.0.1"
# Below the range from which systems take the ports of outgoing connections (32768 and above on Linux),
# so that a remembered port is not taken by chance while the platform is stopped.
FIRST, LAST = 20000, 32000


def split(given: str) -> tuple[str, int] | None:
    """Host and port of `host:port`, an IPv6 host without its brackets; None for anything else."""
    host, _, port = given.rpartition(":")
    if not host or not port.isdigit() or not 0 < int(port) < 65536:
        return None
    return host.strip("[]"), int(port)


def is_free(port: int, host: str = LOOPBACK) -> bool:
    """Whether a server could listen on that port now."""
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError:
            return False
    return True


def answers(port: int, host: str = LOOPBACK, timeout_s: float = 0.5) -> bool:
    """Whether something accepts connections on that port."""
    with suppress(OSError), socket.create_connection((host, port), timeout=timeout_s):
        return True
    return False


def remembered(home: Home, name: str) -> int | None:
    """The port of that name, if one was chosen."""
    with suppress(FileNotFoundError, ValueError):
        return int(home.path("ports", name).read_text(encoding="ascii"))
    return None


def port_for(home: Home, name: str, preferred: int | None = None) -> int:
    """The remembered port of that name; chosen and remembered the first time."""
    return remembered(home, name) or choose(home, name, preferred)


def free_port_for(home: Home, name: str, preferred: int | None = None) -> int:
    """Like `port_for`, but chooses another one when a stranger sits on the remembered port."""
    port = port_for(home, name, preferred)
    return port if is_free(port) else choose(home, name, None)


def choose(home: Home, name: str, preferred: int | None) -> int:
    """Choose a free port, `preferred` if it can be, and remember it under `name`."""
    others = {remembered(home, other.name) for other in home.folder("ports").iterdir()}
    draw = random.Random(f"{home.root}/{name}")  # noqa: S311 (a port is no secret)
    candidates = [preferred] if preferred else []
    candidates += [draw.randint(FIRST, LAST) for _ in range(200)]
    for port in candidates:
        if port not in others and is_free(port):
            replace_private(home.path("ports", name), f"{port}\n")
            return port
    raise Unavailable(
        N_(
            "No free port was found for {name} on this machine. Stop what listens on its ports, "
            "then start again."
        ),
        code="no_free_port",
        name=name,
    )
