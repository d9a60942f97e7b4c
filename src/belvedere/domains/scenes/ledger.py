"""The ledger of energy and savings: what each scene saves, and what people enter of interventions."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Final
from uuid import UUID

from django.db import transaction

from belvedere.domains.access.public import Actor
from belvedere.domains.scenes.errors import BadScene, NoSuchEntry
from belvedere.domains.scenes.models import Entry
from belvedere.domains.scenes.policies import may, require, visible
from belvedere.domains.scenes.queries import scene, scenes
from belvedere.domains.scenes.saving import saved_so_far
from belvedere.domains.scenes.views import Confidence, LedgerLine
from belvedere.domains.territory.public import TerritoryView, owners_among
from belvedere.duties.journal.public import record, signed
from belvedere.kernel.clock import now
from belvedere.kernel.errors import N_
from belvedere.science.scenes.savings import Saved

MOST: Final = Decimal(10) ** 11


@dataclass(frozen=True, slots=True)
class EntryDraft:
    """What was used over the same days before and after, in kWh; `price` of a kWh, `grams` of CO₂ a kWh;
    `spent`: what it took, in the currency of the territory."""

    owner_id: UUID
    title: str
    first: date
    last: date
    before_kwh: Decimal
    after_kwh: Decimal
    price: Decimal
    grams: Decimal
    spent: Decimal
    confidence: Confidence
    source: str
    intervention_id: UUID | None = None


@dataclass(frozen=True, slots=True)
class Totals:
    """Of all lines; money in `currency`."""

    kwh: float
    money: Decimal
    co2_kg: float
    spent: Decimal
    currency: str


def add_entry(*, actor: Actor, territory: TerritoryView, draft: EntryDraft) -> UUID:
    """Enter a saving; gives the id of the line."""
    if draft.owner_id not in owners_among(territory.id, [draft.owner_id]):
        raise BadScene(N_("Choose an organisation of the territory."), field="owner")
    require(actor, "write", territory.id, draft.owner_id)
    title, source = " ".join(draft.title.split()), " ".join(draft.source.split())
    if not 0 < len(title) <= 160:
        raise BadScene(N_("Write 1 to {most} characters."), most=160, field="title")
    if not 0 < len(source) <= 300:
        raise BadScene(N_("Say where the figures are from: a bill, a meter, a data sheet."), field="source")
    if draft.last < draft.first:
        raise BadScene(N_("The last day is not before the first."), field="last")
    for field in ("before_kwh", "after_kwh", "spent"):
        amount: Decimal = getattr(draft, field)
        if not (amount.is_finite() and 0 <= amount < MOST):
            raise BadScene(N_("Give a number from zero on."), field=field)
    if not (draft.price.is_finite() and 0 <= draft.price <= 10):
        raise BadScene(N_("Give the price of a kWh, from 0 to 10."), field="price")
    if not (draft.grams.is_finite() and 0 <= draft.grams <= 2000):
        raise BadScene(N_("Give grams of CO₂ a kWh, from 0 to 2000."), field="grams")
    with transaction.atomic():
        row = Entry.objects.create(
            territory_id=territory.id,
            owner_id=draft.owner_id,
            title=title,
            intervention_id=draft.intervention_id,
            first=draft.first,
            last=draft.last,
            before_kwh=draft.before_kwh,
            after_kwh=draft.after_kwh,
            price=draft.price,
            grams=draft.grams,
            spent=draft.spent,
            currency=territory.currency,
            confidence=draft.confidence.value,
            source=source,
            made_at=now(),
            made_by_id=actor.person_id,
        )
        after = {"title": title, "before_kwh": str(draft.before_kwh), "after_kwh": str(draft.after_kwh)}
        _told(actor, row, "add_entry", {}, after)
    return row.pk


def remove_entry(*, actor: Actor, territory: TerritoryView, entry_id: UUID) -> None:
    """Take a line out; it stays in the journal."""
    with transaction.atomic():
        row = Entry.objects.select_for_update().filter(visible(actor, territory.id), pk=entry_id).first()
        if row is None:
            raise NoSuchEntry(N_("There is no such line, or it is not for you to see."))
        require(actor, "write", territory.id, row.owner_id)
        row.removed_at = now()
        row.save(update_fields=["removed_at"])
        _told(actor, row, "remove_entry", {"title": row.title}, {})


def _told(actor: Actor, row: Entry, verb: str, before: dict[str, str], after: dict[str, str]) -> None:
    record(
        **signed(actor),
        verb=f"scenes.{verb}",
        subject=("scenes.entry", str(row.pk)),
        territory_id=row.territory_id,
        before=before,
        after=after,
    )


def ledger(actor: Actor, territory: TerritoryView) -> list[LedgerLine]:
    """Scenes of light over their last nights, then what was entered, the newest first."""
    found = []
    for one in scenes(actor, territory):
        view = scene(actor, territory, one.id)
        saving = saved_so_far(view, territory.zone)
        if saving is None:
            continue
        found.append(
            LedgerLine(
                title=view.name,
                owner_id=view.owner_id,
                first=saving.since.date(),
                last=saving.until.date(),
                saved=saving.saved,
                currency=territory.currency,
                spent=None,
                confidence=Confidence.COMPUTED,
                source=saving.figures.source,
                scene_id=view.id,
            )
        )
    rows = Entry.objects.filter(visible(actor, territory.id)).order_by("-last", "title", "pk")
    return found + [_line(actor, row) for row in rows]


def entered_for(actor: Actor, territory_id: UUID, intervention_ids: Collection[UUID]) -> list[LedgerLine]:
    """What was entered of these interventions, the newest first."""
    if not intervention_ids:
        return []
    rows = Entry.objects.filter(visible(actor, territory_id), intervention_id__in=list(intervention_ids))
    return [_line(actor, row) for row in rows.order_by("-last", "title", "pk")]


def totals(lines: list[LedgerLine], currency: str) -> Totals:
    """The sums of lines that are in that currency."""
    same = [one for one in lines if one.currency == currency]
    return Totals(
        sum(one.saved.kwh for one in same),
        sum((one.saved.money for one in same), Decimal(0)),
        sum(one.saved.co2_kg for one in same),
        sum((one.spent for one in same if one.spent is not None), Decimal(0)),
        currency,
    )


def _line(actor: Actor, row: Entry) -> LedgerLine:
    kwh = row.before_kwh - row.after_kwh
    money = (kwh * row.price).quantize(Decimal("0.01"))
    reckoned = Saved(float(row.before_kwh), float(row.after_kwh), money, float(kwh * row.grams) / 1000)
    return LedgerLine(
        title=row.title,
        owner_id=row.owner_id,
        first=row.first,
        last=row.last,
        saved=reckoned,
        currency=row.currency,
        spent=row.spent,
        confidence=Confidence(row.confidence),
        source=row.source,
        entry_id=row.pk,
        intervention_id=row.intervention_id,
        may_remove=may(actor, "write", row.territory_id, row.owner_id) is None,
    )
