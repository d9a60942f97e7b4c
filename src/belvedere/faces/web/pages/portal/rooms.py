"""Pages for everyone, in the language of their address: `?lang=de` fixes it, for links that are shared, for
feeds and for frames on other sites."""

from __future__ import annotations

from collections.abc import Callable
from functools import update_wrapper
from typing import Any, Concatenate, ParamSpec

from django.conf import settings
from django.http import HttpRequest, HttpResponseBase
from django.utils import translation

from belvedere.domains.territory.public import TerritoryView
from belvedere.faces.web.language import NAMES
from belvedere.faces.web.pages.plans.rooms import Room, in_portal

P = ParamSpec("P")
Page = Callable[Concatenate[HttpRequest, Room, P], HttpResponseBase]


def for_everyone(view: Page[P]) -> Callable[..., Any]:
    """`view` in the portal room; NotFound where the territory is not published."""
    inner = in_portal(view)

    def page(
        request: HttpRequest, territory: TerritoryView, *args: P.args, **kwargs: P.kwargs
    ) -> HttpResponseBase:
        wanted = request.GET.get("lang", "")
        if wanted in NAMES:
            translation.activate(wanted)
            request.LANGUAGE_CODE = wanted
        answer: HttpResponseBase = inner(request, territory, *args, **kwargs)
        return answer

    update_wrapper(page, view)
    return page


def head(request: HttpRequest, room: Room, description: str, *, path: str = "") -> dict[str, Any]:
    """What search engines and links in messages show: one address, its twins in the other languages.

    `path`: the address with its query that stands for the page, where that is not the bare path.
    """
    own = settings.PUBLIC_URL + (path or request.path)
    join = "&" if "?" in own else "?"
    return {
        "description": " ".join(description.split())[:300],
        "canonical": f"{own}{join}lang={room.language}" if request.GET.get("lang") in NAMES else own,
        "alternates": [(code, f"{own}{join}lang={code}") for code in NAMES],
        "default_url": own,
    }
