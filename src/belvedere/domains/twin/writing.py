"""What the verbs share: finding and locking a thing, its journal, its place, the version of the feeds."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from django.db import connection

from belvedere.domains.access.public import Actor
from belvedere.domains.territory.public import owners_among
from belvedere.domains.twin.describing import kind_of_type
from belvedere.domains.twin.errors import NoSuchDevice, NoSuchEntity
from belvedere.domains.twin.models import Device, Entity
from belvedere.domains.twin.policies import NO_SUCH_ENTITY, Thing
from belvedere.domains.twin.present import lock_present
from belvedere.domains.twin.states import HOUSEHOLD, Visibility
from belvedere.duties.journal.public import Entry, signed
from belvedere.kernel.errors import N_, InvalidInput
from belvedere.kernel.geometry import Shape
from belvedere.kernel.identifiers import fold

_BUMP = """
    INSERT INTO twin_feedsversion (id, number) VALUES (1, 1)
    ON CONFLICT (id) DO UPDATE SET number = twin_feedsversion.number + 1
"""


def locked_entity(entity_id: int) -> Entity:
    """The thing, for the one who writes now."""
    lock_present()
    row = Entity.objects.select_for_update(of=("self",)).filter(pk=entity_id).first()
    if row is None:
        raise NoSuchEntity(NO_SUCH_ENTITY)
    return row


def locked_device(device_id: UUID) -> Device:
    """The device with its thing and territory; take it after `lock_present` where attributes change too."""
    rows = Device.objects.select_for_update(of=("self",)).select_related("entity", "territory")
    rows = rows.defer("territory__waters", "territory__surroundings")
    row = rows.filter(pk=device_id).first()
    if row is None:
        raise NoSuchDevice(N_("There is no such device here."))
    return row


def check_private(kind: str, types: Sequence[str], visibility: str) -> None:
    """Refuse to show everyone what tells how a household lives, whatever else it is."""
    if visibility == Visibility.PUBLIC and not {kind, *map(kind_of_type, types)}.isdisjoint(HOUSEHOLD):
        raise InvalidInput(
            N_(
                "A meter of a household is never public: its values tell who is at home. "
                "Choose its owner, or everyone who works in the territory."
            ),
            code="meter_stays_private",
            field="visibility",
        )


def thing_of(row: Entity) -> Thing:
    return Thing(row.territory_id, row.owner_id, row.visibility)


def thing_of_device(row: Device) -> Thing:
    """A device is managed by who owns it, and known to who may know its thing."""
    return Thing(row.territory_id, row.owner_id, row.entity.visibility)


def bump_feeds() -> None:
    """Say that messages are to be read anew; late in the transaction, for it holds one row."""
    with connection.cursor() as cursor:
        cursor.execute(_BUMP)


def entry(
    actor: Actor,
    verb: str,
    subject: tuple[str, str],
    territory_id: UUID,
    *,
    before: Mapping[str, Any] | None = None,
    after: Mapping[str, Any] | None = None,
    reason: str = "",
) -> Entry:
    return Entry(
        **signed(actor),
        verb=f"twin.{verb}",
        subject=subject,
        territory_id=territory_id,
        before=before or {},
        after=after or {},
        reason=reason,
    )


def checked_names(names: Mapping[str, str]) -> dict[str, str]:
    """Names by language, trimmed, the empty ones left out."""
    return {language: text.strip()[:200] for language, text in names.items() if text.strip()}


def check_owner(territory_id: UUID, owner_ids: set[UUID]) -> None:
    """Refuse an owner that is no organisation of the territory."""
    if owner_ids and owners_among(territory_id, owner_ids) != owner_ids:
        raise InvalidInput(
            N_("The owner is not an organisation of this territory. Choose one of its organisations."),
            field="owner",
        )


def search_text(urn: str, names: Mapping[str, str]) -> str:
    return fold(" ".join([*dict.fromkeys(names.values()), urn.rpartition(":")[2]]))


def put_at(row: Entity, shape: Shape | None) -> None:
    """Where the thing is (not saved)."""
    if shape is None:
        row.geometry = row.longitude = row.latitude = None
        row.west = row.south = row.east = row.north = None
        return
    row.geometry = shape.wkb
    row.longitude, row.latitude = shape.centre
    row.west, row.south, row.east, row.north = shape.box.as_tuple()
