"""Rosters, who is on duty, how alarms climb, who was told of one."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from belvedere.domains.automation import public as automation
from belvedere.domains.duty import public as duty
from belvedere.domains.duty.public import RosterView
from belvedere.domains.reach import public as reach
from belvedere.domains.territory.public import organisations_by_id
from belvedere.faces.web.pages.duty import calendars, plan_words, words
from belvedere.faces.web.pages.duty.forms import WEEKS, RosterForm, StandInForm, sent, typed, version_in
from belvedere.faces.web.pages.duty.owners import owners_for, require_writing, staff
from belvedere.faces.web.pages.duty.shift_forms import (
    MOST_SHIFTS,
    ShiftForm,
    shifts_in,
    shifts_of,
    shifts_reshaped,
)
from belvedere.faces.web.pages.plans.rooms import Room, in_cockpit
from belvedere.kernel.clock import now, today
from belvedere.kernel.errors import BelvedereError, Refused

FIELDS = (404, 403)


def _board(request: HttpRequest, room: Room) -> HttpResponse:
    """Who is on duty now, my turns, how alarms climb."""
    found = duty.rosters(room.actor, room.territory.id)
    me = room.actor.person_id
    mine = [(view, turn) for view in found for turn in view.turns if turn.who == me]
    climbing = duty.plans(room.actor, room.territory.id)
    names = organisations_by_id({one.owner_id for one in found} | {one.owner_id for one in climbing})
    told = plan_words.names_in(room, [one.body for one in climbing])
    context = {
        "room": room,
        "finding": words.finding(found),
        "rows": [
            {
                "view": one,
                "owner": names[one.owner_id].label,
                "who": words.who(one, one.now.who),
                "next": next((words.who(one, turn.who) for turn in one.turns[1:2]), ""),
            }
            for one in found
        ],
        "mine": mine,
        "may_write": bool(owners_for(room)),
        "may_gateways": reach.may_see(room.actor, room.territory.id) is None,
        "plans": [
            {
                "view": one,
                "owner": names[one.owner_id].label,
                "said": plan_words.said(one.severities, one.kinds, one.body, told),
                "may_write": duty.may_write(room.actor, room.territory.id, one.owner_id) is None,
            }
            for one in climbing
        ],
        "climbs": plan_words.by_default(),
        "feed": _feed(room, None),
    }
    return render(request, "duty/board.html", context)


def _new(request: HttpRequest, room: Room, owner_id: UUID) -> HttpResponse:
    require_writing(room, owner_id)
    start = {"first": today(room.territory.zone).isoformat(), "turns": WEEKS, "weekday": 1, "hour": "08:00"}
    return _edit(request, room, owner_id, None, start)


def _change(request: HttpRequest, room: Room, roster_id: UUID) -> HttpResponse:
    view = duty.roster(room.actor, room.territory.id, roster_id)
    require_writing(room, view.owner_id)
    return _edit(request, room, view.owner_id, view, typed(view.name, view.body))


def _edit(
    request: HttpRequest, room: Room, owner_id: UUID, view: RosterView | None, start: dict[str, Any]
) -> HttpResponse:
    names, begun = staff(owner_id), view.body.shifts if view else ()
    form = RosterForm(names, request.POST if request.method == "POST" else None, initial=start)
    reshapes = bool({"more", "drop"} & set(request.POST))
    if reshapes:
        form, shifts = RosterForm(names, initial=sent(form)), shifts_reshaped(names, request.POST)
    elif request.method == "POST":
        shifts = shifts_in(names, request.POST)
    else:
        shifts = shifts_of(names, begun)
    if request.method == "POST" and not reshapes and _holds(form, shifts):
        try:
            made = duty.save_roster(
                actor=room.actor,
                territory=room.territory,
                owner_id=owner_id,
                name=form.cleaned_data["name"],
                body=form.body([one.body() for one in shifts] if form.by_shifts else []),
                roster_id=view.id if view else None,
                expected=version_in(request.POST),
            )
        except BelvedereError as error:
            if error.status in FIELDS:
                raise
            form.show(error)
        else:
            messages.success(request, gettext("The roster is saved."))
            return redirect("duty:roster", room.territory, made)
    # After a conflict too, the version that stands now: whoever saves again means to replace it.
    context = {
        "room": room,
        "view": view,
        "form": form,
        "shifts": shifts,
        "may_grow": len(shifts) < MOST_SHIFTS,
        "may_shrink": len(shifts) > 1,
        "version": view.version if view else "",
    }
    is_wrong = form.errors or any(one.errors for one in shifts)
    return render(request, "duty/edit.html", context, status=422 if is_wrong else 200)


def _holds(form: RosterForm, shifts: Sequence[ShiftForm]) -> bool:
    """Whether what counts of the form can be taken. Shifts are judged only where turns go by them."""
    if not form.is_valid():
        return False
    # Each is asked, so that every mistake is shown at once.
    judged = [one.is_valid() for one in shifts] if form.by_shifts else []
    return all(judged)


def _roster(request: HttpRequest, room: Room, roster_id: UUID) -> HttpResponse:
    return _page(request, room, duty.roster(room.actor, room.territory.id, roster_id))


def _page(
    request: HttpRequest, room: Room, view: RosterView, form: StandInForm | None = None
) -> HttpResponse:
    members, whose = view.body.everybody(), calendars.whose(room, view)
    may_stand_in = duty.may_stand_in(room.actor, room.territory.id, view.owner_id, members) is None
    begin = now().astimezone(ZoneInfo(room.territory.zone)).strftime("%Y-%m-%dT%H:%M")
    until = view.now.until.astimezone(ZoneInfo(room.territory.zone)).strftime("%Y-%m-%dT%H:%M")
    start = {"person": room.actor.person_id, "since": begin, "until": until}
    context = {
        "room": room,
        "view": view,
        "finding": words.on_duty(view),
        "turns": [
            (turn, words.who(view, turn.who), turn.instead_of and words.who(view, turn.instead_of))
            for turn in view.turns
        ],
        "stand_ins": [
            (
                one,
                view.people.get(one.person_id, ""),
                view.people.get(one.instead_of, "") if one.instead_of else "",
            )
            for one in view.stand_ins
        ],
        "may_write": duty.may_write(room.actor, room.territory.id, view.owner_id) is None,
        "may_stand_in": may_stand_in,
        "feed": _feed(room, view.id),
        "gaps": [
            (one, view.people.get(one.person_id, ""))
            for one in duty.gaps_of(room.actor, room.territory.id, view.id)
        ],
        "absences": calendars.AbsencesForm(whose) if whose else None,
        "whose": whose,
        "form": form or StandInForm(staff(view.owner_id), _members(view), room.territory.zone, initial=start),
    }
    return render(request, "duty/roster.html", context, status=422 if form else 200)


def _feed(room: Room, roster_id: UUID | None) -> dict[str, Any] | None:
    """The reader's private address of a roster, or of their own turns."""
    found = [one for one in duty.my_feeds(room.actor, room.territory.id) if one.roster_id == roster_id]
    return {"view": found[0], "address": calendars.address(found[0].token)} if found else None


