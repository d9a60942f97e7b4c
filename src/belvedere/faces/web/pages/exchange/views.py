"""Who reads the territory: every system that subscribed, how far behind it is, and what went wrong; every
program with a token, what it may read and what it reads."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from typing import cast

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext, ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from belvedere.domains.access.public import Actor, administered, readers_of
from belvedere.domains.exchange import public as exchange
from belvedere.domains.territory.public import TerritoryView, organisations_by_id
from belvedere.faces.web.pages.exchange import words
from belvedere.kernel.clock import today
from belvedere.kernel.errors import N_, InvalidInput

USUALLY = timedelta(days=365)


def _enter(request: HttpRequest, territory: TerritoryView) -> Actor:
    request.territory = territory  # type: ignore[attr-defined]
    return cast("Actor", request.actor)  # type: ignore[attr-defined]


@never_cache
@require_safe
def subscribers(request: HttpRequest, territory: TerritoryView) -> HttpResponse:
    """The systems, those in trouble first."""
    actor = _enter(request, territory)
    found = exchange.subscribers(actor, territory)
    context = {
        "territory": territory,
        "finding": words.finding(found),
        "next_year": (today() + USUALLY).isoformat(),
        "rows": [
            {"view": one, "state": words.state_of(one), "reads": words.reads(one), "lag": words.lag(one)}
            for one in found
        ],
        "readers": _readers(actor, territory),
        "sees_others": bool(administered(actor, territory.id)),
    }
    return render(request, "exchange/subscribers.html", context)


def _readers(actor: Actor, territory: TerritoryView) -> list[dict[str, object]]:
    """The programs with a token: whose they are, what they may read, what they read."""
    found = readers_of(actor, territory.id)
    bodies = organisations_by_id({body for one in found for body in one.bodies})
    return [
        {
            "view": one,
            "bodies": ", ".join(bodies[body].label for body in one.bodies if body in bodies),
            "may": words.may_read(one, [bodies[body].label for body in one.bodies if body in bodies]),
            "readings": [
                {"view": read, "door": words.door(read), "what": words.what_read(read)}
                for read in one.readings
            ],
        }
        for one in found
    ]


@require_POST
def pause(request: HttpRequest, territory: TerritoryView) -> HttpResponse:
    """Tell a system nothing for now."""
    exchange.pause_subscription(
        actor=_enter(request, territory), territory=territory, urn=request.POST.get("urn", "")
    )
    messages.success(request, gettext("The subscription is paused; what changes now is not told to it."))
    return redirect("exchange:subscribers", territory)


@require_POST
def resume(request: HttpRequest, territory: TerritoryView) -> HttpResponse:
    """Tell it again."""
    exchange.resume_subscription(
        actor=_enter(request, territory), territory=territory, urn=request.POST.get("urn", "")
    )
    messages.success(request, gettext("The subscription runs again; what waited is sent now."))
    return redirect("exchange:subscribers", territory)


@require_POST
def extend(request: HttpRequest, territory: TerritoryView) -> HttpResponse:
    """Tell it until the end of a day."""
    actor = _enter(request, territory)
    try:
        day = date.fromisoformat(request.POST.get("until", ""))
        until = timezone.make_aware(datetime.combine(day + timedelta(days=1), time.min))
    except (ValueError, OverflowError):
        raise InvalidInput(N_("Choose the day until which it is told."), field="until") from None
    exchange.extend_subscription(
        actor=actor, territory=territory, urn=request.POST.get("urn", ""), until=until
    )
    messages.success(request, gettext("The subscription runs until the end of that day."))
    return redirect("exchange:subscribers", territory)


@require_POST
def replay(request: HttpRequest, territory: TerritoryView) -> HttpResponse:
    """Send now what waits and what was put aside."""
    many = exchange.replay(
        actor=_enter(request, territory), territory=territory, urn=request.POST.get("urn", "")
    )
    said = ngettext(
        "%(count)s notification is sent now, in the order of the changes.",
        "%(count)s notifications are sent now, in the order of the changes.",
        many,
    )
    messages.success(request, said % {"count": many})
    return redirect("exchange:subscribers", territory)


@require_POST
def remove(request: HttpRequest, territory: TerritoryView) -> HttpResponse:
    """Forget a subscription with what waits for it."""
    exchange.delete_subscription(
        actor=_enter(request, territory), territory=territory, urn=request.POST.get("urn", "")
    )
    messages.success(request, gettext("The subscription is removed."))
    return redirect("exchange:subscribers", territory)
