"""Whose a series is: for upper domains, which keep history under the number of an attribute."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from belvedere.domains.twin.models import Attribute, Entity
from belvedere.domains.twin.policies import Thing
from belvedere.domains.twin.states import State, ValueType


@dataclass(frozen=True, slots=True)
class SeriesOwner:
    """The thing that tells a series, in which respect, and what rights are asked on: `thing` for the thing,
    `itself` for the attribute, which may be kept closer."""

    series_id: int
    entity_id: int
    term: str
    thing: Thing
    itself: Thing


def series_owners(series_ids: Collection[int]) -> dict[int, SeriesOwner]:
    """By series; those that are gone are left out."""
    rows = Attribute.objects.filter(pk__in=series_ids).values_list(
        "pk",
        "entity_id",
        "term",
        "entity__territory_id",
        "entity__owner_id",
        "entity__visibility",
        "visibility",
    )
    return {
        pk: SeriesOwner(pk, entity_id, term, Thing(place, owner, shown), Thing(place, owner, closer or shown))
        for pk, entity_id, term, place, owner, shown, closer in rows
    }


@dataclass(frozen=True, slots=True)
class ToldSeries:
    """A number that a device tells over time: `expected_s` seconds apart (None: at events), since
    `created_at`. `number` is the present one; `state` that of its thing."""

    series_id: int
    entity_id: int
    kind: str
    term: str
    expected_s: int | None
    created_at: datetime
    number: float
    state: State


def told_series(territory_id: UUID) -> list[ToldSeries]:
    """The numbers that devices in service tell in a territory, by thing, for who measures their quality."""
    rows = Attribute.objects.filter(
        entity__territory_id=territory_id,
        device__isnull=False,
        device__revoked_at__isnull=True,
        value_kind=ValueType.NUMBER,
        number__isnull=False,
        observed_at__isnull=False,
    ).order_by("entity_id", "pk")
    return [
        ToldSeries(pk, entity_id, kind, term, expected_s, created_at, number or 0.0, State(state))
        for pk, entity_id, kind, term, expected_s, created_at, number, state in rows.values_list(
            "pk",
            "entity_id",
            "entity__kind",
            "term",
            "device__expected_interval_s",
            "created_at",
            "number",
            "entity__state",
        )
    ]


def ids_of_types(entity_ids: Collection[int], types: Collection[str]) -> set[int]:
    """Those of these things that have one of the types (IRIs), whoever may see them."""
    rows = Entity.objects.filter(pk__in=entity_ids, types__overlap=list(types))
    return set(rows.values_list("pk", flat=True))
