"""For whom the reader writes rosters and plans of climbing, and who works there."""

from __future__ import annotations

from uuid import UUID

from belvedere.domains.access.public import holders, names_of
from belvedere.domains.duty import public as duty
from belvedere.domains.territory.public import organisations, organisations_by_id, owners_among
from belvedere.faces.web.pages.plans.rooms import Room
from belvedere.kernel.errors import Refused


def owners_for(room: Room) -> list[tuple[UUID, str]]:
    """The organisations for which the reader writes, by name."""
    here, actor = room.territory.id, room.actor
    if actor.governs(here):
        found = {one.id: one.label for one in organisations(here, active_only=True)}
    else:
        able = [key for key in actor.roles if duty.may_write(actor, here, key) is None]
        mine = organisations_by_id(owners_among(here, able)) if able else {}
        found = {key: one.label for key, one in mine.items()}
    return sorted(found.items(), key=lambda pair: pair[1].casefold())


def staff(owner_id: UUID) -> dict[UUID, str]:
    """The names of those who work for an organisation, by name."""
    names = names_of(holders([owner_id]).get(owner_id, frozenset()))
    return dict(sorted(names.items(), key=lambda pair: pair[1].casefold()))


def require_writing(room: Room, owner_id: UUID) -> None:
    reason = duty.may_write(room.actor, room.territory.id, owner_id)
    if reason is not None:
        raise Refused(reason)
