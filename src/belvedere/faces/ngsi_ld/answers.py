"""Answers: their form, their headers, the context they name (clauses 6.3.4 to 6.3.6)."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any
from urllib.parse import quote

import msgspec

from belvedere.faces.ngsi_ld.calls import GEO_JSON, JSON, LD_JSON, Call, NotAcceptable
from belvedere.kernel.errors import N_
from belvedere.standards.ngsi_ld.contexts import Context, link_header
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
    if media == LD_JSON:
        if isinstance(content, list):
            content = [
                {"@context": context.source, **one} if isinstance(one, dict) else one for one in content
            ]
        elif isinstance(content, dict):
            content = {"@context": context.source, **content}
        more: list[Header] = []
    else:
        more = [("Link", link_header(_url(context)))]
        if media == GEO_JSON and isinstance(content, dict) and "body" in call.environ.get("HTTP_PREFER", ""):
            content = {"@context": context.source, **content}
            more = []
    return Answer(status, _encode(content), [("Content-Type", media), *more, *headers])


def plain(content: Any, *, status: int = 200, headers: Iterable[Header] = ()) -> Answer:
    """JSON that needs no context."""
    return Answer(status, _encode(content), [("Content-Type", JSON), *headers])


def _url(context: Context) -> str:
    source = context.source
    if isinstance(source, list):
        source = next((one for one in source if isinstance(one, str)), None)
    return source if isinstance(source, str) else CORE_URL
