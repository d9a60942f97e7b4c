"""Verbs on territories and places. Each checks the right, changes, journals, tells after commit."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from belvedere.domains.territory.events import TerritoryOpened
from belvedere.domains.territory.models import (
    Place,
    PlaceBoundary,
    PlaceCode,
    PlaceParent,
    PlacePopulation,
    Territory,
)
from belvedere.domains.territory.policies import Acting, require
from belvedere.domains.territory.states import RESERVED_SLUGS, Level
from belvedere.domains.territory.writing import (
    ancestors,
    check_period,
    checked_names,
    journal,
    kept_whole,
    locked_place,
    places_changed,
    require_within,
    search_text,
)
from belvedere.engines.transactions import announce
from belvedere.kernel.errors import N_, InvalidInput
from belvedere.kernel.geometry import Shape
from belvedere.kernel.identifiers import slugify
from belvedere.kernel.money import CURRENCIES

LANGUAGES = frozenset({"fr", "de", "it", "rm", "en"})


def open_territory(
    *,
    actor: Acting,
    slug: str,
    names: Mapping[str, str],
    country: str,
    currency: str,
    languages: Sequence[str] = ("fr",),
    zone: str = "Europe/Zurich",
    level: Level = Level.AGGLOMERATION,
    codes: Mapping[str, str] | None = None,
    parent_id: UUID | None = None,
    is_example: bool = False,
    published: bool = True,
    attribution: str = "",
    base_map: Mapping[str, str] | None = None,
    reason: str = "",
) -> UUID:
    """A new territory with the place it is: an existing one of `codes`, else a new one of `level`."""
    require(actor, "open_territory", parent_id)
    _check_address(slug, country, currency, languages, zone)
    cleaned = checked_names(names)
    with kept_whole(slug):
        place_id = _place_with(codes or {})
        if place_id is None:
            place_id = _new_place(cleaned, country, level, codes or {}, None, (None, None)).pk
        territory = Territory.objects.create(
            slug=slug,
            names=cleaned,
            parent_id=parent_id,
            country=country,
            currency=currency,
            languages=list(languages),
            zone=zone,
            is_example=is_example,
            published=published,
            attribution=attribution[:500],
            base_map=dict(base_map or {}),
            place_id=place_id,
        )
        journal(
            actor,
            "open_territory",
            ("territory", territory.pk),
            territory.pk,
            after={"slug": slug, "names": cleaned, "country": country, "currency": currency},
            reason=reason,
        )
        told = TerritoryOpened(territory.pk)
        announce(told)
    return territory.pk


def _check_address(slug: str, country: str, currency: str, languages: Sequence[str], zone: str) -> None:
    if slug != slugify(slug) or not slug or slug in RESERVED_SLUGS:
        raise InvalidInput(
            N_(
                "“{slug}” cannot be the address of a territory. "
                "Use letters, digits and hyphens, as in {example}."
            ),
            slug=slug,
            example=slugify(slug) if slugify(slug) not in RESERVED_SLUGS | {""} else "mon-territoire",
            field="slug",
        )
    if len(country) != 2 or not country.isalpha() or not country.isupper():
        raise InvalidInput(N_("Write the country as two capital letters, CH or FR."), field="country")
    if currency not in CURRENCIES:
        raise InvalidInput(
            N_("The currency “{currency}” is not known. Use one of: {known}."),
            currency=currency,
            known=sorted(CURRENCIES),
            field="currency",
        )
    unknown = [language for language in languages if language not in LANGUAGES]
    if unknown or not languages:
        raise InvalidInput(
            N_("Name the languages of the territory among: {known}."),
            known=sorted(LANGUAGES),
            field="languages",
        )
    try:
        ZoneInfo(zone)
    except (ZoneInfoNotFoundError, ValueError) as error:
        raise InvalidInput(
            N_("“{zone}” is not a time zone. Write it as in Europe/Paris."), zone=zone, field="zone"
        ) from error


def dress_map(
    *,
    actor: Acting,
    territory_id: UUID,
    waters: Mapping[str, Any] | None = None,
    surroundings: Mapping[str, Any] | None = None,
    attribution: str | None = None,
    reason: str = "",
) -> None:
    """Set what is drawn around the places: lakes and rivers, neighbours (GeoJSON), and the sources' names."""
    require(actor, "dress_map", territory_id)
    with kept_whole():
        row = Territory.objects.select_for_update().get(pk=territory_id)
        for name, value in (("waters", waters), ("surroundings", surroundings), ("attribution", attribution)):
            if value is not None:
                setattr(row, name, value)
        row.save(update_fields=["waters", "surroundings", "attribution"])
        places_changed((), also=(territory_id,))
        journal(
            actor,
            "dress_map",
            ("territory", territory_id),
            territory_id,
            after={"attribution": row.attribution},
            reason=reason,
        )


