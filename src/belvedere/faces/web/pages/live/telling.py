"""What the script of the live pages needs to write values and states itself, in the reader's language."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext, ngettext

from belvedere.domains.twin import public as twin
from belvedere.faces.web.context import url_or_none
from belvedere.faces.web.pages.live import words
from belvedere.faces.web.pages.plans.rooms import Room

LETTERS = {twin.State.NORMAL: "n", twin.State.WATCH: "w", twin.State.ALARM: "a", twin.State.SILENT: "s"}
URGENCY = (twin.State.ALARM, twin.State.WATCH, twin.State.SILENT, twin.State.NORMAL)


@dataclass(frozen=True, slots=True)
class Form:
    """How the numbers of a series are written: as percentages, with a unit, or as words (JSON)."""

    series: int
    percent: bool
    unit: str
    texts: str


def form(kind: str, term: str, series: int, unit: str) -> Form:
    """The form of a series of a kind of thing."""
    described = twin.descriptions().get(kind)
    known = described.attributes.get(term) if described is not None else None
    texts: dict[str, str] = {}
    if known is not None and known.kind is twin.ValueType.BOOLEAN:
        texts = {"true": gettext("yes"), "false": gettext("no")}
    elif known is not None:
        texts = {key: labels.get(words.language(), labels["en"]) for key, labels in known.values.items()}
    percent = known is not None and known.percent
    return Form(series, percent, "" if percent else twin.symbol(unit), json.dumps(texts) if texts else "")


def space(room: Room) -> str:
    """Where the addresses of the room are named."""
    return "live" if room.is_cockpit else "portal_live"


def address(room: Room, name: str, *args: Any) -> str:
    return reverse(f"{space(room)}:{name}", args=[room.territory, *args])


def counted(state: twin.State, n: int) -> str:
    """“3 in alarm”; with a place for the number."""
    told = {
        twin.State.ALARM: ngettext("%(n)s in alarm", "%(n)s in alarm", n),
        twin.State.WATCH: ngettext("%(n)s to watch", "%(n)s to watch", n),
        twin.State.SILENT: ngettext("%(n)s silent", "%(n)s silent", n),
        twin.State.NORMAL: ngettext("%(n)s normal", "%(n)s normal", n),
    }
    return told[state]


def finding(state: twin.State, n: int) -> str:
    """The title where `n` things of a state call for somebody; with a place for the number."""
    told = {
        twin.State.ALARM: ngettext("%(count)s thing is in alarm", "%(count)s things are in alarm", n),
        twin.State.WATCH: ngettext(
            "%(count)s thing is to be watched", "%(count)s things are to be watched", n
        ),
        twin.State.SILENT: ngettext("%(count)s thing is silent", "%(count)s things are silent", n),
        twin.State.NORMAL: gettext("Everything is normal"),
    }
    return told[state]


def first(by_state: Mapping[twin.State, int]) -> twin.State:
    """The most urgent state there is."""
    return next((one for one in URGENCY if by_state.get(one)), twin.State.NORMAL)


def script(room: Room, query: str, *, many: bool, replays: bool) -> dict[str, Any]:
    """All that the script is given. Of two forms of a text the first is for one."""
    return {
        "points": address(room, "points") + query,
        "day": address(room, "day") + query if replays else "",
        "ticket": url_or_none(f"{space(room)}:ticket", territory=room.territory.slug),
        "many": many,
        "zone": room.territory.zone,
        "states": {LETTERS[one]: one.value for one in URGENCY},
        "labels": {one.value: words.state(one).label for one in URGENCY},
        "counts": {one.value: [counted(one, 1), counted(one, 2)] for one in URGENCY},
        "findings": {one.value: [finding(one, 1), finding(one, 2)] for one in URGENCY},
        "spans": {
            "s": gettext("%(n)s s"),
            "m": gettext("%(n)s min"),
            "h": gettext("%(n)s h"),
            "hm": gettext("%(h)s h %(m)s"),
            "d": gettext("%(n)s d"),
        },
        "told": gettext("In alarm: %(name)s"),
        "past": gettext("Past: %(when)s"),
        "replay": [gettext("Replay the last 24 hours"), gettext("Stop the replay")],
        "status": {"live": gettext("Live"), "waiting": gettext("Waiting")},
    }
