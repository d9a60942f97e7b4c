"""Conflicts as the templates take them: named, filtered, on a common axis of years, on the map."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

import shapely
from django.urls import reverse
from django.utils.translation import gettext

from belvedere.domains.coordination.public import Conflict, Kind
from belvedere.domains.plans.public import works
from belvedere.domains.territory.public import name_in, organisations_by_id
from belvedere.faces.web.pages.coordination import words
from belvedere.faces.web.pages.plans.rooms import Room
from belvedere.kernel.geometry import Shape, from_wkb

OPEN, ALL = "open", "all"
DAYS_A_YEAR = 365.25


@dataclass(frozen=True, slots=True)
class Filter:
    """What is shown. `owner`: an organisation, "mine" or ""; `state`: one, "open" or "all"."""

    owner: str = ""
    kind: str = ""
    state: str = OPEN
    measure: UUID | None = None

    def keeps(self, found: Conflict, mine: Iterable[UUID]) -> bool:
        if self.measure is not None:
            return self.measure in found.pair
        if self.kind and found.kind.value != self.kind:
            return False
        if self.owner == "mine" and not set(found.owners) & set(mine):
            return False
        if self.owner not in ("", "mine") and self.owner not in {str(owner) for owner in found.owners}:
            return False
        if self.state == ALL:
            return True
        if self.state == OPEN:
            return not found.settled
        return found.verdict is not None and found.verdict.state.value == self.state


def asked(given: Mapping[str, str], *, mine: bool) -> Filter:
    """What an address asks for; unknown words count as nothing asked."""
    owner = given.get("owner", "mine" if mine else "")
    if owner != "mine" and not _uuid(owner):
        owner = ""
    kind = given.get("kind", "")
    state = given.get("state", OPEN)
    return Filter(
        owner,
        kind if kind in set(Kind) else "",
        state if state in {ALL, OPEN, *(one.value for one in words.STATES)} else OPEN,
        _uuid(given.get("measure", "")),
    )


def _uuid(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None


@dataclass(frozen=True, slots=True)
class Bar:
    """A work on the axis of years: from where and how long, in percent."""

    letter: str
    title: str
    url: str
    owner: str
    period: str
    cost: Any
    start: float
    length: float


@dataclass(frozen=True, slots=True)
class Line:
    """A conflict in the list."""

    id: str
    url: str
    kind: str
    level: str
    due: str
    place: str
    cost: str
    advice: str
    bars: tuple[Bar, Bar]
    years: list[tuple[int, float]]
    verdict: str
    verdict_level: str
    outdated: bool
    note: str
    leader: str


def named(found: Iterable[Conflict], room: Room) -> words.Named:
    """Titles and owners of these in the reader's language."""
    every = [one for pair in found for one in (pair.first, pair.second)]
    languages = room.territory.languages
    views = organisations_by_id({one.owner_id for one in every})
    return words.Named(
        {one.id: name_in(one.title, room.language, languages) for one in every},
        # In full: a short name is made for narrow columns and says little without its neighbours.
        {pk: name_in(view.names, room.language, languages) for pk, view in views.items()},
    )


def line(found: Conflict, names: words.Named, room: Room, day: date) -> Line:
    said = found.verdict
    low, high = min(found.first.start.year, found.second.start.year), _last_year(found)
    return Line(
        id="_".join(map(str, found.pair)),
        url=pair_url(room, found),
        kind=str(words.KINDS[found.kind]),
        level=words.pressing(found, day),
        due="" if found.settled else words.due(found, day),
        place=words.place(found),
        cost=words.cost(found),
        advice=words.advice(found, names),
        bars=(
            _bar("A", found.first, names, room, low, high),
            _bar("B", found.second, names, room, low, high),
        ),
        years=[(year, 100 * (year - low) / (high + 1 - low)) for year in range(low, high + 1)],
        verdict="" if said is None else str(words.STATES[said.state]),
        verdict_level="" if said is None else words.LEVELS[said.state],
        outdated=said is not None and said.outdated,
        note="" if said is None else said.note,
        leader="" if said is None or said.leader_id is None else names.owners.get(said.leader_id, ""),
    )


