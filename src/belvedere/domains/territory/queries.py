"""Typed reads of territories, places and organisations; every perimeter is asked for a date."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.db import connection
from django.db.models import Count, Q, QuerySet

from belvedere.domains.territory.models import (
    Organisation,
    OrganisationMember,
    OrganisationPlace,
    Place,
    PlaceBoundary,
    PlaceCode,
    PlaceParent,
    PlacePopulation,
    Territory,
)
from belvedere.domains.territory.states import Level, OrganisationKind
from belvedere.domains.territory.values import (
    OrganisationView,
    PlaceView,
    Population,
    TerritoryView,
)
from belvedere.kernel.clock import today
from belvedere.kernel.errors import N_, NotFound
from belvedere.kernel.geometry import Box

_HEAVY = ("waters", "surroundings")


def on(day: date, prefix: str = "") -> Q:
    """The rows in force on `day` (`valid_from` inclusive, `valid_to` exclusive)."""
    return (Q(**{f"{prefix}valid_from__isnull": True}) | Q(**{f"{prefix}valid_from__lte": day})) & (
        Q(**{f"{prefix}valid_to__isnull": True}) | Q(**{f"{prefix}valid_to__gt": day})
    )


# ------------------------------------------------------------------ territories
@dataclass(frozen=True, slots=True)
class _Extent:
    bounds: Box | None
    communes: int


_extents: dict[tuple[UUID, int, date], _Extent] = {}


def _territory_view(row: Territory) -> TerritoryView:
    extent = _extent_of(row)
    return TerritoryView(
        id=row.pk,
        slug=row.slug,
        names=row.names,
        country=row.country,
        currency=row.currency,
        languages=tuple(row.languages),
        zone=row.zone,
        is_example=row.is_example,
        published=row.published,
        attribution=row.attribution,
        base_map=row.base_map,
        parent_id=row.parent_id,
        place_id=row.place_id,
        version=row.version,
        bounds=extent.bounds,
        communes=extent.communes,
    )


def _extent_of(row: Territory) -> _Extent:
    """Two queries the first time for a version and a day, none afterwards."""
    if row.place_id is None:
        return _Extent(None, 0)
    day = today(row.zone)
    key = (row.pk, row.version, day)
    if key not in _extents:
        if len(_extents) > 500:
            _extents.clear()
        inside = descendants({row.place_id}, day)
        found: Box | None = None
        for box in PlaceBoundary.objects.filter(on(day), place_id__in=inside).values_list(
            "west", "south", "east", "north"
        ):
            found = Box(*box) if found is None else found.around(Box(*box))
        communes = Place.objects.filter(on(day), pk__in=inside, level=Level.COMMUNE).count()
        _extents[key] = _Extent(found, communes)
    return _extents[key]


def territory_by_slug(slug: str) -> TerritoryView:
    """The territory at an address; NotFound when there is none."""
    row = Territory.objects.defer(*_HEAVY).filter(slug=slug).first()
    if row is None:
        raise NotFound(N_("There is no territory “{slug}” here."), slug=slug)
    return _territory_view(row)


def territory_by_id(territory_id: UUID) -> TerritoryView:
    row = Territory.objects.defer(*_HEAVY).filter(pk=territory_id).first()
    if row is None:
        raise NotFound(N_("There is no such territory here."))
    return _territory_view(row)


def territories(*, published_only: bool = False, ids: Collection[UUID] | None = None) -> list[TerritoryView]:
    """The territories of this instance by slug, or those of `ids` among them."""
    rows = Territory.objects.defer(*_HEAVY).order_by("slug")
    if published_only:
        rows = rows.filter(published=True)
    if ids is not None:
        rows = rows.filter(pk__in=ids)
    return [_territory_view(row) for row in rows]


def territories_of_organisations(organisation_ids: Collection[UUID]) -> frozenset[UUID]:
    """In which territories these organisations live."""
    return frozenset(
        Organisation.objects.filter(pk__in=organisation_ids).values_list("territory_id", flat=True).distinct()
    )


# ------------------------------------------------------------------ places
def descendants(roots: Collection[UUID], day: date) -> frozenset[UUID]:
    """`roots` and every place that lies in them on `day`, at any depth."""
    if not roots:
        return frozenset()
    sql = """
        WITH RECURSIVE inside(id) AS (
            SELECT unnest(%s::uuid[])
            UNION
            SELECT link.place_id FROM territory_placeparent link JOIN inside ON link.parent_id = inside.id
            WHERE (link.valid_from IS NULL OR link.valid_from <= %s)
              AND (link.valid_to IS NULL OR link.valid_to > %s)
        ) SELECT id FROM inside
    """
    with connection.cursor() as cursor:
        cursor.execute(sql, [list(roots), day, day])
        return frozenset(row[0] for row in cursor.fetchall())


def place_views(rows: QuerySet[Place]) -> list[PlaceView]:
    """`rows` as values: two queries."""
    found = list(rows)
    codes: dict[UUID, dict[str, str]] = {row.pk: {} for row in found}
    for place_id, scheme, code in PlaceCode.objects.filter(place_id__in=codes).values_list(
        "place_id", "scheme", "code"
    ):
        codes[place_id][scheme] = code
    return [
        PlaceView(
            id=row.pk,
            country=row.country,
            level=Level(row.level),
            names=row.names,
            codes=codes[row.pk],
            at=None if row.longitude is None or row.latitude is None else (row.longitude, row.latitude),
            valid_from=row.valid_from,
            valid_to=row.valid_to,
        )
        for row in found
    ]


def places(ids: Iterable[UUID]) -> dict[UUID, PlaceView]:
    """The places of `ids`, by id."""
    return {view.id: view for view in place_views(Place.objects.filter(pk__in=list(ids)))}


def place_by_code(scheme: str, code: str) -> PlaceView:
    """The place with an official code; NotFound when there is none."""
    found = place_views(Place.objects.filter(codes__scheme=scheme.upper(), codes__code=code.strip()))
    if not found:
        raise NotFound(N_("No place has the code {scheme} {what}."), scheme=scheme.upper(), what=code)
    return found[0]


def places_within(place_id: UUID, day: date, level: Level | None = None) -> list[PlaceView]:
    """What lies in a place on `day`, the place itself left out, by name."""
    rows = Place.objects.filter(on(day), pk__in=descendants({place_id}, day)).exclude(pk=place_id)
    if level is not None:
        rows = rows.filter(level=level)
    return sorted(place_views(rows), key=lambda view: (view.name, view.code))


def places_of(
    territory: TerritoryView, day: date | None = None, level: Level | None = None
) -> list[PlaceView]:
    """The places of a territory on `day` (default today), by name; its own root left out."""
    if territory.place_id is None:
        return []
    return places_within(territory.place_id, day or today(territory.zone), level)


def parents_of(place_ids: Collection[UUID], day: date) -> dict[UUID, list[UUID]]:
    """The direct parents on `day`, by place."""
    found: dict[UUID, list[UUID]] = {}
    for place_id, parent_id in PlaceParent.objects.filter(on(day), place_id__in=place_ids).values_list(
        "place_id", "parent_id"
    ):
        found.setdefault(place_id, []).append(parent_id)
    return found


def populations(place_ids: Collection[UUID], kind: str | None = None) -> list[Population]:
    """Inhabitants by place and year, oldest first."""
    rows = PlacePopulation.objects.filter(place_id__in=place_ids).order_by("year", "kind")
    if kind is not None:
        rows = rows.filter(kind=kind)
    return [Population(row.place_id, row.year, row.kind, row.inhabitants, row.source) for row in rows]


# ------------------------------------------------------------------ organisations
def organisation_view(row: Organisation) -> OrganisationView:
    return OrganisationView(
        id=row.pk,
        territory_id=row.territory_id,
        kind=OrganisationKind(row.kind),
        names=row.names,
        short_name=row.short_name,
        code_scheme=row.code_scheme,
        code=row.code,
        active=row.active,
    )


def organisations(territory_id: UUID, *, active_only: bool = False) -> list[OrganisationView]:
    """The organisations of a territory, by name in the reader's language."""
    rows = Organisation.objects.filter(territory_id=territory_id)
    if active_only:
        rows = rows.filter(active=True)
    return sorted(
        (organisation_view(row) for row in rows), key=lambda view: (view.name.casefold(), view.code)
    )