def _members(view: RosterView) -> dict[UUID, str]:
    """Who is on the roster, by name."""
    members = {key: view.people[key] for key in view.body.everybody() if key in view.people}
    return dict(sorted(members.items(), key=lambda pair: pair[1].casefold()))


def _stand_in(request: HttpRequest, room: Room, roster_id: UUID) -> HttpResponse:
    view = duty.roster(room.actor, room.territory.id, roster_id)
    form = StandInForm(staff(view.owner_id), _members(view), room.territory.zone, request.POST)
    reason = duty.may_stand_in(room.actor, room.territory.id, view.owner_id, view.body.everybody())
    if reason is not None:
        raise Refused(reason)
    if not form.is_valid():
        return _page(request, room, view, form)
    try:
        duty.add_stand_in(
            actor=room.actor,
            territory=room.territory,
            roster_id=roster_id,
            **form.given(),
        )
    except BelvedereError as error:
        if error.status in FIELDS:
            raise
        form.show(error)
        return _page(request, room, view, form)
    messages.success(request, gettext("The stand-in is entered."))
    return redirect("duty:roster", room.territory, roster_id)


def _end_stand_in(request: HttpRequest, room: Room, roster_id: UUID, number: int) -> HttpResponse:
    duty.end_stand_in(actor=room.actor, territory=room.territory, roster_id=roster_id, stand_in_id=number)
    messages.success(request, gettext("The stand-in is taken back."))
    return redirect("duty:roster", room.territory, roster_id)


def _remove(request: HttpRequest, room: Room, roster_id: UUID) -> HttpResponse:
    duty.remove_roster(actor=room.actor, territory=room.territory, roster_id=roster_id)
    messages.success(request, gettext("The roster is removed."))
    return redirect("duty:board", room.territory)


def _told(request: HttpRequest, room: Room, alarm_id: int) -> HttpResponse:
    """Who was told of an alarm, and what comes next."""
    alarm = automation.alarm(room.actor, alarm_id).alarm
    climb = duty.told_of(room.actor, alarm_id)
    context = {
        "room": room,
        "alarm": alarm,
        "calls": [(one, words.call(one)) for one in climb.calls] if climb else [],
        "comes": words.comes(climb),
        "next_at": climb.next_at if climb else None,
    }
    return render(request, "duty/told.html", context)


board = never_cache(require_GET(in_cockpit(_board)))
new = never_cache(require_http_methods(["GET", "POST"])(in_cockpit(_new)))
change = never_cache(require_http_methods(["GET", "POST"])(in_cockpit(_change)))
roster = never_cache(require_GET(in_cockpit(_roster)))
told = never_cache(require_GET(in_cockpit(_told)))
stand_in = require_POST(in_cockpit(_stand_in))
end_stand_in = require_POST(in_cockpit(_end_stand_in))
remove = require_POST(in_cockpit(_remove))
