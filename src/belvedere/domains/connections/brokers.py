"""Which brokers may be listened at: those of the open internet, and those inside that the operator names.

Whoever sets up a connection types an address; it must not become a way to knock at the doors of the house.
"""

from __future__ import annotations

import ipaddress
import os
import re
import socket

from belvedere.engines.outgoing import is_open
from belvedere.kernel.errors import N_, InvalidInput, Unavailable

INSIDE = "BELVEDERE_BROKERS_INSIDE"
_HOST = re.compile(r"[A-Za-z0-9]([A-Za-z0-9.:-]{0,251}[A-Za-z0-9])?")


def checked_broker(host: str, port: int) -> str:
    """The host as it is kept; InvalidInput says why not. Looks up no name."""
    host = host.strip().lower()
    if not _HOST.fullmatch(host) or not 1 <= port <= 65535:
        raise InvalidInput(
            N_("This is not the name of a server. Write it without mqtt://, as in mqtt.example.org."),
            field="host",
        )
    try:
        address = ipaddress.ip_address(host)
    except ValueError:
        return host
    if not _is_allowed(host, port) and not is_open(address):
        raise _inside(host, port)
    return host


def reachable(host: str, port: int) -> str:
    """The address to connect to: looked up once, every answer checked, so that none can change its mind.

    Raises:
        Unavailable: the name is not known.
        InvalidInput: it leads inside the house.
    """
    if _is_allowed(host, port):
        return host
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError) as error:
        raise Unavailable(N_("The name {host} is not known."), host=host) from error
    addresses = [str(entry[4][0]).partition("%")[0] for entry in found]
    if not addresses or not all(is_open(ipaddress.ip_address(one)) for one in addresses):
        raise _inside(host, port)
    return addresses[0]


def _is_allowed(host: str, port: int) -> bool:
    named = {one.strip().lower() for one in os.environ.get(INSIDE, "").split(",")}
    return f"{host}:{port}" in named


def _inside(host: str, port: int) -> InvalidInput:
    return InvalidInput(
        N_(
            "{host} is inside the network of the platform. Who runs the platform allows it with "
            "{setting}={host}:{port}."
        ),
        code="broker_inside",
        field="host",
        host=host,
        port=str(port),
        setting=INSIDE,
    )
