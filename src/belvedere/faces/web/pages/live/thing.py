"""One thing: what it says now, how old and good that is, fourteen days of it, the health of its devices."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET

from belvedere.domains.intake import public as intake
from belvedere.domains.observations import public as observations
from belvedere.domains.territory.public import name_in, organisations_by_id, places
from belvedere.domains.twin import public as twin
from belvedere.domains.twin.errors import NoSuchEntity
from belvedere.faces.web import formats
from belvedere.faces.web.pages.commands.offering import command_url
from belvedere.faces.web.pages.live import advice, around, charting, history, reasons, words
from belvedere.faces.web.pages.live.devices import state_of
from belvedere.faces.web.pages.plans.places import map_context
from belvedere.faces.web.pages.plans.rooms import Room, in_cockpit
from belvedere.faces.web.pages.quality import words as quality
from belvedere.kernel.errors import N_

NOTES = {"out_of_range": N_("outside its bounds")}
NOT_SHOWN = frozenset({"name", "alternateName", "description"})


@dataclass(frozen=True, slots=True)
class Present:
    """A present value as it is shown. `level` of its quality: ok, warn, "" for what has no instant."""

    term: str
    label: str
    value: str
    age: str
    at: datetime | None
    quality: str
    level: str
    icon: str
    state: words.Word | None
    chosen_url: str = ""


@dataclass(frozen=True, slots=True)
class Health:
    """A device of the thing."""

    key: str
    state: words.Word
    age: str
    expected: str
    battery: str
    low: bool
    signal: str
    url: str


def name_of(room: Room, names: Mapping[str, str], kind: str) -> str:
    """The name of a thing for the reader; its kind where it has none."""
    return name_in(names, room.language, room.territory.languages) or words.kind(kind)


def here(room: Room, entity_id: int) -> twin.EntityPage:
    """The thing, if it is one of this territory and the actor may know of it."""
    view = twin.entity_page(room.actor, entity_id)
    if view.territory_id != room.territory.id:
        raise NoSuchEntity(N_("There is no such thing, or it is not published."))
    return view


def seen(room: Room, entity_id: int | None) -> dict[str, str] | None:
    """Name and page of a thing that the reader may know of."""
    if entity_id is None:
        return None
    try:
        view = here(room, entity_id)
    except NoSuchEntity:
        return None
    url = reverse("live:thing", args=[room.territory, entity_id])
    return {"name": name_of(room, view.names, view.kind), "url": url}


def in_order(view: twin.EntityPage) -> list[twin.AttributeView]:
    """The main value first, then what tells over time, then what only is."""
    described = twin.descriptions().get(view.kind)
    main = described.main if described else ""
    shown = [one for one in view.attributes if one.term not in NOT_SHOWN and _has_value(one)]
    return sorted(shown, key=lambda one: (one.term != main, one.observed_at is None, one.term))


def _has_value(one: twin.AttributeView) -> bool:
    return one.number is not None or one.value is not None


def present_rows(view: twin.EntityPage) -> list[Present]:
    """What the thing says now."""
    return [_present(view, one) for one in in_order(view)]


def _present(view: twin.EntityPage, one: twin.AttributeView) -> Present:
    quality, level, icon = _quality(view, one)
    levels = {twin.Level.WATCH: twin.State.WATCH, twin.Level.ALARM: twin.State.ALARM}
    state = words.state(levels[one.level]) if one.level in levels else None
    return Present(
        term=one.term,
        label=label_of(one),
        value=words.value(view.kind, one.term, one.number, one.value, one.unit),
        age=words.age(one.observed_at),
        at=one.observed_at,
        quality=quality,
        level=level,
        icon=icon,
        state=state,
    )


def label_of(one: twin.AttributeView) -> str:
    label = one.labels.get(words.language()) or one.labels.get("en") or one.term
    return f"{label} ({one.dataset_id.rpartition(':')[2]})" if one.dataset_id else label


def _quality(view: twin.EntityPage, one: twin.AttributeView) -> tuple[str, str, str]:
    if one.note:
        return gettext(NOTES[one.note]) if one.note in NOTES else one.note, "warn", "alert-triangle"
    if one.observed_at is None:
        return gettext("stated once"), "", "circle-dot"
    expected = view.expected_s
    if expected and words.is_late(one.observed_at, expected, times=twin.patience(expected) / expected):
        return gettext("late"), "warn", "clock-exclamation"
    return gettext("good"), "ok", "check"


def health_of(room: Room, one: twin.DeviceView) -> Health:
    return Health(
        key=one.key,
        state=state_of(one),
        age=words.age(one.last_seen_at),
        expected=words.span(one.expected_interval_s) if one.expected_interval_s else "",
        battery="" if one.battery is None else formats.percent(one.battery),
        low=one.battery is not None and one.battery <= 0.1,
        signal="" if one.signal is None else words.number(one.signal, "DBM"),
        url=reverse("live:device", args=[room.territory, one.id]),
    )


def sentence(view: twin.EntityPage) -> str:
    """Why the thing is in its state, in a sentence; "" when all is normal."""
    since = formats.moment(view.state_since)
    if view.state is twin.State.SILENT:
        if view.last_seen_at is None:
            return gettext("It has never been heard.")
        return gettext("Nothing heard for %(age)s; it usually tells something every %(expected)s.") % {
            "age": words.age(view.last_seen_at),
            "expected": words.span(view.expected_s or 0),
        }
    worst = max((one for one in in_order(view) if one.level), key=lambda one: one.level, default=None)
    if worst is None:
        return ""
    value = words.value(view.kind, worst.term, worst.number, worst.value, worst.unit)
    return gettext("%(what)s: %(value)s, since %(when)s.") % {
        "what": label_of(worst),
        "value": value,
        "when": since,
    }


def _numbers(view: twin.EntityPage) -> list[twin.AttributeView]:
    """What can be drawn over time."""
    return [
        one
        for one in in_order(view)
        if one.value_kind is twin.ValueType.NUMBER and one.observed_at is not None
    ]


def chosen(view: twin.EntityPage, term: str) -> twin.AttributeView | None:
    drawn = _numbers(view)
    return next((one for one in drawn if one.term == term), drawn[0] if drawn else None)


def _thing(request: HttpRequest, room: Room, entity_id: int) -> HttpResponse:
    view = here(room, entity_id)
    one = chosen(view, request.GET.get("term", ""))
    odd = observations.findings(room.actor, room.territory.id, entity_ids=[view.id])
    rows = _with_findings(present_rows(view), odd)
    commune = places([view.place_id]) if view.place_id else {}
    owner = organisations_by_id([view.owner_id]) if view.owner_id else {}
    page = reverse("live:thing", args=[room.territory, entity_id])
    told = history.lines(room, view)
    context = {
        "room": room,
        "command_url": command_url(room, view.id),
        "view": view,
        "name": name_of(room, view.names, view.kind),
        "kind": words.kind(view.kind),
        "state": words.state(view.state),
        "sentence": sentence(view),
        "advice": advice.what_to_do(view),
        "main": rows[0] if rows else None,
        "rows": rows,
        "commune": next((place.name for place in commune.values()), ""),
        "owner": next((body.label for body in owner.values()), ""),
        "seen_by": gettext(words.VISIBILITIES[view.visibility]),
        "expected": words.span(view.expected_s) if view.expected_s else "",
        "chart": charting.chart(room, view, one, label_of(one)) if one else None,
        "csv_url": reverse("live:series", args=[room.territory, entity_id]) + f"?term={one.term}"
        if one
        else "",
        "drawn": [
            {"label": label_of(other), "url": f"{page}?term={other.term}", "current": other is one}
            for other in _numbers(view)
        ],
        "devices": [health_of(room, device) for device in view.devices],
        "lasts": _lasts(room, view),
        "odd": [
            quality.say(one, view.kind, view.last_seen_at)
            for one in odd
            if one.oddity is not observations.Oddity.SILENT  # its sentence says so
        ],
        "groups": around.around_thing(room, view.id),
        "entries": told[: history.FIRST],
        "earlier": told[history.FIRST :],
        "map": map_context(room) if view.shape else None,
        "sites": _site(view) if view.shape else None,
    }
    return render(request, "live/thing.html", context)


def _with_findings(rows: list[Present], odd: Iterable[observations.FindingView]) -> list[Present]:
    """The rows, with what is odd about a series as its quality; the worst of several."""
    worst = {one.term: one for one in reversed(list(odd)) if one.term}
    return [
        replace(row, quality=quality.label(found.oddity), level="warn", icon=quality.ICONS[found.oddity])
        if (found := worst.get(row.term)) is not None and found.oddity is not observations.Oddity.BATTERY
        else row
        for row in rows
    ]


def _lasts(room: Room, view: twin.EntityPage) -> list[dict[str, Any]]:
    """The last message of each device that the reader manages, and what became of it."""
    found = intake.last_messages(room.actor, view.devices)
    return [
        {
            "key": device.key,
            "view": last,
            "topic": last.subject.replace(".", "/"),
            "fate": reasons.name(last.reason) if last.reason else reasons.outcome(last.outcome),
            "to_do": reasons.to_do(last.reason) if last.reason else "",
            "level": "critical" if last.reason else "ok",
        }
        for device in view.devices
        if (last := found.get(device.id)) is not None
    ]


def _site(view: twin.EntityPage) -> dict[str, Any]:
    assert view.shape is not None
    feature = {
        "type": "Feature",
        "properties": {"id": str(view.id), "p": ""},
        "geometry": view.shape.geojson,
    }
    return {"type": "FeatureCollection", "features": [feature]}


def series_csv(request: HttpRequest, room: Room, entity_id: int) -> HttpResponse:
    """The points of the chart as CSV: the same rows in the same order."""
    view = here(room, entity_id)
    one = chosen(view, request.GET.get("term", ""))
    if one is None:
        raise NoSuchEntity(N_("This thing tells no number over time."))
    out = io.StringIO()
    out.write("\ufeff")
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow(["from", "mean", "lowest", "highest", "readings", "unit"])
    for row in charting.rows(room, one.series_id):
        numbers = [""] * 3 if row.mean is None else [repr(row.mean), repr(row.low), repr(row.high)]
        writer.writerow([row.start.isoformat(), *numbers, row.count, one.unit])
    answer = HttpResponse(out.getvalue(), content_type="text/csv; charset=utf-8")
    answer["Content-Disposition"] = f'attachment; filename="{entity_id}-{_safe(one.term)}.csv"'
    return answer


def _safe(term: str) -> str:
    return "".join(letter if letter.isalnum() else "-" for letter in term)[:60]


thing = never_cache(require_GET(in_cockpit(_thing)))
series = never_cache(require_GET(in_cockpit(series_csv)))
