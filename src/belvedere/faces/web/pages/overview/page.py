"""The first page of a territory's cockpit: what to decide, what changed, the money, where it happens."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext, ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from belvedere.domains.access.public import note_visit
from belvedere.domains.plans.public import glance
from belvedere.domains.territory.public import TerritoryView, owners_among
from belvedere.faces.web import formats
from belvedere.faces.web.pages.overview import asked, deciding, drawing, money, news
from belvedere.faces.web.pages.plans.rooms import Room, in_cockpit
from belvedere.kernel.clock import now, today


def _overview(request: HttpRequest, room: Room) -> HttpResponse:
    day = today(room.territory.zone)
    before = note_visit(actor=room.actor, territory_id=room.territory.id)
    question = asked.asked_of(request.GET, moment=now(), day=day, before=before)
    standings = glance.standings(room.actor, room.territory.id, day)
    context: dict[str, Any] = {
        "room": room,
        "day": day,
        "asked": question,
        "standings": standings,
        "empty": not standings.total,
    }
    if standings.total:
        context |= _decisions(room, question)
        context |= _news(room, question)
        context |= _maps(room, standings)
        context["purse"] = money.purse(room, day.year)
    return render(request, "overview/page.html", context)


def _decisions(room: Room, question: asked.Asked) -> dict[str, Any]:
    day = today(room.territory.zone)
    mine = owners_among(room.territory.id, [one for one in room.actor.roles if one in room.actor.sees])
    owners = mine if mine and question.mine else None
    found = glance.to_decide(
        room.actor,
        room.territory.id,
        day=day,
        until=question.until,
        language=room.language,
        shown=deciding.SHOWN,
        shown_late=deciding.SHOWN_LATE,
        owners=owners,
    )
    lines = deciding.lines(room, found, day)
    rest = found.coming - len(found.due)
    risks, stake = glance.endangered(
        room.actor, room.territory.id, language=room.language, shown=3, owners=owners
    )
    return {
        "finding": deciding.finding(found, len(lines) - len(found.due), question.until),
        "lines": lines,
        "late": deciding.late(room, found, day),
        "late_title": ngettext("%(n)s overdue", "%(n)s overdue", found.overdue)
        % {"n": formats.number(found.overdue)},
        "rest": ngettext("%(n)s more decision by then", "%(n)s more decisions by then", rest)
        % {"n": formats.number(rest)}
        if rest > 0
        else "",
        "schedule_url": room.url("measures") + "?sort=start",
        "risks": deciding.risks(room, risks),
        "risk_title": ngettext(
            "%(n)s measure misses a deadline of aid as things stand",
            "%(n)s measures miss a deadline of aid as things stand",
            stake.measures,
        )
        % {"n": formats.number(stake.measures)},
        "risk_stake": deciding.sums(stake),
        "risk_url": f"{room.measures_url}?flag=deadline_risk",
        "has_own": bool(mine),
        "year_url": question.query(by="year"),
        "months_url": question.query(by="months"),
        "all_url": question.query(mine=False),
        "mine_url": question.query(mine=True),
        "until": formats.day(question.until, "long"),
    }


def _news(room: Room, question: asked.Asked) -> dict[str, Any]:
    told = news.news(room, question.since)
    if question.days:
        title = ngettext("Changed in %(n)s day", "Changed in %(n)s days", question.days) % {
            "n": question.days
        }
    elif question.before is not None:
        title = gettext("Since your visit of %(day)s") % {"day": formats.day(question.before, "long")}
    else:
        title = gettext("Changed in the last month")
    choices = [(0, gettext("Last visit"))] if question.before is not None else []
    choices += [(days, ngettext("%(n)s day", "%(n)s days", days) % {"n": days}) for days in asked.DAYS]
    return {
        "news": told,
        "news_title": title,
        "news_choices": [
            {"label": label, "url": question.query(days=days), "current": days == question.days}
            for days, label in choices
        ],
        "journal_url": news.journal_url(room),
    }


def _maps(room: Room, standings: glance.Standings) -> dict[str, Any]:
    drawn = drawing.maps(room, standings)
    title = ngettext("Where the %(n)s measure stands", "Where the %(n)s measures stand", standings.total)
    done = ngettext("%(n)s measure is done.", "%(n)s measures are done.", standings.done)
    return {
        "frame": drawing.frame(room.territory, room.language),
        "maps": drawn,
        "map_title": title % {"n": formats.number(standings.total)},
        "map_rows": drawing.table(drawn),
        "done": done % {"n": formats.number(standings.done)} if standings.done else "",
        "steps": ("0", "1–2", "3–5", "6–9", "10+"),
    }


overview = never_cache(require_safe(in_cockpit(_overview)))


@require_safe
def moved(request: HttpRequest, territory: TerritoryView) -> HttpResponse:
    """The address of before: the page stands at the first address of the territory."""
    return redirect("cockpit:territory", territory=territory, permanent=True)
