"""Verbs on equipment: register, change, move under a parent, link to a thing, remove."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import asdict, replace
from uuid import UUID

from django.db import transaction

from belvedere.domains.access.public import Actor
from belvedere.domains.equipment.checking import (
    check_links,
    check_tree,
    refuse_known_numbers,
    stands_under,
)
from belvedere.domains.equipment.drafts import EquipmentDraft, Facts, checked
from belvedere.domains.equipment.errors import NotNow, StillInUse
from belvedere.domains.equipment.events import (
    EquipmentChanged,
    EquipmentRegistered,
    EquipmentStateChanged,
)
from belvedere.domains.equipment.kinds import kind
from belvedere.domains.equipment.models import Equipment
from belvedere.domains.equipment.policies import Thing, require
from belvedere.domains.equipment.states import State
from belvedere.domains.equipment.writing import (
    differences,
    entry,
    facts_of,
    ids_of,
    lock_owner,
    lock_tree,
    locked,
    new_codes,
    next_number,
    put_facts,
    told,
)
from belvedere.domains.territory.public import TerritoryView, owners_among, put_in_communes, territory_by_id
from belvedere.duties.journal.public import Entry, record_many
from belvedere.engines.transactions import announce
from belvedere.kernel.clock import now
from belvedere.kernel.errors import N_, InvalidInput


def register_equipment(
    *, actor: Actor, territory: TerritoryView, draft: EquipmentDraft, reason: str = ""
) -> UUID:
    """Put a piece of equipment into the register; gives its id."""
    return register_many(actor=actor, territory=territory, drafts=[draft], reason=reason)[0]


def register_many(
    *, actor: Actor, territory: TerritoryView, drafts: Sequence[EquipmentDraft], reason: str = ""
) -> tuple[UUID, ...]:
    """Many at once, all or none; one may stand under another of them.

    Raises:
        BadEquipment: facts that cannot be. NumberTaken: a number that is in use. Refused.
    """
    owners = {draft.owner_id for draft in drafts}
    for owner_id in owners:
        require(actor, "register", Thing(territory.id, owner_id))
    if owners_among(territory.id, owners) != owners:
        raise InvalidInput(
            N_("The owner is not an organisation of this territory. Choose one of its organisations."),
            field="owner",
        )
    with transaction.atomic():
        for owner_id in sorted(owners):
            lock_owner(owner_id)
        lock_tree(territory.id)
        numbered = _numbered([replace(draft, facts=checked(draft.facts)) for draft in drafts])
        refuse_known_numbers([(draft.owner_id, draft.facts.number) for draft in numbered])
        check_links(actor, territory.id, [(draft.id, draft.owner_id, draft.facts) for draft in numbered])
        check_tree({draft.id: draft.facts.parent_id for draft in numbered})
        rows = _rows(territory, numbered)
        put_in_communes(territory, rows)
        Equipment.objects.bulk_create(rows, batch_size=2000)
        record_many(
            entry(
                actor,
                "register",
                row,
                after={"owner_id": str(row.owner_id), **told(asdict(facts_of(row)))},
                reason=reason,
            )
            for row in rows
        )
        announce(EquipmentRegistered(territory.id, ids_of(rows)))
    return ids_of(rows)


def _numbered(drafts: Sequence[EquipmentDraft]) -> list[EquipmentDraft]:
    """The drafts, those without a number with the next one of their kind."""
    following: Counter[tuple[UUID, str]] = Counter()
    found = []
    for draft in drafts:
        if not draft.facts.number:
            prefix = kind(draft.facts.kind).prefix
            key = (draft.owner_id, prefix)
            if key not in following:
                following[key] = next_number(draft.owner_id, prefix)
            number = f"{prefix}-{following[key]:04d}"
            following[key] += 1
            draft = replace(draft, facts=replace(draft.facts, number=number))
        found.append(draft)
    return found


def _rows(territory: TerritoryView, drafts: Sequence[EquipmentDraft]) -> list[Equipment]:
    at = now()
    rows = []
    for draft, code in zip(drafts, new_codes(len(drafts)), strict=True):
        row = Equipment(
            pk=draft.id,
            territory_id=territory.id,
            owner_id=draft.owner_id,
            code=code,
            state_since=at,
            created_at=at,
            modified_at=at,
        )
        put_facts(row, draft.facts)
        rows.append(row)
    return rows


def change_equipment(
    *, actor: Actor, equipment_id: UUID, version: int | None, facts: Facts, reason: str = ""
) -> None:
    """Say anew all that is said of it; `version`: as it was seen, None to write over whatever is there.

    Raises:
        ChangedMeanwhile: it is not as it was seen; nothing was saved.
    """
    with transaction.atomic():
        row = locked(actor, "change", equipment_id, version)
        _change(actor, row, facts, "change", reason)


def move_under(
    *, actor: Actor, equipment_id: UUID, version: int | None, parent_id: UUID | None, reason: str = ""
) -> None:
    """Let it stand under another one, or under none."""
    with transaction.atomic():
        row = locked(actor, "move", equipment_id, version)
        _change(actor, row, replace(facts_of(row), parent_id=parent_id), "move", reason)


def link_thing(
    *, actor: Actor, equipment_id: UUID, version: int | None, entity_id: int | None, reason: str = ""
) -> None:
    """Say which thing of the live territory it is, or that it is none."""
    with transaction.atomic():
        row = locked(actor, "link_thing", equipment_id, version)
        _change(actor, row, replace(facts_of(row), entity_id=entity_id), "link_thing", reason)


def _change(actor: Actor, row: Equipment, facts: Facts, verb: str, reason: str) -> None:
    if row.state == State.REMOVED:
        raise NotNow(N_("This equipment was removed: nothing about it changes any more."))
    before, after = facts_of(row), checked(facts)
    if not after.number:
        after = replace(after, number=before.number)
    if before == after:
        return
    if after.number.lower() != before.number.lower():
        lock_owner(row.owner_id)
        refuse_known_numbers([(row.owner_id, after.number)])
    changed = {name: value for name, value in asdict(after).items() if value != getattr(before, name)}
    check_links(actor, row.territory_id, [(row.pk, row.owner_id, after)], only=changed)
    if "parent_id" in changed:
        lock_tree(row.territory_id)
        stands_under(row.pk, after.parent_id)
    put_facts(row, after)
    if "at" in changed:
        put_in_communes(territory_by_id(row.territory_id), [row])
    bump(row)
    record_many([_said(actor, verb, row, asdict(before), asdict(after), reason)])
    announce(EquipmentChanged(row.territory_id, row.pk))


def bump(row: Equipment) -> None:
    """Save it as changed now."""
    row.version += 1
    row.modified_at = now()
    row.save()


def _said(
    actor: Actor,
    verb: str,
    row: Equipment,
    before: Mapping[str, object],
    after: Mapping[str, object],
    reason: str,
) -> Entry:
    was, is_now = differences(before, after)
    return entry(actor, verb, row, before=was, after=is_now, reason=reason)


def remove_equipment(*, actor: Actor, equipment_id: UUID, version: int | None, reason: str = "") -> None:
    """Take it out of the territory for good; it stays on record with its number and its history.

    Raises:
        StillInUse: other equipment stands under it.
    """
    with transaction.atomic():
        row = locked(actor, "remove", equipment_id, version)
        if row.state == State.REMOVED:
            return
        lock_tree(row.territory_id)
        below = row.children.exclude(state=State.REMOVED).order_by("sort_key", "number")
        if numbers := list(below.values_list("number", flat=True)[:5]):
            raise StillInUse(
                N_("Other equipment stands under it: {numbers}. Move or remove that first."), numbers=numbers
            )
        at = now()
        row.maintenances.filter(starts_at__gte=at).delete()
        row.maintenances.filter(ends_at__isnull=True).update(ends_at=at)
        row.maintenances.filter(ends_at__gt=at).update(ends_at=at)
        before = {"state": row.state, **({"entity_id": row.entity_id} if row.entity_id else {})}
        row.state, row.state_since, row.entity_id = State.REMOVED, at, None
        bump(row)
        record_many(
            [entry(actor, "remove", row, before=before, after={"state": State.REMOVED.value}, reason=reason)]
        )
        announce(EquipmentStateChanged(row.territory_id, row.pk))
