"""The board: what is odd about the data, the worst first; where what is measured; the numbers as CSV."""

from __future__ import annotations

import csv
import io
from collections.abc import Collection
from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext, ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET

from belvedere.domains.observations import public as observations
from belvedere.domains.territory.public import name_in, organisations_by_id, places
from belvedere.domains.twin import public as twin
from belvedere.faces.web import formats
from belvedere.faces.web.pages.live import words as live_words
from belvedere.faces.web.pages.live.menus import MOST, Menu, Option, chosen_ids
from belvedere.faces.web.pages.plans.rooms import Room, in_cockpit
from belvedere.faces.web.pages.quality import words
from belvedere.kernel.clock import now
from belvedere.kernel.texts import cell

SHOWN = 60
PAGE = 500
DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Asked:
    """What the address asks for."""

    oddities: tuple[observations.Oddity, ...] = ()
    kinds: tuple[str, ...] = ()
    owners: tuple[UUID, ...] = ()
    places: tuple[UUID, ...] = ()
    all: bool = False

    @property
    def any(self) -> bool:
        return bool(self.pairs())

    def pairs(self) -> list[tuple[str, str]]:
        found = [("what", one.value) for one in self.oddities] + [("kind", one) for one in self.kinds]
        found += [("owner", str(one)) for one in self.owners]
        return found + [("place", str(one)) for one in self.places]

    def query(self, **extra: str) -> str:
        pairs = [*self.pairs(), *extra.items()]
        return f"?{urlencode(pairs)}" if pairs else "?"


def read(query: QueryDict) -> Asked:
    """Values that mean nothing are left out."""
    known = set(observations.Oddity)
    return Asked(
        oddities=tuple(observations.Oddity(one) for one in query.getlist("what")[:MOST] if one in known),
        kinds=tuple(one for one in query.getlist("kind")[:MOST] if one in twin.descriptions()),
        owners=chosen_ids(query, "owner"),
        places=chosen_ids(query, "place"),
        all=query.get("all") == "1",
    )


@dataclass(frozen=True, slots=True)
class Line:
    """A finding on a thing."""

    name: str
    kind: str
    commune: str
    owner: str
    said: words.Said
    url: str


@dataclass(frozen=True, slots=True)
class CoveredCell:
    """How many things of a kind were heard in a commune today. `level`: ok, warn, "" for none."""

    heard: int
    total: int
    level: str
    url: str


def _dots(room: Room, ids: Collection[int]) -> dict[int, twin.Dot]:
    found: dict[int, twin.Dot] = {}
    after, more = 0, bool(ids)
    while more:
        page = twin.entities_after(
            room.actor, room.territory.id, twin.Wanted(ids=ids), after=after, limit=PAGE
        )
        found |= {dot.id: dot for dot in page.dots}
        more = page.more
        after = page.dots[-1].id if page.dots else after
    return found


def _fits(asked: Asked, one: observations.FindingView, dot: twin.Dot) -> bool:
    return (
        (not asked.oddities or one.oddity in asked.oddities)
        and (not asked.kinds or dot.kind in asked.kinds)
        and (not asked.owners or dot.owner_id in asked.owners)
        and (not asked.places or dot.place_id in asked.places)
    )


def _board(request: HttpRequest, room: Room) -> HttpResponse:
    asked = read(request.GET)
    found = observations.findings(room.actor, room.territory.id)
    dots = _dots(room, {one.entity_id for one in found})
    whole = [(one, dots[one.entity_id]) for one in found if one.entity_id in dots]
    chosen = [(one, dot) for one, dot in whole if _fits(asked, one, dot)]
    shown = chosen if asked.all else chosen[:SHOWN]
    covered = twin.coverage(room.actor, room.territory.id, now() - DAY)
    measured = sum(one.total for one in covered)
    context = {
        "room": room,
        "asked": asked,
        "finding": _finding(whole, measured),
        "measured": measured,
        "measured_at": observations.measured_at(room.territory.id),
        "summary": _summary(whole),
        "menus": _menus(asked, whole),
        "lines": _lines(room, shown),
        "total": len(chosen),
        "all_url": asked.query(all="1") if len(shown) < len(chosen) else "",
        "table_url": reverse("quality:table", args=[room.territory]),
        **_coverage(room, covered),
    }
    return render(request, "quality/board.html", context)


def _finding(whole: list[tuple[observations.FindingView, twin.Dot]], measured: int) -> str:
    """The title: what the reader must know first."""
    bad = len({one.entity_id for one, _dot in whole if one.weight is observations.Weight.BAD})
    if not measured:
        return gettext("Nothing is measured yet")
    if bad:
        return ngettext(
            "%(count)s thing of %(whole)s tells nothing, or nothing that can be true",
            "%(count)s things of %(whole)s tell nothing, or nothing that can be true",
            bad,
        ) % {"count": formats.number(bad), "whole": formats.number(measured)}
    poor = len({one.entity_id for one, _dot in whole})
    if poor:
        return ngettext(
            "%(count)s thing of %(whole)s tells less than it should",
            "%(count)s things of %(whole)s tell less than they should",
            poor,
        ) % {"count": formats.number(poor), "whole": formats.number(measured)}
    return gettext("All that is measured can be relied on")