def add_place(
    *,
    actor: Acting,
    territory_id: UUID,
    names: Mapping[str, str],
    level: Level,
    country: str,
    codes: Mapping[str, str] | None = None,
    at: tuple[float, float] | None = None,
    period: tuple[date | None, date | None] = (None, None),
    parent_id: UUID | None = None,
    reason: str = "",
) -> UUID:
    """A new place in `parent_id` (default: the territory's own place) for its whole period."""
    require(actor, "add_place", territory_id)
    cleaned = checked_names(names)
    check_period(*period)
    with kept_whole(", ".join((codes or {}).values())):
        inside = parent_id or Territory.objects.values_list("place_id", flat=True).get(pk=territory_id)
        if parent_id is not None:
            require_within(actor, territory_id, parent_id)
        place = _new_place(cleaned, country, level, codes or {}, at, period)
        if inside is not None:
            PlaceParent.objects.create(
                place=place, parent_id=inside, valid_from=period[0], valid_to=period[1]
            )
        places_changed({place.pk}, also=(territory_id,))
        journal(
            actor,
            "add_place",
            ("place", place.pk),
            territory_id,
            after={"names": cleaned, "level": level.value, "codes": dict(codes or {})},
            reason=reason,
        )
    return place.pk


def describe_place(
    *,
    actor: Acting,
    territory_id: UUID,
    place_id: UUID,
    names: Mapping[str, str] | None = None,
    at: tuple[float, float] | None = None,
    reason: str = "",
) -> bool:
    """Say how a place is called in each language and where its name is written; False: it was so already."""
    require(actor, "describe_place", territory_id)
    with kept_whole():
        place = locked_place(place_id)
        require_within(actor, territory_id, place_id)
        before = {"names": place.names, "at": [place.longitude, place.latitude]}
        if names is not None:
            place.names = checked_names(names)
            codes = PlaceCode.objects.filter(place=place).values_list("code", flat=True)
            place.search = search_text(place.names, list(codes))
        if at is not None:
            place.longitude, place.latitude = at
        after = {"names": place.names, "at": [place.longitude, place.latitude]}
        if before == after:
            return False
        place.save(update_fields=["names", "search", "longitude", "latitude"])
        places_changed({place_id})
        journal(
            actor,
            "describe_place",
            ("place", place_id),
            territory_id,
            before=before,
            after=after,
            reason=reason,
        )
    return True


def _place_with(codes: Mapping[str, str]) -> UUID | None:
    for scheme, code in codes.items():
        found = PlaceCode.objects.filter(scheme=scheme.upper(), code=code).values_list("place_id", flat=True)
        if found:
            return found[0]
    return None


def _new_place(
    names: Mapping[str, str],
    country: str,
    level: Level,
    codes: Mapping[str, str],
    at: tuple[float, float] | None,
    period: tuple[date | None, date | None],
) -> Place:
    place = Place.objects.create(
        country=country,
        level=level,
        names=dict(names),
        search=search_text(names, codes.values()),
        longitude=at[0] if at else None,
        latitude=at[1] if at else None,
        valid_from=period[0],
        valid_to=period[1],
    )
    PlaceCode.objects.bulk_create(
        PlaceCode(place=place, scheme=scheme.upper(), code=code) for scheme, code in codes.items()
    )
    return place


