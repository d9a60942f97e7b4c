"""The page of one measure, in the cockpit and in the portal."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext

from belvedere.domains.plans.public import page, queries, states, translating, views
from belvedere.domains.territory.public import name_in, places
from belvedere.duties.journal.public import entries_of
from belvedere.faces.web import formats
from belvedere.faces.web.pages.plans import cash, following, histories, threats, todo, tracks, walking, words
from belvedere.faces.web.pages.plans.accounts import account_of
from belvedere.faces.web.pages.plans.addresses import edit_url, edits, open_url
from belvedere.faces.web.pages.plans.places import feature_collection, map_context, site_words
from belvedere.faces.web.pages.plans.rooms import Room, in_cockpit, in_portal
from belvedere.kernel.clock import today
from belvedere.kernel.money import Money
from belvedere.kernel.paging import Window

FIRST_ENTRIES = 6


def in_words(texts: views.Names, room: Room) -> tuple[str, str]:
    """A text of the measure and its language, "" where that is the reader's."""
    language = queries.language_of(dict(texts), room.language)
    shown = texts.get(language) or name_in(texts, room.language, room.territory.languages)
    return shown, "" if language == room.language else language


@dataclass(frozen=True, slots=True)
class Ancestor:
    """A step of the story of a listing, from the oldest generation to the youngest."""

    plan: str
    code: str
    priority: str
    cost: str
    relation: str  # to the generation after it
    url: str  # where it is another measure's
    title: str
    is_this: bool


def generations(room: Room, listing: views.Listing) -> list[Ancestor]:
    """The story of a listing through the generations, with code and cost at each step; [] without one."""
    if not listing.before and not listing.after:
        return []
    this = Ancestor(
        listing.plan_code,
        listing.code,
        (listing.assessed or listing.priority).value,
        _listed(listing.listed_cost, listing.listed_cost_note),
        "",
        "",
        "",
        True,
    )
    past = [_ancestor(room, one) for one in reversed(listing.before)]
    return [*past, this, *(_ancestor(room, one) for one in listing.after)]


def _ancestor(room: Room, one: views.Generation) -> Ancestor:
    url = "" if one.same_measure or one.measure_id is None else room.measure_url(one.measure_id)
    return Ancestor(
        one.plan_code,
        one.code,
        (one.assessed or one.priority).value,
        _listed(one.listed_cost, one.listed_cost_note),
        words.continuity(one.relation),
        url,
        in_words(one.measure_title, room)[0] if url else "",
        False,
    )


def _listed(cost: Money | None, note: str) -> str:
    return note if cost is None else formats.money(cost)


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
                "cost": _listed(listing.listed_cost, listing.listed_cost_note),
                "differs": bool(listing.assessed and listing.assessed != listing.priority),
                "generations": generations(room, listing),
                "links": _listing_links(room, view, listing),
            }
        )
    return shown


def _listing_links(room: Room, view: views.MeasureView, listing: views.Listing) -> list[tuple[str, str]]:
    offered = [
        ("listing", gettext("Change")),
        ("succession", gettext("Generation before")),
        ("unlist", gettext("Take out")),
    ]
    if listing.has_agreement:
        offered.insert(1, ("assess", gettext("Authority’s priority")))
    links = ((label, open_url(room, view, part, listing)) for part, label in offered)
    return [(label, url) for label, url in links if url]


def page_context(room: Room, view: views.MeasureView) -> dict[str, Any]:
    """Everything the page shows of a measure."""
    title, title_language = in_words(view.title, room)
    description, description_language = in_words(view.description, room)
    justification, justification_language = in_words(view.justification, room)
    owner, _language = in_words(view.owner_name, room)
    category, _language = in_words(view.category_name, room)
    able = edits(room, view)
    shown = following.context(room, view)
    account = account_of(room, view, owner)
    pressing = threats.threat(room, view)
    return {
        "room": room,
        "view": view,
        "share_url": settings.PUBLIC_URL + room.measure_url(view.id),
        "title": title,
        "title_language": title_language,
        "description": description,
        "description_language": description_language,
        "justification": justification,
        "justification_language": justification_language,
        "owner": owner,
        "owner_url": room.measures_url + f"?owner={view.owner_id}",
        "category": category,
        "measure_kind": gettext(words.KINDS[states.MeasureKind(view.kind)]),
        "missing": _missing(room, view, shown),
        "listings": listings(room, view),
        "threat": pressing,
        "flags": todo.flags(room, view, has_threat=pressing is not None),
        "todo": todo.missing(room, view, shown),
        "tracks": walking.rows(room, view),
        "calendar": tracks.calendar(view, _marks(room, view)),
        "account": account,
        "cash": cash.cash_of(room, view, account.scale),
        "sites": site_words(view, able, lambda part, item: edit_url(room, view, part, item)),
        "site_data": feature_collection(view),
        "map": map_context(room),
        "places": ", ".join(place.name for place in places(view.place_ids).values()),
        "replaced": _replacing(room, view),
        "may": able,
        "import_sites_url": able.get("import-sites", ""),
        **shown,
    }


def _missing(room: Room, view: views.MeasureView, shown: dict[str, Any]) -> list[dict[str, str]]:
    """For each language of the territory the texts of the measure that are not said in it."""
    texts: dict[str, Any] = {
        gettext("Title"): view.title,
        gettext("What and why"): view.description,
        gettext("Why it is needed"): view.justification,
    }
    for line in shown["milestones"]:
        texts[f"{gettext('Milestone')} {line.name}"] = line.row.title.texts
    for line in shown.get("risks", ()):
        texts[f"{gettext('Risk')} {line.name}"] = line.row.description.texts
    found = translating.lacking(texts, tuple(room.territory.languages))
    return [
        {
            "code": code.upper(),
            "names": ", ".join(names),
            "url": f"{room.url('translations')}?to={code}" if room.is_cockpit and "edit" in view.may else "",
        }
        for code, names in found.items()
    ]


def _marks(room: Room, view: views.MeasureView) -> list[tuple[date, str, str]]:
    """The days drawn across the calendar: today, and in the cockpit the deadlines of the aid."""
    found = [(today(room.territory.zone), gettext("today"), "today")]
    if room.is_cockpit:
        for one in threats.deadlines(view):
            label = gettext("works to start") if one.is_start else gettext("aid to be claimed")
            found.append((one.day, f"{label}, {formats.day(one.day, 'short')}", "deadline"))
    return found


def _replacing(room: Room, view: views.MeasureView) -> list[dict[str, str]]:
    """The measures that take the place of this one, and those whose place it takes."""
    named = [(gettext("Replaced by"), view.replaced_by)] if view.replaced_by else []
    named += [(gettext("Replaces"), one) for one in view.replaces]
    return [
        {"label": label, "title": in_words(one.title, room)[0], "url": room.measure_url(one.id)}
        for label, one in named
        if one is not None
    ]


def _measure(request: HttpRequest, room: Room, measure_id: UUID) -> HttpResponse:
    view = page.measure_page(room.actor, measure_id, language=room.language, territory_id=room.territory.id)
    context = page_context(room, view)
    if context["inside"]:  # the journal tells of risks, people and contracts too
        found = entries_of(("plans.measure", str(view.id)), Window(0, histories.SHOWN))
        lines = histories.entries(found.rows, view, room)
        context["entries"], context["earlier"] = lines[:FIRST_ENTRIES], lines[FIRST_ENTRIES:]
        context["entry_count"] = found.total
    return render(request, "plans/measure.html", context)


measure, portal_measure = in_cockpit(_measure), in_portal(_measure)

__all__ = ["edit_url", "in_words", "measure", "page_context", "portal_measure"]
