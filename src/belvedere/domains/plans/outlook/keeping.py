"""What the verbs of the outlook share: rights and the journal. Private to the domain."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from belvedere.domains.access.public import Actor
from belvedere.domains.plans.policies import Thing, may, require_outlook
from belvedere.domains.territory.public import owners_among
from belvedere.duties.journal.public import Entry, record_many, signed
from belvedere.kernel.errors import N_, NotFound, Refused


def allow(actor: Actor, verb: str, territory_id: UUID, organisation_id: UUID) -> None:
    """Raise Refused for who may not see the outlook or not do `verb`, NotFound for a body elsewhere."""
    require_outlook(actor, territory_id, organisation_id)
    reason = may(actor, verb, Thing(territory_id, organisation_id))
    if reason is not None:
        raise Refused(reason, code=f"may_not_{verb}")
    if not owners_among(territory_id, {organisation_id}):
        raise NotFound(N_("There is no such organisation in this territory."))


def govern(actor: Actor, territory_id: UUID) -> None:
    """Raise Refused for who does not administer the territory."""
    if not actor.allows("write"):
        raise Refused(N_("This token only reads. Create one that may write."))
    if not actor.governs(territory_id):
        raise Refused(
            N_("Only administrators of the territory may change its prices."), code="may_not_edit_prices"
        )


def noted(
    actor: Actor,
    verb: str,
    subject: tuple[str, str],
    territory_id: UUID,
    *,
    before: Mapping[str, Any] | None = None,
    after: Mapping[str, Any] | None = None,
    reason: str = "",
) -> None:
    """Write an act to the journal; `subject` is a kind of thing ("plans.frame") and its identifier."""
    record_many(
        [
            entry(
                actor,
                verb=verb,
                subject=subject,
                territory_id=territory_id,
                before=before,
                after=after,
                reason=reason,
            )
        ]
    )


def entry(
    actor: Actor,
    *,
    verb: str,
    subject: tuple[str, Any],
    territory_id: UUID,
    before: Mapping[str, Any] | None = None,
    after: Mapping[str, Any] | None = None,
    reason: str,
) -> Entry:
    """The journal's entry of an act."""
    return Entry(
        **signed(actor),
        verb=f"plans.{verb}",
        subject=(subject[0], str(subject[1])),
        territory_id=territory_id,
        before=before or {},
        after=after or {},
        reason=reason,
    )
