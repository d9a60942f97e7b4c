"""Parameters and bodies to queries (ETSI GS CIM 009, clauses 5.2.23, 5.7.2, 6.3.10, 6.4.3.2, 6.23.3.1)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from belvedere.kernel.errors import N_
from belvedere.standards.ngsi_ld.asking.geo import read_geo
from belvedere.standards.ngsi_ld.asking.ordering import read_order
from belvedere.standards.ngsi_ld.asking.patterns import check_pattern
from belvedere.standards.ngsi_ld.asking.q import parse_q
from belvedere.standards.ngsi_ld.asking.selecting import parse_scopes, parse_types
from belvedere.standards.ngsi_ld.asking.trees import Condition, Query, Selection, Selector
from belvedere.standards.ngsi_ld.contexts import Context
from belvedere.standards.ngsi_ld.problems import BadRequestData, TooManyResults
from belvedere.standards.ngsi_ld.shown import CORE_MEMBERS, read_datasets, read_projection, words
from belvedere.standards.ngsi_ld.words import check_uri, expand_name

_MOST_IDS: Final = 1000
_DEEPEST_OFFSET: Final = 10_000_000
#: Members of a query's body that are lists there and lists with commas in parameters.
_LISTS: Final = ("attrs", "pick", "omit", "datasetId", "containedBy", "orderBy", "expandValues", "jsonKeys")
_TEXTS: Final = ("q", "scopeQ", "lang", "join", "joinLevel", "geometryProperty", "local")


@dataclass(frozen=True, slots=True)
class Limits:
    """How much is given at once (clause 6.3.10)."""

    page: int = 20
    most: int = 1000


def read_query(
    parameters: Mapping[str, str], context: Context, limits: Limits = Limits(), *, anything: bool = False
) -> Query:
    """The query of GET /entities and its sisters (clauses 5.7.2, 6.4.3.2).

    `anything`: it need not say of which sort the entities are (a purge checks that itself).
    """
    selector = _selector(
        words(parameters.get("id", "")), parameters.get("idPattern", ""), parameters.get("type", ""), context
    )
    selectors = () if selector == Selector() else (selector,)
    query = _query(parameters, parameters, selectors, context, limits)
    said = selector.types or query.attrs or query.q or query.geo or query.scope
    if not (anything or said or query.local):
        raise BadRequestData(
            N_("Say which entities are meant: by “type”, “attrs”, “q” or a query of place, or with “local”.")
        )
    return query


def read_query_body(
    body: Any, parameters: Mapping[str, str], context: Context, limits: Limits = Limits()
) -> tuple[Query, dict[str, str]]:
    """The query of POST /entityOperations/query (clauses 5.2.23, 6.23.3.1), and parameters and body as one
    set of parameters, for `read_presentation`."""
    if not isinstance(body, dict) or body.get("type") != "Query":
        raise BadRequestData(N_("The body must be an object whose “type” is “Query”."))
    together = flatten(body, parameters)
    geo = body.get("geoQ") or {}
    if not isinstance(geo, dict):
        raise BadRequestData(N_("“{name}” must be an object."), name="geoQ")
    return _query(together, geo, read_selectors(body.get("entities"), context), context, limits), together


def flatten(body: Mapping[str, Any], parameters: Mapping[str, str]) -> dict[str, str]:
    """What a body of a query says, as parameters; `parameters` fill what it does not say."""
    together = dict(parameters)
    for name in _LISTS:
        value = body.get(name)
        if value is None:
            continue
        many = value if isinstance(value, list) else [value]
        if not all(isinstance(one, str) for one in many):
            raise BadRequestData(N_("“{name}” must be a list of texts."), name=name)
        together[name] = ",".join(many)
    for name in _TEXTS:
        value = body.get(name)
        if value is None:
            continue
        if not isinstance(value, str | int):
            raise BadRequestData(N_("“{name}” must be a text."), name=name)
        together[name] = str(value).lower() if isinstance(value, bool) else str(value)
    return together


def read_selectors(value: Any, context: Context) -> tuple[Selector, ...]:
    """`entities` of a query or a subscription (clause 5.2.33): each with a type, or `*`."""
    if value is None:
        return ()
    if not isinstance(value, list) or not value or len(value) > _MOST_IDS:
        raise BadRequestData(N_("“{name}” must be a list that is not empty."), name="entities")
    found: list[Selector] = []
    for one in value:
        if not isinstance(one, dict):
            raise BadRequestData(N_("“{name}” must be an object."), name="entities")
        ids = one.get("id", [])
        kinds, pattern = one.get("type"), one.get("idPattern", "")
        if not isinstance(kinds, str) or not isinstance(pattern, str):
            raise BadRequestData(N_("Each of “entities” has a “type”, and “idPattern” is a text."))
        found.append(_selector(ids if isinstance(ids, list) else [ids], pattern, kinds, context))
    return tuple(found)


def _selector(ids: list[Any], pattern: str, kinds: str, context: Context) -> Selector:
    if len(ids) > _MOST_IDS:
        raise BadRequestData(N_("At most {most} ids are looked for at once."), most=_MOST_IDS)
    if pattern:
        check_pattern(pattern, "idPattern")
    types: Selection | None = parse_types(kinds, context) if kinds and kinds != "*" else None
    return Selector(ids=tuple(check_uri(one) for one in ids), id_pattern=pattern, types=types)


def _query(
    parameters: Mapping[str, str],
    geo: Mapping[str, Any],
    selectors: tuple[Selector, ...],
    context: Context,
    limits: Limits,
) -> Query:
    count = _flag(parameters, "count")
    near = read_geo(geo, context)
    order = parameters.get("orderBy", "")
    datasets = read_datasets(parameters)
    scope = parameters.get("scopeQ", "")
    return Query(
        selectors=selectors,
        attrs=_attrs(parameters, context),
        q=read_condition(parameters, context),
        geo=near,
        scope=parse_scopes(scope) if scope else None,
        dataset_ids=None if datasets is None else tuple(sorted(datasets)),
        order=read_order(order, context, near.geometry if near else None) if order else (),
        limit=read_limit(parameters, limits, count=count),
        offset=_whole(parameters, "offset", 0, 0, _DEEPEST_OFFSET),
        count=count,
        local=_flag(parameters, "local"),
    )


def read_condition(parameters: Mapping[str, str], context: Context) -> Condition | None:
    """`q` with `expandValues` and `jsonKeys` (clause 4.9)."""
    text = parameters.get("q", "")
    if not text.strip():
        return None
    expand = {expand_name(one, context) for one in words(parameters.get("expandValues", ""))}
    keys = {expand_name(one, context) for one in words(parameters.get("jsonKeys", ""))}
    return parse_q(text, context, expand_values=expand, json_keys=keys)


def _attrs(parameters: Mapping[str, str], context: Context) -> tuple[str, ...]:
    """`attrs`; or what is picked, when an entity without any of it would have nothing to tell (4.21)."""
    said = words(parameters.get("attrs", ""))
    if said:
        return tuple(dict.fromkeys(expand_name(one, context) for one in said))
    pick = read_projection(parameters.get("pick", ""), "pick", context)
    if pick and not any(name in CORE_MEMBERS for name in pick):
        return tuple(pick)
    return ()


def read_limit(parameters: Mapping[str, str], limits: Limits, *, count: bool) -> int:
    """`limit` (clause 6.3.10); 0 only together with `count`. Raises TooManyResults above the most."""
    limit = _whole(parameters, "limit", limits.page, 0, 10**9)
    if limit == 0 and not count:
        raise BadRequestData(N_("“limit” may be 0 only together with “count=true”."))
    if limit > limits.most:
        raise TooManyResults(N_("At most {most} are given at once; ask for pages."), most=limits.most)
    return limit


def _whole(parameters: Mapping[str, str], name: str, otherwise: int, least: int, most: int) -> int:
    text = parameters.get(name, "")
    if not text:
        return otherwise
    if not text.isascii() or not text.isdigit() or len(text) > 12 or not least <= int(text) <= most:
        raise BadRequestData(
            N_("“{name}” is a whole number from {least} to {most}."), name=name, least=least, most=most
        )
    return int(text)


def _flag(parameters: Mapping[str, str], name: str) -> bool:
    text = parameters.get(name, "")
    if text not in ("", "true", "false"):
        raise BadRequestData(N_("“{name}” knows only {known}."), name=name, known=["true", "false"])
    return text == "true"
