"""What a resident asked: a text, a commune, a circle round a point, one project; read from the address."""

from __future__ import annotations

from dataclasses import dataclass, replace
from uuid import UUID

from django.http import HttpRequest, QueryDict
from django.utils.http import urlencode
from django.utils.translation import gettext

from belvedere.domains.plans.public import MeasureFilter, queries
from belvedere.domains.subscriptions.public import (
    RADII_M,
    Scope,
    ScopeKind,
    of_circle,
    of_measure,
    of_place,
    of_territory,
)
from belvedere.domains.territory.public import (
    Level,
    PlaceView,
    network_lines,
    places_at,
    places_of,
)
from belvedere.faces.web.pages.plans.rooms import Room
from belvedere.kernel.clock import today
from belvedere.kernel.errors import N_, BelvedereError, InvalidInput
from belvedere.kernel.identifiers import fold
from belvedere.kernel.paging import Window

DEFAULT_RADIUS_M = 1000
SUGGESTED = 8
LONGEST_TEXT = 120


@dataclass(frozen=True, slots=True)
class Suggestion:
    """A place, a street or a project whose name is like what was typed. `query`: of this page; `url`: of
    another."""

    label: str
    kind: str  # "place", "street", "project"
    detail: str
    query: str = ""
    url: str = ""


@dataclass(frozen=True, slots=True)
class Asked:
    """`scope` is None until something was chosen.

    `radius_m` is the distance that was asked for, 0 for none: then a commune counts whole and a point by
    `DEFAULT_RADIUS_M`. `whole`: the query of the commune whose centre the scope is drawn round.
    """

    text: str = ""
    scope: Scope | None = None
    label: str = ""
    radius_m: int = 0
    whole: str = ""
    suggestions: tuple[Suggestion, ...] = ()
    problem: str = ""


def query_of(scope: Scope, **more: str) -> str:
    """The query that stands for a scope: "place=…", "lon=…&lat=…&r=…", "measure=…", "" for all."""
    return urlencode([*parameters(scope).items(), *more.items()])


def parameters(scope: Scope) -> dict[str, str]:
    if scope.kind is ScopeKind.MEASURE:
        return {"measure": str(scope.measure_id)}
    if scope.kind is ScopeKind.PLACE:
        return {"place": str(scope.place_id)}
    if scope.kind is ScopeKind.CIRCLE:
        return {"lon": str(scope.longitude), "lat": str(scope.latitude), "r": str(scope.radius_m)}
    return {}


def scope_in(query: QueryDict) -> Scope:
    """The scope of an address or a form; the whole territory when nothing is named.

    Raises:
        InvalidInput: it cannot be understood.
    """
    if query.get("measure"):
        return of_measure(_uuid(query.get("measure", "")))
    if query.get("place"):
        return of_place(_uuid(query.get("place", "")))
    if query.get("lon") or query.get("lat"):
        try:
            longitude, latitude = float(query.get("lon", "")), float(query.get("lat", ""))
        except ValueError as error:
            raise InvalidInput(_NO_POSITION) from error
        return of_circle(longitude, latitude, _radius(query) or DEFAULT_RADIUS_M)
    return of_territory()


def _uuid(text: str) -> UUID:
    try:
        return UUID(text)
    except ValueError as error:
        raise InvalidInput(N_("The address is damaged. Start again from the search.")) from error


_NO_POSITION = N_("This is not a position. Type a street or a commune, or click the map.")


def _radius(query: QueryDict) -> int:
    text = query.get("r", "")
    return int(text) if text.isascii() and text.isdigit() and int(text) in RADII_M else 0


def asked(request: HttpRequest, room: Room) -> Asked:
    """What the page is asked, with what the text may mean; a damaged address is a problem in words."""
    text = " ".join(request.GET.get("q", "").split())[:LONGEST_TEXT]
    radius = _radius(request.GET)
    try:
        scope = scope_in(request.GET)
    except BelvedereError as error:
        return Asked(text, radius_m=radius, problem=error.sentence(gettext(error.message)))
    if scope.kind is ScopeKind.PLACE or scope.kind is ScopeKind.CIRCLE:
        return named(Asked(text, scope, radius_m=scope.radius_m or 0), room)
    if not text:
        return Asked(radius_m=radius)
    return _of_text(text, radius, room)


