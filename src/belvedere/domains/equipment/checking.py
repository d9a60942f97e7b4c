"""Whether what equipment points to may be pointed to: parents without circles, contracts, things, numbers."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from uuid import UUID

from django.db.models import Q
from django.db.models.functions import Lower

from belvedere.domains.access.public import Actor
from belvedere.domains.equipment.drafts import Facts
from belvedere.domains.equipment.errors import BadEquipment, NumberTaken
from belvedere.domains.equipment.models import Contract, Equipment
from belvedere.domains.equipment.policies import visible, visible_contracts
from belvedere.domains.equipment.states import State
from belvedere.domains.twin.public import seen_among
from belvedere.kernel.errors import N_

DEEPEST = 12
Pointing = tuple[UUID, UUID, Facts]  # the equipment, its owner, its facts
LINKS = frozenset({"parent_id", "contract_id", "entity_id"})


def refuse_known_numbers(wanted: Sequence[tuple[UUID, str]]) -> None:
    """Raises NumberTaken for numbers that the organisation has, or that come twice."""
    asked = Counter((owner_id, number.lower()) for owner_id, number in wanted)
    twice = {number for (_owner, number), n in asked.items() if n > 1}
    taken: set[str] = set()
    for owner_id in {owner_id for owner_id, _number in wanted}:
        numbers = [number for other, number in asked if other == owner_id]
        rows = Equipment.objects.filter(owner_id=owner_id).annotate(low=Lower("number"))
        taken |= set(rows.filter(low__in=numbers).values_list("low", flat=True))
    if found := sorted(taken | twice):
        spelt = {number.lower(): number for _owner, number in wanted}
        raise NumberTaken(
            N_("The organisation has equipment with this number already: {numbers}. Choose another one."),
            numbers=[spelt[one] for one in found[:5]],
            field="number",
        )


def check_links(
    actor: Actor, territory_id: UUID, pointing: Sequence[Pointing], only: Collection[str] = LINKS
) -> None:
    """Raises BadEquipment where a parent, contract or thing is none of the territory or of the owner, or not
    to be seen by the actor. `only`: what is looked at."""
    if "parent_id" in only:
        _check_parents(actor, territory_id, pointing)
    if "contract_id" in only:
        _check_contracts(actor, territory_id, pointing)
    if "entity_id" in only:
        _check_things(actor, territory_id, pointing)


def _check_parents(actor: Actor, territory_id: UUID, pointing: Sequence[Pointing]) -> None:
    here = {one for one, _owner, _facts in pointing}
    wanted = {facts.parent_id for _one, _owner, facts in pointing if facts.parent_id} - here
    rows = Equipment.objects.filter(visible(actor, territory_id), pk__in=wanted)
    known = set(rows.exclude(state=State.REMOVED).values_list("pk", flat=True))
    if wanted - known:
        raise BadEquipment(
            N_("What it is to stand under is not in the register, or was removed. Choose another one."),
            field="parent",
        )


def _check_contracts(actor: Actor, territory_id: UUID, pointing: Sequence[Pointing]) -> None:
    wanted = {facts.contract_id for _one, _owner, facts in pointing if facts.contract_id}
    rows = Contract.objects.filter(visible_contracts(actor, territory_id), pk__in=wanted)
    owners = dict(rows.values_list("pk", "owner_id"))
    for _one, owner_id, facts in pointing:
        if facts.contract_id is not None and owners.get(facts.contract_id) != owner_id:
            raise BadEquipment(
                N_("This contract is not one of the organisation that owns the equipment."), field="contract"
            )


def _check_things(actor: Actor, territory_id: UUID, pointing: Sequence[Pointing]) -> None:
    wanted = [facts.entity_id for _one, _owner, facts in pointing if facts.entity_id is not None]
    if not wanted:
        return
    if set(wanted) - seen_among(actor, territory_id, wanted):
        raise BadEquipment(
            N_("There is no such thing in the live territory, or it is not for you to see."), field="thing"
        )
    others = Equipment.objects.filter(entity_id__in=wanted)
    others = others.filter(~Q(pk__in=[one for one, _owner, _facts in pointing]))
    taken = list(others.values_list("number", flat=True)[:5])
    if taken or len(set(wanted)) < len(wanted):
        raise BadEquipment(
            N_("This thing belongs to other equipment already: {numbers}. Take it from there first."),
            numbers=taken,
            field="thing",
        )


def _circle() -> BadEquipment:
    return BadEquipment(
        N_("Equipment cannot stand under itself, nor under what stands under it. Choose another one."),
        field="parent",
    )


def check_tree(parents: Mapping[UUID, UUID | None]) -> None:
    """Raises BadEquipment where new equipment would stand under itself, or too deep."""
    known = dict(parents)
    missing = {one for one in known.values() if one is not None} - known.keys()
    while missing:
        found = dict(Equipment.objects.filter(pk__in=missing).values_list("pk", "parent_id"))
        known |= found
        missing = {one for one in found.values() if one is not None} - known.keys()
    for one in parents:
        depth, here = 0, known[one]
        while here is not None:
            depth += 1
            if here == one:
                raise _circle()
            if depth > DEEPEST:
                raise _too_deep()
            here = known.get(here)


def stands_under(equipment_id: UUID, parent_id: UUID | None) -> None:
    """Raises BadEquipment when it may not stand there; hold `lock_tree`."""
    depth, here = 0, parent_id
    while here is not None:
        depth += 1
        if here == equipment_id:
            raise _circle()
        if depth > DEEPEST:
            raise _too_deep()
        here = Equipment.objects.filter(pk=here).values_list("parent_id", flat=True).first()


def _too_deep() -> BadEquipment:
    return BadEquipment(
        N_("Equipment stands {most} levels deep at most. Choose one nearer to the top."),
        most=DEEPEST,
        field="parent",
    )
