"""A subscription as it is kept, understood: what it watches, and how it wants to be told.

Names are kept as they were given, with what each of them means (`names`), so that a stored subscription is
understood without asking anybody for a context, and can be shown in any other one.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import unquote

from belvedere.domains.context.events import Trigger
from belvedere.standards.ngsi_ld import contexts
from belvedere.standards.ngsi_ld.asking.geo import read_geo
from belvedere.standards.ngsi_ld.asking.q import parse_q
from belvedere.standards.ngsi_ld.asking.selecting import parse_scopes, parse_types
from belvedere.standards.ngsi_ld.asking.trees import Query, Selection, Selector, Word
from belvedere.standards.ngsi_ld.contexts import Context
from belvedere.standards.ngsi_ld.shown import Presentation, read_presentation

DEFAULT_TRIGGERS = (Trigger.ATTRIBUTE_CREATED, Trigger.ATTRIBUTE_UPDATED)
JSON, JSON_LD, GEO_JSON = "application/json", "application/ld+json", "application/geo+json"
# What stands between names in the little languages of NGSI-LD.
_NAME = re.compile(r"[^\s,;|()!<>=~\"'{}\[\]&]+")


def names_in(texts: list[str], context: Context) -> dict[str, str]:
    """What each name in these texts means; what means itself, or nothing, is left out."""
    found: dict[str, str] = {}
    for text in texts:
        for token in _NAME.findall(text):
            for name in {token, *token.split(".")} if "://" not in token else {token}:
                if not name or name[0].isdigit():
                    continue
                meaning = context.expand(name)
                if meaning != name and not meaning.startswith("@"):
                    found[name] = meaning
    return found


def written(text: str, own: Context, other: Context) -> str:
    """The same text with the names of another context."""

    def name(match: re.Match[str]) -> str:
        meaning = own.expand(match.group())
        return match.group() if meaning.startswith("@") else other.compact(meaning)

    return _NAME.sub(name, text)


@dataclass(frozen=True, slots=True)
class Definition:
    """What a subscription watches and tells. `watched`: attributes, empty for all."""

    query: Query
    watched: frozenset[str]
    triggers: frozenset[Trigger]
    presentation: Presentation
    accept: str
    show_changes: bool

    def types(self) -> frozenset[str] | None:
        """The types of which a thing must have one to be watched; None where that is not so simple."""
        found: set[str] = set()
        for one in self.query.selectors:
            if one.types is None:
                return None
            found |= _words(one.types)
        return frozenset(found) or None

    def fires(self, what: Trigger, attributes: Mapping[str, Trigger]) -> bool:
        """Whether that kind of change is one it wants to hear of (clause 5.8.6)."""
        if what in self.triggers and what is not Trigger.ENTITY_UPDATED:
            return True
        touched = [done for name, done in attributes.items() if not self.watched or name in self.watched]
        if what is Trigger.ENTITY_UPDATED and Trigger.ENTITY_UPDATED in self.triggers:
            return bool(touched) or not self.watched
        return any(done in self.triggers for done in touched)


def _words(selection: Selection) -> set[str]:
    if isinstance(selection, Word):
        return {selection.word}
    return {word for one in selection.of for word in _words(one)}


def understood(body: Mapping[str, Any], names: Mapping[str, str]) -> Definition:
    """What a kept subscription says. Raises Problem for what no subscription may say (clause 5.2.12)."""
    context = contexts.build(dict(names), _no_loader)
    told: Mapping[str, Any] = body["notification"]
    endpoint: Mapping[str, Any] = told["endpoint"]
    accept = endpoint.get("accept", JSON)
    return Definition(
        query=_query(body, context),
        watched=frozenset(context.expand(one) for one in body.get("watchedAttributes", ())),
        triggers=frozenset(Trigger(one) for one in body.get("notificationTrigger", DEFAULT_TRIGGERS)),
        presentation=_presentation(body, told, accept, context),
        accept=accept,
        show_changes=bool(told.get("showChanges", False)),
    )


def _query(body: Mapping[str, Any], context: Context) -> Query:
    selectors = tuple(
        Selector(
            ids=(one["id"],) if "id" in one else (),
            id_pattern=one.get("idPattern", ""),
            types=parse_types(one["type"], context) if one.get("type", "*") != "*" else None,
        )
        for one in body.get("entities", ())
    )
    return Query(
        selectors=selectors,
        q=parse_q(unquote(body["q"]), context) if "q" in body else None,
        geo=read_geo(body["geoQ"], context) if "geoQ" in body else None,
        scope=parse_scopes(body["scopeQ"]) if "scopeQ" in body else None,
    )


def _presentation(
    body: Mapping[str, Any], told: Mapping[str, Any], accept: str, context: Context
) -> Presentation:
    parameters = {
        "format": told.get("format", ""),
        "sysAttrs": "true" if told.get("sysAttrs") else "",
        "attrs": ",".join(told.get("attributes", ())),
        "pick": ",".join(told.get("pick", ())),
        "omit": ",".join(told.get("omit", ())),
        "join": told.get("join", ""),
        "joinLevel": str(told.get("joinLevel", 1)),
        "datasetId": ",".join(body.get("datasetId", ())),
        "lang": body.get("lang", ""),
    }
    return read_presentation(parameters, context, geojson=accept == GEO_JSON)


def _no_loader(url: str) -> dict[str, Any]:
    raise AssertionError(f"a kept subscription names no context: {url}")
