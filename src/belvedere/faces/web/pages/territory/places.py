"""The cockpit page of a territory: its places and organisations as they were on a day."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from belvedere.domains.territory.public import (
    Level,
    OrganisationView,
    PlaceView,
    Population,
    TerritoryView,
    organisations,
    organisations_with_extent,
    places_of,
    populations,
)
from belvedere.faces.web import formats
from belvedere.faces.web.pages.territory.entering import enter_cockpit
from belvedere.faces.web.pages.territory.words import KINDS, LEVELS
from belvedere.kernel.clock import today

# Bodies first, then their members, then those who work for them.
KIND_ORDER = tuple(sorted(KINDS, key=lambda kind: (kind == "commune", list(KINDS).index(kind))))


class Day(forms.Form):
    """The day asked for."""

    on = forms.DateField(
        label=_("Perimeter on"),
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        error_messages={"invalid": _("This is not a day. Write it as 2024-01-01. Today is shown.")},
    )


@dataclass(frozen=True, slots=True)
class PlaceLine:
    """A place with its latest population not after the day."""

    place: PlaceView
    level: str
    population: Population | None
    change: int | None  # since the earliest year known


@dataclass(frozen=True, slots=True)
class OrganisationLine:
    organisation: OrganisationView
    kind: str
    communes: int
    members: int


@require_safe
def places(request: HttpRequest, territory: TerritoryView) -> HttpResponse:
    """Places, organisations, populations and the map, on a day."""
    enter_cockpit(request, territory)
    form = Day(request.GET or None)
    now = today(territory.zone)
    asked: date | None = form.cleaned_data.get("on") if form.is_bound and form.is_valid() else None
    day = asked or now
    lines = _places(territory, day)
    people = sum(line.population.inhabitants for line in lines if line.population)
    outlines_url = reverse("portal_territory:outlines", kwargs={"territory": territory})
    context = {
        "form": form,
        "day": day,
        "is_today": day == now,
        "finding": _finding(lines, people, day, is_today=day == now),
        "lines": lines,
        "people": people,
        "years": sorted({line.population.year for line in lines if line.population}),
        "organisations": _organisations(territory, day),
        "territory": territory,
        "outlines_url": outlines_url if asked is None else f"{outlines_url}?on={day.isoformat()}",
        "base_map": territory.base_map if territory.base_map.get("tiles") else None,
    }
    status = 422 if form.is_bound and not form.is_valid() else 200
    return render(request, "territory/places.html", context, status=status)


def _finding(lines: list[PlaceLine], people: int, day: date, *, is_today: bool) -> str:
    """The page's title: how many communes, how many people, when."""
    communes = sum(line.place.level is Level.COMMUNE for line in lines)
    if not communes:
        return (
            gettext("No commune is known on this day") if not is_today else gettext("No commune is known yet")
        )
    values = {
        "communes": ngettext("%(n)s commune", "%(n)s communes", communes) % {"n": formats.number(communes)},
        "people": formats.number(people),
        "day": formats.day(day, "long"),
    }
    if is_today:
        if not people:
            return gettext("%(communes)s today") % values
        return gettext("%(communes)s and %(people)s inhabitants today") % values
    if not people:
        return gettext("%(communes)s on %(day)s") % values
    return gettext("%(communes)s and %(people)s inhabitants on %(day)s") % values


def _places(territory: TerritoryView, day: date) -> list[PlaceLine]:
    found = places_of(territory, day)
    known: dict[object, list[Population]] = {}
    for row in populations([place.id for place in found], "total"):
        if row.year <= day.year:
            known.setdefault(row.place_id, []).append(row)
    lines = []
    for place in found:
        years = known.get(place.id, [])
        change = years[-1].inhabitants - years[0].inhabitants if len(years) > 1 else None
        lines.append(PlaceLine(place, gettext(LEVELS[place.level]), years[-1] if years else None, change))
    order = list(Level)
    return sorted(lines, key=lambda line: (order.index(line.place.level), line.place.name.casefold()))


def _organisations(territory: TerritoryView, day: date) -> list[OrganisationLine]:
    extents = organisations_with_extent(territory.id, day)
    found = [
        OrganisationLine(view, gettext(KINDS[view.kind]), *extents.get(view.id, (0, 0)))
        for view in organisations(territory.id)
    ]
    return sorted(found, key=_place_in_list)


def _place_in_list(line: OrganisationLine) -> tuple[int, str]:
    return KIND_ORDER.index(line.organisation.kind), line.organisation.name.casefold()
