"""The public home of the instance and of each territory: what it is, what is planned, what it costs."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import cast

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import get_language, gettext, ngettext
from django.views.decorators.http import require_safe

from belvedere.domains.access.public import Actor
from belvedere.domains.plans.public import MeasureFilter, queries, states, totals, views
from belvedere.domains.territory.public import (
    Level,
    TerritoryView,
    places_of,
    populations,
    territories,
)
from belvedere.faces.web import formats
from belvedere.kernel.errors import N_, NotFound
from belvedere.kernel.money import Money
from belvedere.kernel.paging import Window

SHOWN = 6


@dataclass(frozen=True, slots=True)
class Card:
    """A measure that is being built, for someone who does not know the plan."""

    title: str
    language: str
    owner: str
    years: str
    cost: Money | None
    net: Money | None
    others_share: Decimal | None
    url: str


@require_safe
def front(request: HttpRequest) -> HttpResponse:
    """The published territories, or straight to the only one."""
    found = territories(published_only=True)
    if len(found) == 1:
        return redirect("portal:territory", territory=found[0])
    found.sort(key=lambda territory: territory.name.casefold())
    return render(request, "home/front.html", {"territories": found})


@require_safe
def territory_home(request: HttpRequest, territory: TerritoryView) -> HttpResponse:
    """Everything here is what the public may see, whoever is signed in."""
    if not territory.published:
        raise NotFound(N_("There is no territory “{slug}” here."), slug=territory.slug)
    request.territory = territory  # type: ignore[attr-defined]
    language = (get_language() or "fr")[:2]
    actor = Actor.public(language, cast("str", getattr(request, "request_id", "")))
    sums = totals.totals(actor, territory.id, MeasureFilter())
    building = MeasureFilter(implementations=frozenset({states.Implementation.IN_PROGRESS}))
    rows = queries.measure_rows(
        actor, territory.id, building, language=language, sort="-cost", window=Window(size=SHOWN)
    )
    people = _people(territory)
    context = {
        "territory": territory,
        "sentence": _sentence(territory, people),
        "sums": sums,
        "main": sums.main,
        "in_progress": rows.total,
        "cards": [_card(territory, row) for row in rows.rows],
        "share_paid_by_others": _others(sums.main),
        "per_person": _per_person(sums.main, people),
        "near_url": reverse("works:near", kwargs={"territory": territory}),
        "measures_url": reverse("portal_plans:measures", kwargs={"territory": territory}),
        "money_url": reverse("portal_plans:finance", kwargs={"territory": territory}),
        "points_url": reverse("portal_plans:points", kwargs={"territory": territory}),
        "outlines_url": reverse("portal_territory:outlines", kwargs={"territory": territory}),
        "base_map": territory.base_map if territory.base_map.get("tiles") else None,
    }
    return render(request, "home/territory.html", context)


def _people(territory: TerritoryView) -> int:
    """Inhabitants of its communes, the latest figure of each."""
    ids = [place.id for place in places_of(territory, level=Level.COMMUNE)]
    latest = {row.place_id: row.inhabitants for row in populations(ids, "total")}
    return sum(latest.values())


def _sentence(territory: TerritoryView, people: int) -> str:
    if not territory.communes:
        return gettext("What is planned and built here, where, and for how much.")
    values = {
        "communes": ngettext("%(n)s commune", "%(n)s communes", territory.communes)
        % {"n": formats.number(territory.communes)},
        "people": formats.number(people),
    }
    if not people:
        return gettext("%(communes)s plan together: what is being built, where, and for how much.") % values
    return (
        gettext(
            "%(communes)s and %(people)s inhabitants plan together: what is being built, where, "
            "and for how much."
        )
        % values
    )


def _others(total: views.Total | None) -> Decimal | None:
    if total is None or not total.cost.amount:
        return None
    return total.aid.amount / total.cost.amount


def _per_person(total: views.Total | None, people: int) -> Money | None:
    if total is None or not people:
        return None
    return total.net.times(Decimal(1) / people)


def _card(territory: TerritoryView, row: views.MeasureRow) -> Card:
    first, last = row.years
    years = ""
    if first is not None and last is not None:
        years = str(first) if first == last else f"{first}–{last}"
    share = None
    if row.cost is not None and row.aid is not None and row.cost.amount:
        share = row.aid.amount / row.cost.amount
    return Card(
        title=row.title,
        language=row.title_language,
        owner=row.owner_name,
        years=years,
        cost=row.cost,
        net=row.net,
        others_share=share,
        url=reverse("portal_plans:measure", kwargs={"territory": territory, "measure_id": row.id}),
    )
