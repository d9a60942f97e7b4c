"""Comments on the page of a measure, and following it."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from belvedere.domains.collaboration.public import (
    edit_comment,
    follow_measure,
    follows,
    mentionable,
    remove_comment,
    talk,
    write_comment,
)
from belvedere.duties.notifications.public import read_group
from belvedere.faces.web.errors import sentence
from belvedere.faces.web.pages.plans.rooms import Room, in_cockpit
from belvedere.kernel.errors import InvalidInput


def talk_context(room: Room, measure_id: UUID, **typed: Any) -> dict[str, Any]:
    """What the section of comments shows. `typed`: `error`, `text` and `answers` of what was refused."""
    return {"room": room, "talk": talk(room.actor, measure_id), "measure_id": measure_id, **typed}


def _section(request: HttpRequest, room: Room, measure_id: UUID, **typed: Any) -> HttpResponse:
    context = talk_context(room, measure_id, **typed)
    status = 422 if typed else 200
    if request.headers.get("HX-Request"):
        return render(request, "collaboration/talk.html", context, status=status)
    if not typed:
        return redirect(f"{room.measure_url(measure_id)}#comments")
    return render(request, "collaboration/talk_page.html", context, status=status)


def _uuid(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None


def _comments(request: HttpRequest, room: Room, measure_id: UUID) -> HttpResponse:
    if request.method == "GET":
        return render(request, "collaboration/talk_page.html", talk_context(room, measure_id))
    text, answers = request.POST.get("text", ""), _uuid(request.POST.get("answers", ""))
    try:
        write_comment(actor=room.actor, measure_id=measure_id, text=text, answers=answers)
    except InvalidInput as error:
        return _section(request, room, measure_id, error=sentence(error), text=text, answers=answers)
    return _section(request, room, measure_id)


def _change(request: HttpRequest, room: Room, comment_id: UUID) -> HttpResponse:
    """POST `text` changes a comment, `remove` takes it away."""
    measure_id = _uuid(request.POST.get("measure", "")) or comment_id
    text = request.POST.get("text", "")
    try:
        if "remove" in request.POST:
            remove_comment(actor=room.actor, comment_id=comment_id)
        else:
            edit_comment(actor=room.actor, comment_id=comment_id, text=text)
    except InvalidInput as error:
        return _section(request, room, measure_id, error=sentence(error), text=text, edited=comment_id)
    return _section(request, room, measure_id)


def _people(request: HttpRequest, room: Room, measure_id: UUID) -> HttpResponse:
    context = {"people": mentionable(room.actor, measure_id)}
    return render(request, "collaboration/people.html", context)


def _follow(request: HttpRequest, room: Room, measure_id: UUID) -> HttpResponse:
    follow_measure(actor=room.actor, measure_id=measure_id, active=request.POST.get("active") == "1")
    if request.headers.get("HX-Request"):
        return render(request, "collaboration/star.html", star_context(room, measure_id))
    return redirect(room.measure_url(measure_id))


def star_context(room: Room, measure_id: UUID) -> dict[str, Any]:
    """What the button that follows a measure shows."""
    return {"room": room, "measure_id": measure_id, "follows": follows(room.actor, measure_id)}


def looked_at(room: Room, measure_id: UUID) -> None:
    """The person sees the measure: what they were told of it is read."""
    if room.actor.person_id is not None:
        read_group(room.actor.person_id, str(measure_id))


comments = never_cache(require_http_methods(["GET", "POST"])(in_cockpit(_comments)))
change = require_POST(in_cockpit(_change))
people = never_cache(require_GET(in_cockpit(_people)))
follow = require_POST(in_cockpit(_follow))
