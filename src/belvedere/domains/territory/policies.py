"""Who may change places and organisations: the administrators of the territory, and the platform itself.

`may` gives the reason when it refuses, None when it allows. People are known here only by what they may do
(`Acting`), because access stands above territory.
"""

from __future__ import annotations

from typing import Protocol
from uuid import UUID

from belvedere.kernel.errors import N_, Refused


class Acting(Protocol):
    """Whoever acts: `access.public.Actor` is one."""

    @property
    def label(self) -> str: ...
    @property
    def person_id(self) -> UUID | None: ...
    @property
    def request_id(self) -> str: ...
    @property
    def is_platform(self) -> bool: ...
    def governs(self, territory_id: UUID) -> bool: ...
    def allows(self, scope: str) -> bool: ...


def may(actor: Acting, verb: str, territory_id: UUID | None) -> str | None:
    """None when `actor` may do `verb` in the territory (None: on the whole platform), else a msgid.

    Every verb here changes what everyone sees of a territory, so all have one rule.
    """
    if not actor.allows("write"):
        return N_("This token only reads. Create one that may write.")
    if territory_id is None:
        return (
            None
            if actor.is_platform
            else N_("Only the administrator of the machine opens a territory: `belvedere territory open`.")
        )
    if actor.governs(territory_id):
        return None
    return N_("Only administrators of the territory may change its places and organisations.")


def require(actor: Acting, verb: str, territory_id: UUID | None) -> None:
    """Raise Refused when `may` refuses."""
    reason = may(actor, verb, territory_id)
    if reason is not None:
        raise Refused(reason, code=f"may_not_{verb}")
