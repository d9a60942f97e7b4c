"""“Works near me”: type a street or a commune, use the position, or click the map. It works without script:
a form that asks by its address."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext, ngettext
from django.views.decorators.http import require_safe

from belvedere.domains.subscriptions.public import RADII_M, Rhythm, Scope, ScopeKind, of_territory
from belvedere.faces.web import formats
from belvedere.faces.web.pages.plans.places import map_context
from belvedere.faces.web.pages.plans.rooms import Room
from belvedere.faces.web.pages.portal.asked import DEFAULT_RADIUS_M, Asked, asked, parameters, query_of
from belvedere.faces.web.pages.portal.rooms import for_everyone, head
from belvedere.faces.web.pages.portal.works import Work, calendar, shapes_of, under_way, works_of
from belvedere.kernel.clock import today

SHOWN = 30


def _near(request: HttpRequest, room: Room) -> HttpResponse:
    one = asked(request, room)
    if one.scope is not None and finer(request, one.scope):
        query = query_of(one.scope, **({"q": one.text} if one.text else {}))
        return redirect(reverse("works:near", kwargs={"territory": room.territory}) + f"?{query}")
    context: dict[str, Any] = {
        "room": room,
        "asked": one,
        "radii": radii(one),
        "map": map_context(room),
        "position_url": reverse("works:near", kwargs={"territory": room.territory}),
    }
    works = under_way(room) if one.scope is None else works_of(room, one.scope)
    if one.suggestions or one.problem:
        works = []
    context |= following(room, one.scope or of_territory())
    shown = works if "all" in request.GET else works[:SHOWN]
    context |= {
        "works": shown,
        "more": len(works) - len(shown),
        "sites": shapes_of(room, shown),
        "years": calendar(works, today(room.territory.zone)),
        "finding": finding(one, works, room.territory.name),
    }
    query = query_of(one.scope) if one.scope is not None else ""
    path = reverse("works:near", kwargs={"territory": room.territory}) + (f"?{query}" if query else "")
    description = context["finding"] or gettext(
        "What is being built near you in %(place)s: when, for how much, and who pays."
    ) % {"place": room.territory.name}
    context["head"] = head(request, room, description, path=path)
    return render(request, "portal/near.html", context)


def finer(request: HttpRequest, scope: Scope) -> bool:
    """Whether the address holds a position more exact than is needed: it must not be passed on."""
    given = (request.GET.get("lon"), request.GET.get("lat"))
    return scope.centre is not None and given != tuple(str(one) for one in scope.centre)


def radii(one: Asked) -> list[tuple[str, str, bool]]:
    """The distances to choose from, the one in force chosen."""
    whole = one.scope is not None and one.scope.kind is ScopeKind.PLACE
    said = {"distance": distance(DEFAULT_RADIUS_M)}
    free = gettext("the whole commune") if whole else gettext("whole commune, or %(distance)s") % said
    return [("", free, not one.radius_m)] + [(str(r), distance(r), r == one.radius_m) for r in RADII_M]


def distance(radius_m: int) -> str:
    if radius_m < 1000:
        return gettext("%(n)s m") % {"n": formats.number(radius_m)}
    return gettext("%(n)s km") % {"n": formats.number(radius_m // 1000)}


def finding(one: Asked, works: list[Work], everywhere: str) -> str:
    """The answer in a sentence; "" while it is not clear what is asked."""
    if one.scope is None:
        if one.suggestions or one.problem:
            return ""
        told = {"n": formats.number(len(works)), "where": everywhere}
        return (
            ngettext(
                "%(n)s project under way in %(where)s", "%(n)s projects under way in %(where)s", len(works)
            )
            % told
        )
    now = sum(work.level == "warn" for work in works)
    told = {"n": formats.number(len(works)), "where": one.label}
    if one.scope.kind is ScopeKind.CIRCLE:
        told["distance"] = distance(one.scope.radius_m or DEFAULT_RADIUS_M)
        said = ngettext(
            "%(n)s project within %(distance)s of %(where)s",
            "%(n)s projects within %(distance)s of %(where)s",
            len(works),
        )
        if not works:
            said = gettext("No project within %(distance)s of %(where)s")
    else:
        said = ngettext("%(n)s project in %(where)s", "%(n)s projects in %(where)s", len(works))
        if not works:
            said = gettext("No project in %(where)s")
    text = said % told
    if works:
        going = ngettext("%(n)s under way now", "%(n)s under way now", now) % {"n": formats.number(now)}
        text += ", " + (going if now else gettext("none under way now"))
    return text


def following(room: Room, scope: Scope) -> dict[str, Any]:
    """The ways to follow a scope: feed, calendar, e-mail, a frame on another site."""
    query = query_of(scope, lang=room.language)

    def url(name: str, **more: str) -> str:
        path = reverse(f"works:{name}", kwargs={"territory": room.territory})
        return f"{path}?{query}" if query else path

    calendar_url = settings.PUBLIC_URL + url("calendar")
    return {
        "feed_url": url("feed"),
        "calendar_url": url("calendar"),
        "webcal_url": "webcal://" + calendar_url.partition("://")[2],
        "embed_url": url("embed"),
        "snippet": snippet(settings.PUBLIC_URL + url("embed")),
        "follow_url": reverse("works:follow", kwargs={"territory": room.territory}),
        "scope_fields": list(parameters(scope).items()),
        "rhythms": rhythms(),
    }


def rhythms() -> list[tuple[str, str]]:
    return [
        (Rhythm.GROUPED.value, gettext("soon after a change, several at once")),
        (Rhythm.WEEKLY.value, gettext("once a week at most")),
    ]


def snippet(address: str) -> str:
    """What another site pastes to show it."""
    title = gettext("Works")
    return (
        f'<iframe src="{address.replace("&", "&amp;")}" title="{title}" width="100%" height="640" '
        'loading="lazy" style="border:0"></iframe>'
    )


near = require_safe(for_everyone(_near))

__all__ = ["finding", "following", "near", "rhythms", "snippet"]
