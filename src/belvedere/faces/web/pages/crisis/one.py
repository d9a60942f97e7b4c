"""A crisis as it runs: its page for a desk, a phone and a wall; its tasks; its situation points."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from belvedere.domains.crisis import public as crises
from belvedere.domains.crisis.public import ORDER, CrisisView, PointView, TaskAct, TaskView
from belvedere.domains.territory.public import organisation
from belvedere.faces.web.pages.crisis import words
from belvedere.faces.web.pages.crisis.forms import PersonForm, PointForm, ReasonForm, TaskForm
from belvedere.faces.web.pages.crisis.rooms import pressed, seen
from belvedere.faces.web.pages.duty.owners import staff
from belvedere.faces.web.pages.plans.rooms import Room, in_cockpit
from belvedere.kernel.errors import N_, BelvedereError, NotFound, Refused

ACTS = N_("Only who has a role in this crisis does that.")
#: Of what is over, the page shows so much.
OVER = 12


@dataclass(frozen=True, slots=True)
class Card:
    """A task as a page shows it."""

    view: TaskView
    state: words.Sign
    phase: words.Sign
    why: str


@dataclass(frozen=True, slots=True)
class Point:
    view: PointView
    parts: tuple[tuple[str, str], ...]


def cards(tasks: tuple[TaskView, ...]) -> list[Card]:
    return [
        Card(one, words.task_state(one.state), words.phase(one.phase), words.own(one.why)) for one in tasks
    ]


def point(view: PointView | None) -> Point | None:
    return Point(view, words.parts(view)) if view is not None else None


def _crisis(request: HttpRequest, room: Room, crisis_id: UUID) -> HttpResponse:
    """`?wall` for a screen that people look at from afar: nothing to press."""
    view = seen(room, crisis_id)
    wall = "wall" in request.GET
    mine = set() if wall else {one.id for one in view.mine}
    still = tuple(one for one in view.tasks if one.is_open)
    over = tuple(one for one in view.tasks if not one.is_open)
    context = {
        "room": room,
        "view": view,
        "wall": wall,
        "finding": words.finding(view),
        "phase": words.phase(view.phase),
        "kind": words.kind(view.kind),
        "owner": organisation(view.owner_id).label,
        "steps": [
            {"label": sign.label, "level": sign.level, "now": one is view.phase}
            for one, sign in ((one, words.phase(one)) for one in ORDER)
        ],
        "my_roles": [one for one in view.roles if one.mine],
        "to_take": [one for one in view.roles if one.mine and one.taken_at is None],
        "mine": cards(view.mine),
        "others": cards(tuple(one for one in still if one.id not in mine)),
        "over": cards(over[:OVER]),
        "more_over": max(0, len(over) - OVER),
        "done": sum(one.state.value == "done" for one in over),
        "total": len(view.tasks),
        "point": point(view.point),
        "here": request.path,
        "at": timezone.localtime(),
    }
    return render(request, "crisis/crisis.html", context)


def _task(request: HttpRequest, room: Room, crisis_id: UUID, task_id: UUID) -> HttpResponse:
    """One task; what is sent changes it: given to somebody, cancelled or opened again with a reason."""
    view = seen(room, crisis_id)
    task = next((one for one in view.tasks if one.id == task_id), None)
    if task is None:
        raise NotFound(N_("This task is not of this crisis."))
    act = request.POST.get("act", "")
    people = staff(view.owner_id) if task.may_work else {}
    giving = PersonForm(
        people,
        request.POST if act == "assign" else None,
        nobody=gettext("who has the role"),
        initial={"person": str(task.given_to or "")},
    )
    reason = ReasonForm(request.POST if act in ("cancel", "reopen") else None)
    if request.method == "POST":
        if not task.may_work:
            raise Refused(N_("This task is of somebody else. Who leads the crisis can give it to you."))
        form = giving if act == "assign" else reason
        if form.is_bound and form.is_valid():
            try:
                _change(room, crisis_id, task_id, act, giving, reason)
            except (Refused, NotFound):
                raise
            except BelvedereError as error:
                form.blame(error)
            else:
                return redirect("crisis:task", room.territory, crisis_id, task_id)
    context = {
        "room": room,
        "view": view,
        "card": cards((task,))[0],
        "giving": giving,
        "reason": reason,
        "here": request.path,
    }
    failed = giving.errors or reason.errors
    return render(request, "crisis/task.html", context, status=422 if failed else 200)


def _change(
    room: Room, crisis_id: UUID, task_id: UUID, act: str, giving: PersonForm, reason: ReasonForm
) -> None:
    if act == "assign":
        crises.assign_task(
            actor=room.actor,
            territory=room.territory,
            crisis_id=crisis_id,
            task_id=task_id,
            person_id=giving.person_id(),
        )
        return
    crises.move_task(
        actor=room.actor,
        territory=room.territory,
        crisis_id=crisis_id,
        task_id=task_id,
        act=TaskAct(act),
        reason=reason.cleaned_data["reason"],
    )


def _move(request: HttpRequest, room: Room, crisis_id: UUID, task_id: UUID) -> HttpResponse:
    """Begun or finished with one press."""
    act = TaskAct.FINISH if request.POST.get("act") == "finish" else TaskAct.BEGIN
    return pressed(
        request,
        room,
        crisis_id,
        gettext("The task is finished.") if act is TaskAct.FINISH else "",
        lambda: crises.move_task(
            actor=room.actor, territory=room.territory, crisis_id=crisis_id, task_id=task_id, act=act
        ),
    )


def _tick(request: HttpRequest, room: Room, crisis_id: UUID, task_id: UUID, position: int) -> HttpResponse:
    """`off` in the form takes the tick back."""
    return pressed(
        request,
        room,
        crisis_id,
        "",
        lambda: crises.tick_check(
            actor=room.actor,
            territory=room.territory,
            crisis_id=crisis_id,
            task_id=task_id,
            position=position,
            ticked="off" not in request.POST,
        ),
    )


def _new_task(request: HttpRequest, room: Room, crisis_id: UUID) -> HttpResponse:
    view = _acting(room, crisis_id)
    given = request.POST if request.method == "POST" else None
    form = TaskForm(view, staff(view.owner_id), room.territory.zone, given)
    if given is not None and form.is_valid():
        try:
            crises.add_task(
                actor=room.actor, territory=room.territory, crisis_id=crisis_id, draft=form.draft()
            )
        except (Refused, NotFound):
            raise
        except BelvedereError as error:
            form.blame(error)
        else:
            messages.success(request, gettext("The task is added."))
            return redirect("crisis:crisis", room.territory, crisis_id)
    context = {"room": room, "view": view, "form": form}
    return render(request, "crisis/new_task.html", context, status=422 if form.errors else 200)


def _points(request: HttpRequest, room: Room, crisis_id: UUID) -> HttpResponse:
    view = seen(room, crisis_id)
    found = [point(one) for one in crises.points(room.actor, room.territory.id, crisis_id)]
    return render(request, "crisis/points.html", {"room": room, "view": view, "points": found})


def _new_point(request: HttpRequest, room: Room, crisis_id: UUID) -> HttpResponse:
    return _write_point(request, room, crisis_id, None)


def _strike_point(request: HttpRequest, room: Room, crisis_id: UUID, number: int) -> HttpResponse:
    found = {one.number: one for one in crises.points(room.actor, room.territory.id, crisis_id)}
    if number not in found:
        raise NotFound(N_("There is no such situation point."))
    return _write_point(request, room, crisis_id, found[number])


def _write_point(request: HttpRequest, room: Room, crisis_id: UUID, old: PointView | None) -> HttpResponse:
    view = _acting(room, crisis_id)
    form = PointForm.of(old, room.territory.zone, request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        common: dict[str, Any] = {"actor": room.actor, "territory": room.territory, "crisis_id": crisis_id}
        try:
            if old is None:
                crises.write_point(**common, draft=form.draft())
            else:
                crises.strike_point(**common, number=old.number, draft=form.draft())
        except (Refused, NotFound):
            raise
        except BelvedereError as error:
            form.blame(error)
        else:
            messages.success(request, gettext("The situation point is written."))
            return redirect("crisis:crisis", room.territory, crisis_id)
    context = {"room": room, "view": view, "form": form, "old": old}
    return render(request, "crisis/point_form.html", context, status=422 if form.errors else 200)


def _acting(room: Room, crisis_id: UUID) -> CrisisView:
    view = seen(room, crisis_id)
    if not view.may_act:
        raise Refused(ACTS)
    return view


crisis = never_cache(require_GET(in_cockpit(_crisis)))
task = never_cache(require_http_methods(["GET", "HEAD", "POST"])(in_cockpit(_task)))
move = require_POST(in_cockpit(_move))
tick = require_POST(in_cockpit(_tick))
new_task = never_cache(require_http_methods(["GET", "HEAD", "POST"])(in_cockpit(_new_task)))
points = never_cache(require_GET(in_cockpit(_points)))
new_point = never_cache(require_http_methods(["GET", "HEAD", "POST"])(in_cockpit(_new_point)))
strike_point = never_cache(require_http_methods(["GET", "HEAD", "POST"])(in_cockpit(_strike_point)))
