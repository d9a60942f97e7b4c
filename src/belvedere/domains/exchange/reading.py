"""From the JSON of a subscription to what is kept of it (ETSI GS CIM 009, clauses 5.2.12 to 5.2.15, 5.2.22).

A fragment (clause 5.8.2) is put over what is kept, member by member, and the whole is read again: what may
not be created may not be made by changing either.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final
from urllib.parse import unquote

from belvedere.domains.context.events import Trigger
from belvedere.domains.exchange.definition import (
    DEFAULT_TRIGGERS,
    GEO_JSON,
    JSON,
    JSON_LD,
    Definition,
    names_in,
    understood,
)
from belvedere.domains.exchange.endpoints import Secrets, checked_endpoint
from belvedere.kernel.errors import N_
from belvedere.standards.ngsi_ld.asking.patterns import check_pattern
from belvedere.standards.ngsi_ld.contexts import Context
from belvedere.standards.ngsi_ld.documents import NULL
from belvedere.standards.ngsi_ld.problems import BadRequestData
from belvedere.standards.ngsi_ld.words import check_uri, parse_instant

FORMATS: Final = ("normalized", "concise", "simplified", "keyValues")
JOINS: Final = ("flat", "inline", "@none")
MOST_NAMES, MOST_PARTS, MOST_LETTERS = 500, 200, 4000
#: Lists, which JSON-LD writes without brackets where they hold one thing (JSON-LD 1.1, 5.1).
_ONE_OR_MANY: Final = frozenset(("entities", "watchedAttributes", "notificationTrigger", "datasetId"))
#: What is kept of what is given: the platform says the rest, or nobody does (clauses 5.2.12 to 5.2.15).
_MEMBERS: Final = frozenset(
    ("subscriptionName", "description", "entities", "watchedAttributes", "notificationTrigger",
     "timeInterval", "q", "geoQ", "scopeQ", "csf", "isActive", "notification", "expiresAt", "throttling",
     "lang", "datasetId", "jsonldContext")
)  # fmt: skip
_SELECTOR: Final = frozenset(("id", "idPattern", "type"))
_PLACE: Final = frozenset(("geometry", "coordinates", "georel", "geoproperty"))
_TELLING: Final = frozenset(
    ("attributes", "pick", "omit", "sysAttrs", "showChanges", "format", "join", "joinLevel", "endpoint")
)
_ENDPOINT: Final = frozenset(("uri", "accept", "timeout", "cooldown", "receiverInfo", "notifierInfo"))
MOST_MS = 3_600_000
_HEADER = re.compile(r"[A-Za-z0-9!#$%&'*+.^_`|~-]{1,80}")
_KEPT_HEADERS: Final = frozenset(
    ("host", "content-length", "content-type", "transfer-encoding", "connection", "link", "te", "upgrade",
     "trailer", "expect", "keep-alive", "proxy-authorization", "proxy-connection")
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Read:
    """A subscription as it will be kept. `secrets` are apart; `uri` holds none."""

    body: dict[str, Any]
    names: dict[str, str]
    secrets: Secrets
    definition: Definition
    uri: str
    is_active: bool
    expires_at: datetime | None
    throttling_s: float
    interval_s: float | None


def read(given: Mapping[str, Any], context: Context, names: Mapping[str, str], at: datetime) -> Read:
    """A whole subscription (clause 5.2.12). `names`: what names of members that were kept mean; the others
    are `context`'s.

    Raises:
        BadRequestData: what it says is none (clause 5.8.1.4).
        AddressRefused: nobody may send there.
    """
    body = {name: value for name, value in given.items() if name in _MEMBERS}
    if not body.get("entities") and not body.get("watchedAttributes"):
        raise BadRequestData(N_("A subscription says which “entities” or “watchedAttributes” it watches."))
    _lists(body)
    notification, secrets = _notification(body)
    body["notification"] = notification
    throttling = _seconds(body, "throttling", zero=True)
    interval = _seconds(body, "timeInterval", zero=False)
    if interval is not None and (throttling is not None or "watchedAttributes" in body):
        raise BadRequestData(
            N_("“timeInterval” goes neither with “throttling” nor with “watchedAttributes”.")
        )
    for name in ("subscriptionName", "description", "q", "scopeQ", "lang", "csf"):
        _text(body, name)
    if "jsonldContext" in body:
        check_uri(body["jsonldContext"], "jsonldContext")
    active = body.get("isActive", True)
    if not isinstance(active, bool):
        raise BadRequestData(N_("“{name}” is true or false."), name="isActive")
    expires = parse_instant(body["expiresAt"], "expiresAt") if "expiresAt" in body else None
    if expires is not None and expires <= at:
        raise BadRequestData(N_("“expiresAt” is over already: give an instant to come."))
    meanings = {**dict(names), **_names(body, context)}
    return Read(
        body=body,
        names=meanings,
        secrets=secrets,
        definition=understood(body, meanings),
        uri=notification["endpoint"]["uri"],
        is_active=active,
        expires_at=expires,
        throttling_s=throttling or 0.0,
        interval_s=interval,
    )


def changed(kept: Mapping[str, Any], fragment: Mapping[str, Any]) -> dict[str, Any]:
    """What is kept with a fragment put over it: null takes a member away (clause 5.8.2.4)."""
    body = dict(kept)
    for name, value in fragment.items():
        if value is None or value == NULL:
            body.pop(name, None)
        else:
            body[name] = value
    return body


def check_kind(given: Any, *, whole: bool) -> dict[str, Any]:
    """The members of a request's body; refuses what is no subscription, or no fragment of one."""
    if not isinstance(given, dict) or not given:
        raise BadRequestData(N_("A subscription is a JSON object with members."))
    said = given.get("type")
    if said != "Subscription" and (whole or said is not None):
        raise BadRequestData(N_("“type” must be “Subscription”."))
    return given


