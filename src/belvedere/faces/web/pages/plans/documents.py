"""Documents of measures handed out: to those who work on the measure, and the public ones to everyone.

What comes out was brought by people: it is never taken for a page of ours. Its type is the one found in its
content, and nothing in it runs.
"""

from __future__ import annotations

from uuid import UUID

from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.utils.cache import get_conditional_response
from django.utils.http import content_disposition_header, quote_etag
from django.views.decorators.http import require_safe

from belvedere.domains.plans.public import follow
from belvedere.faces.web.pages.plans.rooms import Room, in_cockpit, in_portal

# What a browser shows by itself, without a program of ours; all else is saved.
SHOWN = frozenset({"application/pdf", "image/png", "image/jpeg", "image/webp"})
SANDBOX = "default-src 'none'; style-src 'unsafe-inline'; img-src 'self' data:; sandbox"


def _document(
    request: HttpRequest, room: Room, document_id: UUID, number: int | None = None
) -> HttpResponseBase:
    document = follow.open_document(room.actor, document_id, number, territory_id=room.territory.id)
    response = HttpResponse(document.content, content_type=document.media_type)
    as_attachment = document.media_type not in SHOWN
    response["Content-Disposition"] = content_disposition_header(as_attachment, document.file_name) or ""
    etag = quote_etag(document.sha256)
    response["ETag"] = etag
    answer = get_conditional_response(request, etag=etag, response=response) or response
    # On "not modified" too: a browser takes these over for the copy it keeps.
    answer["Content-Security-Policy"] = SANDBOX
    answer["X-Content-Type-Options"] = "nosniff"
    answer["Cross-Origin-Resource-Policy"] = "same-origin"
    # Asked anew each time, since a right or a document may go; only the bytes are spared.
    answer["Cache-Control"] = "private, no-cache" if room.is_cockpit else "no-cache"
    return answer


document = require_safe(in_cockpit(_document))
portal_document = require_safe(in_portal(_document))

__all__ = ["document", "portal_document"]
