"""The programme office: its rounds, and one round with its owners."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext, ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from belvedere.domains.plans.public import plan_reads
from belvedere.domains.reporting.public import (
    close_round,
    open_round,
    outputs,
    policies,
    queries,
    remind,
    reopen_task,
    states,
)
from belvedere.faces.web import formats
from belvedere.faces.web.errors import sentence
from belvedere.faces.web.pages.plans.rooms import Room, in_cockpit
from belvedere.faces.web.pages.reporting import words
from belvedere.faces.web.pages.reporting.forms import RoundForm
from belvedere.kernel.errors import Conflict, InvalidInput, NotFound, Refused

MOST_FINDINGS = 60


def url(room: Room, name: str, **kwargs: Any) -> str:
    """The address called `name` of reporting in this territory."""
    return reverse(f"reporting:{name}", kwargs={"territory": room.territory, **kwargs})


def _plans_to_ask(room: Room) -> list[plan_reads.PlanChoice]:
    """The plans whose rounds the actor runs."""
    return [
        plan
        for plan in plan_reads.plan_choices(room.actor, room.territory.id)
        if policies.may(room.actor, "run", policies.Thing(room.territory.id, plan.owner_id)) is None
    ]


def _rounds(request: HttpRequest, room: Room) -> HttpResponse:
    heads = queries.rounds_of(room.actor, room.territory.id)
    rows = [
        {
            "head": head,
            "url": url(room, "round", round_id=head.id) if head.may_view else "",
            "mine": [url(room, "checklist", task_id=task_id) for task_id in head.mine],
        }
        for head in heads
    ]
    context = {
        "room": room,
        "rows": rows,
        "finding": _rounds_finding(heads),
        "new_url": url(room, "new") if _plans_to_ask(room) else "",
    }
    return render(request, "reporting/rounds.html", context)


def _rounds_finding(heads: list[queries.RoundHead]) -> str:
    open_ones = [head for head in heads if head.state is states.RoundState.OPEN]
    if not open_ones:
        return gettext("No reporting round is open")
    head = min(open_ones, key=lambda one: one.due)
    left = head.owners - head.handed_in
    if not left:
        return gettext("“%(name)s”: every owner has handed in") % {"name": head.name}
    said = ngettext(
        "“%(name)s”: %(n)s owner has still to hand in, due on %(due)s",
        "“%(name)s”: %(n)s owners have still to hand in, due on %(due)s",
        left,
    )
    return said % {"name": head.name, "n": formats.number(left), "due": formats.day(head.due, "short")}


def _new(request: HttpRequest, room: Room) -> HttpResponse:
    plans = _plans_to_ask(room)
    if not plans:
        raise Refused(policies.RULES["run"][1], code="may_not_run")
    form = RoundForm(plans, request.POST) if request.method == "POST" else RoundForm(plans)
    if request.method == "POST" and form.is_valid():
        try:
            round_id = open_round(actor=room.actor, territory_id=room.territory.id, draft=form.draft())
        except (InvalidInput, Conflict, NotFound) as error:
            form.blame(error)
        else:
            messages.success(request, gettext("The round is open; each owner is written to."))
            return redirect(url(room, "round", round_id=round_id))
    context = {"room": room, "form": form, "rounds_url": url(room, "rounds")}
    return render(request, "reporting/new.html", context, status=422 if form.errors else 200)


def _round(request: HttpRequest, room: Room, round_id: UUID, error: str = "") -> HttpResponse:
    view = queries.round_view(room.actor, round_id, territory_id=room.territory.id)
    head = view.head
    is_open = head.state is states.RoundState.OPEN
    context = {
        "room": room,
        "view": view,
        "head": head,
        "is_open": is_open,
        "runs": head.may_run and is_open,
        "finding": _round_finding(view),
        "error": error,
        "reason": request.POST.get("reason", ""),
        "rounds_url": url(room, "rounds"),
        "remind_url": url(room, "remind", round_id=round_id),
        "close_url": url(room, "close", round_id=round_id),
        "waiting": sum(task.state is states.TaskState.WAITING for task in view.tasks),
        "left": sum(task.lines - task.answered for task in view.tasks),
        "tasks": [
            {
                "row": task,
                "name": words.in_language(task.names),
                "url": url(room, "checklist", task_id=task.id),
            }
            for task in view.tasks
        ],
        "found": [_found(room, *one) for one in view.findings[:MOST_FINDINGS]],
        "more_found": max(0, len(view.findings) - MOST_FINDINGS),
        "count_found": sum(len(one[2]) for one in view.findings),
        "tables": [
            {
                "label": gettext(label),
                "about": gettext(about),
                "url": url(room, "table", round_id=round_id, key=key),
                "xlsx": url(room, "table_xlsx", round_id=round_id, key=key),
                "pdf": url(room, "table_pdf", round_id=round_id, key=key),
            }
            for key, (label, about) in words.TABLES.items()
            if key in outputs.TABLES
        ],
    }
    return render(request, "reporting/round.html", context, status=409 if error else 200)


def _found(room: Room, task: queries.TaskRow, measure: Any, found: Any) -> dict[str, Any]:
    return {
        "title": words.in_language(measure.title),
        "code": next((one.code for one in measure.listings if one.code), ""),
        "owner": words.in_language(task.names),
        "url": f"{url(room, 'checklist', task_id=task.id)}#m-{measure.id}",
        "said": [(words.finding(one), words.level(one)) for one in found],
    }


def _round_finding(view: queries.RoundView) -> str:
    head = view.head
    if head.state is states.RoundState.CLOSED:
        text = gettext("“%(name)s” is closed: %(in)s of %(all)s owners handed in")
    else:
        late = sum(task.late for task in view.tasks)
        text = gettext("%(in)s of %(all)s owners handed in")
        if late:
            text = ngettext(
                "%(in)s of %(all)s owners handed in, %(late)s is late",
                "%(in)s of %(all)s owners handed in, %(late)s are late",
                late,
            )
        return text % {"in": head.handed_in, "all": head.owners, "late": late}
    return text % {"name": head.name, "in": head.handed_in, "all": head.owners}


def _remind(request: HttpRequest, room: Room, round_id: UUID) -> HttpResponse:
    chosen = [UUID(one) for one in request.POST.getlist("task") if _is_id(one)]
    try:
        count = remind(actor=room.actor, round_id=round_id, task_ids=chosen or None)
    except Conflict as error:
        messages.error(request, sentence(error))
    else:
        if count:
            said = ngettext("%(n)s owner was reminded.", "%(n)s owners were reminded.", count)
            messages.success(request, said % {"n": count})
        else:
            messages.info(
                request, gettext("Nobody was reminded: who is waited for was already written to today.")
            )
    return redirect(url(room, "round", round_id=round_id))


def _is_id(text: str) -> bool:
    try:
        UUID(text)
    except ValueError:
        return False
    return True


def _close(request: HttpRequest, room: Room, round_id: UUID) -> HttpResponse:
    try:
        close_round(
            actor=room.actor,
            round_id=round_id,
            with_gaps="with_gaps" in request.POST,
            reason=request.POST.get("reason", ""),
        )
    except (Conflict, InvalidInput) as error:
        return _round(request, room, round_id, sentence(error))
    messages.success(request, gettext("The round is closed and frozen. Its tables are ready."))
    return redirect(url(room, "round", round_id=round_id))


def _reopen(request: HttpRequest, room: Room, task_id: UUID) -> HttpResponse:
    try:
        reopen_task(actor=room.actor, task_id=task_id, reason=request.POST.get("reason", ""))
    except (Conflict, InvalidInput) as error:
        messages.error(request, sentence(error))
    else:
        messages.success(request, gettext("The checklist is open again; the owner is written to."))
    return redirect(url(room, "checklist", task_id=task_id))


rounds = require_safe(in_cockpit(_rounds))
new = require_http_methods(["GET", "HEAD", "POST"])(in_cockpit(_new))
round_page = require_safe(in_cockpit(_round))
remind_owners = require_POST(in_cockpit(_remind))
close = require_POST(in_cockpit(_close))
reopen = require_POST(in_cockpit(_reopen))

__all__ = ["close", "new", "remind_owners", "reopen", "round_page", "rounds", "url"]
