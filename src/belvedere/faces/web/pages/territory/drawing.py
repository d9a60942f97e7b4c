"""The drawing of a territory for the map component, cacheable: the same drawing is sent once."""

from __future__ import annotations

from datetime import date

from django.http import HttpRequest, HttpResponse
from django.utils.cache import get_conditional_response, patch_cache_control
from django.utils.translation import get_language
from django.views.decorators.http import require_safe

from belvedere.domains.territory.public import TerritoryView, outlines
from belvedere.faces.web.pages.territory.entering import enter_portal
from belvedere.kernel.errors import N_, InvalidInput


@require_safe
def outlines_json(request: HttpRequest, territory: TerritoryView) -> HttpResponse:
    """GeoJSON of the places on `?on=2023-06-01` (default today), in the reader's language."""
    enter_portal(request, territory)
    made = outlines(territory, day_of(request), (get_language() or "fr")[:2])
    answer = get_conditional_response(request, etag=made.etag)
    if answer is None:
        answer = HttpResponse(made.body, content_type="application/geo+json")
    answer.headers["ETag"] = made.etag
    # Asked again each time, answered by 304: a boundary that changed shows at once.
    patch_cache_control(answer, private=True, no_cache=True)
    return answer


def day_of(request: HttpRequest) -> date | None:
    """The day of `?on=`; None without one."""
    given = request.GET.get("on", "").strip()
    if not given:
        return None
    try:
        return date.fromisoformat(given)
    except ValueError as error:
        raise InvalidInput(
            N_("“{given}” is not a day. Write it as 2024-01-01."), given=given[:40], field="on"
        ) from error
