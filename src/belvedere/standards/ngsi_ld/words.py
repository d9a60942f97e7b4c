"""The small words: names, URIs, instants, scopes (ETSI GS CIM 009, clauses 4.6, 4.8, 4.18)."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from functools import lru_cache
from typing import Any, Final

import msgspec

from belvedere.kernel.errors import N_
from belvedere.standards.ngsi_ld.contexts import Context
from belvedere.standards.ngsi_ld.problems import BadRequestData, InvalidRequest

MOST_LETTERS: Final = 300  # of a name or identifier
_URI = re.compile(r"[A-Za-z][A-Za-z0-9+.\-]*:[^\s<>\"{}|\\^`\x00-\x1f\x7f]+")
_TERM = re.compile(r"[^\W\d][\w\-]*")
_INSTANT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d([.,]\d+)?(Z|[+-]\d\d:\d\d)")
_SCOPE = re.compile(r"/?[^\W\d_][\w\-]*(/[^\W\d_][\w\-]*)*")


def parse_json(raw: bytes) -> Any:
    """The JSON in a request's body. Raises InvalidRequest when it is not JSON (clause 5.5.2), BadRequestData
    for what no store can hold."""
    if not raw.strip():
        raise InvalidRequest(N_("The request has no body; it needs one in JSON."))
    try:
        value = msgspec.json.decode(raw)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as fault:
        raise InvalidRequest(N_("The body is not JSON: {fault}."), fault=str(fault)) from None
    if b"\\u0000" in raw:
        raise BadRequestData(N_("A text may not contain the character U+0000."))
    return value


def check_uri(text: Any, what: str = "id") -> str:
    """`text`, if it is a URI (clause 4.6.4); `what` names it in the sentence of the error."""
    if isinstance(text, str) and len(text) <= MOST_LETTERS and _URI.fullmatch(text):
        return text
    raise BadRequestData(
        N_("“{what}” must be a URI of at most {most} characters, such as “urn:ngsi-ld:Bench:12”: {text}"),
        what=what,
        most=MOST_LETTERS,
        text=str(text)[:120],
    )


def is_uri(text: str) -> bool:
    """Whether it has the form of a URI."""
    return _URI.fullmatch(text) is not None


@lru_cache(maxsize=4096)
def check_name(term: str) -> str:
    """`term`, if it can name a type or an attribute (clause 4.6.2): a term, a prefixed name or an IRI."""
    good = _URI.fullmatch(term) if ":" in term else _TERM.fullmatch(term)
    if good is None or len(term) > MOST_LETTERS:
        raise BadRequestData(
            N_("“{term}” cannot be a name: letters, digits, “_” and “-”, beginning with a letter."),
            term=term[:80],
        )
    return term


def expand_name(term: Any, context: Context) -> str:
    """The IRI of the name of a type or an attribute (clauses 4.6.2 and 5.5.7)."""
    if not isinstance(term, str):
        raise BadRequestData(N_("A name of a type or an attribute is a text: {term}"), term=str(term)[:80])
    iri = context.expand(check_name(term))
    if iri.startswith("@") or len(iri) > MOST_LETTERS:
        raise BadRequestData(N_("“{term}” is kept for another use and cannot be a name."), term=term[:80])
    return iri


def parse_instant(text: Any, what: str = "observedAt") -> datetime:
    """An instant (clause 4.6.3): ISO 8601 in UTC, with seconds and, if there are any, fractions."""
    if isinstance(text, str) and _INSTANT.fullmatch(text):
        try:
            return datetime.fromisoformat(text).astimezone(UTC)
        except (ValueError, OverflowError):
            pass
    raise BadRequestData(
        N_("“{what}” must be an instant such as “2026-01-31T08:30:00Z”: {text}"),
        what=what,
        text=str(text)[:80],
    )


def instant(moment: datetime) -> str:
    """An instant as NGSI-LD writes it (clause 4.6.3); fractions only where there are any."""
    if moment.tzinfo is not UTC:
        moment = moment.astimezone(UTC)
    micro = moment.microsecond
    if not micro:
        return moment.isoformat()[:19] + "Z"
    text = moment.isoformat()[:26]
    return (text[:23] if micro % 1000 == 0 else text) + "Z"


def read_scopes(value: Any) -> tuple[str, ...]:
    """One scope or a list of them (clause 4.18)."""
    many = value if isinstance(value, list) else [value]
    for one in many:
        if not isinstance(one, str) or len(one) > 200 or not _SCOPE.fullmatch(one):
            raise BadRequestData(
                N_("A scope is a path of names such as “/Berne/Parks”: {text}"), text=str(one)[:80]
            )
    return tuple(dict.fromkeys(many))


def read_types(value: Any, context: Context) -> tuple[str, ...]:
    """The IRIs of one type or a list of them, sorted, each once (clause 4.6.2)."""
    many = value if isinstance(value, list) else [value]
    if not many:
        raise BadRequestData(N_("“type” is empty; an entity has at least one type."))
    if len(many) == 1:
        return (expand_name(many[0], context),)
    return tuple(sorted({expand_name(one, context) for one in many}))
