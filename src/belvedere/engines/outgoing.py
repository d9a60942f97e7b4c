"""Messages over HTTP to an address somebody typed: outside the house only, no redirect, little time.

The name is looked up once a connection, every address it has is checked, and the connection goes to the one
checked: a name that changes its mind in between reaches nothing (DNS rebinding).
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
from typing import Any
from urllib.parse import SplitResult, urlsplit

from django.conf import settings

from belvedere.kernel.errors import N_, InvalidInput, TooLarge, Unavailable

LONGEST_URL = 500
KEPT_BYTES = 2048
WAIT_S = 10.0  # for each step
WHOLE_S = 20.0  # for everything
AGENT = "Belvedere/1"
# What is given out of IPv6: the rest carries addresses of inside (NAT64, mapped, compatible) or stays inside.
_GIVEN_OUT = ipaddress.ip_network("2000::/3")
# Given out, yet they carry addresses of inside: 6to4, Teredo.
_CARRIERS = tuple(ipaddress.ip_network(net) for net in ("2002::/16", "2001::/32"))


class AddressRefused(InvalidInput):
    """An address that would reach inside the house instead of the outside."""

    default_code = "address_refused"


class Unreachable(Unavailable):
    """The other side did not answer, or not in time."""

    default_code = "unreachable"


class NobodyThere(Unreachable):
    """Nobody listens at the address, or the name is not known: nothing was sent."""


@dataclass(frozen=True, slots=True)
class Answer:
    """What came back; `body` cut to 2 kB."""

    status: int
    body: str

    @property
    def taken(self) -> bool:
        return 200 <= self.status < 300


@dataclass(frozen=True, slots=True)
class Document:
    """What was fetched: `body` whole, as it came over the line; `headers` by their names in small letters."""

    status: int
    headers: Mapping[str, str]
    body: bytes


def private_allowed() -> bool:
    """Whether the operator lets messages go to addresses inside the house, and without encryption."""
    return bool(settings.WEBHOOKS_PRIVATE)


def checked_url(url: str, longest: int = LONGEST_URL) -> str:
    """An address one may send to, as typed; AddressRefused says why not. Looks up no name."""
    url = url.strip()
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError:
        raise _not_an_address() from None
    plain = url.isascii() and url.isprintable() and " " not in url
    if not plain or len(url) > longest or not parts.hostname or port == 0:
        raise _not_an_address()
    if parts.username is not None or parts.password is not None:
        raise AddressRefused(N_("Leave name and password out of the address."), field="url")
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
    return private_allowed() or is_open(address)


def is_open(address: ipaddress.IPv4Address | ipaddress.IPv6Address) -> bool:
    """Whether an address is of the open internet, whatever the operator allows."""
    if isinstance(address, ipaddress.IPv6Address):
        if address.ipv4_mapped is not None:
            return is_open(address.ipv4_mapped)
        if address not in _GIVEN_OUT or any(address in carrier for carrier in _CARRIERS):
            return False
    return address.is_global and not address.is_multicast


def resolved(host: str, port: int) -> str:
    """One address of `host`, when all it has are outside."""
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError) as error:
        raise NobodyThere(N_("The name {host} is not known."), host=host) from error
    addresses = [str(entry[4][0]).partition("%")[0] for entry in found]
    if not addresses or not all(is_outside(ipaddress.ip_address(one)) for one in addresses):
        raise _inside()
    return addresses[0]


class Named(ssl.SSLContext):
    """Checks the certificate against the name that was typed; the connection goes to a checked address."""

    name = ""

    def wrap_socket(self, sock: Any, *args: Any, **given: Any) -> ssl.SSLSocket:
        return super().wrap_socket(sock, *args, **{**given, "server_hostname": self.name})


def certain_of(host: str) -> Named:
    """TLS with a server of that name."""
    context = Named(ssl.PROTOCOL_TLS_CLIENT)
    context.load_default_certs()
    context.name = host
    return context


def post(url: str, body: bytes, headers: Mapping[str, str]) -> Answer:
    """Send `body` and give what came back, whatever its status; raises as `call` does."""
    return call("POST", url, body, headers)


def call(
    method: str, url: str, body: bytes | None, headers: Mapping[str, str], *, longest: int = LONGEST_URL
) -> Answer:
    """Ask by any method and give what came back, whatever its status. `longest`: that the address may be.

    Raises:
        AddressRefused: the address leads inside the house.
        Unreachable: no answer, or not in time.
    """
    line = Line(url, longest=longest)
    try:
        return line.send(method, body, {**headers, "Connection": "close"})
    finally:
        line.close()


class Line:
    """The way to one address, kept open for several messages in a row. For one thread at a time.

    Args:
        whole_s: the seconds that a message may take in all, answer included.

    Raises:
        AddressRefused: nobody may send there.
    """

    def __init__(self, url: str, *, whole_s: float | None = None, longest: int = LONGEST_URL) -> None:
        self._parts = urlsplit(checked_url(url, longest))
        self._whole_s = WHOLE_S if whole_s is None else whole_s
        self._connection: http.client.HTTPConnection | None = None
        self._is_cut = False

    def post(self, body: bytes, headers: Mapping[str, str]) -> Answer:
        """Send `body` and give what came back; raises as `outgoing.call` does."""
        return self.send("POST", body, headers)

    def send(self, method: str, body: bytes | None, headers: Mapping[str, str]) -> Answer:
        """The same by any method that changes something or asks; raises as `outgoing.call` does."""
        kept = self._connection is not None and not self._is_cut
        try:
            return self._send(method, body, headers)
        except (http.client.RemoteDisconnected, ConnectionResetError, BrokenPipeError) as error:
            self.close()
            if not kept:  # a connection that was kept may be over; a new one says what is the matter
                raise _no_answer(error) from error
        except (OSError, http.client.HTTPException, ValueError) as error:
            self.close()
            raise _no_answer(error) from error
        try:
            return self._send(method, body, headers)
        except (OSError, http.client.HTTPException, ValueError) as error:
            self.close()
            raise _no_answer(error) from error

    def get(self, headers: Mapping[str, str], *, most_bytes: int) -> Document:
        """Ask for what is there, once; a redirect is an answer like any other.

        Raises:
            AddressRefused: the address leads inside the house.
            Unreachable: no answer, or not whole, or not in time.
            TooLarge: it is longer than `most_bytes`.
        """
        late = threading.Event()
        try:
            connection = self._connection = self._open()
            watch = threading.Timer(self._whole_s, _cut_late, (connection, late))
            watch.daemon = True
            watch.start()
            try:
                connection.request("GET", _target(self._parts), headers={"User-Agent": AGENT, **headers})
                with contextlib.closing(connection.getresponse()) as response:
                    body = response.read(most_bytes + 1)
                    is_cut = late.is_set() or (len(body) <= most_bytes and bool(response.length))
            finally:
                watch.cancel()
        except (OSError, http.client.HTTPException, ValueError) as error:
            # The line gives up at the same moment as the watch: either may come first.
            is_late = late.is_set() or isinstance(error, TimeoutError)
            raise (_too_slow() if is_late else _no_answer(error)) from error
        finally:
            self.close()
        if len(body) > most_bytes:
            raise TooLarge(N_("The answer is longer than {most} MB."), most=most_bytes // 1_000_000)
        if is_cut:
            raise _too_slow() if late.is_set() else Unreachable(N_("The answer broke off halfway."))
        told = {name.lower(): value for name, value in response.getheaders()}
        return Document(response.status, told, body)

    def cut(self) -> None:
        """From another thread: send nothing more, and wait for no answer."""
        self._is_cut = True
        connection = self._connection
        if connection is not None:
            _cut(connection)

    def close(self) -> None:
        """Let the connection go; the next message makes another one."""
        if self._connection is not None:
            self._connection.close()
            self._connection = None

    def _send(self, method: str, body: bytes | None, headers: Mapping[str, str]) -> Answer:
        connection = self._connection or self._open()
        self._connection = connection
        watch = threading.Timer(self._whole_s, _cut, (connection,))
        watch.daemon = True
        watch.start()
        try:
            connection.request(method, _target(self._parts), body, {"User-Agent": AGENT, **headers})
            response = connection.getresponse()
            try:
                kept = response.read(KEPT_BYTES)
            except BaseException:
                response.close()
                raise
            if response.will_close or not response.isclosed():
                self.close()  # what is left of a long answer is not waited for
            return Answer(response.status, kept.decode("utf-8", "replace").replace("\x00", "\ufffd"))
        finally:
            watch.cancel()

    def _open(self) -> http.client.HTTPConnection:
        if self._is_cut:
            raise ConnectionAbortedError("the line was cut")
        host = self._parts.hostname or ""
        port = self._parts.port or (443 if self._parts.scheme == "https" else 80)
        address = resolved(host, port)
        safely = ssl.create_default_context() if self._parts.scheme == "https" else None
        connection = (
            http.client.HTTPConnection(host, port)
            if safely is None
            else http.client.HTTPSConnection(host, port, context=safely)
        )
        connection.sock = _connected(safely, host, address, port, self._whole_s)
        return connection


def _no_answer(error: Exception) -> Unreachable:
    kind = NobodyThere if isinstance(error, ConnectionRefusedError) else Unreachable
    return kind(N_("No answer: {why}."), why=str(error) or type(error).__name__)


def _too_slow() -> Unreachable:
    return Unreachable(N_("The answer took too long."))


def _connected(
    safely: ssl.SSLContext | None, host: str, address: str, port: int, wait_s: float
) -> socket.socket:
    plain = socket.create_connection((address, port), timeout=min(WAIT_S, wait_s))
    plain.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)  # header and body go in two pieces
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


def _cut_late(connection: http.client.HTTPConnection, late: threading.Event) -> None:
    late.set()
    _cut(connection)
