"""An owner's checklist: for who is signed in, and for who opens the link of a message on a phone.

Both see the same pages. By the link nobody is signed in: the actor is made for this request, with the rights
on this owner alone, and every other page still asks for a password.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import wraps
from typing import Any
from uuid import UUID

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext, ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from belvedere.domains.access.public import Actor
from belvedere.domains.plans.errors import ChangedMeanwhile
from belvedere.domains.plans.public import states as plan_states
from belvedere.domains.reporting.errors import LinkIsOver, NoSuchRound
from belvedere.domains.reporting.public import (
    confirm_lines,
    correct_line,
    frozen,
    hand_in_task,
    links,
    queries,
    states,
)
from belvedere.domains.territory.public import TerritoryView
from belvedere.faces.web import formats
from belvedere.faces.web.errors import sentence
from belvedere.faces.web.pages.plans import words as plan_words
from belvedere.faces.web.pages.plans.rooms import Room, in_cockpit
from belvedere.faces.web.pages.reporting import words
from belvedere.faces.web.pages.reporting.forms import CorrectionForm
from belvedere.kernel.errors import N_, Conflict, InvalidInput, NotFound, Refused

NOT_HERE = N_("This line is not part of the checklist. Open the checklist again.")


@dataclass(frozen=True, slots=True)
class Desk:
    """Who answers which checklist, and how its addresses are made. `token` is "" for who is signed in."""

    territory: TerritoryView
    actor: Actor
    task_id: UUID
    token: str = ""

    @property
    def base(self) -> str:
        """The template that frames the page."""
        return "portal.html" if self.token else "cockpit.html"

    def url(self, name: str, **kwargs: Any) -> str:
        """The address of "checklist", "confirm", "correct" or "hand_in" at this desk."""
        if self.token:
            name = "answer" if name == "checklist" else f"answer_{name}"
            kwargs["token"] = self.token
        else:
            kwargs["task_id"] = self.task_id
        return reverse(f"reporting:{name}", kwargs={"territory": self.territory, **kwargs})

    def measure_url(self, measure_id: UUID) -> str:
        """The measure's own page, for who may go there."""
        if self.token:
            return ""
        return reverse("plans:measure", kwargs={"territory": self.territory, "measure_id": measure_id})

    def view(self) -> queries.TaskView:
        return queries.task_view(self.actor, self.task_id, territory_id=self.territory.id)


DeskView = Callable[..., HttpResponse]


def _by_session(view: DeskView) -> Any:
    def page(request: HttpRequest, room: Room, /, task_id: UUID, **more: Any) -> HttpResponse:
        return view(request, Desk(room.territory, room.actor, task_id), **more)

    return never_cache(in_cockpit(page))


def _by_link(view: DeskView) -> Any:
    @never_cache
    @wraps(view)
    def page(request: HttpRequest, territory: TerritoryView, token: str, **more: Any) -> HttpResponse:
        try:
            actor, task_id = links.open_link(token, request_id=getattr(request, "request_id", ""))
            _read_in(request, actor.language)
            return view(request, Desk(territory, actor, task_id, token), **more)
        except LinkIsOver as error:
            # Asking for a password would be no answer to a link that is over.
            context = {"title": gettext("This link is over"), "message": sentence(error), "status": 403}
            return render(request, "errors/page.html", context, status=403)

    return page


def _read_in(request: HttpRequest, language: str) -> None:
    """The person's own language, unless they chose another in this browser."""
    if settings.LANGUAGE_COOKIE_NAME not in request.COOKIES and language in dict(settings.LANGUAGES):
        translation.activate(language)
        request.LANGUAGE_CODE = language


def _checklist(request: HttpRequest, desk: Desk, error: str = "") -> HttpResponse:
    view = desk.view()
    waiting = view.state is states.TaskState.WAITING
    context = {
        "desk": desk,
        "base": desk.base,
        "view": view,
        "owner": words.in_language(view.names),
        "finding": _finding(view),
        "lines": [_line(desk, line, view) for line in view.lines],
        "answered": len(view.lines) - view.left,
        "confirm_url": desk.url("confirm"),
        "hand_in_url": desk.url("hand_in"),
        "handed_in": not waiting,
        "is_over": view.round.state == states.RoundState.CLOSED,
        "error": error,
        "note": request.POST.get("note", view.note),
        "reopen_url": ""
        if desk.token or waiting or not view.may_run
        else reverse("reporting:reopen", kwargs={"territory": desk.territory, "task_id": desk.task_id}),
        "round_url": ""
        if desk.token or not view.may_run
        else reverse("reporting:round", kwargs={"territory": desk.territory, "round_id": view.round.pk}),
        "rounds_url": "" if desk.token else reverse("reporting:rounds", kwargs={"territory": desk.territory}),
    }
    return render(request, "reporting/checklist.html", context, status=422 if error else 200)


def _finding(view: queries.TaskView) -> str:
    if view.state is states.TaskState.HANDED_IN:
        return gettext("Thank you: everything is handed in")
    if not view.left:
        return gettext("Everything is answered: hand it in")
    said = ngettext("%(n)s measure to confirm", "%(n)s measures to confirm", view.left)
    return said % {"n": formats.number(view.left)}


