"""What each rule that is on watches now: things, and of each the series that its clauses are about."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from django.db.models import F

from belvedere.domains.automation import bodies
from belvedere.domains.automation.bodies import Body, Watched
from belvedere.domains.automation.models import Rule, RuleVersion
from belvedere.domains.automation.moving import Stood
from belvedere.domains.territory.public import (
    TerritoryView,
    members_of,
    name_in,
    places,
    places_within,
    territory_by_id,
)
from belvedere.domains.twin.public import Visibility, Watchable, WatchableSeries, expand_term, watchable
from belvedere.kernel.clock import today

#: A rule, a thing (or `WHOLE`).
Key = tuple[int, int]
#: In place of a thing: all those of a rule that judges them together.
WHOLE = 0
#: With more places than this the name of an area is that of its territory.
MOST_NAMED = 3


@dataclass(frozen=True, slots=True)
class Watching:
    """A rule in force."""

    rule: Rule
    version: RuleVersion
    body: Body
    zone: str

    @property
    def names(self) -> list[str]:
        """The names (IRIs) of the attributes, by clause."""
        kind = self.body.watched.kind
        return [expand_term(kind, clause.attribute) for clause in self.body.clauses]

    @property
    def forecasts(self) -> list[tuple[int, str]]:
        """The clauses (by their place) that compare with a forecast, and the name of the attribute that tells
        it."""
        watched = self.body.watched
        terms = [(place, bodies.forecast_of(watched, one)) for place, one in enumerate(self.body.clauses)]
        return [(place, expand_term(watched.kind, term)) for place, term in terms if term]


@dataclass(frozen=True, slots=True)
class Target:
    """A thing that a rule watches, or all of them as one (`members`; `series` are those of the first then).
    `series`: by clause, as they are now; `forecasts`: those that some clauses compare with, with the place of
    the clause."""

    watching: Watching
    thing: Watchable
    series: tuple[WatchableSeries, ...]
    members: tuple[Target, ...] = ()
    forecasts: tuple[tuple[int, WatchableSeries], ...] = ()

    @property
    def key(self) -> Key:
        return (self.watching.rule.pk, self.thing.entity_id)

    @property
    def series_ids(self) -> tuple[int, ...]:
        """By part: of the clauses, then of the forecasts; of all members one after the other."""
        if self.members:
            return tuple(one for member in self.members for one in member.series_ids)
        return tuple(one.series_id for one in (*self.series, *(told for _place, told in self.forecasts)))

    def stood(self) -> Stood:
        """The thing, for an alarm to keep."""
        one = self.thing
        return Stood(
            one.entity_id, one.kind, one.names, one.owner_id, one.place_id, one.longitude, one.latitude
        )


def in_force(known: Mapping[int, Watching] | None = None) -> list[Watching]:
    """Every rule that is on; those whose version is `known` (by its number) are not read again."""
    held = known or {}
    on = RuleVersion.objects.filter(rule__is_on=True, number=F("rule__version")).order_by("rule_id")
    numbers = list(on.values_list("pk", flat=True))
    fresh = on.select_related("rule").in_bulk([one for one in numbers if one not in held])
    zones: dict[UUID, str] = {}
    found = []
    for number in numbers:
        if number in held:
            found.append(held[number])
        elif (version := fresh.get(number)) is not None:
            here = version.rule.territory_id
            if here not in zones:
                zones[here] = territory_by_id(here).zone
            found.append(Watching(version.rule, version, bodies.kept(version.body), zones[here]))
    return found


def targets(rules: Iterable[Watching]) -> dict[Key, Target]:
    """What these rules watch."""
    here: dict[UUID, list[Watching]] = defaultdict(list)
    for one in rules:
        here[one.rule.territory_id].append(one)
    found: dict[Key, Target] = {}
    for territory_id, some in here.items():
        for target in _in_territory(territory_by_id(territory_id), some):
            found[target.key] = target
    return found


def _in_territory(territory: TerritoryView, rules: Sequence[Watching]) -> Iterable[Target]:
    things = watchable(
        territory.id,
        kinds={one.body.watched.kind for one in rules} - {""},
        types={one.body.watched.type for one in rules} - {""},
        attributes={
            name for one in rules for name in (*one.names, *(told for _place, told in one.forecasts))
        },
    )
    by_kind: dict[str, list[Watchable]] = defaultdict(list)
    by_type: dict[str, list[Watchable]] = defaultdict(list)
    by_id = {thing.entity_id: thing for thing in things}
    for thing in things:
        by_kind[thing.kind].append(thing)
        for name in thing.types:
            by_type[name].append(thing)
    inside = _Insides(territory)
    for one in rules:
        watched = one.body.watched
        some = by_kind[watched.kind] if watched.kind else by_type[watched.type]
        if watched.things:
            named = (by_id.get(number) for number in watched.things)
            some = [thing for thing in named if thing is not None and _is_of(thing, watched)]
        seen = inside.members(one.rule.owner_id)
        places = inside.places(watched)
        names = one.names
        found = [
            Target(one, thing, series[: len(names)], forecasts=_told(one, series[len(names) :]))
            for thing in some
            if _fits(thing, watched, places) and (series := _series(thing, one, seen))
        ]
        if one.body.tally is None:
            yield from found
        elif found:
            yield _together(territory, one, sorted(found, key=lambda target: target.thing.entity_id))


def _together(territory: TerritoryView, one: Watching, found: Sequence[Target]) -> Target:
    """All of these as one, which stands in their middle."""
    things = [target.thing for target in found]
    owners = {thing.owner_id for thing in things}
    at = [(thing.longitude, thing.latitude) for thing in things]
    placed = [(x, y) for x, y in at if x is not None and y is not None]
    middle = [sum(axis) / len(placed) for axis in zip(*placed, strict=True)] if placed else [None, None]
    places = one.body.watched.places or tuple({thing.place_id for thing in things if thing.place_id})
    whole = Watchable(
        entity_id=WHOLE,
        kind=one.body.watched.kind,
        types=(),
        names=_named(territory, places),
        owner_id=owners.pop() if len(owners) == 1 else None,
        place_id=places[0] if len(places) == 1 else None,
        visibility=Visibility.OWN,
        longitude=middle[0],
        latitude=middle[1],
    )
    return Target(one, whole, found[0].series, tuple(found))


def _named(territory: TerritoryView, ids: Sequence[UUID]) -> Mapping[str, str]:
    """The name of an area: of its places, of the territory where they are many."""
    if not 1 <= len(ids) <= MOST_NAMED:
        return territory.names
    known, languages = places(ids).values(), territory.languages
    return {
        language: ", ".join(sorted(name_in(one.names, language, languages) for one in known))
        for language in languages
    }


def _is_of(thing: Watchable, watched: Watched) -> bool:
    return thing.kind == watched.kind if watched.kind else watched.type in thing.types


def _fits(thing: Watchable, watched: Watched, places: frozenset[UUID] | None) -> bool:
    if watched.organisations and thing.owner_id not in watched.organisations:
        return False
    return places is None or thing.place_id in places


def _series(thing: Watchable, one: Watching, seen: frozenset[UUID] | None) -> tuple[WatchableSeries, ...]:
    """The series of the clauses, then those of their forecasts, where the thing has them all and the owner of
    the rule may see them."""
    found = []
    for name in (*one.names, *(told for _place, told in one.forecasts)):
        series = thing.series.get(name)
        if series is None or not _may_see(thing, series.visibility, seen):
            return ()
        found.append(series)
    return tuple(found)


def _told(one: Watching, series: Sequence[WatchableSeries]) -> tuple[tuple[int, WatchableSeries], ...]:
    """The forecasts, each with the place of its clause."""
    return tuple((place, told) for (place, _name), told in zip(one.forecasts, series, strict=True))


def _may_see(thing: Watchable, kept: str, seen: frozenset[UUID] | None) -> bool:
    """Whether an organisation (and the members it sees; None: the territory, which sees all) may."""
    if seen is None or thing.owner_id in seen:
        return True
    return Visibility.OWN not in (kept, thing.visibility)


class _Insides:
    """What lies in a place, and who belongs to a body, each asked once."""

    def __init__(self, territory: TerritoryView) -> None:
        self._day = today(territory.zone)
        self._places: dict[UUID, frozenset[UUID]] = {}
        self._members: dict[UUID, frozenset[UUID]] = {}

    def places(self, watched: Watched) -> frozenset[UUID] | None:
        if not watched.places:
            return None
        for place in watched.places:
            if place not in self._places:
                within = places_within(place, self._day)
                self._places[place] = frozenset({place, *(one.id for one in within)})
        return frozenset().union(*(self._places[place] for place in watched.places))

    def members(self, owner_id: UUID | None) -> frozenset[UUID] | None:
        if owner_id is None:
            return None
        if owner_id not in self._members:
            self._members[owner_id] = frozenset({owner_id}) | members_of(frozenset({owner_id}))
        return self._members[owner_id]


def series_of(found: Mapping[Key, Target]) -> set[int]:
    """Every series watched."""
    return {series_id for target in found.values() for series_id in target.series_ids}
