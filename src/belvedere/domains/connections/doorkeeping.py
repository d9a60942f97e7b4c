"""What connectors ask: who calls, where to listen, and what is to be remembered of it. No actor: systems."""

from __future__ import annotations

import hmac
import logging
import threading
import time
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from django.db import DatabaseError, connection
from django.db.models import F, QuerySet

from belvedere.domains.connections.actions import NO_SUCH_CONNECTION, digest
from belvedere.domains.connections.errors import NoSuchConnection, WrongSecret
from belvedere.domains.connections.models import Connection
from belvedere.domains.connections.states import System, Way
from belvedere.duties.privacy.public import decrypt
from belvedere.kernel.clock import now
from belvedere.kernel.errors import N_

WRITE_EVERY_S = 1.0
log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Line:
    """A connection that may speak for the devices of its owner ("" for all of the territory)."""

    id: UUID
    system: System
    territory_slug: str
    owner: str

    def subject(self, dev_eui: str) -> str:
        """Where the bus keeps the uplinks of a device."""
        return f"devices.{self.territory_slug}.{dev_eui}.uplink"


@dataclass(frozen=True, slots=True)
class Listening:
    """A broker to listen at, with its password."""

    line: Line
    host: str
    port: int
    tls: bool
    user: str
    password: str
    changed_at: datetime

    def __repr__(self) -> str:
        return f"Listening({self.host}:{self.port})"


def admit(connection_id: UUID, system: System, secret: str) -> Line:
    """Whose connection calls.

    Raises:
        NoSuchConnection: there is none that is called by this system.
        WrongSecret: it is another secret; the connection remembers that somebody tried.
    """
    row = _rows().filter(pk=connection_id, system=system, way=Way.WEBHOOK).first()
    if row is None:
        raise NoSuchConnection(NO_SUCH_CONNECTION)
    if row.secret_sha256 is None or not hmac.compare_digest(bytes(row.secret_sha256), digest(secret)):
        note(connection_id, refused=1, problem=N_("Somebody called with a wrong secret."))
        raise WrongSecret(
            N_("This is not the secret of the connection. Send it as “Authorization: Bearer” and the secret.")
        )
    return _line(row)


def brokers() -> list[Listening]:
    """Every broker that is listened at."""
    return [
        Listening(
            _line(row),
            row.host,
            row.port or 0,
            row.tls,
            row.user,
            decrypt(row.password) if row.password else "",
            row.changed_at,
        )
        for row in _rows().filter(way=Way.MQTT).order_by("created_at", "pk")
    ]


@dataclass(slots=True)
class _Counts:
    taken: int = 0
    refused: int = 0
    problem: str | None = None
    written_at: float = field(default=float("-inf"))
    is_awaited: bool = False  # somebody writes it in a moment


_lock = threading.Lock()
_counts: dict[UUID, _Counts] = {}


def note(connection_id: UUID, *, taken: int = 0, refused: int = 0, problem: str | None = None) -> None:
    """Remember what a connection did; `problem` a msgid, "" when all is well again, None for no news.

    Written at most once a second; a problem at once.
    """
    with _lock:
        held = _counts.setdefault(connection_id, _Counts())
        held.taken += taken
        held.refused += refused
        if problem is not None:
            held.problem = problem
        due = time.monotonic() - held.written_at >= WRITE_EVERY_S or bool(problem)
        if not due and not held.is_awaited:
            held.is_awaited = True
            timer = threading.Timer(WRITE_EVERY_S, _write_later, (connection_id,))
            timer.daemon = True
            timer.start()
    if due:
        _write(connection_id)


def _write_later(connection_id: UUID) -> None:
    """What came since the last writing, in a thread of the moment."""
    try:
        _write(connection_id)
    except DatabaseError as error:
        log.warning("what a connection did could not be noted: %s", error)
    finally:
        connection.close()


def _write(connection_id: UUID) -> None:
    with _lock:
        held = _counts.get(connection_id, _Counts())
        _counts[connection_id] = _Counts(written_at=time.monotonic())
    at = now()
    changes: dict[str, object] = {"taken": F("taken") + held.taken, "refused": F("refused") + held.refused}
    if held.taken:
        changes["heard_at"] = at
    if held.problem is not None:
        changes |= {"problem": held.problem[:200], "problem_at": at if held.problem else None}
    Connection.objects.filter(pk=connection_id).update(**changes)


def _rows() -> QuerySet[Connection]:
    # Not the territory's outlines, which are large.
    return Connection.objects.select_related("territory").defer(
        "territory__waters", "territory__surroundings"
    )


def _line(row: Connection) -> Line:
    return Line(row.pk, System(row.system), row.territory.slug, str(row.owner_id or ""))
