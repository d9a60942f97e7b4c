"""Answers: their form, their headers, the context they name (clauses 6.3.4 to 6.3.6)."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any
from urllib.parse import quote

import msgspec
from django.utils.translation import gettext

from belvedere.domains.context.public import Outcome
from belvedere.faces.ngsi_ld.calls import GEO_JSON, JSON, LD_JSON, Call, NotAcceptable
from belvedere.kernel.errors import N_
from belvedere.standards.ngsi_ld.contexts import Context, link_header
from belvedere.standards.ngsi_ld.merging import Change as Merged
from belvedere.standards.ngsi_ld.problems import details
from belvedere.standards.ngsi_ld.vocabulary import CORE_URL

Header = tuple[str, str]
STATUS = {one.value: f"{one.value} {one.phrase}" for one in HTTPStatus}
_encode = msgspec.json.encode
_WILD = frozenset({"*/*", "application/*", ""})


@dataclass(slots=True)
class Answer:
    """What goes back."""

    status: int
    body: bytes = b""
    headers: Sequence[Header] = ()


NO_CONTENT = Answer(204)


def created(path: str) -> Answer:
    """There is something new at `path`."""
    return Answer(201, b"", [("Location", quote(path, safe="/:@!$&'()*+,;=~%"))])


def wanted(call: Call, *, geojson: bool = False) -> str:
    """The media type to answer with.

    Raises:
        NotAcceptable: none of those that are written here.
    """
    accept: str = call.environ.get("HTTP_ACCEPT", "")
    if accept in _WILD or accept == JSON:
        return JSON
    known = (JSON, LD_JSON, GEO_JSON) if geojson else (JSON, LD_JSON)
    best, best_rank = "", (0.0, 0)
    for place, part in enumerate(accept.split(",")):
        name, *parameters = (one.strip() for one in part.split(";"))
        weight = 1.0
        for one in parameters:
            if one.startswith("q="):
                try:
                    weight = float(one[2:])
                except ValueError:
                    weight = 0.0
        name = JSON if name in _WILD else name
        rank = (weight, -place)
        if name in known and weight > 0 and (not best or rank > best_rank):
            best, best_rank = name, rank
    if not best:
        raise NotAcceptable(N_("Answers are written as: {known}."), known=list(known))
    return best


def document(
    call: Call,
    content: Any,
    context: Context,
    *,
    media: str = JSON,
    status: int = 200,
    headers: Iterable[Header] = (),
) -> Answer:
    """JSON-LD that names its context: inside as `ld+json`, in a Link header as `json`."""
    named = _named(context)
    # In GeoJSON it stands inside too, unless the caller prefers it in the header (6.3.6).
    inside = media == LD_JSON or (
        media == GEO_JSON and "body=json" not in call.environ.get("HTTP_PREFER", "")
    )
    more: list[Header] = []
    if not inside:
        more.append(("Link", link_header(_url(context))))
    elif isinstance(content, list):
        content = [{"@context": named, **one} if isinstance(one, dict) else one for one in content]
    elif isinstance(content, dict):
        content = {"@context": named, **content}
    return Answer(status, _encode(content), [("Content-Type", media), *more, *headers])


def plain(content: Any, *, status: int = 200, headers: Iterable[Header] = ()) -> Answer:
    """JSON that needs no context."""
    return Answer(status, _encode(content), [("Content-Type", JSON), *headers])


def _named(context: Context) -> Any:
    """The value of @context of an answer: as it was asked for."""
    source = context.source
    return source[0] if isinstance(source, list) and len(source) == 1 else source


def _url(context: Context) -> str:
    source = context.source
    if isinstance(source, list):
        source = next((one for one in source if isinstance(one, str)), None)
    return source if isinstance(source, str) else CORE_URL


def changed(merged: Merged) -> Answer:
    """204, or 207 with what was not done and why (5.2.18), by names that need no context."""
    if not merged.not_updated:
        return NO_CONTENT
    failed = dict(merged.not_updated)
    content = {
        "updated": sorted({name for name in merged.updated if name not in failed}),
        "notUpdated": [{"attributeName": name, "reason": gettext(reason)} for name, reason in failed.items()],
    }
    return plain(content, status=207)


def results(outcome: Outcome) -> Answer:
    """207: what was done, and what was not and why (5.2.16)."""
    content = {
        "success": [*outcome.created, *outcome.updated],
        "errors": [
            {"entityId": urn, "error": details(error, error.sentence(gettext(error.message)))}
            for urn, error in outcome.failed
        ],
    }
    return plain(content, status=207)
