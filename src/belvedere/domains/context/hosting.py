"""@contexts that somebody puts here for others to use (ETSI GS CIM 009, clause 5.13).

One that was put here is never changed, only taken away: what was written with it goes on meaning the same.
A vocabulary says nothing of anybody: who has its address may read it.
"""

from __future__ import annotations

from typing import Any

from django.db import transaction

from belvedere.domains.access.public import Actor
from belvedere.domains.context.hosted_queries import Hosted, row_of, view_of
from belvedere.domains.context.models import HostedContext
from belvedere.domains.context.pinned import context_document
from belvedere.domains.territory.public import TerritoryView
from belvedere.domains.twin.public import works_in
from belvedere.duties.journal.public import record, signed
from belvedere.kernel.clock import now
from belvedere.kernel.errors import N_, Conflict, Refused
from belvedere.standards.ngsi_ld import contexts

MOST = 200


def host_context(*, actor: Actor, territory: TerritoryView, body: dict[str, Any]) -> Hosted:
    """Keep an @context (5.13.2)."""
    _require(actor, territory, None)
    contexts.build(body["@context"], context_document)  # it can be read, with all it names
    with transaction.atomic():
        if HostedContext.objects.filter(territory_id=territory.id).count() >= MOST:
            raise Conflict(N_("{most} @contexts are kept for a territory. Take one away first."), most=MOST)
        row = HostedContext.objects.create(
            territory_id=territory.id, body=body, created_at=now(), created_by=actor.person_id
        )
        _journal(actor, "host_context", row)
    return view_of(row)


def unhost_context(*, actor: Actor, territory: TerritoryView, context_id: str) -> None:
    """Take one away (5.13.5): who put it here, or an administrator of the territory."""
    with transaction.atomic():
        row = row_of(context_id, territory)
        _require(actor, territory, row)
        _journal(actor, "unhost_context", row)
        row.delete()
    contexts.forget()


def _require(actor: Actor, territory: TerritoryView, row: HostedContext | None) -> None:
    if not actor.allows("write"):
        raise Refused(N_("This token only reads. Create one that may write."), code="may_not_write")
    if actor.governs(territory.id) or (row is not None and row.created_by == actor.person_id):
        return
    if row is not None or not works_in(actor, territory.id):
        raise Refused(
            N_("Only who put it here and administrators of the territory take an @context away.")
            if row is not None
            else N_("Only who works in the territory puts an @context here.")
        )


def _journal(actor: Actor, verb: str, row: HostedContext) -> None:
    record(
        **signed(actor),
        verb=f"context.{verb}",
        subject=("context.hostedcontext", str(row.pk)),
        territory_id=row.territory_id,
    )
