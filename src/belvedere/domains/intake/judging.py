"""A reading set against what is known of its device: each value in its unit and kind, or why not."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

import msgspec

from belvedere.domains.intake.forms import ReadingSet, Refusal, shown
from belvedere.domains.intake.states import Form, Reason
from belvedere.domains.twin.errors import BadForecast
from belvedere.domains.twin.public import FORECAST, Feed, Target, forecast, to_stored, turned

MOST_VALUE_BYTES = 8 * 1024
OUT_OF_RANGE = "out_of_range"


class Value(msgspec.Struct, frozen=True, gc=False):
    """A value as it will be kept: `number`, or `value` for what is no number."""

    target: Target
    number: float | None
    value: object | None
    note: str


class Unfit(Exception):
    """A value that cannot be kept."""

    def __init__(self, reason: Reason, detail: str = "") -> None:
        self.reason = reason
        self.detail = detail


def judge(told: ReadingSet, feed: Feed, form: Form) -> list[Value] | Refusal:
    """The values of a set, all of them, or why it is refused as a whole."""
    values: list[Value] = []
    fields = feed.fields
    for name, given, unit in told.values:
        target = fields.get(name)
        if target is None and form is Form.NGSILD:
            target = _by_term(feed, name)
        if target is None:
            return Refusal(Reason.UNKNOWN_FIELD, shown(name), told.part)
        try:
            values.append(_KINDS[target.kind](target, given, unit, feed.strict))
        except Unfit as unfit:
            return Refusal(unfit.reason, f"{shown(name)}: {unfit.detail}"[:200], told.part)
    return values


def _by_term(feed: Feed, name: str) -> Target | None:
    """NGSI-LD names attributes by their terms or IRIs, whatever the device calls its fields."""
    term = name.rsplit("/", 1)[-1].rsplit("#", 1)[-1]
    return next((target for target in feed.fields.values() if target.term in (name, term)), None)


def _number(target: Target, given: Any, unit: str, strict: bool) -> Value:
    kind = type(given)
    if kind is not float and kind is not int:
        raise Unfit(Reason.NOT_A_NUMBER if kind is str else Reason.WRONG_TYPE, shown(given))
    try:
        number = to_stored(target, float(given), unit)
    except OverflowError:
        raise Unfit(Reason.NOT_A_NUMBER, shown(given)) from None
    if number is None:
        raise Unfit(Reason.WRONG_UNIT, f"{shown(unit)}, {target.unit}")
    if not math.isfinite(number):
        raise Unfit(Reason.NOT_A_NUMBER, shown(given))
    note = ""
    if (target.low is not None and number < target.low) or (target.high is not None and number > target.high):
        if strict:
            raise Unfit(Reason.OUT_OF_RANGE, f"{number:g}")
        note = OUT_OF_RANGE
    return Value(target, number, None, note)


def _text(target: Target, given: Any, unit: str, strict: bool) -> Value:
    if type(given) is not str:
        raise Unfit(Reason.WRONG_TYPE, shown(given))
    return Value(target, None, _fit(given), "")


def _boolean(target: Target, given: Any, unit: str, strict: bool) -> Value:
    if type(given) is not bool:
        raise Unfit(Reason.WRONG_TYPE, shown(given))
    return Value(target, None, given, "")


def _object(target: Target, given: Any, unit: str, strict: bool) -> Value:
    if not isinstance(given, dict | list):
        raise Unfit(Reason.WRONG_TYPE, shown(given))
    return Value(target, None, _fit(given), "")


def _forecast(target: Target, given: Any, unit: str, strict: bool) -> Value:
    """What is expected, in the unit of the attribute. Bounds do not bind what is only expected."""
    try:
        forecast(given)
        kept = turned(given, lambda number: _stored(target, number, unit))
    except BadForecast as error:
        raise Unfit(Reason.BAD_FORECAST, str(error)) from None
    return Value(target, None, _fit(kept), "")


def _stored(target: Target, number: float, unit: str) -> float:
    found = to_stored(target, number, unit)
    if found is None:
        raise Unfit(Reason.WRONG_UNIT, f"{shown(unit)}, {target.unit}")
    return found


def _fit(given: Any) -> Any:
    """The value itself, if PostgreSQL can keep it as jsonb: no NUL, no half of a character, not too long."""
    try:
        encoded = msgspec.json.encode(given)
    except (UnicodeEncodeError, RecursionError, OverflowError, msgspec.MsgspecError):
        raise Unfit(Reason.WRONG_TYPE, "not Unicode text") from None
    if len(encoded) > MOST_VALUE_BYTES:
        raise Unfit(Reason.TOO_LARGE, f"{len(encoded)} B")
    if b"\\u0000" in encoded:
        raise Unfit(Reason.WRONG_TYPE, "a NUL character")
    return given


_KINDS: dict[str, Callable[[Target, Any, str, bool], Value]] = {
    "number": _number,
    "text": _text,
    "boolean": _boolean,
    "object": _object,
    FORECAST: _forecast,
}