def named(one: Asked, room: Room) -> Asked:
    """With the name of its scope: of the commune, or of the one in which the point lies."""
    scope = one.scope
    if scope is None:
        return one
    if scope.kind is ScopeKind.PLACE:
        found = next((p for p in places_of(room.territory) if p.id == scope.place_id), None)
        if found is None:
            problem = gettext("There is no such place in this territory. Type a street or a commune.")
            return replace(one, scope=None, problem=problem)
        return replace(one, label=found.name, text=one.text or found.name)
    if scope.centre is not None:
        for place in _called(one.text, room):
            if place.at is not None and of_circle(*place.at, scope.radius_m or 0).centre == scope.centre:
                label = gettext("the centre of %(place)s") % {"place": place.name}
                return replace(one, label=label, whole=query_of(of_place(place.id)))
        inside = commune_at(room, *scope.centre)
        label = gettext("your point in %(place)s") % {"place": inside} if inside else gettext("your point")
        return replace(one, label=one.text or label)
    return one


def commune_at(room: Room, longitude: float, latitude: float) -> str:
    """The commune in which a point lies, "" outside all."""
    found = places_at(longitude, latitude, today(room.territory.zone))
    return next((place.name for place in found if place.level is Level.COMMUNE), "")


def _of_text(text: str, radius: int, room: Room) -> Asked:
    wanted = fold(text)
    communes = places_of(room.territory)
    same = _called(text, room)
    if len(same) == 1:
        at = same[0].at
        if radius and at is not None:
            return named(Asked(text, of_circle(*at, radius), radius_m=radius), room)
        return Asked(text, of_place(same[0].id), same[0].name)
    like = [place for place in communes if any(wanted in fold(name) for name in place.names.values())]
    found = [_place(place) for place in like[:SUGGESTED]]
    found += _streets(wanted, radius, room)
    found += _projects(text, room)
    problem = ""
    if not found:
        problem = gettext(
            "Nothing here is called “%(text)s”. Type a commune, a road or the name of a project, use your "
            "position, or click the map."
        ) % {"text": text}
    return Asked(text, radius_m=radius, suggestions=tuple(found), problem=problem)


def _called(text: str, room: Room) -> list[PlaceView]:
    """The communes of exactly this name."""
    wanted = fold(text)
    if not wanted:
        return []
    return [p for p in places_of(room.territory) if wanted in {fold(name) for name in p.names.values()}]


def _place(place: PlaceView) -> Suggestion:
    return Suggestion(place.name, "place", gettext("commune or place"), query_of(of_place(place.id)))


def _streets(wanted: str, radius: int, room: Room) -> list[Suggestion]:
    """Lines of the territory's networks by their names, once for each commune they are in."""
    bounds = room.territory.bounds
    if bounds is None or not wanted:
        return []
    found: dict[tuple[str, str], Suggestion] = {}
    for line in network_lines(room.territory.id, bounds):
        label = line.label
        if not label or wanted not in fold(label):
            continue
        longitude, latitude = line.shape.centre
        place = commune_at(room, longitude, latitude)
        if (label, place) not in found:
            text = f"{label}, {place}" if place else label
            query = query_of(of_circle(longitude, latitude, radius or DEFAULT_RADIUS_M), q=text)
            found[label, place] = Suggestion(label, "street", place, query)
        if len(found) >= SUGGESTED:
            break
    return list(found.values())


def _projects(text: str, room: Room) -> list[Suggestion]:
    rows = queries.measure_rows(
        room.actor,
        room.territory.id,
        MeasureFilter(text=text),
        language=room.language,
        window=Window(size=SUGGESTED),
    ).rows
    return [Suggestion(row.title, "project", row.owner_name, url=room.measure_url(row.id)) for row in rows]
