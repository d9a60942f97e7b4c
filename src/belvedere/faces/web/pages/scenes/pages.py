"""Scenes: their list, one with what it asked and what was answered, and the form that writes it."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext, ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from belvedere.domains.access.public import names_of
from belvedere.domains.commands import public as commands
from belvedere.domains.commands.public import State
from belvedere.domains.equipment import public as equipment
from belvedere.domains.scenes import public as scenes
from belvedere.domains.scenes.errors import NoSuchScene
from belvedere.domains.scenes.public import OverrideView, SceneBody, SceneDraft, SceneView
from belvedere.domains.territory.public import organisations, organisations_by_id
from belvedere.faces.web import formats
from belvedere.faces.web.errors import sentence
from belvedere.faces.web.pages.commands import words as commands_words
from belvedere.faces.web.pages.commands.pages import Line, lines
from belvedere.faces.web.pages.plans.rooms import Room, in_cockpit
from belvedere.faces.web.pages.scenes import words
from belvedere.faces.web.pages.scenes.forms import HandForm, OverrideForm, SceneForm, typed_scene
from belvedere.kernel.clock import now, today
from belvedere.kernel.errors import N_, BelvedereError, NotFound, Refused
from belvedere.kernel.paging import Window

FAILED = (State.FAILED.value, State.EXPIRED.value)
SHOWN = 24
THROUGH = (403, 404)
NO_PRESET = N_("There is no such beginning for a scene.")


def owners(room: Room) -> dict[UUID, str]:
    """The organisations that the actor may write scenes for."""
    here = room.territory.id
    return {
        one.id: one.label
        for one in organisations(here, active_only=True)
        if scenes.may(room.actor, "write", here, one.id) is None
    }


def _list(request: HttpRequest, room: Room) -> HttpResponse:
    found = scenes.scenes(room.actor, room.territory)
    names = organisations_by_id({one.owner_id for one in found})
    rows = [
        {
            "view": one,
            "owner": names[one.owner_id].label,
            "kind": commands_words.kind(one.body.command),
            "state": words.state(one),
            "next": words.steps(one.body.command, [one.next], room.territory.zone)
            if one.is_on and one.next
            else "",
        }
        for one in found
    ]
    context = {
        "room": room,
        "finding": _finding(found),
        "rows": rows,
        "presets": [(one.slug, one.label(room.language)) for one in scenes.presets().values()]
        if owners(room)
        else [],
    }
    return render(request, "scenes/list.html", context)


def _finding(found: list[SceneView]) -> str:
    running = sum(one.is_on for one in found)
    if not found:
        return gettext("No scene yet: nothing is switched by the calendar")
    if not running:
        return gettext("No scene is on: nothing is switched by the calendar")
    return ngettext("%(count)s scene is followed", "%(count)s scenes are followed", running) % {
        "count": formats.number(running)
    }


def _new(request: HttpRequest, room: Room, preset: str) -> HttpResponse:
    found = scenes.presets().get(preset)
    if found is None:
        raise NoSuchScene(NO_PRESET)
    if not owners(room):
        raise Refused(N_("Only managers and administrators of the organisation that owns it may do this."))
    first = next(iter(owners(room)))
    start = typed_scene(found.label(room.language), first, found.body)
    if request.GET.get("under"):
        start |= {"under": request.GET["under"], "owner": request.GET.get("owner", "")}
    return _edit(request, room, None, found.body, start)


def _change(request: HttpRequest, room: Room, scene_id: UUID) -> HttpResponse:
    view = scenes.scene(room.actor, room.territory, scene_id)
    reason = scenes.may(room.actor, "write", room.territory.id, view.owner_id)
    if reason is not None:
        raise Refused(reason)
    return _edit(request, room, view, view.body, typed_scene(view.name, view.owner_id, view.body))


def _cabinets(room: Room) -> dict[UUID, str]:
    rows = equipment.listed(
        room.actor, room.territory.id, equipment.Wanted(kinds=["cabinet"]), Window(0, 500)
    ).rows
    return {one.id: f"{one.number} · {one.name}" for one in rows}


def _edit(
    request: HttpRequest, room: Room, view: SceneView | None, body: SceneBody, start: dict[str, Any]
) -> HttpResponse:
    kind = commands.kind(body.command)
    mine = owners(room)
    if view is not None:
        mine = {view.owner_id: organisations_by_id([view.owner_id])[view.owner_id].label}
    form = SceneForm(kind, mine, _cabinets(room), request.POST if request.method == "POST" else None, start)
    if request.method == "POST" and form.is_valid():
        try:
            draft = SceneDraft(UUID(form.cleaned_data["owner"]), form.cleaned_data["name"], form.body(body))
            version = request.POST.get("version", "")
            made = scenes.save_scene(
                actor=room.actor,
                territory=room.territory,
                draft=draft,
                scene_id=view.id if view else None,
                expected=int(version) if view and version.isdigit() and len(version) < 9 else None,
            )
        except BelvedereError as error:
            if error.status in THROUGH:
                raise
            form.blame(error)
        else:
            messages.success(request, gettext("The scene is saved."))
            return redirect("scenes:scene", room.territory, made)
    context = {
        "room": room,
        "view": view,
        "form": form,
        "kind": kind.label(room.language),
        "is_light": scenes.is_lighting(body),
        "by_night": body.by_night,
        "is_dangerous": kind.dangerous,
    }
    return render(request, "scenes/edit.html", context, status=422 if form.errors else 200)


def _scene(request: HttpRequest, room: Room, scene_id: UUID) -> HttpResponse:
    return _page(request, room, scenes.scene(room.actor, room.territory, scene_id))


def _asked(room: Room, view: SceneView, states: tuple[str, ...] = ()) -> tuple[list[Line], int]:
    wanted = commands.Wanted(states=states, key=scenes.key_of(view))
    page = commands.commands(room.actor, room.territory.id, wanted, Window(0, SHOWN))
    return lines(room, list(page.rows)), page.total


def _override_line(view: SceneView, one: OverrideView, people: dict[UUID, str]) -> dict[str, Any]:
    return {
        "view": one,
        "value": commands_words.value(view.body.command, one.value),
        "reach": words.reach(one.reach, gettext("all things of the scene")),
        "by": people.get(one.made_by, "") if one.made_by else "",
        "hours": f"{words.when(one.body.begin)} – {words.when(one.body.end)}" if one.body else "",
    }


def _page(
    request: HttpRequest,
    room: Room,
    view: SceneView,
    form: HandForm | None = None,
    problem: str = "",
    status: int = 200,
) -> HttpResponse:
    zone, command = room.territory.zone, view.body.command
    kind = commands.kind(command)
    asked, total = _asked(room, view)
    failed, bad = _asked(room, view, FAILED)
    people = names_of(
        {
            by
            for by in (*(one.made_by for one in view.overrides), *(one.made_by for one in view.versions))
            if by
        }
    )
    days = [
        {"day": one.day, "text": words.steps(command, one.moments, zone)} for one in scenes.coming(view, zone)
    ]
    begin = (now() + timedelta(hours=1)).astimezone(ZoneInfo(zone)).strftime("%Y-%m-%dT%H:%M")
    context = {
        "room": room,
        "view": view,
        "state": words.state(view),
        "owner": organisations_by_id([view.owner_id])[view.owner_id].label,
        "kind": kind.label(room.language),
        "is_dangerous": kind.dangerous,
        "reach": words.reach(view.body.reach),
        "holds": commands_words.value(command, view.now.value) if view.now else "",
        "sheets": [
            (
                words.days(one),
                [(words.when(s.when), commands_words.value(command, s.value)) for s in one.steps],
            )
            for one in view.body.sheets
        ],
        "days": days,
        "asked": asked,
        "total": total,
        "failed": failed,
        "bad": bad,
        "overrides": [_override_line(view, one, people) for one in view.overrides],
        "versions": [(one, people.get(one.made_by, "") if one.made_by else "–") for one in view.versions],
        "form": form or HandForm(kind, zone, initial={"until": begin}),
        "is_light": scenes.is_lighting(view.body),
        "so_far": scenes.saved_so_far(view, zone),
        "a_year": scenes.saves_a_year(view, zone),
        "problem": problem,
    }
    return render(request, "scenes/scene.html", context, status=status)


def _switch(request: HttpRequest, room: Room, scene_id: UUID) -> HttpResponse:
    view = scenes.scene(room.actor, room.territory, scene_id)
    on = request.POST.get("to") == "on"
    try:
        scenes.switch_scene(
            actor=room.actor, territory=room.territory, scene_id=scene_id, on=on, expected=view.version
        )
    except (Refused, NotFound):
        raise
    except BelvedereError as error:
        return _page(request, room, view, problem=sentence(error), status=error.status)
    told = (
        gettext("The scene is on: what holds now is asked within seconds.")
        if on
        else gettext("The scene is off: things stay as they were told last.")
    )
    messages.success(request, told)
    return redirect("scenes:scene", room.territory, scene_id)


def _remove(request: HttpRequest, room: Room, scene_id: UUID) -> HttpResponse:
    scenes.remove_scene(actor=room.actor, territory=room.territory, scene_id=scene_id)
    messages.success(request, gettext("The scene is removed."))
    return redirect("scenes:list", room.territory)


def _by_hand(request: HttpRequest, room: Room, scene_id: UUID) -> HttpResponse:
    view = scenes.scene(room.actor, room.territory, scene_id)
    reason = scenes.may(room.actor, "switch_by_hand", room.territory.id, view.owner_id)
    if reason is not None:
        raise Refused(reason)
    form = HandForm(commands.kind(view.body.command), room.territory.zone, request.POST)
    if not form.is_valid():
        return _page(request, room, view, form, status=422)
    try:
        scenes.switch_by_hand(actor=room.actor, territory=room.territory, scene_id=scene_id, **form.given())
    except (Refused, NotFound):
        raise
    except BelvedereError as error:
        form.blame(error)
        return _page(request, room, view, form, status=error.status)
    messages.success(request, gettext("Asked for: what the devices answer appears here."))
    return redirect("scenes:scene", room.territory, scene_id)


def _override(request: HttpRequest, room: Room, scene_id: UUID) -> HttpResponse:
    view = scenes.scene(room.actor, room.territory, scene_id)
    reason = scenes.may(room.actor, "write", room.territory.id, view.owner_id)
    if reason is not None:
        raise Refused(reason)
    day = today(room.territory.zone).isoformat()
    start = {"first": day, "last": day, "begin_by": "sunset", "end_by": "clock", "end": "02:00"}
    form = OverrideForm(
        commands.kind(view.body.command), request.POST if request.method == "POST" else None, start
    )
    if request.method == "POST" and form.is_valid():
        try:
            scenes.add_override(
                actor=room.actor,
                territory=room.territory,
                scene_id=scene_id,
                body=form.body(),
                why=form.cleaned_data["why"],
            )
        except (Refused, NotFound):
            raise
        except BelvedereError as error:
            form.blame(error)
        else:
            messages.success(request, gettext("The exception is entered."))
            return redirect("scenes:scene", room.territory, scene_id)
    context = {"room": room, "view": view, "form": form}
    return render(request, "scenes/override.html", context, status=422 if form.errors else 200)


def _end_override(request: HttpRequest, room: Room, scene_id: UUID, number: int) -> HttpResponse:
    scenes.end_override(actor=room.actor, territory=room.territory, scene_id=scene_id, override_id=number)
    messages.success(request, gettext("It is ended: the programme holds again."))
    return redirect("scenes:scene", room.territory, scene_id)


listed = never_cache(require_GET(in_cockpit(_list)))
new = never_cache(require_http_methods(["GET", "POST"])(in_cockpit(_new)))
change = never_cache(require_http_methods(["GET", "POST"])(in_cockpit(_change)))
scene = never_cache(require_GET(in_cockpit(_scene)))
override = never_cache(require_http_methods(["GET", "POST"])(in_cockpit(_override)))
switch = require_POST(in_cockpit(_switch))
remove = require_POST(in_cockpit(_remove))
by_hand = require_POST(in_cockpit(_by_hand))
end_override = require_POST(in_cockpit(_end_override))
