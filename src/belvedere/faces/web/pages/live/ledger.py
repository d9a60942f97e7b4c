"""The books of messages: what arrived, what became of it, and what was refused and waits for somebody."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import urlencode
from zoneinfo import ZoneInfo

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext, ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST

from belvedere.domains.intake import public as intake
from belvedere.faces.web import formats
from belvedere.faces.web.pages.live import reasons, words
from belvedere.faces.web.pages.plans.rooms import Room, in_cockpit
from belvedere.kernel.clock import now
from belvedere.kernel.errors import N_, InvalidInput

PERIODS = {"day": timedelta(days=1), "week": timedelta(days=7), "month": timedelta(days=30)}
PERIOD_NAMES = {"day": N_("24 hours"), "week": N_("7 days"), "month": N_("30 days")}
LETTERS = 50
FIRST_LETTERS = 8  # while nothing is chosen: the reasons above lead to the rest
MOST_AT_ONCE = 1000
MOST_DEVICES = 30
SHOWN_TEXT = 2000


@dataclass(frozen=True, slots=True)
class Asked:
    """What the address asks for."""

    period: str = "day"
    reason: intake.Reason | None = None
    device: str = ""
    before: int | None = None

    def query(self, **changed: Any) -> str:
        pairs = {
            "period": "" if self.period == "day" else self.period,
            "reason": self.reason.value if self.reason else "",
            "device": self.device,
            **changed,
        }
        return "?" + urlencode({name: value for name, value in pairs.items() if value})


def read(query: QueryDict) -> Asked:
    """Values that mean nothing are left out."""
    reason, before = query.get("reason", ""), query.get("before", "")
    return Asked(
        period=period if (period := query.get("period", "")) in PERIODS else "day",
        reason=intake.Reason(reason) if reason in set(intake.Reason) else None,
        device=query.get("device", "")[:64],
        before=int(before) if before.isascii() and before.isdigit() and len(before) < 19 else None,
    )


@dataclass(frozen=True, slots=True)
class Row:
    """Counts of an hour, a day or a device. `url` is "" where there is nothing more to see."""

    label: str
    tally: intake.Tally
    url: str = ""


def _period(asked: Asked) -> tuple[datetime, datetime]:
    """Whole hours, the present one included."""
    end = now().replace(minute=0, second=0, microsecond=0) + timedelta(hours=1)
    return end - PERIODS[asked.period], end


def _rows(room: Room, asked: Asked, books: intake.LedgerView) -> list[Row]:
    """By hour for a day, else by day of the territory; the latest first, hours without a message left out."""
    zone = ZoneInfo(room.territory.zone)
    if asked.period == "day":
        return [Row(_hour(hour.astimezone(zone)), one) for hour, one in reversed(books.hours)]
    days: dict[Any, list[intake.Tally]] = {}
    for hour, one in books.hours:
        days.setdefault(hour.astimezone(zone).date(), []).append(one)
    return [Row(formats.day(day), _sum(parts)) for day, parts in sorted(days.items(), reverse=True)]


def _hour(at: datetime) -> str:
    """The hour a reading arrived in, with its day: two days share the last 24 hours."""
    return f"{formats.day(at, 'short')}, {at:%H}–{at + timedelta(hours=1):%H}{words.NB}h"


def _sum(parts: Iterable[intake.Tally]) -> intake.Tally:
    found = list(parts)
    return intake.Tally(
        *(
            sum(getattr(one, name) for one in found)
            for name in ("messages", "received", "stored", "late", "duplicate", "refused")
        )
    )


def _finding(books: intake.LedgerView, asked: Asked) -> str:
    """The title: what the reader must know first."""
    whole, period = books.whole, gettext(PERIOD_NAMES[asked.period])
    if not whole.balances:
        return gettext("The count of messages does not add up: tell who runs the platform")
    if not whole.received:
        return gettext("No message arrived in the last %(period)s") % {"period": period}
    if whole.refused:
        return ngettext(
            "%(count)s reading of %(whole)s was refused in the last %(period)s",
            "%(count)s readings of %(whole)s were refused in the last %(period)s",
            whole.refused,
        ) % {
            "count": formats.number(whole.refused),
            "whole": formats.number(whole.received),
            "period": period,
        }
    return gettext("Every message of the last %(period)s was taken") % {"period": period}


def _letters(room: Room, asked: Asked) -> list[intake.LetterView]:
    return intake.dead_letters(
        room.actor,
        room.territory.id,
        reason=asked.reason,
        device_key=asked.device,
        before=asked.before,
        limit=_limit(asked),
    )


def _limit(asked: Asked) -> int:
    narrowed = asked.reason is not None or asked.device or asked.before is not None
    return LETTERS if narrowed else FIRST_LETTERS


def _device_rows(room: Room, asked: Asked, books: intake.LedgerView) -> tuple[list[Row], int]:
    """Devices with what was refused first; how many are left out."""
    order = sorted(books.devices, key=lambda pair: (-pair[1].refused, -pair[1].received, pair[0]))
    if asked.device:
        order = [pair for pair in order if pair[0] == asked.device]
    shown = [
        Row(key or gettext("no device named"), one, asked.query(device=key) if key else "")
        for key, one in order[:MOST_DEVICES]
    ]
    return shown, max(0, len(order) - MOST_DEVICES)


def _page(request: HttpRequest, room: Room) -> HttpResponse:
    asked = read(request.GET)
    books = intake.ledger(room.actor, room.territory.id, *_period(asked), device_key=asked.device)
    letters = _letters(room, asked)
    devices, more_devices = _device_rows(room, asked, books)
    context = {
        "room": room,
        "asked": asked,
        "books": books,
        "finding": _finding(books, asked),
        "periods": [
            {
                "label": gettext(name),
                "url": asked.query(period="" if key == "day" else key),
                "current": key == asked.period,
            }
            for key, name in PERIOD_NAMES.items()
        ],
        "rows": _rows(room, asked, books),
        "table_url": reverse("live:ledger_table", args=[room.territory]) + asked.query(reason=""),
        "devices_table_url": reverse("live:ledger_table", args=[room.territory])
        + asked.query(reason="", by="device"),
        "whole_url": asked.query(device=""),
        "devices": devices,
        "more_devices": more_devices,
        "reasons": [
            {
                "name": reasons.name(one),
                "n": n,
                "share": formats.percent(n / books.whole.refused) if books.whole.refused else "",
                "to_do": reasons.to_do(one),
                "url": asked.query(reason=one.value) + "#refused",
            }
            for one, n in books.reasons
        ],
        "letters": [
            {
                "view": one,
                "reason": reasons.name(one.reason),
                "to_do": reasons.to_do(one.reason),
                "text": one.text[:SHOWN_TEXT],
                "cut": len(one.text) > SHOWN_TEXT or not one.whole,
            }
            for one in letters
        ],
        "waiting": intake.waiting_letters(room.actor, room.territory.id),
        "reason_name": reasons.name(asked.reason) if asked.reason else "",
        "all_url": asked.query(reason="", device="") + "#refused",
        "next_url": asked.query(before=letters[-1].id) + "#refused" if len(letters) == _limit(asked) else "",
    }
    return render(request, "live/ledger.html", context)


def _table(request: HttpRequest, room: Room) -> HttpResponse:
    """The lines of the page as CSV: by hour for a day, else by day; or by device."""
    asked = read(request.GET)
    by = intake.By.HOUR if asked.period == "day" else intake.By.DAY
    if request.GET.get("by") == intake.By.DEVICE:
        by = intake.By.DEVICE
    found = intake.ledger_lines(
        room.actor,
        room.territory.id,
        *_period(asked),
        by=by,
        zone=ZoneInfo(room.territory.zone),
        device_key=asked.device or None,
    )
    out = io.StringIO()
    csv.writer(out, lineterminator="\r\n").writerows(intake.as_rows(found))
    answer = HttpResponse("\ufeff" + out.getvalue(), content_type="text/csv; charset=utf-8")
    answer["Content-Disposition"] = f'attachment; filename="{room.territory.slug}-messages-{by}.csv"'
    return answer


def _chosen(room: Room, data: QueryDict) -> list[int]:
    """The one message named, or all that wait for the reason (and of the device) named."""
    one = data.get("id", "")
    if one.isascii() and one.isdigit() and len(one) < 19:
        return [int(one)]
    asked = read(data)
    if asked.reason is None:
        raise InvalidInput(N_("Say which messages: one of them, or all of one reason. Open the page again."))
    found: list[int] = []
    before = None
    while len(found) < MOST_AT_ONCE:
        window = intake.dead_letters(
            room.actor,
            room.territory.id,
            reason=asked.reason,
            device_key=asked.device,
            before=before,
            limit=200,
        )
        if not window:
            break
        found += [letter.id for letter in window]
        before = window[-1].id
    return found[:MOST_AT_ONCE]


def _back(room: Room, data: QueryDict) -> HttpResponse:
    asked = read(data)
    kept = asked.query()
    return redirect(reverse("live:ledger", args=[room.territory]) + kept + "#refused")


def _replay(request: HttpRequest, room: Room) -> HttpResponse:
    ids = _chosen(room, request.POST)
    done = intake.replay(actor=room.actor, territory_id=room.territory.id, ids=ids)
    if done.taken:
        told = ngettext(
            "%(count)s message is taken now.", "%(count)s messages are taken now.", done.taken
        ) % {"count": formats.number(done.taken)}
        messages.success(request, told)
    if done.refused:
        told = ngettext(
            "%(count)s message is still refused; its reason stands beside it.",
            "%(count)s messages are still refused; their reasons stand beside them.",
            done.refused,
        ) % {"count": formats.number(done.refused)}
        messages.warning(request, told)
    if not done.taken and not done.refused:
        messages.info(request, gettext("Nothing waits here any more."))
    return _back(room, request.POST)


def _dismiss(request: HttpRequest, room: Room) -> HttpResponse:
    ids = _chosen(room, request.POST)
    done = intake.dismiss(actor=room.actor, territory_id=room.territory.id, ids=ids)
    told = ngettext(
        "%(count)s message is dismissed; it stays counted as refused.",
        "%(count)s messages are dismissed; they stay counted as refused.",
        done,
    ) % {"count": formats.number(done)}
    messages.success(request, told)
    return _back(room, request.POST)


ledger = never_cache(require_GET(in_cockpit(_page)))
ledger_table = never_cache(require_GET(in_cockpit(_table)))
replay = require_POST(in_cockpit(_replay))
dismiss = require_POST(in_cockpit(_dismiss))
