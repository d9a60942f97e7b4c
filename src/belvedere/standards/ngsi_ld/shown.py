"""How an answer is to look (ETSI GS CIM 009, clauses 4.5.4 to 4.5.16, 4.15, 4.21, 6.3.7 to 6.3.15)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from belvedere.kernel.errors import N_
from belvedere.standards.ngsi_ld.contexts import Context
from belvedere.standards.ngsi_ld.documents import LOCATION
from belvedere.standards.ngsi_ld.problems import BadRequestData, InvalidRequest
from belvedere.standards.ngsi_ld.words import check_uri, expand_name

#: Members of an entity that `pick` and `omit` may name as they are (clause 4.21).
CORE_MEMBERS = frozenset(("id", "type", "scope", "createdAt", "modifiedAt", "deletedAt", "expiresAt"))
_MOST_JOINS = 5
_FORMS = frozenset(("normalized", "concise", "simplified", "keyValues"))
#: Words of `options` that are no form (clauses 6.3.11 to 6.3.13; those of operations that write among them).
_OPTIONS = frozenset(("sysAttrs", "noOverwrite", "update", "replace", "count", "splitEntities"))

#: Members of `CORE_MEMBERS` and IRIs of attributes; a value is what is meant of the linked entity, None all.
Projection = Mapping[str, "Projection | None"]


class Form(StrEnum):
    """Representations of an entity (clauses 4.5.1, 4.5.4)."""

    NORMALIZED = "normalized"
    CONCISE = "concise"
    SIMPLIFIED = "simplified"


@dataclass(frozen=True, slots=True)
class Presentation:
    """What of a document is told, and how. Names of attributes are IRIs; `attrs` empty means all."""

    form: Form = Form.NORMALIZED
    geojson: bool = False
    sys_attrs: bool = False
    attrs: frozenset[str] = frozenset()
    pick: Projection | None = None
    omit: Projection | None = None
    lang: str = ""
    geometry_property: str = LOCATION
    dataset_ids: frozenset[str] | None = None
    join: str = ""  # "inline" or "flat"
    join_level: int = 1
    contained_by: frozenset[str] = frozenset()


def words(text: str) -> list[str]:
    """The parts of a list with commas, without the space around them."""
    return [one for one in (part.strip() for part in text.split(",")) if one]


def read_presentation(
    parameters: Mapping[str, str], context: Context, *, geojson: bool = False
) -> Presentation:
    """The presentation that query parameters ask for (clauses 6.3.7, 6.3.8, 6.3.11 to 6.3.15)."""
    form, sys_attrs = read_form(parameters)
    pick, omit = _projections(parameters, context)
    attrs = parameters.get("attrs", "")
    if attrs and (pick or omit):
        raise BadRequestData(N_("“attrs” does not go together with “pick” and “omit”; use one of them."))
    join = parameters.get("join", "")
    if join in ("@none", "none"):
        join = ""
    if join not in ("", "inline", "flat"):
        raise BadRequestData(N_("“{name}” knows only {known}."), name="join", known=["inline", "flat"])
    geometry = parameters.get("geometryProperty", "")
    return Presentation(
        form=form,
        geojson=geojson,
        sys_attrs=sys_attrs,
        attrs=frozenset(expand_name(one, context) for one in words(attrs)),
        pick=pick,
        omit=omit,
        lang=parameters.get("lang", ""),
        geometry_property=expand_name(geometry, context) if geometry else LOCATION,
        dataset_ids=read_datasets(parameters),
        join=join,
        join_level=_join_level(parameters),
        contained_by=frozenset(
            check_uri(one, "containedBy") for one in words(parameters.get("containedBy", ""))
        ),
    )


def read_form(parameters: Mapping[str, str]) -> tuple[Form, bool]:
    """The representation and whether the system's instants are shown (clauses 6.3.7, 6.3.11): `format`
    first, then `options`."""
    options = words(parameters.get("options", ""))
    check_options(options, parameters.get("format", ""), _FORMS, _OPTIONS)
    form = Form.NORMALIZED
    for said in (*options, parameters.get("format", "")):
        if said in ("keyValues", "simplified"):
            form = Form.SIMPLIFIED
        elif said == "concise":
            form = Form.CONCISE
        elif said == "normalized":
            form = Form.NORMALIZED
    return form, "sysAttrs" in options or parameters.get("sysAttrs", "") == "true"


def check_options(options: list[str], form: str, forms: frozenset[str], others: frozenset[str]) -> None:
    """Refuse words of `options` and `format` that mean nothing (clause 6.3.20)."""
    unknown = [one for one in options if one not in forms and one not in others]
    if form and form not in forms:
        unknown.append(form)
    if unknown:
        raise InvalidRequest(
            N_("“options” and “format” do not know {unknown}; they know {known}."),
            unknown=unknown,
            known=sorted(forms | others),
        )


def read_datasets(parameters: Mapping[str, str]) -> frozenset[str] | None:
    """The datasets that are meant (clause 4.5.5): "" is the default instance, written `@none`."""
    said = words(parameters.get("datasetId", ""))
    if not said:
        return None
    return frozenset("" if one == "@none" else check_uri(one, "datasetId") for one in said)


def _join_level(parameters: Mapping[str, str]) -> int:
    text = parameters.get("joinLevel", "1") or "1"
    if not text.isascii() or not text.isdigit() or not 1 <= int(text[:9]) <= _MOST_JOINS:
        raise BadRequestData(
            N_("“{name}” is a whole number from {least} to {most}."),
            name="joinLevel",
            least=1,
            most=_MOST_JOINS,
        )
    return int(text[:9])


def _projections(
    parameters: Mapping[str, str], context: Context
) -> tuple[Projection | None, Projection | None]:
    pick = read_projection(parameters.get("pick", ""), "pick", context)
    omit = read_projection(parameters.get("omit", ""), "omit", context)
    check_projections(pick, omit)
    return pick, omit


def check_projections(pick: Projection | None, omit: Projection | None) -> None:
    """Refuse what is picked and omitted at once (clause 4.21)."""
    both = [name for name in pick or () if name in (omit or {}) and (omit or {})[name] is None]
    if both:
        raise BadRequestData(N_("The same member is in “pick” and in “omit”: {names}."), names=both)


def read_projection(text: str, what: str, context: Context) -> Projection | None:
    """`name,locatedAt{name,isIn{name}}` (clause 4.21); None for nothing said."""
    if not text.strip():
        return None
    found, rest = _projection(text, 0, what, context, 0)
    if rest != len(text):
        raise _unreadable(what, text, rest)
    return found


def _projection(
    text: str, start: int, what: str, context: Context, depth: int
) -> tuple[dict[str, Projection | None], int]:
    if depth > _MOST_JOINS:
        raise _unreadable(what, text, start)
    found: dict[str, Projection | None] = {}
    at = start
    while True:
        end = at
        while end < len(text) and text[end] not in ",|{}":
            end += 1
        name = text[at:end].strip()
        if not name:
            raise _unreadable(what, text, at)
        key = name if name in CORE_MEMBERS else expand_name(name, context)
        inside: Projection | None = None
        if end < len(text) and text[end] == "{":
            inside, end = _projection(text, end + 1, what, context, depth + 1)
            if end >= len(text) or text[end] != "}":
                raise _unreadable(what, text, end)
            end += 1
        found[key] = inside
        if end >= len(text) or text[end] == "}":
            return found, end
        if text[end] not in ",|":
            raise _unreadable(what, text, end)
        at = end + 1


def _unreadable(what: str, text: str, at: int) -> BadRequestData:
    return BadRequestData(
        N_("“{what}” cannot be read from character {at} on: {text}"),
        what=what,
        at=at + 1,
        text=text[at : at + 40] or text[-40:],
    )


def languages(asked: str) -> list[str]:
    """The languages asked for, the most wanted first (clause 4.15; RFC 9110, 12.5.4)."""
    ranked: list[tuple[float, int, str]] = []
    for place, part in enumerate(words(asked)):
        tag, _, weight = part.partition(";")
        try:
            wanted = float(weight.strip().removeprefix("q=")) if weight else 1.0
        except ValueError:
            wanted = 1.0
        if wanted > 0:
            ranked.append((-wanted, place, tag.strip().lower()))
    return [tag for _, _, tag in sorted(ranked)]


def choose(told: Mapping[str, object], wanted: list[str]) -> str | None:
    """The key of `told` that fits best: the language itself, its broader form, any; else the one without a
    language, else the first."""
    known = {key.lower(): key for key in told}
    for tag in wanted:
        if tag == "*":
            break
        while tag:
            if tag in known:
                return known[tag]
            near = next((key for low, key in known.items() if low.startswith(tag + "-")), None)
            if near:
                return near
            tag = tag.rpartition("-")[0]
    return known.get("@none") or next(iter(told), None)
