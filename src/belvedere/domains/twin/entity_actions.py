"""Verbs on things: create, change, remove, set what is to be watched."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import asdict
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction

from belvedere.domains.access.public import Actor
from belvedere.domains.territory.public import TerritoryView, put_in_communes, territory_by_id
from belvedere.domains.twin.attributes import blank, level_of, make_all, restate, say
from belvedere.domains.twin.describing import descriptions, expand_term, kind_of_type
from belvedere.domains.twin.documents.following import follow
from belvedere.domains.twin.drafts import AttributeDraft, EntityChange, EntityDraft, Keep, Thresholds
from belvedere.domains.twin.errors import BadAttribute, StillFed
from belvedere.domains.twin.events import EntitiesCreated, EntityChanged, EntityRemoved
from belvedere.domains.twin.models import Attribute, Entity
from belvedere.domains.twin.policies import Thing, require
from belvedere.domains.twin.present import lock_present
from belvedere.domains.twin.states import Level, State
from belvedere.domains.twin.writing import (
    bump_feeds,
    check_owner,
    check_private,
    checked_names,
    entry,
    locked_entity,
    put_at,
    search_text,
    thing_of,
)
from belvedere.duties.journal.public import record_many
from belvedere.engines.transactions import announce
from belvedere.kernel.clock import now
from belvedere.kernel.errors import N_, Conflict, InvalidInput
from belvedere.kernel.identifiers import new_id

_BY_LEVEL = {Level.NORMAL: State.NORMAL, Level.WATCH: State.WATCH, Level.ALARM: State.ALARM}


def create_entity(*, actor: Actor, territory: TerritoryView, draft: EntityDraft, reason: str = "") -> int:
    """A new thing; gives its number."""
    return create_entities(actor=actor, territory=territory, drafts=[draft], reason=reason)[0]


def create_entities(
    *, actor: Actor, territory: TerritoryView, drafts: Sequence[EntityDraft], reason: str = ""
) -> list[int]:
    """Many at once, all or none, in their order."""
    for owner_id, visibility in {(draft.owner_id, draft.visibility) for draft in drafts}:
        require(actor, "create_entity", Thing(territory.id, owner_id, visibility), new=True)
    check_owner(territory.id, {draft.owner_id for draft in drafts if draft.owner_id is not None})
    at = now()
    rows = [_entity(territory, draft, at) for draft in drafts]
    put_in_communes(territory, rows)
    said = [make_all(row, draft.attributes, at) for row, draft in zip(rows, drafts, strict=True)]
    for row, attributes in zip(rows, said, strict=True):
        row.state = _BY_LEVEL[Level(max((one.level for one in attributes), default=Level.NORMAL))]
    with transaction.atomic():
        lock_present()
        _refuse_known(territory.id, [row.urn for row in rows])
        Entity.objects.bulk_create(rows, batch_size=2000)
        flat = [one for attributes in said for one in attributes]
        for one in flat:
            one.entity_id = one.entity.pk
        Attribute.objects.bulk_create(flat, batch_size=2000)
        record_many(
            entry(
                actor,
                "create_entity",
                ("twin.entity", str(row.pk)),
                territory.id,
                after={"urn": row.urn, "kind": row.kind, "names": row.names},
                reason=reason,
            )
            for row in rows
        )
        announce(EntitiesCreated(territory.id, tuple(row.pk for row in rows)))
    return [row.pk for row in rows]


def _entity(territory: TerritoryView, draft: EntityDraft, at: datetime) -> Entity:
    types, kind = list(dict.fromkeys(draft.types)), draft.kind
    if kind and kind not in descriptions():
        raise InvalidInput(N_("There is no kind of things “{kind}” here."), kind=kind, field="kind")
    if kind and descriptions()[kind].type_iri not in types:
        types.insert(0, descriptions()[kind].type_iri)
    kind = kind or next(filter(None, map(kind_of_type, types)), "")
    if not types:
        raise InvalidInput(N_("Say what kind of thing it is."), field="kind")
    urn = draft.urn.strip() or _new_urn(territory, types[0])
    if ":" not in urn or len(urn) > 300 or any(letter.isspace() for letter in urn):
        raise InvalidInput(
            N_("“{urn}” is not an identifier of a thing. Write a URN such as urn:ngsi-ld:WasteContainer:12."),
            urn=urn[:100],
            field="urn",
        )
    check_private(kind, types, draft.visibility)
    names = checked_names(draft.names)
    row = Entity(
        territory_id=territory.id,
        urn=urn,
        types=types,
        kind=kind,
        names=names,
        owner_id=draft.owner_id,
        visibility=draft.visibility,
        scopes=list(draft.scopes),
        search=search_text(urn, names),
        created_at=at,
        modified_at=at,
        state_since=at,
    )
    put_at(row, draft.shape)
    return row


def _new_urn(territory: TerritoryView, type_iri: str) -> str:
    term = type_iri.rstrip("/").rpartition("/")[2] or "Thing"
    return f"urn:ngsi-ld:{term}:{territory.slug}:{new_id()}"


def _refuse_known(territory_id: UUID, urns: list[str]) -> None:
    if len(set(urns)) < len(urns):
        raise Conflict(N_("Two of these things have the same identifier. Nothing was created."))
    known = Entity.objects.filter(territory_id=territory_id, urn__in=urns).values_list("urn", flat=True)
    if found := sorted(known)[:3]:
        raise Conflict(
            N_("There is already a thing with the identifier {urns}. Nothing was created."), urns=found
        )


def edit_entity(*, actor: Actor, entity_id: int, change: EntityChange, reason: str = "") -> None:
    """Change what a thing is and what people say of it. Values that devices tell come by messages."""
    at = now()
    with transaction.atomic():
        row = locked_entity(entity_id)
        require(actor, "edit_entity", thing_of(row))
        before = _told(row)
        _change_itself(actor, row, change)
        removed = _remove_attributes(row, change.removed)
        said = _say_all(row, change.attributes, at)
        after = {**_told(row), **{term: value for term, (_before, value) in said.items()}}
        before |= {term: value for term, (value, _after) in said.items()} | removed
        if not removed and before == after:
            return
        row.modified_at = at
        row.save()
        follow(row, at, named=not isinstance(change.names, Keep), placed=not isinstance(change.shape, Keep))
        restate([row.pk], at)
        if removed:
            bump_feeds()
        after |= dict.fromkeys(removed)
        changed = {key for key in before | after if before.get(key) != after.get(key)}
        record_many(
            [
                entry(
                    actor,
                    "edit_entity",
                    ("twin.entity", str(row.pk)),
                    row.territory_id,
                    before={key: before.get(key) for key in sorted(changed)},
                    after={key: after.get(key) for key in sorted(changed)},
                    reason=reason,
                )
            ]
        )
        announce(EntityChanged(row.territory_id, row.pk))


def _told(row: Entity) -> dict[str, Any]:
    """What the journal tells of a thing itself."""
    at = None if row.longitude is None else [round(row.longitude, 6), round(row.latitude or 0.0, 6)]
    return {
        "names": row.names,
        "organisation": str(row.owner_id) if row.owner_id else None,
        "visibility": str(row.visibility),
        "position": at,
        "scopes": list(row.scopes),
    }


def _change_itself(actor: Actor, row: Entity, change: EntityChange) -> None:
    if not isinstance(change.owner_id, Keep) and change.owner_id != row.owner_id:
        new_owner = change.owner_id
        require(actor, "edit_entity", Thing(row.territory_id, new_owner, row.visibility), new=True)
        check_owner(row.territory_id, set() if new_owner is None else {new_owner})
        row.owner_id = new_owner
        row.devices.update(owner_id=new_owner)
    if not isinstance(change.names, Keep):
        row.names = checked_names(change.names)
        row.search = search_text(row.urn, row.names)
    if not isinstance(change.visibility, Keep):
        check_private(row.kind, row.types, change.visibility)
        row.visibility = change.visibility
    if not isinstance(change.scopes, Keep):
        row.scopes = list(change.scopes)
    if not isinstance(change.shape, Keep):
        put_at(row, change.shape)
        put_in_communes(territory_by_id(row.territory_id), [row])


def _remove_attributes(row: Entity, names: Iterable[str]) -> dict[str, Any]:
    """Take attributes away; gives their values by term."""
    wanted = {expand_term(row.kind, name) for name in names}
    found = list(row.attributes.filter(name__in=wanted)) if wanted else []
    fed = [one.term for one in found if one.device_id is not None]
    if fed:
        raise StillFed(
            N_("A device tells {terms}. Take the field out of its mapping first."), terms=sorted(fed)
        )
    row.attributes.filter(pk__in=[one.pk for one in found]).delete()
    return {one.term: _value(one) for one in found}


def _say_all(row: Entity, drafts: Sequence[AttributeDraft], at: datetime) -> dict[str, tuple[Any, Any]]:
    """Write what is said, and give by term the value before and after."""
    known = {(one.name, one.dataset_id): one for one in row.attributes.all()} if drafts else {}
    said = {}
    for draft in drafts:
        key = (expand_term(row.kind, draft.term), draft.dataset_id)
        one = known.get(key) or blank(row, draft.term, "", draft.unit, draft.dataset_id, at)
        before = _value(one)
        say(one, draft, at)
        one.save()
        known[key] = one
        said[draft.term] = (before, _value(one))
    return said


def _value(row: Attribute) -> Any:
    return row.number if row.number is not None else row.value


def set_thresholds(
    *, actor: Actor, entity_id: int, term: str, thresholds: Thresholds, dataset_id: str = "", reason: str = ""
) -> None:
    """From where a value of this thing is to be watched or an alarm, instead of what its description says."""
    bounds = [
        bound
        for bound in (
            thresholds.alarm_low,
            thresholds.watch_low,
            thresholds.watch_high,
            thresholds.alarm_high,
        )
        if bound is not None
    ]
    if bounds != sorted(bounds):
        raise InvalidInput(
            N_("Thresholds rise: alarm below, watch below, watch above, alarm above."), field="thresholds"
        )
    at = now()
    with transaction.atomic():
        row = locked_entity(entity_id)
        require(actor, "set_thresholds", thing_of(row))
        name = expand_term(row.kind, term)
        one = row.attributes.filter(name=name, dataset_id=dataset_id).first()
        if one is None:
            raise BadAttribute(N_("This thing has no attribute “{term}”."), term=term)
        wanted = asdict(thresholds)
        before = {key: getattr(one, key) for key in wanted}
        if before == wanted:
            return
        for key, bound in wanted.items():
            setattr(one, key, bound)
        one.level = level_of(one)
        one.save(update_fields=[*wanted, "level"])
        restate([row.pk], at)
        subject = ("twin.entity", str(row.pk))
        told = ({"attribute": one.term, **before}, {"attribute": one.term, **wanted})
        record_many(
            [
                entry(
                    actor,
                    "set_thresholds",
                    subject,
                    row.territory_id,
                    before=told[0],
                    after=told[1],
                    reason=reason,
                )
            ]
        )
        announce(EntityChanged(row.territory_id, row.pk))


def remove_entity(*, actor: Actor, entity_id: int, reason: str = "") -> None:
    """Take a thing out of the twin with its present values and its revoked devices."""
    with transaction.atomic():
        row = locked_entity(entity_id)
        require(actor, "remove_entity", thing_of(row))
        active = row.devices.filter(revoked_at__isnull=True).values_list("key", flat=True)
        if keys := sorted(active)[:5]:
            raise StillFed(N_("Devices still tell of this thing: {keys}. Revoke them first."), keys=keys)
        series = tuple(row.attributes.order_by("pk").values_list("pk", flat=True))
        removed = EntityRemoved(row.territory_id, row.pk, series)
        told = {"urn": row.urn, "kind": row.kind, "names": row.names}
        subject = ("twin.entity", str(row.pk))
        territory_id = row.territory_id
        announce(removed)  # while the thing can still be read, for who tells others what it was
        row.delete()
        bump_feeds()
        record_many([entry(actor, "remove_entity", subject, territory_id, before=told, reason=reason)])
