"""Addresses of this platform in answers, and where the following page is."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse


def address(path: str) -> str:
    """The whole address of a path of this platform."""
    return f"{settings.PUBLIC_URL}{path}"


def further(request: HttpRequest, **changed: Any) -> str:
    """The address that was asked, with some of its questions changed."""
    query = request.GET.copy()
    for name, value in changed.items():
        query[name] = str(value)
    return f"{address(request.path)}?{query.urlencode()}"


def following(request: HttpRequest, response: HttpResponse, **changed: Any) -> str:
    """The address of the following page, told in the header Link too (RFC 8288)."""
    url = further(request, **changed)
    response["Link"] = f'<{url}>; rel="next"'
    return url
