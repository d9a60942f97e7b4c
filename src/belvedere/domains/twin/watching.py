"""Things and what they say, for who watches them: whoever may see them, many at once."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import connection
from django.db.models import Count, Q

from belvedere.domains.twin.models import Attribute, Entity
from belvedere.domains.twin.states import AttributeKind

_COLUMNS = (
    "pk", "kind", "types", "names", "owner_id", "place_id", "visibility", "longitude", "latitude",
)  # fmt: skip
_HANGING = """
    SELECT a.entity_id, p.id
    FROM twin_attribute a
    CROSS JOIN LATERAL jsonb_array_elements_text(
        CASE jsonb_typeof(a.value) WHEN 'array' THEN a.value WHEN 'string' THEN jsonb_build_array(a.value)
        ELSE '[]'::jsonb END
    ) AS named(urn)
    JOIN twin_entity e ON e.id = a.entity_id
    JOIN twin_entity p ON p.territory_id = e.territory_id AND p.urn = named.urn AND p.id <> e.id
    WHERE a.entity_id = ANY(%s) AND a.kind = 'relationship' AND a.term = ANY(%s)
"""
_HANGING_FROM = _HANGING.replace("a.entity_id, p.id", "p.id, a.entity_id").replace(
    "a.entity_id = ANY", "p.id = ANY"
)


@dataclass(frozen=True, slots=True)
class WatchableSeries:
    """What a thing says in one respect now. `visibility`: its own, or that of the thing."""

    series_id: int
    term: str
    visibility: str
    number: float | None
    value: object | None
    unit: str
    observed_at: datetime | None


@dataclass(frozen=True, slots=True)
class Watchable:
    """A thing and, by the name (IRI) of the attribute, what it says."""

    entity_id: int
    kind: str
    types: tuple[str, ...]
    names: Mapping[str, str]
    owner_id: UUID | None
    place_id: UUID | None
    visibility: str
    longitude: float | None
    latitude: float | None
    series: dict[str, WatchableSeries] = field(default_factory=dict)


def watchable(
    territory_id: UUID, *, kinds: Collection[str], types: Collection[str], attributes: Collection[str]
) -> list[Watchable]:
    """The things of these kinds (slugs) or types (IRIs) that say one of these attributes (IRIs)."""
    wanted = Q(kind__in=list(kinds))
    if types:
        wanted |= Q(types__overlap=list(types))
    rows = Entity.objects.filter(wanted, territory_id=territory_id)
    things = {row[0]: _thing(row) for row in rows.values_list(*_COLUMNS)}
    told = Attribute.objects.filter(
        _of_things(wanted),
        entity__territory_id=territory_id,
        name__in=list(attributes),
        dataset_id="",
        kind=AttributeKind.PROPERTY,
    )
    for entity_id, name, closer, series_id, term, number, value, unit, at in told.values_list(
        "entity_id", "name", "visibility", "pk", "term", "number", "value", "unit", "observed_at"
    ):
        thing = things.get(entity_id)
        if thing is not None:
            kept = closer or thing.visibility
            thing.series[name] = WatchableSeries(series_id, term, kept, number, value, unit, at)
    return [things[key] for key in sorted(things) if things[key].series]


def things_of_kinds(territory_id: UUID, kinds: Collection[str]) -> dict[str, int]:
    """How many things there are of each of these kinds."""
    rows = Entity.objects.filter(territory_id=territory_id, kind__in=list(kinds)).order_by()
    return dict(rows.values_list("kind").annotate(n=Count("*")))


def _of_things(wanted: Q) -> Q:
    """A condition on things, for their attributes."""
    return Q(entity__in=Entity.objects.filter(wanted))


def hanging_from(entity_ids: Collection[int], terms: Collection[str]) -> dict[int, set[int]]:
    """By thing, those that name it in one of these relations: what hangs on it."""
    found: dict[int, set[int]] = {}
    if entity_ids:
        with connection.cursor() as cursor:
            cursor.execute(_HANGING_FROM, [list(entity_ids), list(terms)])
            for entity_id, child_id in cursor.fetchall():
                found.setdefault(entity_id, set()).add(child_id)
    return found


def hanging_on(entity_ids: Collection[int], terms: Collection[str]) -> dict[int, set[int]]:
    """By thing, those that it names in one of these relations: what it hangs on."""
    found: dict[int, set[int]] = {}
    if entity_ids:
        with connection.cursor() as cursor:
            cursor.execute(_HANGING, [list(entity_ids), list(terms)])
            for entity_id, parent_id in cursor.fetchall():
                found.setdefault(entity_id, set()).add(parent_id)
    return found


def _thing(row: tuple[Any, ...]) -> Watchable:
    pk, kind, types, *rest = row
    return Watchable(pk, kind, tuple(types), *rest)
