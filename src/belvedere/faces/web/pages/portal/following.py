"""Following by e-mail, without an account: ask, confirm, change, stop. The link of a message is the key."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from belvedere.domains.subscriptions import public as subscriptions
from belvedere.domains.subscriptions.public import Rhythm, SubscriptionView
from belvedere.domains.territory.public import TerritoryView, territory_by_id
from belvedere.faces.web.language import NAMES
from belvedere.faces.web.pages.access.acting import client_of
from belvedere.faces.web.pages.plans.rooms import Room
from belvedere.faces.web.pages.portal.asked import parameters, scope_in
from belvedere.faces.web.pages.portal.feeds import title_of
from belvedere.faces.web.pages.portal.near import rhythms
from belvedere.faces.web.pages.portal.rooms import for_everyone
from belvedere.kernel.errors import N_, BelvedereError, InvalidInput

TRAP = "website"  # a field that people do not see, and programs fill in


def _follow(request: HttpRequest, room: Room) -> HttpResponse:
    given = request.POST if request.method == "POST" else request.GET
    scope = scope_in(given)
    subscriptions.check_scope(room.territory.id, scope)
    problem, status = "", 200
    if request.method == "POST":
        if request.POST.get(TRAP):
            return _asked(request, room)
        try:
            subscriptions.ask(
                territory_id=room.territory.id,
                scope=scope,
                email=request.POST.get("email", ""),
                rhythm=_rhythm(request.POST.get("rhythm", Rhythm.GROUPED)),
                language=room.language,
                client=client_of(request),
            )
        except BelvedereError as error:
            if error.status == 404:
                raise
            problem, status = error.sentence(gettext(error.message)), error.status
        else:
            return _asked(request, room)
    context = {
        "room": room,
        "what": title_of(room, scope),
        "scope_fields": list(parameters(scope).items()),
        "follow_url": reverse("works:follow", kwargs={"territory": room.territory}),
        "rhythms": rhythms(),
        "email": given.get("email", "") if request.method == "POST" else "",
        "rhythm": given.get("rhythm", Rhythm.GROUPED.value),
        "problem": problem,
    }
    return render(request, "portal/follow.html", context, status=status)


def _asked(request: HttpRequest, room: Room) -> HttpResponse:
    """The same answer for everyone: it does not tell whether the address was known."""
    return said(
        request,
        room,
        gettext("Look into your mailbox"),
        gettext(
            "We sent you a message with a link. Open it within 7 days to confirm; until then nothing is "
            "sent, and after that the address is erased. Nothing arrived? Look among the unwanted messages."
        ),
    )


def said(request: HttpRequest, room: Room, title: str, text: str, **more: Any) -> HttpResponse:
    return render(request, "portal/said.html", {"room": room, "title": title, "text": text, **more})


def _rhythm(text: str) -> Rhythm:
    try:
        return Rhythm(text)
    except ValueError as error:
        raise InvalidInput(N_("Choose how often you want to be told, from the list.")) from error


def _confirm(request: HttpRequest, room: Room, token: str) -> HttpResponse:
    """The link shows a button: programs that look through a mailbox open links, they press nothing."""
    if request.method != "POST":
        return said(
            request,
            room,
            gettext("Follow these works?"),
            gettext("One more press and you will be told by e-mail. Each message says how to stop."),
            action=gettext("Yes, tell me"),
        )
    key = subscriptions.confirm(token=token)
    return redirect("works:mine", territory=room.territory, token=subscriptions.manage_token(key))


def _stop(request: HttpRequest, room: Room, token: str) -> HttpResponse:
    """RFC 8058: a POST from the mail program, without a page and without a cookie, is enough."""
    if request.method == "POST":
        subscriptions.stop(token=token)
        return said(
            request,
            room,
            gettext("You will get no more messages"),
            gettext("This subscription is erased, with your address if it was the last one."),
        )
    found = subscriptions.of_link(token)
    if not found:
        return said(
            request,
            room,
            gettext("You will get no more messages"),
            gettext("This subscription was erased before. There is nothing to do."),
        )
    return said(
        request,
        room,
        gettext("Stop these messages?"),
        gettext("You follow: %(what)s.") % {"what": _what(found[0], room)},
        action=gettext("Yes, stop"),
    )


@dataclass(frozen=True, slots=True)
class Line:
    view: SubscriptionView
    what: str
    territory: TerritoryView


def _mine(request: HttpRequest, room: Room, token: str) -> HttpResponse:
    if request.method == "POST":
        _act(request, token)
        if subscriptions.of_link(token):
            return redirect("works:mine", territory=room.territory, token=token)
        return said(
            request,
            room,
            gettext("You will get no more messages"),
            gettext("Open the link of another message to manage what is left, if anything is."),
        )
    lines = [
        Line(view, _what(view, room), territory_by_id(view.territory_id))
        for view in subscriptions.of_link(token)
    ]
    context = {
        "room": room,
        "lines": lines,
        "rhythms": rhythms(),
        "languages": list(NAMES.items()),
        "near_url": reverse("works:near", kwargs={"territory": room.territory}),
    }
    return render(request, "portal/mine.html", context)


def _act(request: HttpRequest, token: str) -> None:
    what = request.POST.get("act", "")
    if what == "stop_all":
        subscriptions.stop_all(token=token)
        return
    try:
        key = UUID(request.POST.get("id", ""))
    except ValueError as error:
        raise InvalidInput(N_("The form is damaged. Open the link of the message again.")) from error
    if what == "stop":
        subscriptions.stop(token=token, subscription_id=key)
    else:
        rhythm, language = _rhythm(request.POST.get("rhythm", "")), request.POST.get("language", "")
        subscriptions.change(token=token, subscription_id=key, rhythm=rhythm, language=language)


def _what(view: SubscriptionView, room: Room) -> str:
    territory = territory_by_id(view.territory_id)
    there = Room(territory, room.actor, room.language, is_cockpit=False)
    return title_of(there, view.scope)


both = require_http_methods(["GET", "HEAD", "POST"])
follow = never_cache(both(for_everyone(_follow)))
confirm = never_cache(both(for_everyone(_confirm)))
stop = csrf_exempt(never_cache(both(for_everyone(_stop))))
mine = never_cache(both(for_everyone(_mine)))

__all__ = ["confirm", "follow", "mine", "stop"]
