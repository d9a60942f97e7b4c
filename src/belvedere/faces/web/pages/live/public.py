"""What is measured in public: a page of the portal for everyone, without an account."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET

from belvedere.domains.twin import public as twin
from belvedere.faces.web.pages.live import asking, telling, things, words
from belvedere.faces.web.pages.live.showing import panel_context
from belvedere.faces.web.pages.live.thing import series_csv
from belvedere.faces.web.pages.plans.rooms import Room
from belvedere.faces.web.pages.portal.rooms import for_everyone, head

IN_LIST = 60  # the most urgent; the others one press away


def _kinds(whole: twin.Tallies) -> str:
    """What is measured, in words: the kinds, what is most first."""
    ordered = sorted(whole.kinds, key=lambda kind: (-whole.kinds[kind], kind))
    return ", ".join(words.kinds(kind) for kind in ordered if kind)


def _things(request: HttpRequest, room: Room) -> HttpResponse:
    asked = asking.read(request.GET)
    whole = twin.tallies(room.actor, room.territory.id)
    context = things.shown(room, asked, things.ALL if "all" in request.GET else IN_LIST)
    title = gettext("What is measured in %(place)s now") % {"place": room.territory.name}
    page = telling.address(room, "things")
    context |= {
        "title": title,
        "whole": whole.total,
        "kinds": _kinds(whole),
        "left_out": context["total"] - len(context["lines"]),
        "all_url": asked.query(all=1),
        "clear_url": page,
        "menus": [menu for menu in asking.menus(asked, whole) if menu.name in {"kind", "place"}],
        "head": head(request, room, title, path=page),
    }
    return render(request, "live/public.html", context)


def _thing(request: HttpRequest, room: Room, entity_id: int) -> HttpResponse:
    context = panel_context(room, entity_id)
    context |= {
        "things_url": telling.address(room, "things"),
        "script": telling.script(room, "", many=True, replays=False),
        "states": [(one.value, words.state(one)) for one in telling.URGENCY],
        "head": head(request, room, f"{context['name']} · {context['kind']}", path=context["url"]),
    }
    return render(request, "live/public_thing.html", context)


def _panel(request: HttpRequest, room: Room, entity_id: int) -> HttpResponse:
    return render(request, "live/panel.html", panel_context(room, entity_id))


page = never_cache(require_GET(for_everyone(_things)))
csv = never_cache(require_GET(for_everyone(things.csv_of)))
panel = never_cache(require_GET(for_everyone(_panel)))
thing = never_cache(require_GET(for_everyone(_thing)))
series = never_cache(require_GET(for_everyone(series_csv)))
