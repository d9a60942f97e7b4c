"""Verbs of the library: share a measure, take it back, take in the library of another instance."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db import transaction

from belvedere.domains.access.public import Actor
from belvedere.domains.library import exchange, facts, policies
from belvedere.domains.library.errors import NoSuchCard, NotPublished
from belvedere.domains.library.facts import Facts
from belvedere.domains.library.models import SharedMeasure, SharedQuantity
from belvedere.domains.plans.public import brief
from belvedere.domains.territory.public import territory_by_id
from belvedere.duties.journal.public import record, signed
from belvedere.kernel.clock import now, today
from belvedere.kernel.errors import N_, Refused


@dataclass(frozen=True, slots=True)
class Taken:
    """What an import did: cards new, changed, as before, and those of this instance left alone."""

    instance: str
    added: int
    changed: int
    same: int
    own: int


def share_measure(*, actor: Actor, measure_id: UUID, url: str, reason: str = "") -> UUID:
    """Put a published measure in the library, or freeze it anew; `url` is its public page.

    Raises:
        NotPublished: only what everyone may read is shared.
    """
    found = brief.brief(actor, measure_id)
    _require_share(actor, found.territory_id, found.owner_id)
    if not found.published:
        raise NotPublished(
            N_(
                "This measure is not published, and the library shows only what everyone may read. "
                "Publish it first."
            )
        )
    territory = territory_by_id(found.territory_id)
    with transaction.atomic():
        frozen = facts.public_facts(measure_id, territory, url=url, day=today(territory.zone))
        card = _kept(frozen, instance="", territory_id=territory.id)[0]
        _journal(actor, "share_measure", measure_id, territory.id, reason, after={"card": str(card.pk)})
    return card.pk


def withdraw(*, actor: Actor, card_id: UUID, reason: str = "") -> None:
    """Take a card of this instance out of the library; what was taken from it elsewhere stays there."""
    with transaction.atomic():
        card = SharedMeasure.objects.select_for_update().filter(pk=card_id, withdrawn_at__isnull=True).first()
        if card is None:
            raise NoSuchCard(N_("There is no such card in the library, or it was withdrawn."))
        if card.territory_id is None:
            raise Refused(
                N_("This card comes from another platform; it is withdrawn there."), code="may_not_withdraw"
            )
        owner = brief.briefs([card.source_id]).get(card.source_id)
        if owner is not None:
            _require_share(actor, card.territory_id, owner.owner_id)
        elif not actor.governs(card.territory_id):
            raise Refused(N_("Only administrators of the territory withdraw it."), code="may_not_withdraw")
        card.withdrawn_at = now()
        card.save(update_fields=["withdrawn_at"])
        _journal(
            actor,
            "withdraw_measure",
            card.source_id,
            card.territory_id,
            reason,
            before={"card": str(card.pk)},
        )


def import_library(*, actor: Actor, territory_id: UUID, content: bytes, here: str, reason: str = "") -> Taken:
    """Take in the file of another instance; the same file again changes nothing.

    `here` names this instance: its own cards in the file are left alone.

    Raises:
        NotALibrary: nothing of it is taken in.
    """
    policies.require_import(actor, territory_id)
    document = exchange.read(content)
    if document.instance == here:
        return Taken(document.instance, 0, 0, 0, len(document.cards))
    done = {"added": 0, "changed": 0, "same": 0}
    with transaction.atomic():
        for one in document.cards:
            done[_kept(one, instance=document.instance, territory_id=None)[1]] += 1
        record(
            **signed(actor),
            verb="library.import_library",
            subject=("territory.territory", str(territory_id)),
            territory_id=territory_id,
            after={"instance": document.instance, **done},
            reason=reason,
        )
    return Taken(document.instance, done["added"], done["changed"], done["same"], 0)


def _kept(one: Facts, *, instance: str, territory_id: UUID | None) -> tuple[SharedMeasure, str]:
    """The card written in the place of the one before; "added", "changed" or "same"."""
    written = facts.written(one)
    card = (
        SharedMeasure.objects.select_for_update().filter(instance=instance, source_id=one.source_id).first()
    )
    what = "added" if card is None else "changed"
    if card is not None and card.facts == written and card.withdrawn_at is None:
        return card, "same"
    card = card or SharedMeasure(instance=instance, source_id=one.source_id, territory_id=territory_id)
    card.facts, card.search, card.kind, card.category = written, one.search, one.kind, one.group
    card.basis, card.cost, card.currency, card.vat, card.price_base = "", None, "", "", ""
    if one.cost is not None:
        kind = one.cost.amount.kind
        card.basis, card.cost = one.cost.basis, one.cost.amount.amount
        card.currency, card.vat, card.price_base = kind.currency, kind.vat, kind.price_base
    card.shared_at, card.withdrawn_at = now(), None
    card.save()
    SharedQuantity.objects.filter(shared=card).delete()
    SharedQuantity.objects.bulk_create(_rows(card, one))
    return card, what


def _rows(card: SharedMeasure, one: Facts) -> Sequence[SharedQuantity]:
    prices = one.unit_costs
    return [
        SharedQuantity(
            shared=card,
            unit=each.unit,
            amount=each.amount,
            unit_cost=prices[each.unit].amount if each.unit in prices else None,
        )
        for each in one.quantities
    ]


def _require_share(actor: Actor, territory_id: UUID, owner_id: UUID) -> None:
    reason = policies.may_share(actor, territory_id, owner_id)
    if reason is not None:
        raise Refused(reason, code="may_not_share")


def _journal(
    actor: Actor,
    verb: str,
    measure_id: UUID,
    territory_id: UUID,
    reason: str,
    *,
    before: dict[str, Any] | None = None,
    after: dict[str, Any] | None = None,
) -> None:
    record(
        **signed(actor),
        verb=f"library.{verb}",
        subject=("plans.measure", str(measure_id)),
        territory_id=territory_id,
        before=before or {},
        after=after or {},
        reason=reason,
    )
