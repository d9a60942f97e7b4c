"""Whether a document is meant (ETSI GS CIM 009, clauses 4.9, 4.10, 4.17, 4.19, 5.7.2)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import datetime
from typing import Any

from belvedere.standards.ngsi_ld.asking.geo import geo_matches
from belvedere.standards.ngsi_ld.asking.patterns import check_pattern, found_in
from belvedere.standards.ngsi_ld.asking.q import MEMBERS
from belvedere.standards.ngsi_ld.asking.selecting import in_scopes, in_types
from belvedere.standards.ngsi_ld.asking.trees import (
    And,
    Comparing,
    Comparison,
    Condition,
    Exists,
    Or,
    Path,
    Query,
    Range,
    Scalar,
    Selector,
)
from belvedere.standards.ngsi_ld.documents import Document, Instance, Kind
from belvedere.standards.ngsi_ld.problems import BadRequestData
from belvedere.standards.ngsi_ld.words import parse_instant

__all__ = ["geo_matches", "holds", "in_scopes", "in_types", "matches", "selected", "values_at"]


def matches(query: Query, document: Document) -> bool:
    """Whether `document` is one of those `query` means: everything but order and page (clause 5.7.2)."""
    return (
        (not query.selectors or any(selected(one, document) for one in query.selectors))
        and (not query.attrs or any(name in document.attributes for name in query.attrs))
        and (query.scope is None or in_scopes(query.scope, document.scopes or ()))
        and (query.q is None or holds(query.q, document))
        and (query.geo is None or geo_matches(query.geo, document))
    )


def selected(selector: Selector, document: Document) -> bool:
    """Whether an entity selector means it (clause 5.2.33)."""
    return (
        (not selector.ids or document.id in selector.ids)
        and (
            not selector.id_pattern or found_in(check_pattern(selector.id_pattern, "idPattern"), document.id)
        )
        and (selector.types is None or in_types(selector.types, document.types))
    )


def holds(condition: Condition, document: Document) -> bool:
    """Whether the query language's condition holds (clause 4.9)."""
    if isinstance(condition, And):
        return all(holds(part, document) for part in condition.of)
    if isinstance(condition, Or):
        return any(holds(part, document) for part in condition.of)
    if isinstance(condition, Exists):
        return any(True for _ in values_at(condition.path, document))
    return any(_compare(condition, value) for value in values_at(condition.path, document))


def values_at(path: Path, document: Document) -> Iterator[Any]:
    """All values a path leads to: of each instance, and of each language of a language property."""
    first = path.names[0]
    if first in ("createdAt", "modifiedAt"):
        moment = document.created_at if first == "createdAt" else document.modified_at
        if moment is not None:
            yield moment
        return
    instances: list[Instance] = document.attributes.get(first, [])
    for name in path.names[1:]:
        if name in MEMBERS:
            yield from (said for said in (_member(one, name) for one in instances) if said)
            return
        instances = [deeper for one in instances for deeper in one.sub.get(name, ())]
    for one in instances:
        if path.members:
            yield from _inside(one.value, path.members)
        elif one.kind is Kind.LANGUAGE and isinstance(one.value, dict):
            yield from one.value.values()
        else:
            yield one.value


def _member(one: Instance, name: str) -> Any:
    return {
        "observedAt": one.observed_at,
        "createdAt": one.created_at,
        "modifiedAt": one.modified_at,
        "unitCode": one.unit,
        "datasetId": one.dataset_id,
        "objectType": list(one.object_type),
        "valueType": one.value_type,
    }[name]


def _inside(value: Any, members: tuple[str, ...]) -> Iterator[Any]:
    if not members:
        yield value
    elif isinstance(value, list):
        for one in value:
            yield from _inside(one, members)
    elif isinstance(value, dict):
        if members[0] == "*":
            for one in value.values():
                yield from _inside(one, members[1:])
        elif members[0] in value:
            yield from _inside(value[members[0]], members[1:])


def _compare(comparison: Comparison, value: Any) -> bool:
    if isinstance(value, dict) and "@value" in value:
        value = value["@value"]
    many = value if isinstance(value, list) else (value,)
    operator = comparison.operator
    if operator is Comparing.EQUAL:
        return any(_equal(one, wanted) for one in many for wanted in comparison.values)
    if operator is Comparing.UNEQUAL:
        return not any(_equal(one, wanted) for one in many for wanted in comparison.values)
    wanted = comparison.values[0]
    if operator in (Comparing.PATTERN, Comparing.NOT_PATTERN):
        pattern = check_pattern(str(wanted), "q")
        found = any(isinstance(one, str) and found_in(pattern, one) for one in many)
        return found == (operator is Comparing.PATTERN)
    return not isinstance(wanted, Range) and any(_ordered(operator, one, wanted) for one in many)


def _equal(value: Any, wanted: Scalar | Range) -> bool:
    if isinstance(wanted, Range):
        return _ordered(Comparing.GREATER_EQUAL, value, wanted.low) and _ordered(
            Comparing.LESS_EQUAL, value, wanted.high
        )
    pair = _comparable(value, wanted)
    return pair is not None and bool(pair[0] == pair[1])


def _ordered(operator: Comparing, value: Any, wanted: Scalar) -> bool:
    pair = _comparable(value, wanted)
    if pair is None or isinstance(pair[0], bool):
        return False
    left, right = pair
    if operator is Comparing.GREATER:
        return bool(left > right)
    if operator is Comparing.GREATER_EQUAL:
        return bool(left >= right)
    if operator is Comparing.LESS:
        return bool(left < right)
    return bool(left <= right)


def _comparable(value: Any, wanted: Scalar) -> tuple[Any, Any] | None:
    """Both as one sort, None when they are of different sorts."""
    if isinstance(value, bool) or isinstance(wanted, bool):
        return (value, wanted) if isinstance(value, bool) and isinstance(wanted, bool) else None
    if isinstance(wanted, datetime):
        moment = value if isinstance(value, datetime) else _moment(value)
        return None if moment is None else (moment, wanted)
    if isinstance(value, datetime):
        other = _moment(wanted)
        return None if other is None else (value, other)
    if isinstance(value, int | float) and isinstance(wanted, int | float):
        return value, wanted
    return (value, wanted) if isinstance(value, str) and isinstance(wanted, str) else None


def _moment(value: Any) -> datetime | None:
    try:
        return parse_instant(value)
    except BadRequestData:
        return None


def attribute_names(condition: Condition | None) -> Iterable[str]:
    """The IRIs of attributes a condition looks at, for stores that load only what they must."""
    if isinstance(condition, And | Or):
        for part in condition.of:
            yield from attribute_names(part)
    elif condition is not None:
        yield condition.path.names[0]