def _lists(body: dict[str, Any]) -> None:
    for name in _ONE_OR_MANY & body.keys():
        if isinstance(body[name], str | dict):
            body[name] = [body[name]]
    entities = body.get("entities", [])
    if not isinstance(entities, list) or len(entities) > MOST_PARTS:
        raise _no_list("entities")
    for one in entities:
        if not isinstance(one, dict) or not _SELECTOR & one.keys():
            raise BadRequestData(N_("Each of “entities” says “type”, and “id” or “idPattern” if it likes."))
        if "id" in one:
            check_uri(one["id"], "entities.id")
        for name in ("type", "idPattern"):
            _text(one, name)
        if "idPattern" in one:
            check_pattern(one["idPattern"], "idPattern")  # everybody who writes would wait for a bad one
    body["entities"] = [_only(one, _SELECTOR) for one in entities]
    if not entities:
        del body["entities"]
    for name in ("watchedAttributes", "notificationTrigger", "datasetId"):
        if name in body:
            _texts(body, name)
    known = {one.value for one in Trigger}
    unknown = [one for one in body.get("notificationTrigger", ()) if one not in known]
    if unknown:
        raise BadRequestData(N_("“notificationTrigger” knows {known}."), known=sorted(known))
    geo = body.get("geoQ")
    if geo is not None and not isinstance(geo, dict):
        raise BadRequestData(N_("“geoQ” is an object with “geometry”, “coordinates” and “georel”."))
    if geo is not None:
        body["geoQ"] = _only(geo, _PLACE)


def _only(given: Mapping[str, Any], known: frozenset[str]) -> dict[str, Any]:
    return {name: value for name, value in given.items() if name in known}


def _notification(body: Mapping[str, Any]) -> tuple[dict[str, Any], Secrets]:
    """How it is told (clause 5.2.14), and what of that is kept apart."""
    given = body.get("notification")
    if not isinstance(given, dict):
        raise BadRequestData(N_("A subscription says in “notification” how and where it is told."))
    told = _only(given, _TELLING)
    endpoint = told.get("endpoint")
    if not isinstance(endpoint, dict) or not isinstance(endpoint.get("uri"), str):
        raise BadRequestData(N_("“notification” has an “endpoint” with its “uri”."))
    _one_of(endpoint, "accept", (JSON, JSON_LD, GEO_JSON))
    _one_of(told, "format", FORMATS)
    _one_of(told, "join", JOINS)
    for name in ("attributes", "pick", "omit"):
        if name in told:
            told[name] = [told[name]] if isinstance(told[name], str) else told[name]
            _texts(told, name)
    if "attributes" in told and ("pick" in told or "omit" in told):
        raise BadRequestData(N_("“attributes” goes neither with “pick” nor with “omit”."))
    for name in ("sysAttrs", "showChanges"):
        if not isinstance(told.get(name, False), bool):
            raise BadRequestData(N_("“{name}” is true or false."), name=name)
    level = told.get("joinLevel", 1)
    if isinstance(level, bool) or not isinstance(level, int):
        raise BadRequestData(N_("“{name}” is a whole number."), name="joinLevel")
    if told.get("showChanges") and told.get("format") in ("simplified", "keyValues"):
        raise BadRequestData(N_("“showChanges” does not go with the simplified format."))
    headers = _pairs(endpoint, "receiverInfo")
    uri, login = checked_endpoint(endpoint["uri"], _pairs(endpoint, "notifierInfo"))
    for name in ("timeout", "cooldown"):
        _milliseconds(endpoint, name)
    told["endpoint"] = {**_only(endpoint, _ENDPOINT - {"receiverInfo"}), "uri": uri}
    return told, Secrets(headers, login)


