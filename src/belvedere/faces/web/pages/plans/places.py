"""What the map component is given on these pages."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.urls import NoReverseMatch, reverse
from django.utils.translation import gettext

from belvedere.domains.plans.public import states, views
from belvedere.faces.web import formats
from belvedere.faces.web.pages.plans import words
from belvedere.faces.web.pages.plans.rooms import Room


def map_context(room: Room) -> dict[str, Any]:
    """Outlines, base map and attribution of the territory."""
    territory = room.territory
    base = territory.base_map
    return {
        "outlines_url": _outlines(room),
        "attribution": territory.attribution,
        "base_map": base if base.get("tiles") else None,
    }


def _outlines(room: Room) -> str:
    """The outlines come from the pages of territory; without them the map still shows the measures."""
    try:
        return reverse("portal_territory:outlines", kwargs={"territory": room.territory})
    except NoReverseMatch:
        return ""


def feature_collection(view: views.MeasureView) -> dict[str, Any]:
    """The sites as GeoJSON (RFC 7946)."""
    return {
        "type": "FeatureCollection",
        "features": [
            {
                "type": "Feature",
                "id": str(site.id),
                "properties": {"id": str(site.id), "title": site.name, "p": view.priority.value},
                "geometry": site.geometry,
            }
            for site in view.sites
        ],
    }


@dataclass(frozen=True, slots=True)
class SiteLine:
    view: views.SiteView
    name: str
    size: str
    method: str
    edit_url: str
    remove_url: str


def size_of(site: views.SiteView) -> str:
    """“1.85 km”, “340 m”, “2.1 ha”; "" for a point."""
    if site.area_m2:
        if site.area_m2 >= 10_000:
            return gettext("%(n)s ha") % {"n": formats.number(Decimal(str(site.area_m2)) / 10_000, 1)}
        return gettext("%(n)s m²") % {"n": formats.number(site.area_m2, 0)}
    if site.length_m >= 1000:
        return gettext("%(n)s km") % {"n": formats.number(site.length_m / 1000, 2)}
    return gettext("%(n)s m") % {"n": formats.number(site.length_m, 0)} if site.length_m else ""


def site_words(
    view: views.MeasureView, able: dict[str, str], url: Callable[[str, UUID], str]
) -> list[SiteLine]:
    """The sites in words, with their edits for those who may."""
    found = []
    for at, site in enumerate(view.sites, start=1):
        name = site.name or gettext("Site %(n)s") % {"n": at}
        method = gettext(words.SITE_METHODS[states.SiteMethod(site.method)])
        edit = url("site", site.id) if "site" in able else ""
        remove = url("remove-site", site.id) if "site" in able else ""
        found.append(SiteLine(site, name, size_of(site), method, edit, remove))
    return found
