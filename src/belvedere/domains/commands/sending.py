"""The outbox of commands and what devices answer; for the process that sends, whoever may see them.

`take_due` writes down that a command is sent before it is: killed in between, it is sent again, under the
same id, after a moment. So it goes on until the device says that it is done or failed, or the time is over;
a device does nothing for an id that it knows, and answers once more.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal
from uuid import UUID

import msgspec
from django.db import transaction

from belvedere.domains.access.public import Actor
from belvedere.domains.commands.kinds import kinds
from belvedere.domains.commands.models import Command
from belvedere.domains.commands.moving import Moves
from belvedere.domains.commands.states import OPEN, Act
from belvedere.kernel.clock import now

MOST = 500


@dataclass(frozen=True, slots=True)
class Downlink:
    """What goes to the device `user` (`territory.device`)."""

    user: str
    payload: bytes


class Answer(msgspec.Struct):
    """What a device says of a command."""

    id: UUID
    answer: Literal["accepted", "done", "failed"]
    words: str = ""


_ACTS = {"accepted": Act.ACKNOWLEDGE, "done": Act.DO, "failed": Act.FAIL}
_read = msgspec.json.Decoder(Answer).decode


def take_due(most: int = MOST) -> list[Downlink]:
    """What is to be sent now, written down as sent; what nobody answered in its time expires."""
    at = now()
    with transaction.atomic():
        moves = Moves(Actor.system(), at)
        late = Command.objects.select_for_update(skip_locked=True).filter(
            state__in=[one.value for one in OPEN], expires_at__lte=at
        )
        for row in late.order_by("expires_at")[:most]:
            moves.move(row, Act.EXPIRE)
        due = Command.objects.select_for_update(skip_locked=True).filter(next_at__lte=at, expires_at__gt=at)
        rows = list(due.order_by("next_at", "pk")[:most])
        for row in rows:
            moves.sent(row)
        moves.write()
    return [Downlink(row.user, _written(row)) for row in rows]


def _written(row: Command) -> bytes:
    found = kinds().get(row.kind)
    said: dict[str, Any] = {
        "id": str(row.pk),
        "command": row.kind,
        "value": row.value,
        "expires": row.expires_at.isoformat().replace("+00:00", "Z"),
    }
    if found is not None and found.unit:
        said["unit"] = found.unit
    return msgspec.json.encode(said)


def hear(user: str, payload: bytes) -> bool:
    """Take an answer; whether it was one of this device to a command of its own, and new."""
    try:
        told = _read(payload)
    except (msgspec.DecodeError, UnicodeDecodeError):
        return False
    with transaction.atomic():
        row = Command.objects.select_for_update().filter(pk=told.id, user=user).first()
        if row is None:
            return False
        words = "".join(one if one.isprintable() else " " for one in told.words)[:300]
        moves = Moves(Actor.system(), now())
        row.told = words or row.told
        is_new = moves.move(row, _ACTS[told.answer], words)
        moves.write()
    return is_new
