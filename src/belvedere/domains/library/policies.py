"""Who may do what in the library."""

from __future__ import annotations

from uuid import UUID

from belvedere.domains.access.public import Actor
from belvedere.domains.plans.public import policies
from belvedere.kernel.errors import N_, Refused


def reads(actor: Actor) -> bool:
    """Everyone who works in a territory of this instance."""
    return actor.is_platform or bool(actor.roles) or bool(actor.territory_roles)


def require_reader(actor: Actor) -> None:
    if not reads(actor):
        raise Refused(
            N_("The library is for the people who work in a territory of this platform."),
            code="may_not_read_library",
        )


def may_share(actor: Actor, territory_id: UUID, owner_id: UUID) -> str | None:
    """Who may publish a measure may share it, and take it back; else the reason."""
    return policies.may(actor, "publish", policies.Thing(territory_id, owner_id, True))


def require_import(actor: Actor, territory_id: UUID) -> None:
    """Libraries of other instances come in by the administrators of a territory."""
    if not actor.allows("write") or not actor.governs(territory_id):
        raise Refused(
            N_("Only administrators of the territory take in the library of another platform."),
            code="may_not_import_library",
        )


def require_sharer(actor: Actor, territory_id: UUID) -> None:
    """Raise for who may share nothing of a territory."""
    if actor.governs(territory_id):
        return
    reason = next((one for one in _reasons(actor, territory_id)), None)
    if reason is not None:
        raise Refused(reason, code="may_not_share")


def _reasons(actor: Actor, territory_id: UUID) -> list[str]:
    """Why nothing may be shared; empty where something may."""
    asked = [may_share(actor, territory_id, one) for one in actor.roles]
    if any(reason is None for reason in asked):
        return []
    return [reason for reason in asked if reason] or [
        N_("Only managers of the owner may publish its measures or take them back.")
    ]
