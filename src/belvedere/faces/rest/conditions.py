"""Versions in headers: `ETag` on what is read, `If-Match` on what is changed (RFC 9110, 13.1)."""

from __future__ import annotations

import re

from django.http import HttpRequest, HttpResponse
from django.utils.cache import get_conditional_response

from belvedere.domains.plans.errors import ChangedMeanwhile
from belvedere.faces.rest.problems import VersionNeeded
from belvedere.kernel.errors import N_, InvalidInput
from belvedere.kernel.identifiers import sha256

_TAG = re.compile(r'(?:W/)?"(\d{1,9})(?:\.[0-9a-f]+)?(?:[-;][a-z]+)?"')


def expected_version(request: HttpRequest) -> int | None:
    """The version of the measure that the caller read; None for `*`, whatever it is.

    Raises:
        VersionNeeded: no `If-Match`.
        InvalidInput: one that is not an entity tag of ours.
    """
    given = request.headers.get("If-Match", "").strip()
    if not given:
        raise VersionNeeded(
            N_("Send the ETag you read as “If-Match”, so that nobody's change is undone unseen.")
        )
    if given == "*":
        return None
    found = _TAG.fullmatch(given)
    if found is None:
        raise InvalidInput(
            N_("“If-Match” is not an ETag of this interface. Send the one you read."), field="If-Match"
        )
    version = int(found[1])
    if version == 0:
        raise ChangedMeanwhile(
            N_("Someone changed this measure meanwhile. Read it again, then send your change.")
        )
    return version


def tagged(request: HttpRequest, response: HttpResponse) -> HttpResponse:
    """`response` with its ETag, or 304 when the caller has it already."""
    if response.status_code != 200 or response.streaming:
        return response
    known = response.headers.get("ETag", "").strip('"')
    digest = sha256(response.content)[:16]
    etag = f'"{known}.{digest}"' if known else f'"{digest}"'
    response["ETag"] = etag
    return get_conditional_response(request, etag=etag, response=response) or response
