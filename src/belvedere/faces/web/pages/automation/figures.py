"""How the alarms load those who look at them: the figures of EEMUA 191 and ISA-18.2, and what to mend."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from urllib.parse import urlencode
from zoneinfo import ZoneInfo

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext, ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET

from belvedere.domains.automation import public as automation
from belvedere.domains.automation.public import AlarmState, Bad, Load
from belvedere.domains.territory.public import name_in
from belvedere.faces.web import formats
from belvedere.faces.web.errors import sentence
from belvedere.faces.web.pages.automation import showing, words
from belvedere.faces.web.pages.live import words as live
from belvedere.faces.web.pages.live.menus import Option
from belvedere.faces.web.pages.plans.rooms import Room, in_cockpit
from belvedere.kernel.clock import now
from belvedere.kernel.errors import InvalidInput
from belvedere.kernel.severity import Severity
from belvedere.kernel.texts import cell
from belvedere.science.alarms.flooding import ACCEPTABLE_A_DAY, MANAGEABLE_A_DAY, SHARES, Lasted

SPANS = (1, 7, 30, 90)
DEFAULT_DAYS = 30


@dataclass(frozen=True, slots=True)
class Bar:
    """A bar of a chart, with where it leads; `share`: of the highest."""

    label: str
    count: int
    share: float
    url: str


@dataclass(frozen=True, slots=True)
class Culprit:
    """What is behind many alarms: `rule_url` to mend it, `alarms_url` to see them."""

    name: str
    beside: str
    alarms: int
    share: str
    most: int
    rule_url: str
    alarms_url: str


def asked(request: HttpRequest) -> tuple[int, int]:
    """Days and operators, as they were typed; 0 operators where that is no number."""
    days, operators = request.GET.get("days", ""), request.GET.get("operators", "1")
    chosen = int(days) if days in {str(one) for one in SPANS} else DEFAULT_DAYS
    is_number = operators.isascii() and operators.isdigit() and len(operators) < 5
    return chosen, int(operators) if is_number else 0


def alarms_between(room: Room, start: datetime, end: datetime, **more: Any) -> str:
    """The list of alarms that were raised in a span of time, closed ones too."""
    pairs = [("state", one.value) for one in AlarmState]
    pairs += [(name, str(value)) for name, value in more.items() if value]
    pairs += [
        ("raised_from", start.astimezone(UTC).isoformat()),
        ("raised_to", end.astimezone(UTC).isoformat()),
    ]
    return f"{reverse('automation:alarms', args=[room.territory])}?{urlencode(pairs)}"


def _figures(request: HttpRequest, room: Room) -> HttpResponse:
    found, days, error = _load(request, room)
    context = {
        "room": room,
        "found": found,
        "error": error,
        "finding": _finding(found),
        "days": [Option(str(one), _span(one), one == days) for one in SPANS],
        "chosen": days,
        "by_day": _by_day(room, found),
        "by_hour": _by_hour(found),
        "measures": list(_measures(room, found)),
        "severities": _severities(found),
        "floods": [_flood(room, one) for one in found.floods[-10:]][::-1],
        "chattering": [_culprit(room, found, one) for one in found.chattering],
        "rules": [_culprit(room, found, one) for one in found.rules],
        "things": [_culprit(room, found, one) for one in found.things],
        "stale": showing.lines(room, found.stale),
        "csv_url": f"{reverse('automation:figures_csv', args=[room.territory])}?{request.GET.urlencode()}",
    }
    return render(request, "automation/figures.html", context)


def _load(request: HttpRequest, room: Room) -> tuple[Load, int, str]:
    days, operators = asked(request)
    end = now()
    start = end - timedelta(days=days)
    try:
        found = automation.load(room.actor, room.territory, start=start, end=end, operators=operators)
    except InvalidInput as fault:
        return automation.load(room.actor, room.territory, start=start, end=end), days, sentence(fault)
    return found, days, ""


def _span(days: int) -> str:
    return ngettext("the last %(n)s day", "the last %(n)s days", days) % {"n": days}


def _finding(found: Load) -> str:
    if not found.alarms:
        return gettext("No alarm in that time")
    each = {"n": formats.number(found.a_day, 1)}
    if found.a_day > MANAGEABLE_A_DAY:
        return gettext("%(n)s alarms a day and operator: more than a person can look after") % each
    if found.floods:
        told = ngettext(
            "%(n)s alarms a day and operator, and %(floods)s flood",
            "%(n)s alarms a day and operator, and %(floods)s floods",
            len(found.floods),
        )
        return told % {**each, "floods": formats.number(len(found.floods))}
    return gettext("%(n)s alarms a day and operator, no flood") % each


def _by_day(room: Room, found: Load) -> list[Bar]:
    zone = ZoneInfo(room.territory.zone)
    first, last = found.start.astimezone(zone).date(), found.end.astimezone(zone).date()
    whole = [first + timedelta(days=n) for n in range((last - first).days + 1)]
    most = max(found.by_day.values(), default=0)

    def midnight(day: date) -> datetime:
        return datetime.combine(day, time(), zone)

    return [
        Bar(
            formats.day(day),
            n,
            n / most if most else 0.0,
            alarms_between(room, midnight(day), midnight(day + timedelta(days=1))),
        )
        for day in whole
        for n in [found.by_day.get(day, 0)]
    ]


def _by_hour(found: Load) -> list[Bar]:
    most = max(found.by_hour.values(), default=0)
    return [
        Bar(f"{hour:02d}:00", n, n / most if most else 0.0, "")
        for hour in range(24)
        for n in [found.by_hour.get(hour, 0)]
    ]


def _measures(room: Room, found: Load) -> Iterable[tuple[str, str, str, str]]:
    """A figure: its name, its value, what is good, where it leads."""
    whole = alarms_between(room, found.start, found.end)
    yield (
        gettext("Alarms a day and operator"),
        formats.number(found.a_day, 1),
        gettext("at most %(good)s; %(most)s can be managed")
        % {"good": formats.number(ACCEPTABLE_A_DAY), "most": formats.number(MANAGEABLE_A_DAY)},
        whole,
    )
    yield (
        gettext("Time in a flood"),
        formats.percent(found.flooded_share, 1),
        gettext("less than 1%; a flood begins with more than 10 alarms in 10 minutes and operator"),
        "#floods-h",
    )
    yield (
        gettext("Chattering"),
        formats.number(len(found.chattering)),
        gettext("none: raised three times or more within an hour"),
        "#chattering-h",
    )
    open_url = f"{reverse('automation:alarms', args=[room.territory])}"
    yield (
        gettext("Stale"),
        formats.number(found.stale_count),
        gettext("fewer than 5: what goes on for more than a day"),
        "#stale-h" if found.stale else open_url,
    )
    yield (gettext("Time to acknowledge"), _lasted(found.to_acknowledge), _ninth(found.to_acknowledge), whole)
    yield (gettext("Time to clear"), _lasted(found.to_clear), _ninth(found.to_clear), whole)
    yield (
        gettext("Over before anybody acknowledged"),
        formats.number(found.unanswered),
        gettext("what is over by itself may need no alarm"),
        whole,
    )


def _lasted(one: Lasted) -> str:
    return "–" if one.middle_s is None else live.span(one.middle_s)


def _ninth(one: Lasted) -> str:
    if one.ninth_s is None:
        return gettext("none in that time")
    return gettext("the middle of %(n)s; nine in ten within %(span)s") % {
        "n": formats.number(one.count),
        "span": live.span(one.ninth_s),
    }


def _severities(found: Load) -> list[tuple[live.Word, int, str, str]]:
    """How many of each urgency, the share, and the share that a well-kept system has."""
    good = {
        Severity.CRITICAL: formats.percent(SHARES[2]),
        Severity.MAJOR: formats.percent(SHARES[1]),
        Severity.MINOR: formats.percent(SHARES[0]),
    }
    whole = sum(n for one, n in found.by_severity.items() if one is not Severity.INFO)
    rows = []
    for one in sorted(Severity, reverse=True):
        n = found.by_severity.get(one, 0)
        share = formats.percent(n / whole) if whole and one in good else "–"
        rows.append((words.severity(one), n, share, good.get(one, "–")))
    return rows


def _flood(room: Room, one: Any) -> dict[str, Any]:
    start, end = (datetime.fromtimestamp(at, UTC) for at in (one.start, one.end))
    return {
        "start": start,
        "lasted": live.span(one.end - one.start),
        "alarms": one.alarms,
        "peak": one.peak,
        "url": alarms_between(room, start, end),
    }


def _culprit(room: Room, found: Load, one: Bad) -> Culprit:
    thing = name_in(one.names, room.language, room.territory.languages) or live.kind(one.kind)
    rule_url = reverse("automation:rule", args=[room.territory, one.rule_id]) if one.rule_id else ""
    return Culprit(
        name=one.rule_name if one.rule_id else thing,
        beside=thing if one.rule_id and one.entity_id else "",
        alarms=one.alarms,
        share=formats.percent(one.alarms / found.alarms) if found.alarms else "–",
        most=one.most,
        rule_url=rule_url,
        alarms_url=alarms_between(room, found.start, found.end, rule=one.rule_id, thing=one.entity_id),
    )


def _csv(request: HttpRequest, room: Room) -> HttpResponse:
    """The same figures, a line each."""
    found, _days, _error = _load(request, room)
    out = io.StringIO()
    table = csv.writer(out, delimiter=";")
    table.writerow([gettext("Figure"), gettext("What"), gettext("Value"), gettext("What is good")])
    for name, value, good, _url in _measures(room, found):
        table.writerow([name, "", value, good])
    for word, n, share, good in _severities(found):
        table.writerow([gettext("How urgent"), word.label, n, f"{share} / {good}"])
    named = (
        (gettext("Alarms by day"), [(one.label, one.count) for one in _by_day(room, found)]),
        (gettext("Alarms by hour"), [(one.label, one.count) for one in _by_hour(found)]),
        (gettext("Most frequent rules"), _named(room, found, found.rules)),
        (gettext("Most frequent things"), _named(room, found, found.things)),
        (gettext("Chattering"), _named(room, found, found.chattering)),
    )
    for name, rows in named:
        for label, n in rows:
            table.writerow([name, cell(label), n, ""])
    answer = HttpResponse("\ufeff" + out.getvalue(), content_type="text/csv; charset=utf-8")
    answer["Content-Disposition"] = f'attachment; filename="alarms-{room.territory.slug}.csv"'
    return answer


def _named(room: Room, found: Load, rows: Iterable[Bad]) -> list[tuple[str, int]]:
    told = [_culprit(room, found, one) for one in rows]
    return [(f"{one.name} {one.beside}".strip(), one.alarms) for one in told]


figures = never_cache(require_GET(in_cockpit(_figures)))
figures_csv = never_cache(require_GET(in_cockpit(_csv)))