def _line(desk: Desk, line: queries.LineView, view: queries.TaskView) -> dict[str, Any]:
    label, level = words.line_state(line.state)
    measure = line.measure
    return {
        "line": line,
        "title": words.in_language(measure.title),
        "code": next((one.code for one in measure.listings if one.code), ""),
        "label": label,
        "level": level,
        "facts": _facts(line, view.round.questions),
        "findings": [(words.finding(one), words.level(one)) for one in line.findings],
        "correct_url": desk.url("correct", line_id=line.id)
        if view.may_answer and (line.may_edit or line.may_edit_money)
        else "",
        "waits": line.state is states.LineState.TO_CONFIRM,
        "measure_url": desk.measure_url(measure.id),
    }


def _facts(line: queries.LineView, questions: list[str]) -> list[dict[str, str]]:
    """What is asked, as it stands now, with what it was at the opening where that differs."""
    now, before = said(line.now), said(line.opened)
    changed = {one.value for one in line.changed}
    return [
        {
            "label": words.question(states.Question(one)),
            "now": now[one] or "—",
            "before": (before[one] or "—") if one in changed else "",
        }
        for one in questions
    ]


def said(asked: frozen.Asked) -> dict[str, str]:
    """What an owner confirms, by question, as texts."""
    works = [formats.day(one, "short") for one in (asked.works_start, asked.works_end) if one]
    implementation = plan_states.Implementation(asked.implementation)
    return {
        "implementation": plan_words.implementation(implementation).label,
        "phase": plan_words.phase(asked.phase_scheme, asked.phase) if asked.phase else "",
        "dates": " – ".join(works),
        "cost": formats.money(asked.cost.money, form="full") if asked.cost else "",
        "paid": formats.money(asked.paid.money, form="full") if asked.paid else "",
    }


def _confirm(request: HttpRequest, desk: Desk) -> HttpResponse:
    """One line, or all that wait; then on to the next one that waits."""
    chosen = request.POST.get("line", "")
    try:
        wanted = [UUID(chosen)] if chosen else None
        confirm_lines(actor=desk.actor, task_id=desk.task_id, line_ids=wanted)
    except (Conflict, InvalidInput) as error:
        return _checklist(request, desk, sentence(error))
    except ValueError:
        raise NoSuchRound(NOT_HERE) from None
    return redirect(desk.url("checklist") + _next_anchor(desk, chosen))


def _next_anchor(desk: Desk, after: str) -> str:
    lines = desk.view().lines
    at = next((number for number, line in enumerate(lines) if str(line.id) == after), -1)
    ahead = [*lines[at + 1 :], *lines[: at + 1]]
    waits = next((line for line in ahead if line.state is states.LineState.TO_CONFIRM), None)
    return f"#m-{waits.measure.id}" if waits else "#hand-in"


def _correct(request: HttpRequest, desk: Desk, line_id: UUID) -> HttpResponse:
    view = desk.view()
    line = next((one for one in view.lines if one.id == line_id), None)
    if line is None:
        raise NoSuchRound(NOT_HERE)
    if not view.may_answer:
        return redirect(f"{desk.url('checklist')}#m-{line.measure.id}")
    bound = (request.POST,) if request.method == "POST" else ()
    form = CorrectionForm(line, view.round.questions, *bound)
    if bound and form.is_valid():
        try:
            correct_line(
                actor=desk.actor,
                line_id=line_id,
                version=form.cleaned_data["version"],
                correction=form.correction(),
                note=form.cleaned_data["note"],
            )
        except ChangedMeanwhile as error:
            form.data = {**request.POST.dict(), "version": str(line.version)}
            form.blame(error)
        except (InvalidInput, Conflict, Refused, NotFound) as error:
            form.blame(error)
        else:
            messages.success(request, gettext("Corrected: the measure itself is changed."))
            return redirect(desk.url("checklist") + _next_anchor(desk, str(line_id)))
    context = {
        "desk": desk,
        "base": desk.base,
        "form": form,
        "title": words.in_language(line.measure.title),
        "owner": words.in_language(view.names),
        "facts": _facts(line, view.round.questions),
        "back_url": f"{desk.url('checklist')}#m-{line.measure.id}",
        "checklist_url": desk.url("checklist"),
        "measure_url": desk.measure_url(line.measure.id),
    }
    return render(request, "reporting/correct.html", context, status=422 if form.errors else 200)


def _hand_in(request: HttpRequest, desk: Desk) -> HttpResponse:
    try:
        hand_in_task(actor=desk.actor, task_id=desk.task_id, note=request.POST.get("note", ""))
    except Conflict as error:
        return _checklist(request, desk, sentence(error))
    messages.success(request, gettext("Handed in. Thank you."))
    return redirect(desk.url("checklist"))


checklist = require_safe(_by_session(_checklist))
confirm = require_POST(_by_session(_confirm))
correct = require_http_methods(["GET", "HEAD", "POST"])(_by_session(_correct))
hand_in = require_POST(_by_session(_hand_in))
answer = require_safe(_by_link(_checklist))
answer_confirm = require_POST(_by_link(_confirm))
answer_correct = require_http_methods(["GET", "HEAD", "POST"])(_by_link(_correct))
answer_hand_in = require_POST(_by_link(_hand_in))

__all__ = [
    "answer",
    "answer_confirm",
    "answer_correct",
    "answer_hand_in",
    "checklist",
    "confirm",
    "correct",
    "hand_in",
]
