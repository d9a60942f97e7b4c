"""Which device a thing is reached by: for who sends commands, whoever may see the thing; many at once."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from uuid import UUID

from belvedere.domains.twin.models import Device


@dataclass(frozen=True, slots=True)
class Reachable:
    """A thing and the name on the bus of the device that it is reached by."""

    entity_id: int
    territory_id: UUID
    kind: str
    names: Mapping[str, str]
    owner_id: UUID | None
    visibility: str
    user: str


def reachable(entity_ids: Collection[int]) -> dict[int, Reachable]:
    """By thing; those without a device in service are left out. Of several, the first registered."""
    rows = Device.objects.filter(entity_id__in=list(entity_ids), revoked_at__isnull=True)
    columns = (
        "entity_id",
        "entity__territory_id",
        "entity__kind",
        "entity__names",
        "entity__owner_id",
        "entity__visibility",
        "territory__slug",
        "key",
    )
    found: dict[int, Reachable] = {}
    for entity_id, territory_id, kind, names, owner_id, seen, slug, key in rows.order_by(
        "created_at", "key"
    ).values_list(*columns):
        found.setdefault(
            entity_id, Reachable(entity_id, territory_id, kind, names, owner_id, seen, f"{slug}.{key}")
        )
    return found


@dataclass(frozen=True, slots=True)
class NamedDevice:
    """A device in service, by its name on the bus."""

    id: UUID
    owner_id: UUID | None
    languages: tuple[str, ...]


def device_named(user: str) -> NamedDevice | None:
    """The device in service that is called so on the bus (`territory.device`)."""
    slug, _, key = user.partition(".")
    rows = Device.objects.filter(territory__slug=slug, key=key, revoked_at__isnull=True)
    row = rows.values_list("pk", "owner_id", "territory__languages").first()
    return None if row is None else NamedDevice(row[0], row[1], tuple(row[2]))
