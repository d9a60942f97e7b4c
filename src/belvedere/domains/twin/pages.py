"""Reads of one thing and of devices, for who asks."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from datetime import datetime, timedelta
from uuid import UUID

from django.db.models import Case, When

from belvedere.domains.access.public import Actor
from belvedere.domains.twin.attributes import described
from belvedere.domains.twin.errors import NoSuchDevice, NoSuchEntity
from belvedere.domains.twin.models import Attribute, Device, Entity, Strictness
from belvedere.domains.twin.policies import NO_SUCH_ENTITY, may, sees, sees_attribute
from belvedere.domains.twin.silence import patience
from belvedere.domains.twin.states import AttributeKind, Level, State, ValueType, Visibility
from belvedere.domains.twin.views import AttributeView, DeviceView, EntityPage, FieldView
from belvedere.domains.twin.writing import thing_of, thing_of_device
from belvedere.kernel.clock import now
from belvedere.kernel.errors import N_
from belvedere.kernel.geometry import from_wkb
from belvedere.kernel.identifiers import fold
from belvedere.kernel.paging import Page, Window

BATTERY, SIGNAL = "batteryLevel", "rssi"
FIRST = Window()
_SILENT_FIRST = Case(When(entity__state=State.SILENT, then=0), default=1)


def entity_page(actor: Actor, entity_id: int) -> EntityPage:
    """A thing with its attributes and devices; NotFound for who may not know of it.

    Devices are told only to who works in the territory (they are equipment, not public data).
    """
    row = Entity.objects.select_related("heard").filter(pk=entity_id).first()
    if row is None or not sees(actor, thing_of(row)):
        raise NoSuchEntity(NO_SUCH_ENTITY)
    return _page(actor, row)


def entity_by_urn(actor: Actor, territory_id: UUID, urn: str) -> EntityPage:
    """The thing with an identifier; NotFound for who may not know of it."""
    row = Entity.objects.select_related("heard").filter(territory_id=territory_id, urn=urn).first()
    if row is None or not sees(actor, thing_of(row)):
        raise NoSuchEntity(NO_SUCH_ENTITY)
    return _page(actor, row)


def _page(actor: Actor, row: Entity) -> EntityPage:
    thing = thing_of(row)
    attributes = [
        one
        for one in row.attributes.order_by("term", "dataset_id")
        if sees_attribute(actor, thing, one.visibility)
    ]
    edits = may(actor, "edit_entity", thing) is None
    return EntityPage(
        id=row.pk,
        territory_id=row.territory_id,
        urn=row.urn,
        types=tuple(row.types),
        kind=row.kind,
        names=row.names,
        owner_id=row.owner_id,
        visibility=Visibility(row.visibility),
        shape=None if row.geometry is None else from_wkb(row.geometry),
        place_id=row.place_id,
        scopes=tuple(row.scopes),
        created_at=row.created_at,
        modified_at=max([row.modified_at, *(one.modified_at for one in attributes)]),
        state=State(row.state),
        state_since=row.state_since,
        last_seen_at=row.heard.last_seen_at if hasattr(row, "heard") else None,
        expected_s=row.expected_s,
        attributes=tuple(_attribute(row.kind, one) for one in attributes),
        devices=tuple(_devices_of(actor, row)),
        may_edit=edits,
    )


def _devices_of(actor: Actor, row: Entity) -> list[DeviceView]:
    rows = row.devices.select_related("entity").order_by("key")
    return _views([one for one in rows if _knows(actor, one)])


def _knows(actor: Actor, row: Device) -> bool:
    """Devices are equipment: who could manage or oversee them knows them, the public never does."""
    return may(actor, "map_fields", thing_of_device(row)) is None or (
        actor.is_elected(row.territory_id) or (row.owner_id is not None and row.owner_id in actor.sees)
    )


def _attribute(kind: str, row: Attribute) -> AttributeView:
    known = described(kind, row.term)
    return AttributeView(
        series_id=row.pk,
        name=row.name,
        term=row.term,
        dataset_id=row.dataset_id,
        kind=AttributeKind(row.kind),
        value_kind=ValueType(row.value_kind),
        number=row.number,
        value=row.value,
        unit=row.unit,
        observed_at=row.observed_at,
        received_at=row.received_at,
        modified_at=row.modified_at,
        note=row.note,
        level=Level(row.level),
        sub=row.sub,
        visibility=None if row.visibility is None else Visibility(row.visibility),
        device_id=row.device_id,
        alarm_low=row.alarm_low,
        watch_low=row.watch_low,
        watch_high=row.watch_high,
        alarm_high=row.alarm_high,
        labels={} if known is None else known.labels,
        value_labels={} if known is None else known.values,
        percent=known is not None and known.percent,
    )


def devices(
    actor: Actor,
    territory_id: UUID,
    *,
    owners: Collection[UUID] = (),
    text: str = "",
    silent: bool | None = None,
    revoked: bool = False,
    window: Window = FIRST,
) -> Page[DeviceView]:
    """The devices that the actor may know of, silent ones first; `silent` True or False for those alone."""
    rows = Device.objects.filter(territory_id=territory_id, revoked_at__isnull=not revoked)
    if not (actor.governs(territory_id) or actor.is_elected(territory_id)):
        rows = rows.filter(owner_id__in=actor.sees)
    if owners:
        rows = rows.filter(owner_id__in=list(owners))
    for word in fold(text).split():
        rows = rows.filter(entity__search__contains=word) | rows.filter(key__contains=word)
    if silent is not None:
        state = rows.filter(entity__state=State.SILENT)
        rows = state if silent else rows.exclude(entity__state=State.SILENT)
    ordered = rows.select_related("entity").order_by(_SILENT_FIRST, "key")
    some = list(ordered[window.start : window.start + window.size])
    return Page(_views(some), rows.count(), window)


def device(actor: Actor, device_id: UUID) -> DeviceView:
    """One device; NotFound for who may not know of it."""
    row = Device.objects.select_related("entity").filter(pk=device_id).first()
    if row is None or not _knows(actor, row):
        raise NoSuchDevice(N_("There is no such device here."))
    return _views([row])[0]


def _views(rows: list[Device]) -> list[DeviceView]:
    health: dict[tuple[UUID | None, str], float | None] = {
        (device_id, term): number
        for device_id, term, number in Attribute.objects.filter(
            device_id__in=[row.pk for row in rows], term__in=[BATTERY, SIGNAL]
        ).values_list("device_id", "term", "number")
    }
    # Not the territory itself: it carries outlines.
    own = Device.objects.filter(pk__in=[row.pk for row in rows])
    slugs: dict[UUID, str] = dict(own.values_list("pk", "territory__slug"))
    at = now()
    return [
        _view(row, slugs.get(row.pk, ""), health.get((row.pk, BATTERY)), health.get((row.pk, SIGNAL)), at)
        for row in rows
    ]


def _view(row: Device, slug: str, battery: float | None, signal: float | None, at: datetime) -> DeviceView:
    heard = row.last_seen_at or row.created_at
    late = row.expected_interval_s is not None and at - heard > timedelta(
        seconds=patience(row.expected_interval_s)
    )
    return DeviceView(
        id=row.pk,
        territory_id=row.territory_id,
        key=row.key,
        user=f"{slug}.{row.key}",
        kind=row.kind,
        owner_id=row.owner_id,
        entity_id=row.entity_id,
        entity_names=row.entity.names,
        fields=tuple(_fields(row)),
        expected_interval_s=row.expected_interval_s,
        per_minute=row.per_minute,
        created_at=row.created_at,
        secret_made_at=row.secret_made_at,
        revoked_at=row.revoked_at,
        last_seen_at=row.last_seen_at,
        silent=late and row.revoked_at is None,
        battery=battery,
        signal=signal,
    )


def _fields(row: Device) -> Iterable[FieldView]:
    for name, field in row.fields.items():
        yield FieldView(name, field["term"], field["unit"], field["factor"], field["offset"])


def refuses_out_of_bounds(territory_id: UUID) -> bool:
    """Whether a territory refuses values outside their description."""
    return Strictness.objects.filter(territory_id=territory_id, refuse=True).exists()
