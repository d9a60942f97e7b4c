"""Whose a series is: for upper domains, which keep history under the number of an attribute."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from belvedere.domains.twin.models import Attribute
from belvedere.domains.twin.policies import Thing


@dataclass(frozen=True, slots=True)
class SeriesOwner:
    """The thing that tells a series, in which respect, and what rights are asked on."""

    series_id: int
    entity_id: int
    term: str
    thing: Thing


def series_owners(series_ids: Collection[int]) -> dict[int, SeriesOwner]:
    """By series; those that are gone are left out."""
    rows = Attribute.objects.filter(pk__in=series_ids).values_list(
        "pk", "entity_id", "term", "entity__territory_id", "entity__owner_id", "entity__visibility"
    )
    return {row[0]: SeriesOwner(row[0], row[1], row[2], Thing(*row[3:])) for row in rows}