def link_parent(
    *,
    actor: Acting,
    territory_id: UUID,
    place_id: UUID,
    parent_id: UUID,
    valid_from: date | None = None,
    valid_to: date | None = None,
    reason: str = "",
) -> None:
    """Say that a place lies in another from a day (inclusive) to a day (exclusive)."""
    require(actor, "link_parent", territory_id)
    check_period(valid_from, valid_to)
    with kept_whole():
        locked_place(place_id)
        require_within(actor, territory_id, parent_id)
        if place_id in ancestors({parent_id}):
            raise InvalidInput(
                N_("A place cannot lie in itself: the second lies in the first already."), field="parent"
            )
        PlaceParent.objects.create(
            place_id=place_id, parent_id=parent_id, valid_from=valid_from, valid_to=valid_to
        )
        places_changed({place_id, parent_id})
        journal(
            actor,
            "link_parent",
            ("place", place_id),
            territory_id,
            after={"parent": str(parent_id), "valid_from": valid_from, "valid_to": valid_to},
            reason=reason,
        )


def record_population(
    *,
    actor: Acting,
    territory_id: UUID,
    place_id: UUID,
    year: int,
    inhabitants: int,
    source: str,
    kind: str = "total",
    reason: str = "",
) -> bool:
    """Inhabitants of a place in a year; the same figure again changes nothing and returns False."""
    require(actor, "record_population", territory_id)
    if inhabitants < 0 or not 1500 <= year <= 2150:
        raise InvalidInput(N_("A population is a number of people in a year."), field="inhabitants")
    with kept_whole():
        locked_place(place_id)
        require_within(actor, territory_id, place_id)
        known = PlacePopulation.objects.filter(place_id=place_id, year=year, kind=kind).first()
        if known is not None and (known.inhabitants, known.source) == (inhabitants, source):
            return False
        PlacePopulation.objects.update_or_create(
            place_id=place_id,
            year=year,
            kind=kind,
            defaults={"inhabitants": inhabitants, "source": source[:300]},
        )
        places_changed({place_id})
        journal(
            actor,
            "record_population",
            ("place", place_id),
            territory_id,
            before={str(year): known.inhabitants if known else None},
            after={str(year): inhabitants},
            reason=reason,
        )
    return True


def set_boundary(
    *,
    actor: Acting,
    territory_id: UUID,
    place_id: UUID,
    shape: Shape,
    source: str,
    licence: str = "",
    repaired: bool = False,
    period: tuple[date | None, date | None] = (None, None),
    reason: str = "",
) -> bool:
    """Set the outline of a place for a period; replaces the one of the very same period.

    Returns False when nothing changes; refuses a period that overlaps another outline's.
    """
    require(actor, "set_boundary", territory_id)
    check_period(*period)
    if not shape.kind.endswith("Polygon"):
        raise InvalidInput(
            N_("The outline of a place is an area; this is a {kind}."), kind=shape.kind, field="geometry"
        )
    with kept_whole():
        locked_place(place_id)
        require_within(actor, territory_id, place_id)
        if not write_boundary(place_id, shape, source, licence, repaired, period):
            return False
        places_changed({place_id})
        journal(
            actor,
            "set_boundary",
            ("place", place_id),
            territory_id,
            after={"source": source, "area_m2": round(shape.area_m2), "repaired": repaired},
            reason=reason,
        )
    return True


def write_boundary(
    place_id: UUID,
    shape: Shape,
    source: str,
    licence: str,
    repaired: bool,
    period: tuple[date | None, date | None],
) -> bool:
    """The row of an outline, inside a verb's transaction; False when it stands there already."""
    west, south, east, north = shape.box.as_tuple()
    wanted: dict[str, Any] = {
        "geometry": shape.wkb,
        "west": west,
        "south": south,
        "east": east,
        "north": north,
        "source": source[:300],
        "licence": licence[:200],
        "repaired": repaired,
    }
    same = PlaceBoundary.objects.filter(place_id=place_id, valid_from=period[0], valid_to=period[1]).first()
    if same is not None:
        if bytes(same.geometry) == wanted["geometry"] and (same.source, same.licence) == (
            wanted["source"],
            wanted["licence"],
        ):
            return False
        PlaceBoundary.objects.filter(pk=same.pk).update(**wanted)
        return True
    PlaceBoundary.objects.create(place_id=place_id, valid_from=period[0], valid_to=period[1], **wanted)
    return True