def _pairs(endpoint: Mapping[str, Any], name: str) -> dict[str, str]:
    given = endpoint.get(name, [])
    pairs: dict[str, str] = {}
    if not isinstance(given, list) or len(given) > 20:
        raise _no_list(name)
    for one in given:
        key, value = (one.get("key"), one.get("value")) if isinstance(one, dict) else (None, None)
        if not isinstance(key, str) or not isinstance(value, str) or not _HEADER.fullmatch(key):
            raise BadRequestData(N_("Each of “{name}” has a “key” and a “value”."), name=name)
        if key.lower() in _KEPT_HEADERS or len(value) > 2000 or not (value.isascii() and value.isprintable()):
            raise BadRequestData(N_("“{key}” of “{name}” cannot be sent."), key=key, name=name)
        pairs[key] = value
    return pairs


def _names(body: Mapping[str, Any], context: Context) -> dict[str, str]:
    told, geo = body["notification"], body.get("geoQ") or {}
    texts = [one.get("type", "") for one in body.get("entities", ())]
    texts += body.get("watchedAttributes", [])
    texts += [unquote(body.get("q", "")), str(geo.get("geoproperty", ""))]
    for name in ("attributes", "pick", "omit"):
        texts += told.get(name, [])
    found = names_in(texts, context)
    if len(found) > MOST_NAMES:
        raise BadRequestData(N_("A subscription names {most} attributes and types at most."), most=MOST_NAMES)
    return found


def notification_trigger(body: Mapping[str, Any]) -> list[str]:
    return list(body.get("notificationTrigger", [one.value for one in DEFAULT_TRIGGERS]))


def _seconds(body: Mapping[str, Any], name: str, *, zero: bool) -> float | None:
    value = body.get(name)
    if value is None:
        return None
    good = isinstance(value, int | float) and not isinstance(value, bool)
    if not good or not (0 <= value <= 31_536_000) or (value == 0 and not zero):
        raise BadRequestData(N_("“{name}” is a number of seconds, up to a year."), name=name)
    return float(value)


def _milliseconds(endpoint: Mapping[str, Any], name: str) -> None:
    value = endpoint.get(name, 1)
    if not isinstance(value, int | float) or isinstance(value, bool) or not 0 < value <= MOST_MS:
        raise BadRequestData(
            N_("“{name}” is a number of milliseconds, {most} at most."), name=name, most=MOST_MS
        )


def _one_of(body: Mapping[str, Any], name: str, known: tuple[str, ...]) -> None:
    if name in body and body[name] not in known:
        raise BadRequestData(N_("“{name}” knows {known}."), name=name, known=list(known))


def _text(body: Mapping[str, Any], name: str) -> None:
    value = body.get(name, "-")
    if not isinstance(value, str) or not value or len(value) > MOST_LETTERS:
        raise BadRequestData(N_("“{name}” is a text."), name=name)


def _texts(body: Mapping[str, Any], name: str) -> None:
    value = body[name]
    if not isinstance(value, list) or not value or len(value) > MOST_PARTS:
        raise _no_list(name)
    if not all(isinstance(one, str) and 0 < len(one) <= 300 for one in value):
        raise _no_list(name)


def _no_list(name: str) -> BadRequestData:
    return BadRequestData(N_("“{name}” is a list with something in it, and not too long."), name=name)
