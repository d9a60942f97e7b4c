"""The way down to a device behind a network server, and which commands went it. No actor: systems."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import Final
from uuid import UUID

from django.db.models import Q

from belvedere.domains.connections.decoding import AS_TOLD, HowToRead, how_to_read
from belvedere.domains.connections.doorkeeping import Line
from belvedere.domains.connections.models import PassedOn, Route
from belvedere.domains.connections.states import System
from belvedere.domains.twin.public import device_named
from belvedere.kernel.clock import now

#: A server that said nothing of a command for so long is given it once more.
PATIENCE: Final = timedelta(seconds=60)
#: Longer than any command is worth something.
KEPT: Final = timedelta(days=2)
_MOST_KNOWN: Final = 50_000
_known: dict[tuple[UUID, str], str] = {}


@dataclass(frozen=True, slots=True)
class WayDown:
    """Where a command for a device goes; `base` "" where no broker leads to it."""

    connection_id: UUID
    system: System
    base: str
    how: HowToRead


@dataclass(frozen=True, slots=True)
class Passed:
    """What became of a command that was passed on. `answer` "" as long as nobody said anything."""

    answer: str
    words: str
    is_patient: bool  # it is too early to give it once more


def note_route(line: Line, dev_eui: str, base: str) -> None:
    """Remember by which connection a device was heard; written only where that is news."""
    key, user = (line.id, dev_eui), f"{line.territory_slug}.{dev_eui}"
    if _known.get(key) == base:
        return
    Route.objects.update_or_create(
        user=user, connection_id=line.id, defaults={"base": base[:300], "heard_at": now()}
    )
    if len(_known) >= _MOST_KNOWN:
        _known.clear()
    _known[key] = base


def way_down(user: str) -> WayDown | None:
    """The way to a device in service, by a connection that may speak for it; one with a broker first.

    None for what no network server was heard of.
    """
    device = device_named(user)
    if device is None:
        return None
    rows = Route.objects.filter(user=user).filter(
        Q(connection__owner__isnull=True) | Q(connection__owner_id=device.owner_id)
    )
    found = sorted(rows.select_related("connection"), key=lambda one: (not one.base, one.pk))
    if not found:
        return None
    row = found[0]
    how = how_to_read([device.id]).get(device.id, AS_TOLD)
    return WayDown(row.connection_id, System(row.connection.system), row.base, how)


def passed(command_id: UUID, user: str) -> Passed | None:
    """What is known of a command of this device; None for a new one."""
    row = PassedOn.objects.filter(pk=command_id, user=user).first()
    return None if row is None else Passed(row.answer, row.words, now() - row.at < PATIENCE)


def note_passed(command_id: UUID, user: str) -> None:
    """It is given to the network server now."""
    at = now()
    PassedOn.objects.filter(at__lt=at - KEPT).delete()
    PassedOn.objects.update_or_create(command_id=command_id, defaults={"user": user, "at": at})


def forget_passed(command_id: UUID) -> None:
    """The network server did not take it."""
    PassedOn.objects.filter(pk=command_id, answer="").delete()


def note_answer(command_id: UUID, user: str, answer: str, words: str = "") -> bool:
    """What the server, or the device through it, said; whether it was one that we passed on.

    What is done or failed stays so.
    """
    rows = PassedOn.objects.filter(pk=command_id, user=user).exclude(answer__in=["done", "failed"])
    return rows.update(answer=answer, words=words[:300]) > 0