def organisations_by_id(ids: Iterable[UUID]) -> dict[UUID, OrganisationView]:
    return {row.pk: organisation_view(row) for row in Organisation.objects.filter(pk__in=list(ids))}


def organisation(organisation_id: UUID) -> OrganisationView:
    """One organisation; NotFound when there is none."""
    row = Organisation.objects.filter(pk=organisation_id).first()
    if row is None:
        raise NotFound(N_("There is no such organisation here."))
    return organisation_view(row)


def perimeter(organisation_id: UUID, day: date | None = None, level: Level | None = None) -> list[PlaceView]:
    """The places an organisation answers for on `day`, by name.

    With `level`, the places of that level within them: an intercommunal body whose perimeter is its own
    place answers with that place's communes of the day.
    """
    day = day or today()
    own = frozenset(
        OrganisationPlace.objects.filter(on(day), organisation_id=organisation_id).values_list(
            "place_id", flat=True
        )
    )
    rows = Place.objects.filter(on(day), pk__in=own if level is None else descendants(own, day))
    if level is not None:
        rows = rows.filter(level=level)
    return sorted(place_views(rows), key=lambda view: (view.name, view.code))


def organisations_with_extent(territory_id: UUID, day: date) -> dict[UUID, tuple[int, int]]:
    """How many communes each organisation answers for and how many members it has, on `day`."""
    held: dict[UUID, set[UUID]] = {}
    for organisation_id, place_id in OrganisationPlace.objects.filter(
        on(day), organisation__territory_id=territory_id
    ).values_list("organisation_id", "place_id"):
        held.setdefault(place_id, set()).add(organisation_id)
    inside = {place_id: descendants({place_id}, day) for place_id in _with_children(held, day)}
    every = frozenset(held).union(*inside.values())
    communes = frozenset(
        Place.objects.filter(on(day), pk__in=every, level=Level.COMMUNE).values_list("pk", flat=True)
    )
    answers: dict[UUID, set[UUID]] = {}
    for place_id, holders in held.items():
        for holder in holders:
            answers.setdefault(holder, set()).update(communes & inside.get(place_id, frozenset({place_id})))
    members = dict(
        OrganisationMember.objects.filter(on(day), body__territory_id=territory_id)
        .values_list("body_id")
        .annotate(count=Count("pk"))
    )
    return {key: (len(answers.get(key, ())), members.get(key, 0)) for key in {*answers, *members}}


