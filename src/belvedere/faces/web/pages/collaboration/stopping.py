"""Stopping a kind of mail by the link it carries, without signing in (RFC 8058)."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from belvedere.duties.notifications.public import EVERY_KIND, kinds, read_stop, stop, stop_token


@csrf_exempt  # the secret is in the address: a mail program sends no cookie and no token
@never_cache
@require_http_methods(["GET", "POST"])
def stop_page(request: HttpRequest, token: str) -> HttpResponse:
    """GET shows what would stop, with a button; POST stops it. NotFound for a link that is not ours."""
    asked = stop(token) if request.method == "POST" else read_stop(token)
    labels = {kind.code: gettext(kind.label) for kind in kinds()}
    context = {
        "done": request.method == "POST",
        "everything": asked.kind == EVERY_KIND,
        "label": labels.get(asked.kind, ""),
        "all_token": stop_token(asked.person_id, EVERY_KIND),
    }
    return render(request, "collaboration/stop.html", context)
