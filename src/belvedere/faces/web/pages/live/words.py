"""The live territory in the reader's words: states, ages, values, reasons and what to do about them."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.utils.translation import get_language, gettext

from belvedere.domains.twin.public import (
    UNITS,
    State,
    Visibility,
    descriptions,
    forecast_or_none,
    range_of,
    symbol,
)
from belvedere.faces.web import formats
from belvedere.kernel.clock import now
from belvedere.kernel.errors import N_

NB = "\u00a0"
#: An instant as systems write it to each other.
_INSTANT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d(:\d\d(\.\d{1,9})?)?(Z|[+-]\d\d:\d\d)")


@dataclass(frozen=True, slots=True)
class Word:
    """A state: its label, its level for the colour, its icon."""

    label: str
    level: str
    icon: str = ""


STATES: dict[State, Word] = {
    State.NORMAL: Word(N_("Normal"), "ok", "check"),
    State.WATCH: Word(N_("To watch"), "warn", "alert-triangle"),
    State.ALARM: Word(N_("In alarm"), "critical", "alert-circle"),
    State.SILENT: Word(N_("Silent"), "", "circle-dashed"),
}
VISIBILITIES: dict[Visibility, str] = {
    Visibility.OWN: N_("The owner and the bodies it belongs to"),
    Visibility.SHARED: N_("Everyone who works in the territory"),
    Visibility.PUBLIC: N_("Everyone"),
}
_ADDED, _CHANGED, _REMOVED = N_("added a thing"), N_("changed a thing"), N_("removed a thing")
_PAST, _LESS_PAST = N_("added to the past of a thing"), N_("took something out of the past of a thing")
# in the journal
VERBS = {
    **dict.fromkeys(("context.create_entity", "context.create_past"), _ADDED),
    **dict.fromkeys(("context.delete_entity", "context.remove_entity", "context.delete_past"), _REMOVED),
    **dict.fromkeys(
        (
            "context.append_attributes",
            "context.delete_attribute",
            "context.edit_entity",
            "context.merge_entity",
            "context.partial_update",
            "context.purge_attributes",
            "context.replace_attribute",
            "context.replace_entity",
            "context.update_attributes",
            "context.update_entity",
        ),
        _CHANGED,
    ),
    "context.append_past": _PAST,
    "context.update_instance": N_("corrected the past of a thing"),
    **dict.fromkeys(("context.delete_past_attribute", "context.delete_instance"), _LESS_PAST),
    "context.host_context": N_("put up a vocabulary for other systems"),
    "context.unhost_context": N_("took down a vocabulary for other systems"),
    "twin.create_entity": _ADDED,
    "twin.edit_entity": _CHANGED,
    "twin.remove_entity": _REMOVED,
    "twin.register_device": N_("registered a device"),
    "twin.rotate_secret": N_("gave a device a new secret"),
    "twin.revoke_device": N_("withdrew the secret of a device"),
    "twin.map_fields": N_("changed how the fields of a device are read"),
    "twin.set_strictness": N_("changed what becomes of values out of bounds"),
    "twin.set_thresholds": N_("changed from where a value is to be watched"),
    "intake.replay_letters": N_("had refused messages taken again"),
    "observations.keep": N_("changed how long readings are kept"),
    "intake.dismiss_letters": N_("dismissed refused messages"),
}


def language() -> str:
    return (get_language() or "fr")[:2]


def state(of: str) -> Word:
    """The word of the state of a thing."""
    word = STATES[State(of)]
    return Word(gettext(word.label), word.level, word.icon)


def kind(slug: str) -> str:
    """The name of a kind of thing; the slug of one that is no longer described."""
    found = descriptions().get(slug)
    return found.label(language()) if found is not None else slug or gettext("Other thing")


def kinds(slug: str) -> str:
    """The name of a kind of thing, for several."""
    found = descriptions().get(slug)
    return found.plural.get(language(), found.plural["en"]) if found is not None else slug


def term(kind_slug: str, name: str) -> str:
    """The name of an attribute of a kind; the term itself where nothing describes it."""
    found = descriptions().get(kind_slug)
    known = found.attributes.get(name) if found is not None else None
    return known.label(language()) if known is not None else name


def span(seconds: float) -> str:
    """“45 s”, “6 min”, “2 h 44”, “11 d”."""
    whole = max(0, int(seconds))
    if whole < 60:
        return gettext("%(n)s s") % {"n": whole}
    minutes = whole // 60
    if minutes < 60:
        return gettext("%(n)s min") % {"n": minutes}
    hours, rest = divmod(minutes, 60)
    if hours < 48:
        if rest:
            return gettext("%(h)s h %(m)s") % {"h": hours, "m": f"{rest:02d}"}
        return gettext("%(n)s h") % {"n": hours}
    return gettext("%(n)s d") % {"n": formats.number(hours // 24)}


def age(instant: datetime | None) -> str:
    """How long ago; "" for never."""
    return "" if instant is None else span((now() - instant).total_seconds())


def is_late(seen: datetime | None, expected_s: int | None, *, times: float = 2.0) -> bool:
    """Whether something should have been heard again by now."""
    return bool(seen and expected_s and now() - seen > timedelta(seconds=expected_s * times))


def number(value: float, unit: str = "", *, percent: bool = False) -> str:
    """A number with its unit: three figures that matter, whole numbers bare."""
    if percent:
        return formats.percent(value, 0 if value == 0 or abs(value) >= 0.1 else 1)
    return f"{figures(value)}{NB}{symbol(unit)}".rstrip(NB)


def figures(value: float) -> str:
    size = abs(value)
    decimals = 0 if size >= 1000 or value == int(value) else 1 if size >= 10 else 2 if size >= 0.1 else 4
    return formats.number(value, decimals)


def value(kind_slug: str, name: str, number_given: float | None, other: Any, unit: str) -> str:
    """A present value in words; a dash where there is none."""
    found = descriptions().get(kind_slug)
    known = found.attributes.get(name) if found is not None else None
    if number_given is not None:
        return number(number_given, unit, percent=bool(known and known.percent))
    if other is None:
        return "–"
    if isinstance(other, bool):
        return gettext("yes") if other else gettext("no")
    if isinstance(other, str):
        return _named(known.values if known else {}, other)
    if isinstance(other, Mapping) and (expected := forecast_or_none(other)) is not None:
        return forecast(expected, unit, percent=bool(known and known.percent))
    if isinstance(other, Mapping) and other and all(isinstance(one, str) for one in other.values()):
        return str(other.get(language(), next(iter(other.values()))))  # a text by language
    if isinstance(other, list):
        return ", ".join(_named(known.values if known else {}, str(one)) for one in other)
    return str(other)[:200]


def forecast(expected: list[tuple[float, float]], unit: str, *, percent: bool = False) -> str:
    """What is expected, between what and what, and until when."""
    found = range_of(expected)
    if found is None:
        return "–"
    low, high, until = found
    told = {"low": number(low, unit, percent=percent), "high": number(high, unit, percent=percent)}
    return gettext("%(low)s to %(high)s expected until %(when)s") % {**told, "when": formats.moment(until)}


def _named(values: Mapping[str, Mapping[str, str]], text: str) -> str:
    labels = values.get(text)
    if labels:
        return labels.get(language(), labels["en"])
    if not _INSTANT.fullmatch(text):
        return text
    try:
        return formats.moment(datetime.fromisoformat(text))
    except ValueError:
        return text


def units() -> list[tuple[str, str]]:
    """The units a device may send in, by what is written after the number."""
    share = gettext("share 0–1")
    return [(code, f"{unit.symbol or share} ({code})") for code, unit in UNITS.items()]
