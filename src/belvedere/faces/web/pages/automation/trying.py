"""What a rule would have raised in the past, in words and by day; and how much it watches now."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from django.urls import reverse
from django.utils.translation import gettext, ngettext

from belvedere.domains.automation import public as automation
from belvedere.domains.automation.public import Body, Count, RuleDraft
from belvedere.domains.territory.public import name_in
from belvedere.faces.web import formats
from belvedere.faces.web.pages.automation import sentences
from belvedere.faces.web.pages.live import words as live
from belvedere.faces.web.pages.plans.rooms import Room

DAYS = 30


@dataclass(frozen=True, slots=True)
class Day:
    """A day with its alarms; `share`: of the day that had most."""

    day: date
    count: int
    share: float


@dataclass(frozen=True, slots=True)
class Episode:
    name: str
    url: str
    start: datetime
    lasted: str
    value: str


@dataclass(frozen=True, slots=True)
class Shown:
    """The answer: `finding` in a sentence, `limits` of what could be tried, by day and one by one."""

    finding: str
    limits: str
    days: tuple[Day, ...]
    episodes: tuple[Episode, ...]
    left_out: str


def tried(room: Room, draft: RuleDraft) -> Shown:
    """The last thirty days; raises BadRule, Refused."""
    found = automation.try_on_past(room.actor, room.territory, draft, days=DAYS)
    body = draft.body
    assert isinstance(body, Body)
    n = found.alarms
    finding = (
        _together(found)
        if body.tally is not None
        else ngettext(
            "It would have raised %(n)s alarm at %(things)s of %(all)s things in the last %(days)s days.",
            "It would have raised %(n)s alarms at %(things)s of %(all)s things in the last %(days)s days.",
            n,
        )
        % {
            "n": formats.number(n),
            "things": formats.number(found.things_alarmed),
            "all": formats.number(found.things),
            "days": DAYS,
        }
    )
    limits, whole = "", (found.end - found.start).days
    if whole < DAYS:
        limits = gettext("Tried on the last %(n)s days: its things have more readings than can be tried.") % {
            "n": formats.number(whole)
        }
    elif found.things_tried < found.things:
        limits = gettext("Tried on the first %(n)s of them: they have more readings than can be tried.") % {
            "n": formats.number(found.things_tried)
        }
    elif found.unlearnt:
        limits = ngettext(
            "Of %(n)s thing too little is known yet to compare with: at least four days of its past.",
            "Of %(n)s things too little is known yet to compare with: at least four days of their past.",
            found.unlearnt,
        ) % {"n": formats.number(found.unlearnt)}
    elif not found.readings:
        limits = gettext("Nothing that it watches was heard in that time.")
    shown = tuple(_episode(room, body, one) for one in found.episodes)
    rest = n - len(shown)
    return Shown(
        finding=finding,
        limits=limits,
        days=_days(room, found),
        episodes=shown,
        left_out=gettext("and %(n)s earlier ones") % {"n": formats.number(rest)} if rest > 0 else "",
    )


def _together(found: automation.Tried) -> str:
    return ngettext(
        "It would have raised %(n)s alarm for all %(all)s things together in the last %(days)s days.",
        "It would have raised %(n)s alarms for all %(all)s things together in the last %(days)s days.",
        found.alarms,
    ) % {
        "n": formats.number(found.alarms),
        "all": formats.number(found.things),
        "days": formats.number((found.end - found.start).days),
    }


def _days(room: Room, found: automation.Tried) -> tuple[Day, ...]:
    zone = ZoneInfo(room.territory.zone)
    first, last = found.start.astimezone(zone).date(), found.end.astimezone(zone).date()
    most = max(found.by_day.values(), default=0)
    whole = [first + timedelta(days=n) for n in range((last - first).days + 1)]
    return tuple(
        Day(day, n, round(n / most, 3) if most else 0.0) for day in whole for n in [found.by_day.get(day, 0)]
    )


def _episode(room: Room, body: Body, one: automation.Past) -> Episode:
    kind, term = body.watched.kind, body.clauses[0].attribute
    lasted = gettext("still so") if one.end is None else live.span((one.end - one.start).total_seconds())
    if isinstance(body.tally, Count) and one.number is not None:
        value = sentences.tally_number(body.tally, one.number)
    elif one.number is not None:
        value = sentences.number(kind, term, one.number)
    else:
        value = sentences.word(kind, term, one.text) if one.text else ""
    return Episode(
        name=name_in(one.names, room.language, room.territory.languages) or live.kind(kind),
        url=reverse("live:thing", args=[room.territory, one.entity_id]) if one.entity_id else "",
        start=one.start,
        lasted=lasted,
        value=value,
    )


def watches(room: Room, view: automation.RuleView) -> str:
    """“120 things and 120 series”, for who may write the rule."""
    found = automation.watched_by(room.actor, room.territory, view.body, view.owner_id)
    told = gettext("%(things)s, %(series)s") % {
        "things": ngettext("%(n)s thing", "%(n)s things", found.things) % {"n": formats.number(found.things)},
        "series": ngettext("%(n)s series", "%(n)s series", found.series)
        % {"n": formats.number(found.series)},
    }
    if not found.unlearnt:
        return told
    said = ngettext(
        "nothing is said yet of %(n)s thing, whose past is too short to compare with",
        "nothing is said yet of %(n)s things, whose past is too short to compare with",
        found.unlearnt,
    )
    return f"{told}; {said % {'n': formats.number(found.unlearnt)}}"
