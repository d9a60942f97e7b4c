"""The page of one measure, in the cockpit and in the portal."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext

from belvedere.domains.plans.public import page, queries, states, views
from belvedere.domains.territory.public import name_in, places
from belvedere.duties.journal.public import entries_of
from belvedere.faces.web.pages.plans import histories, tracks, words
from belvedere.faces.web.pages.plans.accounts import account_of
from belvedere.faces.web.pages.plans.edit_parts import PARTS
from belvedere.faces.web.pages.plans.places import feature_collection, map_context, site_words
from belvedere.faces.web.pages.plans.rooms import Room, in_cockpit, in_portal
from belvedere.kernel.paging import Window

SHOWN_ENTRIES = 20
# A flag is cured by editing this part, for those who may.
CURES = {
    states.Flag.NO_COST: "estimate",
    states.Flag.NO_SITE: "site",
    states.Flag.NO_DATES: "spending",
    states.Flag.AID_EXCEEDS_COST: "estimate",
    states.Flag.SPENDING_GAP: "spending",
    states.Flag.UNLIKE_FUNDING: "estimate",
    states.Flag.LATE: "dates",
    states.Flag.DEADLINE_RISK: "dates",
    states.Flag.COST_DRIFT: "estimate",
    states.Flag.STALE: "texts",
    states.Flag.INCOMPLETE: "texts",
    states.Flag.UNFUNDED: "funding",
}


def in_words(texts: views.Names, room: Room) -> tuple[str, str]:
    """A text of the measure and its language, "" where that is the reader's."""
    language = queries.language_of(dict(texts), room.language)
    shown = texts.get(language) or name_in(texts, room.language, room.territory.languages)
    return shown, "" if language == room.language else language


def edit_url(room: Room, view: views.MeasureView, part: str, item: UUID | None = None) -> str:
    if item is None:
        return room.url("edit", measure_id=view.id, part=part)
    return room.url("edit_item", measure_id=view.id, part=part, item=item)


def flags(room: Room, view: views.MeasureView) -> list[dict[str, str]]:
    """What is the matter and what to do, with the way there for those who may."""
    if not room.is_cockpit:
        return []
    found = []
    for flag in view.flags:
        _short, what, do = words.FLAGS[flag]
        part = CURES.get(flag, "")
        able = part in PARTS and PARTS[part].right in view.may
        found.append(
            {
                "level": words.FLAG_LEVEL.get(flag, "warn"),
                "title": gettext(what),
                "text": gettext(do),
                "url": edit_url(room, view, part) if able else "",
                "action": gettext("Correct it") if able else "",
            }
        )
    return found


def listings(room: Room, view: views.MeasureView) -> list[dict[str, Any]]:
    """The plans that list the measure."""
    shown = []
    for listing in view.listings:
        title, language = in_words(listing.plan_title, room)
        node, _language = in_words(listing.node_title, room)
        shown.append(
            {
                "row": listing,
                "title": title or listing.plan_code,
                "language": language,
                "node": node,
                # Many plans say it in their title already.
                "generation": "" if str(listing.generation) in title else listing.generation or "",
                "horizon": words.years(*listing.horizon, short=False),
                "url": room.measures_url + f"?plan={listing.plan_id}",
            }
        )
    return shown


def edits(room: Room, view: views.MeasureView) -> dict[str, str]:
    """The addresses of the edits open to the actor, by part."""
    if not room.is_cockpit:
        return {}
    return {
        key: edit_url(room, view, key)
        for key, part in PARTS.items()
        if part.takes(None) and part.right in view.may
    }


def page_context(room: Room, view: views.MeasureView) -> dict[str, Any]:
    """Everything the page shows of a measure."""
    title, title_language = in_words(view.title, room)
    description, description_language = in_words(view.description, room)
    owner, _language = in_words(view.owner_name, room)
    category, _language = in_words(view.category_name, room)
    able = edits(room, view)
    return {
        "room": room,
        "view": view,
        "title": title,
        "title_language": title_language,
        "description": description,
        "description_language": description_language,
        "owner": owner,
        "owner_url": room.measures_url + f"?owner={view.owner_id}",
        "category": category,
        "measure_kind": gettext(words.KINDS[states.MeasureKind(view.kind)]),
        "missing": [code.upper() for code in room.territory.languages if not view.title.get(code)],
        "listings": listings(room, view),
        "flags": flags(room, view),
        "planning": tracks.planning(view),
        "scheme": words.scheme(view.phase_scheme),
        "implementation": tracks.implementation(view),
        "calendar": tracks.calendar(view),
        "account": account_of(room, view, owner),
        "sites": site_words(view, able, lambda part, item: edit_url(room, view, part, item)),
        "site_data": feature_collection(view),
        "map": map_context(room),
        "places": ", ".join(place.name for place in places(view.place_ids).values()),
        "may": able,
    }


def _measure(request: HttpRequest, room: Room, measure_id: UUID) -> HttpResponse:
    view = page.measure_page(room.actor, measure_id, language=room.language, territory_id=room.territory.id)
    context = page_context(room, view)
    if room.is_cockpit:
        found = entries_of(("plans.measure", str(view.id)), Window(0, SHOWN_ENTRIES))
        context["entries"] = histories.entries(found.rows, view, room)
        context["entry_count"] = found.total
    return render(request, "plans/measure.html", context)


measure, portal_measure = in_cockpit(_measure), in_portal(_measure)

__all__ = ["edit_url", "in_words", "measure", "page_context", "portal_measure"]