def _with_children(place_ids: Collection[UUID], day: date) -> frozenset[UUID]:
    """Those of `place_ids` in which anything lies on `day`."""
    return frozenset(
        PlaceParent.objects.filter(on(day), parent_id__in=place_ids).values_list("parent_id", flat=True)
    )


def owners_among(territory_id: UUID, organisation_ids: Collection[UUID]) -> frozenset[UUID]:
    """Those of the organisations that may own something in the territory: its own, and those of the
    territories it lies in."""
    reached: list[UUID] = []
    here: UUID | None = territory_id
    while here is not None and here not in reached:
        reached.append(here)
        here = Territory.objects.filter(pk=here).values_list("parent_id", flat=True).first()
    rows = Organisation.objects.filter(pk__in=organisation_ids, territory_id__in=reached)
    return frozenset(rows.values_list("pk", flat=True))


def members_of(bodies: frozenset[UUID], day: date | None = None) -> frozenset[UUID]:
    """The organisations that belong to `bodies` on `day`, their members' members included."""
    day = day or today()
    found: set[UUID] = set()
    frontier = set(bodies)
    while frontier:
        frontier = (
            set(
                OrganisationMember.objects.filter(on(day), body_id__in=frontier).values_list(
                    "member_id", flat=True
                )
            )
            - found
            - bodies
        )
        found |= frontier
    return frozenset(found)