def _summary(whole: list[tuple[observations.FindingView, twin.Dot]]) -> list[dict[str, Any]]:
    counts: dict[observations.Oddity, set[int]] = {}
    for one, _dot in whole:
        counts.setdefault(one.oddity, set()).add(one.entity_id)
    return [
        {
            "label": words.label(oddity),
            "n": len(counts[oddity]),
            "icon": words.ICONS[oddity],
            "url": Asked(oddities=(oddity,)).query(),
        }
        for oddity in observations.Oddity
        if oddity in counts
    ]


def _menus(asked: Asked, whole: list[tuple[observations.FindingView, twin.Dot]]) -> list[Menu]:
    dots = {dot.id: dot for _one, dot in whole}.values()
    oddities = [
        Option(
            one.value, words.label(one), one in asked.oddities, sum(1 for f, _d in whole if f.oddity is one)
        )
        for one in observations.Oddity
        if one in asked.oddities or any(f.oddity is one for f, _d in whole)
    ]
    owner_ids = {dot.owner_id for dot in dots if dot.owner_id} | set(asked.owners)
    place_ids = {dot.place_id for dot in dots if dot.place_id} | set(asked.places)
    kinds = {dot.kind: live_words.kinds(dot.kind) for dot in dots} | {
        one: live_words.kinds(one) for one in asked.kinds
    }
    owners = {key: one.label for key, one in organisations_by_id(owner_ids).items()}
    communes = {key: one.name for key, one in places(place_ids).items()}
    found = [
        Menu("what", gettext("What is odd"), tuple(oddities)),
        Menu("kind", gettext("Kind of thing"), _options(kinds, asked.kinds)),
        Menu("place", gettext("Commune"), _options(communes, asked.places)),
        Menu("owner", gettext("Belongs to"), _options(owners, asked.owners)),
    ]
    return [menu for menu in found if len(menu.options) > 1 or menu.chosen]


def _options(labels: Any, chosen: Any) -> tuple[Option, ...]:
    rows = [Option(str(key), label, key in chosen) for key, label in labels.items()]
    return tuple(sorted(rows, key=lambda one: one.label.casefold()))


def _lines(room: Room, shown: list[tuple[observations.FindingView, twin.Dot]]) -> list[Line]:
    owners = organisations_by_id({dot.owner_id for _one, dot in shown if dot.owner_id})
    communes = places({dot.place_id for _one, dot in shown if dot.place_id})
    return [
        Line(
            name=name_in(dot.names, room.language, room.territory.languages) or live_words.kind(dot.kind),
            kind=live_words.kind(dot.kind),
            commune=communes[dot.place_id].name if dot.place_id in communes else "",
            owner=owners[dot.owner_id].label if dot.owner_id in owners else "",
            said=words.say(one, dot.kind, dot.last_seen_at),
            url=reverse("live:thing", args=[room.territory, dot.id])
            + (f"?{urlencode({'term': one.term})}" if one.term else ""),
        )
        for one, dot in shown
    ]


def _coverage(room: Room, covered: tuple[twin.Covered, ...]) -> dict[str, Any]:
    """Communes as rows, kinds as columns; things that lie in no commune as the last row."""
    kinds = sorted({one.kind for one in covered}, key=lambda kind: live_words.kinds(kind).casefold())
    names = {key: one.name for key, one in places({one.place_id for one in covered if one.place_id}).items()}
    cells = {(one.place_id, one.kind): one for one in covered}
    order: list[UUID | None] = [*sorted(names, key=lambda key: names[key].casefold())]
    if any(one.place_id is None for one in covered):
        order.append(None)
    base = reverse("live:things", args=[room.territory])
    return {
        "kinds": [{"label": live_words.kinds(kind)} for kind in kinds],
        "communes": [
            {
                "name": names[place] if place else gettext("In no commune"),
                "cells": [_cell(cells.get((place, kind)), base) for kind in kinds],
            }
            for place in order
        ],
        "heard": sum(one.heard for one in covered),
    }


def _cell(one: twin.Covered | None, base: str) -> CoveredCell | None:
    if one is None:
        return None
    pairs = [("kind", one.kind)] + ([("place", str(one.place_id))] if one.place_id else [])
    level = "ok" if one.heard == one.total else "warn" if one.heard else "major"
    return CoveredCell(one.heard, one.total, level, f"{base}?{urlencode(pairs)}")


def _table(request: HttpRequest, room: Room) -> HttpResponse:
    """Every series with what was measured."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\r\n")
    names = [name for name in observations.MeasuredView.__slots__ if name not in ("at",)]
    writer.writerow(["kind", "name", *names, "measured_at"])
    rows = observations.measured(room.actor, room.territory.id)
    dots = _dots(room, {row.entity_id for row in rows})
    for row in rows:
        if (dot := dots.get(row.entity_id)) is None:
            continue
        name = name_in(dot.names, room.language, room.territory.languages)
        told = [getattr(row, column) for column in names]
        values = ["" if value is None else value for value in told]
        writer.writerow([dot.kind, cell(name), *values, row.at.isoformat()])
    answer = HttpResponse("\ufeff" + out.getvalue(), content_type="text/csv; charset=utf-8")
    answer["Content-Disposition"] = f'attachment; filename="{room.territory.slug}-quality.csv"'
    return answer


board = never_cache(require_GET(in_cockpit(_board)))
table = never_cache(require_GET(in_cockpit(_table)))
