"""One message over HTTP to an address somebody typed: outside the house only, no redirect, little time.

The name is looked up once, every address it has is checked, and the connection goes to the one checked: a
name that changes its mind in between reaches nothing (DNS rebinding).
"""

from __future__ import annotations

import contextlib
import http.client
import ipaddress
import socket
import ssl
import threading
from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import SplitResult, urlsplit

from django.conf import settings

from belvedere.domains.webhooks.errors import AddressRefused, Unreachable
from belvedere.kernel.errors import N_

LONGEST_URL = 500
KEPT_BYTES = 2048
WAIT_S = 10.0  # for each step
WHOLE_S = 20.0  # for everything
AGENT = "Belvedere-Webhooks/1"
# Global by the registry, yet they carry addresses of inside: NAT64, 6to4, Teredo.
_CARRIERS = tuple(ipaddress.ip_network(net) for net in ("64:ff9b::/96", "2002::/16", "2001::/32"))


@dataclass(frozen=True, slots=True)
class Answer:
    """What came back; `body` cut to 2 kB."""

    status: int
    body: str

    @property
    def taken(self) -> bool:
        return 200 <= self.status < 300


def private_allowed() -> bool:
    """Whether the operator lets messages go to addresses inside the house, and without encryption."""
    return bool(settings.WEBHOOKS_PRIVATE)


def checked_url(url: str) -> str:
    """An address one may send to, as typed; AddressRefused says why not. Looks up no name."""
    url = url.strip()
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError:
        raise _not_an_address() from None
    plain = url.isascii() and url.isprintable() and " " not in url
    if not plain or len(url) > LONGEST_URL or not parts.hostname or port == 0:
        raise _not_an_address()
    if parts.username is not None or parts.password is not None:
        raise AddressRefused(
            N_("Leave name and password out of the address: each message is signed."), field="url"
        )
    if parts.scheme != "https" and not (parts.scheme == "http" and private_allowed()):
        raise AddressRefused(N_("The address begins with https://."), field="url")
    try:
        address = ipaddress.ip_address(parts.hostname)
    except ValueError:
        return url
    if not is_outside(address):
        raise _inside()
    return url


def _not_an_address() -> AddressRefused:
    return AddressRefused(
        N_("This is not the address of a server. Write it whole, as in https://example.org/hook."),
        field="url",
    )


def _inside() -> AddressRefused:
    return AddressRefused(
        N_("This address leads inside the network of the platform. Only servers outside are told."),
        field="url",
    )


def is_outside(address: ipaddress.IPv4Address | ipaddress.IPv6Address) -> bool:
    """Whether an address is of the open internet, or the operator allows the others too."""
    if private_allowed():
        return True
    if isinstance(address, ipaddress.IPv6Address):
        if address.ipv4_mapped is not None:
            return is_outside(address.ipv4_mapped)
        if any(address in carrier for carrier in _CARRIERS):
            return False
    return address.is_global and not address.is_multicast


def resolved(host: str, port: int) -> str:
    """One address of `host`, when all it has are outside."""
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError) as error:
        raise Unreachable(N_("The name {host} is not known."), host=host) from error
    addresses = [str(entry[4][0]).partition("%")[0] for entry in found]
    if not addresses or not all(is_outside(ipaddress.ip_address(one)) for one in addresses):
        raise _inside()
    return addresses[0]


def post(url: str, body: bytes, headers: Mapping[str, str]) -> Answer:
    """Send `body` and give what came back, whatever its status.

    Raises:
        AddressRefused: the address leads inside the house.
        Unreachable: no answer, or not in time.
    """
    parts = urlsplit(checked_url(url))
    host = parts.hostname or ""
    port = parts.port or (443 if parts.scheme == "https" else 80)
    address = resolved(host, port)
    safely = ssl.create_default_context() if parts.scheme == "https" else None
    connection = (
        http.client.HTTPConnection(host, port)
        if safely is None
        else http.client.HTTPSConnection(host, port, context=safely)
    )
    watch = threading.Timer(WHOLE_S, _cut, (connection,))
    watch.daemon = True
    try:
        connection.sock = _connected(safely, host, address, port)
        watch.start()
        connection.request(
            "POST", _target(parts), body, {**headers, "User-Agent": AGENT, "Connection": "close"}
        )
        response = connection.getresponse()
        kept = response.read(KEPT_BYTES)
        return Answer(response.status, kept.decode("utf-8", "replace").replace("\x00", "\ufffd"))
    except (OSError, http.client.HTTPException, ValueError) as error:
        raise Unreachable(N_("No answer: {why}."), why=str(error) or type(error).__name__) from error
    finally:
        watch.cancel()
        connection.close()


def _connected(safely: ssl.SSLContext | None, host: str, address: str, port: int) -> socket.socket:
    plain = socket.create_connection((address, port), timeout=WAIT_S)
    if safely is None:
        return plain
    try:
        return safely.wrap_socket(plain, server_hostname=host)
    except BaseException:
        plain.close()
        raise


def _target(parts: SplitResult) -> str:
    return (parts.path or "/") + (f"?{parts.query}" if parts.query else "")


def _cut(connection: http.client.HTTPConnection) -> None:
    """Whoever answers drop by drop is cut off."""
    if connection.sock is not None:
        with contextlib.suppress(OSError):
            connection.sock.shutdown(socket.SHUT_RDWR)
