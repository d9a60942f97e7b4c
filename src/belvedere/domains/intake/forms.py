"""What a device wrote, as reading sets: the simple form, the batch, the NGSI-LD fragment.

Pure: bytes and an instant in, values out; nothing is known here of devices or units. Every payload gives at
least one set or refusal, whatever it holds.
"""

from __future__ import annotations

import json
import math
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any, TypeAlias

import msgspec

from belvedere.domains.intake.states import Form, Reason
from belvedere.kernel.clock import instant_of

MOST_BYTES = 256 * 1024
MOST_SETS = 5000
TIMES = ("t", "time", "observedAt")
FUTURE = timedelta(minutes=10)
OLDEST = datetime(1990, 1, 1, tzinfo=UTC)
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
MICROSECOND = timedelta(microseconds=1)
ABOUT_ENTITY = {"id", "type", "@context", "scope", "@id", "@type"}
VALUE_MEMBERS = ("value", "object", "languageMap", "json", "vocab")

Values: TypeAlias = list[tuple[str, Any, str]]  # field, value, unit as written ("" for none)


class ReadingSet(msgspec.Struct, frozen=True, gc=False):
    """What a device told of one instant. `part`: its place in a message that holds several, else None."""

    observed_at: datetime
    values: Values
    part: int | None = None


@dataclass(frozen=True, slots=True)
class Refusal:
    """Why a set cannot be taken; `detail` names what is at fault, in the words of the message."""

    reason: Reason
    detail: str = ""
    part: int | None = None


@dataclass(frozen=True, slots=True)
class Written:
    """The form and bytes under which one set can be read again, alone."""

    form: Form
    payload: bytes
    part: int | None


_decode = msgspec.json.Decoder().decode
_parts = msgspec.json.Decoder(list[msgspec.Raw]).decode


def decode(form: Form, payload: bytes, received_at: datetime) -> list[ReadingSet | Refusal]:
    """The sets of a message; those without a time of their own are of `received_at`."""
    if len(payload) > MOST_BYTES:
        return [Refusal(Reason.TOO_LARGE, f"{len(payload)} B")]
    try:
        told = _decode(payload)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        return [_unreadable(payload, error)]
    if form is Form.SIMPLE:
        return [_simple(told, received_at, None)]
    if form is Form.NGSILD:
        return _fragment(told, received_at)
    if not isinstance(told, list):
        return [Refusal(Reason.BAD_FORM, "not a list")]
    if len(told) > MOST_SETS:
        return [Refusal(Reason.TOO_LARGE, f"{len(told)} sets")]
    if not told:
        return [Refusal(Reason.NO_VALUES)]
    return [_simple(one, received_at, part) for part, one in enumerate(told)]


def written(form: Form, payload: bytes, part: int | None) -> Written:
    """What to keep of a message so that one of its sets can be judged again."""
    if form is not Form.BATCH or part is None:
        return Written(form, payload, part)
    return Written(Form.SIMPLE, bytes(_parts(payload)[part]), part)


def _unreadable(payload: bytes, error: Exception) -> Refusal:
    """Not JSON; or JSON as some libraries write it, with numbers that are none."""
    odd: list[str] = []

    def number(text: str) -> float:
        if not math.isfinite(float(text)):
            odd.append(text)
        return 0.0

    try:
        json.loads(payload, parse_constant=number, parse_float=number)
    except (ValueError, RecursionError):
        return Refusal(Reason.NOT_JSON, str(error)[:200])
    if odd:
        return Refusal(Reason.NOT_A_NUMBER, odd[0][:40])
    return Refusal(Reason.NOT_JSON, str(error)[:200])


def _simple(told: Any, received_at: datetime, part: int | None) -> ReadingSet | Refusal:
    if not isinstance(told, dict):
        return Refusal(Reason.BAD_FORM, "not an object", part)
    at: Any = None
    values: Values = []
    for name, value in told.items():
        if name in TIMES:
            at = value if at is None else at
        elif type(value) is dict and "value" in value and value.keys() <= {"value", "unit"}:
            if value["value"] is not None:
                values.append((name, value["value"], _unit(value.get("unit"))))
        elif value is not None:
            values.append((name, value, ""))
    return _at(at, values, received_at, part)


def _at(at: Any, values: Values, received_at: datetime, part: int | None) -> ReadingSet | Refusal:
    instant = received_at if at is None else instant_of(at)
    if instant is None:
        return Refusal(Reason.BAD_TIME, shown(at), part)
    if instant > received_at + FUTURE:
        return Refusal(Reason.FUTURE, shown(at), part)
    if instant < OLDEST:
        return Refusal(Reason.TOO_OLD, shown(at), part)
    if not values:
        return Refusal(Reason.NO_VALUES, "", part)
    return ReadingSet(instant, values, part)


def _fragment(told: Any, received_at: datetime) -> list[ReadingSet | Refusal]:
    """Attributes of an NGSI-LD entity (ETSI GS CIM 009, 4.5); those of one instant are one set."""
    if not isinstance(told, dict):
        return [Refusal(Reason.BAD_FORM, "not an object")]
    groups: dict[str, tuple[Any, Values]] = {}
    whole: Any = next((told[name] for name in TIMES if told.get(name) is not None), None)
    for name, attribute in told.items():
        if name in ABOUT_ENTITY or name in TIMES:
            continue
        for one in attribute if _is_several(attribute) else [attribute]:
            at, value, unit = whole, one, ""
            if isinstance(one, dict):
                member = next((known for known in VALUE_MEMBERS if known in one), None)
                if member is None and "coordinates" not in one:
                    return [Refusal(Reason.BAD_FORM, shown(name))]
                value = one if member is None else one[member]
                at, unit = one.get("observedAt", whole), _unit(one.get("unitCode"))
            group = groups.setdefault(shown(at), (at, []))
            if value is not None:
                group[1].append((name, value, unit))
    if not groups:
        return [Refusal(Reason.NO_VALUES)]
    several = len(groups) > 1
    if len(groups) > MOST_SETS:
        return [Refusal(Reason.TOO_LARGE, f"{len(groups)} sets")]
    return [
        _at(at, values, received_at, part if several else None)
        for part, (at, values) in enumerate(groups.values())
    ]


def _is_several(attribute: Any) -> bool:
    """Whether it is a list of instances of one attribute rather than a value."""
    return (
        isinstance(attribute, list)
        and bool(attribute)
        and all(isinstance(one, Mapping) and "type" in one for one in attribute)
    )


def _unit(given: Any) -> str:
    """A unit as written; what is none can match none."""
    if given is None:
        return ""
    return given if isinstance(given, str) and given else f"?{shown(given)}"


def shown(value: Any) -> str:
    """A few words of a value, fit to be kept: no more than a line, nothing that a database refuses."""
    text = value if isinstance(value, str) else repr(value)[:400]
    return text[:100].replace("\x00", "\ufffd").encode("utf-8", "replace").decode("utf-8")