def _last_year(found: Conflict) -> int:
    return max(found.first.end.year, found.second.end.year)


def _bar(letter: str, one: works.MeasureWorks, names: words.Named, room: Room, low: int, high: int) -> Bar:
    whole = (date(high + 1, 1, 1) - date(low, 1, 1)).days
    start = (one.start - date(low, 1, 1)).days
    return Bar(
        letter,
        names.title(one),
        room.measure_url(one.id),
        names.owner(one),
        words.period(one),
        one.cost,
        round(100 * start / whole, 2),
        round(max(1.5, 100 * ((one.end - one.start).days + 1) / whole), 2),
    )


def pair_url(room: Room, found: Conflict) -> str:
    one, other = found.pair
    return reverse("coordination:pair", kwargs={"territory": room.territory, "one": one, "other": other})


# ------------------------------------------------------------------ on the map
def points(found: Iterable[Conflict], names: words.Named) -> dict[str, list[Any]]:
    """Where the conflicts are: the compact table of the map component."""
    table: dict[str, list[Any]] = {"ids": [], "lon": [], "lat": [], "title": [], "dim": []}
    for one in found:
        longitude, latitude = _between(one)
        table["ids"].append("_".join(map(str, one.pair)))
        table["lon"].append(round(longitude, 6))
        table["lat"].append(round(latitude, 6))
        table["title"].append(f"{names.title(one.first)} / {names.title(one.second)}"[:160])
        table["dim"].append(0)
    return table


def _between(found: Conflict) -> tuple[float, float]:
    """The middle between the two nearest places of the works."""
    a, b = (
        shapely.union_all([shapely.from_wkb(wkb) for _pk, wkb in one.sites])
        for one in (found.first, found.second)
    )
    ends = shapely.get_coordinates(shapely.shortest_line(a, b))
    return float(ends[:, 0].mean()), float(ends[:, 1].mean())


def pair_map(found: Conflict, names: words.Named) -> tuple[dict[str, Any], dict[str, list[Any]]]:
    """The sites of both works as GeoJSON, and their letters as points."""
    features = []
    table: dict[str, list[Any]] = {"ids": [], "lon": [], "lat": [], "prio": [], "title": []}
    for letter, one in (("A", found.first), ("B", found.second)):
        for pk, wkb in one.sites:
            shape: Shape = from_wkb(wkb)
            features.append(
                {
                    "type": "Feature",
                    "properties": {"id": str(pk), "p": letter, "title": names.title(one)},
                    "geometry": shape.geojson,
                }
            )
            if shape.kind.endswith("Point"):
                continue  # a point has its letter already
            table["ids"].append(str(pk))
            table["lon"].append(round(shape.centre[0], 6))
            table["lat"].append(round(shape.centre[1], 6))
            table["prio"].append(letter)
            table["title"].append(f"{letter}: {names.title(one)}"[:120])
    return {"type": "FeatureCollection", "features": features}, table


def options(found: Iterable[Conflict], names: words.Named) -> list[tuple[str, str]]:
    """The owners to choose from, by name."""
    owners = {owner for one in found for owner in one.owners}
    return sorted(((str(pk), names.owners.get(pk, "")) for pk in owners), key=lambda pair: pair[1].casefold())


def finding(shown: list[Conflict], names: words.Named, which: Filter, day: date) -> str:
    """The title of the page."""
    waiting = [one for one in shown if not one.settled]
    if not waiting:
        if which.measure is not None:
            return gettext("This measure meets no other works that are still to settle")
        return gettext("No works meet that are still to settle")
    first = waiting[0]
    said = {"n": len(waiting), "due": words.due(first, day)}
    if len(waiting) == 1:
        return gettext("One pair of works to coordinate, %(due)s") % said
    return gettext("%(n)s pairs of works to coordinate, the first %(due)s") % said
