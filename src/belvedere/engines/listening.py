"""Where browsers listen to changes, and the ticket that lets them.

The process that browsers listen to knows no person and reads no database: who may hear what is said by the
ticket, which the web process signs for a person it knows. A ticket is short-lived; who lost a right is out
when it ends.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
import os
from dataclasses import dataclass
from uuid import UUID

import msgspec

from belvedere.engines import ports
from belvedere.engines.home import Home
from belvedere.kernel.audiences import Audience
from belvedere.kernel.errors import N_, InvalidInput

#: Where the process listens, host:port; by default the host of the web server and a port of the home.
ADDRESS = "BELVEDERE_LIVE_ADDRESS"
#: Where browsers reach it, when a proxy stands before it.
URL = "BELVEDERE_LIVE_URL"
PORT = "live"
VALID_S = 300
_MAC_BYTES = 32
_WRITER = msgspec.msgpack.Encoder()


class _Written(msgspec.Struct, array_like=True):
    territory: bytes
    everything: bool
    shared: bool
    owners: list[bytes]
    expires_at: float


@dataclass(frozen=True, slots=True)
class Ticket:
    """Who may hear of what, until when (seconds since 1970)."""

    territory_id: UUID
    audience: Audience
    expires_at: float


def address(home: Home) -> tuple[str, int]:
    """Host and port of the process."""
    given = os.environ.get(ADDRESS)
    if not given:
        host = (os.environ.get("BELVEDERE_ADDRESS") or "").rpartition(":")[0].strip("[]")
        return host or ports.LOOPBACK, ports.port_for(home, PORT)
    found = ports.split(given)
    if found is None:
        raise InvalidInput(
            N_("{name} is “{value}”, which is not host:port. Give for example 0.0.0.0:8001."),
            code="bad_address",
            name=ADDRESS,
            value=given,
        )
    return found


def url(home: Home, host: str, *, secure: bool) -> str:
    """Where a browser that came to `host` (without its port) listens; "" when it cannot.

    From a page that came over https a browser listens over https only: a proxy has to stand before the
    process then, and `BELVEDERE_LIVE_URL` says where.
    """
    given = os.environ.get(URL)
    if given:
        return given.rstrip("/")
    known = os.environ.get(ADDRESS) or ports.remembered(home, PORT) is not None
    return "" if secure or not known else f"http://{host}:{address(home)[1]}"


def sign(home: Home, ticket: Ticket) -> str:
    """The ticket as a text that fits in an address."""
    audience = ticket.audience
    body = _WRITER.encode(
        _Written(
            ticket.territory_id.bytes,
            audience.everything,
            audience.shared,
            sorted(owner.bytes for owner in audience.owners),
            ticket.expires_at,
        )
    )
    return base64.urlsafe_b64encode(_mac(home, body) + body).rstrip(b"=").decode("ascii")


def read(home: Home, text: str, now: float) -> Ticket | None:
    """What a ticket says; None for one that is over, or that we did not sign."""
    try:
        whole = base64.b64decode(text.encode("ascii") + b"=" * (-len(text) % 4), b"-_", validate=True)
    except (ValueError, binascii.Error):
        return None
    mac, body = whole[:_MAC_BYTES], whole[_MAC_BYTES:]
    if not hmac.compare_digest(mac, _mac(home, body)):
        return None
    told = msgspec.msgpack.decode(body, type=_Written)
    if told.expires_at <= now:
        return None
    owners = frozenset(UUID(bytes=owner) for owner in told.owners)
    audience = Audience(told.everything, told.shared, owners)
    return Ticket(UUID(bytes=told.territory), audience, told.expires_at)


def _mac(home: Home, body: bytes) -> bytes:
    return hmac.new(home.secret("live").encode("ascii"), body, hashlib.sha256).digest()
