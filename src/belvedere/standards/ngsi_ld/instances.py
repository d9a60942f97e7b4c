"""JSON to instances of attributes (ETSI GS CIM 009, clauses 4.5.2 to 4.5.24, 5.2.5 to 5.2.8)."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final

from belvedere.kernel.errors import N_
from belvedere.standards.ngsi_ld.contexts import Context
from belvedere.standards.ngsi_ld.documents import ABSENT, NULL, Instance, Kind
from belvedere.standards.ngsi_ld.problems import BadRequestData
from belvedere.standards.ngsi_ld.vocabulary import NAMESPACE
from belvedere.standards.ngsi_ld.words import check_uri, expand_name, is_uri, parse_instant, read_types

_KINDS: Final = {one.value: one for one in Kind if one is not Kind.UNSAID} | {
    NAMESPACE + one.value: one for one in Kind if one is not Kind.UNSAID
}
#: The member that holds the value of each kind.
VALUE_MEMBER: Final = {
    Kind.PROPERTY: "value",
    Kind.RELATIONSHIP: "object",
    Kind.GEO: "value",
    Kind.LANGUAGE: "languageMap",
    Kind.JSON: "json",
    Kind.VOCAB: "vocab",
    Kind.LIST: "valueList",
    Kind.LIST_RELATIONSHIP: "objectList",
}
#: What a concise attribute is, by the member that is there (clause 4.5.2.3 and its sisters).
_BY_MEMBER: Final = (
    ("value", Kind.PROPERTY),
    ("object", Kind.RELATIONSHIP),
    ("languageMap", Kind.LANGUAGE),
    ("vocab", Kind.VOCAB),
    ("json", Kind.JSON),
    ("valueList", Kind.LIST),
    ("objectList", Kind.LIST_RELATIONSHIP),
)
_META: Final = frozenset(VALUE_MEMBER.values()) | frozenset(
    (
        *("type", "@type", "datasetId", "observedAt", "unitCode", "objectType", "valueType", "instanceId"),
        *("createdAt", "modifiedAt", "deletedAt", "entity", "entityList"),
        *("previousValue", "previousObject", "previousLanguageMap", "previousVocab", "previousJson"),
        *("previousValueList", "previousObjectList"),
    )
)
#: The geometries of GeoJSON, and how many lists their positions lie in.
GEOMETRIES: Final = {
    "Point": 0,
    "MultiPoint": 1,
    "LineString": 1,
    "MultiLineString": 2,
    "Polygon": 2,
    "MultiPolygon": 3,
}
_GREATEST: Final = 10**300  # of the whole numbers: what is kept of a number is a double
_HIGHEST_M: Final = 10**9
_DEEPEST: Final = 8
_LONGEST_UNIT: Final = 12


def read_instances(
    term: str, value: Any, context: Context, *, fragment: bool, temporal: bool, depth: int = 0
) -> list[Instance]:
    """All instances of one attribute. `fragment`: values may be absent or the NGSI-LD Null; `temporal`: one
    dataset may come several times."""
    if depth > _DEEPEST:
        raise BadRequestData(N_("“{term}” is nested too deep: {most} levels at most."), term=term, most=8)
    if isinstance(value, list) and value and all(_like_an_instance(one) for one in value):
        many = [_read(term, one, context, fragment, depth) for one in value]
        if not temporal and len({one.dataset_id for one in many}) < len(many):
            raise BadRequestData(N_("“{term}” has two instances with the same “datasetId”."), term=term)
        return many
    return [_read(term, value, context, fragment, depth)]


def _like_an_instance(value: Any) -> bool:
    if not isinstance(value, dict):
        return False
    kind = value.get("type", value.get("@type"))
    return (isinstance(kind, str) and kind in _KINDS) or any(name in value for name, _ in _BY_MEMBER)


def _read(term: str, body: Any, context: Context, fragment: bool, depth: int) -> Instance:
    if not isinstance(body, dict):
        if body is None or (body == NULL and not fragment):
            raise BadRequestData(N_("“{term}” has no value."), term=term)
        _check_number(body, term)
        return Instance(kind=Kind.UNSAID if body == NULL else Kind.PROPERTY, value=body)
    kind = _kind(term, body, context)
    if kind is None:
        if _is_geometry(body):
            return Instance(kind=Kind.GEO, value=check_geometry(body, term))
        return _with_meta(term, body, context, fragment, depth, _unsaid(term, body, fragment), ABSENT)
    member = VALUE_MEMBER[kind]
    value = body.get(member, ABSENT)
    if value is ABSENT or value is None:
        if not fragment or value is None:
            raise BadRequestData(
                N_("“{term}” is a {kind} and has no “{member}”."), term=term, kind=kind.value, member=member
            )
    elif kind is Kind.PROPERTY and (value.__class__ is not str or value != NULL):
        _check_number(value, term)  # the most frequent case: any JSON is a value
    elif value == NULL or (kind is Kind.LANGUAGE and value == {"@none": NULL}):
        if not fragment:
            raise BadRequestData(N_("“{term}” has no value."), term=term)
        value = NULL
    else:
        value = _CHECKS[kind](value, term, context, fragment)
    return _with_meta(term, body, context, fragment, depth, kind, value)


def _check_number(value: Any, term: str) -> None:
    if value.__class__ is int and not -_GREATEST < value < _GREATEST:
        raise BadRequestData(N_("The number of “{term}” is too great to be kept."), term=term)


def _is_geometry(body: dict[str, Any]) -> bool:
    kind = body.get("type")
    return isinstance(kind, str) and kind in GEOMETRIES


def _kind(term: str, body: dict[str, Any], context: Context) -> Kind | None:
    """What the attribute says it is, or looks like; None where neither."""
    said = body.get("type", body.get("@type"))
    if said is not None:
        kind = _KINDS.get(said) if isinstance(said, str) else None
        if kind is not None:
            return kind
        if isinstance(said, str) and said in GEOMETRIES and "coordinates" in body:
            return None
        kind = _KINDS.get(context.expand(said)) if isinstance(said, str) else None
        if kind is None:
            raise BadRequestData(
                N_("“{term}” says it is a “{said}”; NGSI-LD knows {kinds}."),
                term=term,
                said=str(said)[:80],
                kinds=[one.value for one in Kind if one is not Kind.UNSAID],
            )
        return kind
    for member, kind in _BY_MEMBER:
        if member in body:
            value = body[member]
            if member == "value" and isinstance(value, dict) and _is_geometry(value):
                return Kind.GEO
            return kind
    return None


def _unsaid(term: str, body: dict[str, Any], fragment: bool) -> Kind:
    if not fragment or not body:
        raise BadRequestData(
            N_("“{term}” has no value: give “value”, “object”, “languageMap” or another of its kind."),
            term=term,
        )
    return Kind.UNSAID


def _with_meta(
    term: str,
    body: dict[str, Any],
    context: Context,
    fragment: bool,
    depth: int,
    kind: Kind,
    value: Any,
) -> Instance:
    """The instance with everything that stands beside its value (clauses 4.5.2, 4.8)."""
    if len(body) <= 2 and ("type" in body or len(body) == 1) and value is not ABSENT:
        return Instance(kind=kind, value=value)
    cleared: list[str] = []
    fields: dict[str, Any] = {}
    sub: dict[str, list[Instance]] = {}
    for key, said in body.items():
        if key not in _META:
            name = expand_name(key, context)
            if name in sub:
                raise BadRequestData(N_("“{term}” is there twice, under two names."), term=key)
            sub[name] = read_instances(key, said, context, fragment=fragment, temporal=False, depth=depth + 1)
        elif key in _READERS:
            field, reader = _READERS[key]
            if said == NULL and fragment and key != "datasetId":
                cleared.append(key)
            else:
                fields[field] = reader(said, context)
    if sub:
        fields["sub"] = sub
    if cleared:
        fields["cleared"] = frozenset(cleared)
    return Instance(kind=kind, value=value, **fields)


def _unit(value: Any, _context: Context) -> str:
    if not isinstance(value, str) or not value.strip() or len(value) > _LONGEST_UNIT:
        raise BadRequestData(
            N_("“unitCode” is a UN/CEFACT code of at most {most} characters, such as “CEL”: {text}"),
            most=_LONGEST_UNIT,
            text=str(value)[:80],
        )
    return value


_READERS: Final[dict[str, tuple[str, Callable[[Any, Context], Any]]]] = {
    "observedAt": ("observed_at", lambda said, _c: parse_instant(said, "observedAt")),
    "datasetId": ("dataset_id", lambda said, _c: "" if said == "@none" else check_uri(said, "datasetId")),
    "unitCode": ("unit", _unit),
    "objectType": ("object_type", read_types),
    "valueType": ("value_type", expand_name),
}


def _check_object(value: Any, term: str, _context: Context, _fragment: bool) -> Any:
    if isinstance(value, list):
        if not value:
            raise BadRequestData(N_("“{term}” has no value."), term=term)
        return [check_uri(one, term) for one in value]
    return check_uri(value, term)


def _check_languages(value: Any, term: str, _context: Context, fragment: bool) -> Any:
    good = isinstance(value, dict) and all(
        isinstance(text, str) or (isinstance(text, list) and all(isinstance(one, str) for one in text))
        for text in value.values()
    )
    if not good or (not value and not fragment):
        raise BadRequestData(
            N_("“{term}” has a “languageMap” of texts by language, such as {example}."),
            term=term,
            example='{"fr": "Berne", "de": "Bern"}',
        )
    return value


def _check_vocab(value: Any, term: str, context: Context, _fragment: bool) -> Any:
    many = value if isinstance(value, list) else [value]
    if not many or not all(isinstance(one, str) and one for one in many):
        raise BadRequestData(N_("“{term}” has a “vocab” that is a name or a list of names."), term=term)
    expanded = [one if is_uri(one) and "//" in one else context.expand(one) for one in many]
    return expanded if isinstance(value, list) else expanded[0]


def _check_list(value: Any, term: str, _context: Context, _fragment: bool) -> Any:
    if not isinstance(value, list):
        raise BadRequestData(N_("“{term}” has a list as its value."), term=term)
    return value


def _check_objects(value: Any, term: str, context: Context, fragment: bool) -> Any:
    many = _check_list(value, term, context, fragment)
    return [check_uri(one.get("object") if isinstance(one, dict) else one, term) for one in many]


def _check_geo(value: Any, term: str, _context: Context, _fragment: bool) -> Any:
    return check_geometry(value, term)


def _check_json(value: Any, _term: str, _context: Context, _fragment: bool) -> Any:
    return value


_CHECKS: Final = {
    Kind.PROPERTY: _check_json,
    Kind.RELATIONSHIP: _check_object,
    Kind.GEO: _check_geo,
    Kind.LANGUAGE: _check_languages,
    Kind.JSON: _check_json,
    Kind.VOCAB: _check_vocab,
    Kind.LIST: _check_list,
    Kind.LIST_RELATIONSHIP: _check_objects,
}


def check_geometry(value: Any, term: str) -> dict[str, Any]:
    """`value`, if it is a GeoJSON geometry in degrees (clause 4.7)."""
    if isinstance(value, dict):
        kind = value.get("type")
        levels = GEOMETRIES.get(kind) if isinstance(kind, str) else None
        coordinates = value.get("coordinates")
        if levels is not None and _coordinates(coordinates, levels) and _long_enough(kind, coordinates):
            return value
        parts = value.get("geometries")
        if kind == "GeometryCollection" and isinstance(parts, list) and parts:
            for part in parts:
                if not isinstance(part, dict) or part.get("type") == "GeometryCollection":
                    break
                check_geometry(part, term)
            else:
                return value
    raise BadRequestData(
        N_("“{term}” must be a GeoJSON geometry in WGS 84, such as {example}."),
        term=term,
        example='{"type": "Point", "coordinates": [6.14, 46.2]}',
    )


def _coordinates(value: Any, levels: int) -> bool:
    if not isinstance(value, list) or not value:
        return False
    if levels:
        return all(_coordinates(one, levels - 1) for one in value)
    if not 2 <= len(value) <= 3:
        return False
    for one in value:
        if one.__class__ is not float and one.__class__ is not int:
            return False
    if len(value) == 3 and not -_HIGHEST_M < value[2] < _HIGHEST_M:
        return False
    return bool(-180 <= value[0] <= 180 and -90 <= value[1] <= 90)


def _long_enough(kind: Any, coordinates: Any) -> bool:
    """Lines have two points; rings have four and end where they began (RFC 7946, 3.1)."""
    if kind == "LineString":
        return len(coordinates) >= 2
    if kind == "MultiLineString":
        return all(len(line) >= 2 for line in coordinates)
    if kind == "Polygon":
        return all(len(ring) >= 4 and ring[0] == ring[-1] for ring in coordinates)
    if kind == "MultiPolygon":
        return all(_long_enough("Polygon", one) for one in coordinates)
    return True
