"""The filters of the list as the page shows them: menus, chips, quick views."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from uuid import UUID

from django.utils.translation import gettext

from belvedere.domains.plans.public import MeasureFilter, queries, states, views
from belvedere.domains.territory.public import organisations_by_id
from belvedere.faces.web.pages.plans import reading, words
from belvedere.faces.web.pages.plans.parameters import LISTS, Asked, without
from belvedere.faces.web.pages.plans.rooms import Room
from belvedere.kernel.errors import N_

LABELS: dict[str, str] = {
    "owner": N_("Owner"),
    "plan": N_("Plan"),
    "priority": N_("Priority"),
    "phase": N_("Phase"),
    "implementation": N_("Implementation"),
    "category": N_("Category"),
    "year": N_("Year"),
    "flag": N_("To complete"),
}
# name in the address -> name in `queries.choices`
CHOICES = {
    "owner": "owners",
    "plan": "plans",
    "priority": "priorities",
    "phase": "phases",
    "implementation": "implementations",
    "category": "categories",
    "year": "years",
    "flag": "flags",
}
FIRST = ("owner", "plan", "priority")  # always shown as a button; the rest behind “more filters”


@dataclass(frozen=True, slots=True)
class Option:
    value: str
    label: str
    count: int
    chosen: bool


@dataclass(frozen=True, slots=True)
class Facet:
    """One filter: its options, most useful first."""

    name: str
    label: str
    options: tuple[Option, ...]
    first: bool

    @property
    def chosen(self) -> int:
        return sum(option.chosen for option in self.options)


@dataclass(frozen=True, slots=True)
class Chip:
    """A value of the filter in force and the address without it."""

    label: str
    value: str
    url: str


@dataclass(frozen=True, slots=True)
class Tab:
    label: str
    count: int
    url: str
    current: bool


def _label(name: str, choice: views.Choice) -> str:
    match name:
        case "priority":
            return choice.label
        case "phase":
            return words.phase_anywhere(choice.value)
        case "implementation":
            return words.implementation(states.Implementation(choice.value)).label
        case "flag":
            return words.flag(states.Flag(choice.value)).label
        case _:
            return choice.label


def facets(room: Room, asked: Asked, found: Mapping[str, list[views.Choice]]) -> list[Facet]:
    """The filters with something to choose from."""
    shown = []
    for name, label in LABELS.items():
        if name == "flag" and not room.is_cockpit:
            continue
        chosen = {str(value) for value in getattr(asked.which, LISTS[name])}
        options = tuple(
            Option(choice.value, _label(name, choice), choice.count, choice.value in chosen)
            for choice in found[CHOICES[name]]
            if choice.count or choice.value in chosen
        )
        if options:
            shown.append(Facet(name, gettext(label), options, name in FIRST))
    return shown


def chips(room: Room, asked: Asked, shown: list[Facet]) -> list[Chip]:
    """What is in force, value by value."""
    known = {(facet.name, option.value): option.label for facet in shown for option in facet.options}
    labels = {facet.name: facet.label for facet in shown}
    pairs = [*asked.pairs(), *_display(asked)]
    found = []
    for name, value in asked.pairs():
        if name in ("q", "published"):
            continue
        label = labels.get(name) or gettext(LABELS.get(name, _OTHER.get(name, name)))
        written = known.get((name, value)) or _named(room, name, value)
        found.append(Chip(label, written, without(pairs, name, value)))
    return found


_OTHER = {
    "funder": N_("Funder"),
    "place": N_("Place"),
    "published": N_("Published"),
    "start_from": N_("Works start from"),
    "start_to": N_("Works start until"),
}


def _display(asked: Asked) -> list[tuple[str, str]]:
    pairs = [("sort", asked.sort)] if asked.sort else []
    return pairs if asked.layout == "split" else [*pairs, ("view", asked.layout)]


def _named(room: Room, name: str, value: str) -> str:
    """A value that no option of the filter shows."""
    if name in ("owner", "funder"):
        for organisation in organisations_by_id([UUID(value)]).values():
            if organisation.territory_id == room.territory.id:
                return organisation.name
    if name == "priority" and value == "none":
        return gettext("none")
    if name == "phase":
        return words.phase_anywhere(value)
    if name == "flag":
        return gettext("any") if value == "any" else words.flag(states.Flag(value)).label
    if name == "implementation":
        return words.implementation(states.Implementation(value)).label
    return gettext("unknown") if len(value) == 36 else value


def tabs(room: Room, asked: Asked, key: str, overview: queries.Overview) -> list[Tab]:
    """The quick views of the cockpit that have something to show."""
    if not room.is_cockpit:
        return []
    everything = MeasureFilter()
    wanted: list[tuple[str, MeasureFilter, int]] = [(gettext("All"), everything, overview.totals.count)]
    if overview.flagged:
        flagged = replace(everything, flags=frozenset(states.Flag))
        wanted.append((gettext("To complete"), flagged, overview.flagged))
    if overview.owners > 1:
        wanted += _mine(room, key)
    letters = {choice.value: choice.count for choice in overview.choices["priorities"]}
    if "A" in letters and len(letters) > 1:
        which = replace(everything, priorities=frozenset({states.Priority.A}))
        wanted.append((gettext("Priority A"), which, letters["A"]))
    return [
        Tab(label, count, replace(asked, which=which).page_query() or "?", which == asked.which)
        for label, which, count in wanted
    ]


def _mine(room: Room, key: str) -> list[tuple[str, MeasureFilter, int]]:
    """The measures of the reader's own organisations, when there are any."""
    counts = {owner: _owned(room, key, owner) for owner in room.actor.roles}
    mine = frozenset(owner for owner, count in counts.items() if count)
    if not mine:
        return []
    label = gettext("My organisation") if len(mine) == 1 else gettext("My organisations")
    return [(label, MeasureFilter(owners=mine), sum(counts.values()))]


def _owned(room: Room, key: str, owner: UUID) -> int:
    return reading.number_of(room, key, MeasureFilter(owners=frozenset({owner})))
