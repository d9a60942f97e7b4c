"""Commands: the list, one with its course, the form that asks for one, what is done about one."""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import urlencode
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext, ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from belvedere.domains.access.public import names_of
from belvedere.domains.commands import public as commands
from belvedere.domains.commands.errors import NoSuchCommand
from belvedere.domains.commands.public import CommandView, State
from belvedere.domains.equipment import public as equipment
from belvedere.domains.territory.public import name_in
from belvedere.domains.twin import public as twin
from belvedere.domains.twin.errors import NoSuchEntity
from belvedere.faces.web import formats
from belvedere.faces.web.pages.commands import words
from belvedere.faces.web.pages.commands.forms import CommandForm
from belvedere.faces.web.pages.commands.limits import has_limits
from belvedere.faces.web.pages.live.words import Word
from belvedere.faces.web.pages.plans.rooms import Room, in_cockpit
from belvedere.kernel.clock import now
from belvedere.kernel.errors import N_, BelvedereError, NotFound, Refused
from belvedere.kernel.paging import Window

WINDOW = 50
NO_SUCH = N_("There is no such command, or it is not for you to see.")
NO_SUCH_THING = N_("There is no such thing, or it is not published.")


@dataclass(frozen=True, slots=True)
class Line:
    """A command in the list."""

    view: CommandView
    url: str
    name: str
    what: str
    state: Word
    by: str


def _line(room: Room, view: CommandView, people: dict[UUID, str]) -> Line:
    return Line(
        view=view,
        url=reverse("commands:command", args=[room.territory, view.id]),
        name=name_in(view.names, room.language, room.territory.languages) or str(view.entity_id),
        what=words.what(view.kind, view.value),
        state=Word(gettext("waits for a second person"), "warn", "clock")
        if view.waits
        else words.state(view.state),
        by=people.get(view.asked_by, "") if view.asked_by else "Belvédère",
    )


def lines(room: Room, views: list[CommandView]) -> list[Line]:
    """Commands as a list shows them; for pages of other rooms too."""
    people = _people(views)
    return [_line(room, one, people) for one in views]


def _people(views: list[CommandView]) -> dict[UUID, str]:
    asked = {one for view in views for one in (view.asked_by, view.confirmed_by) if one}
    asked |= {step.by for view in views for step in view.steps if step.by}
    return names_of(asked) if asked else {}


def _finding(counted: dict[State, int], waiting: int) -> str:
    if waiting:
        return ngettext(
            "%(count)s command waits for a second person",
            "%(count)s commands wait for a second person",
            waiting,
        ) % {"count": formats.number(waiting)}
    total = sum(counted.values())
    if not total:
        return gettext("No command yet")
    bad = counted.get(State.FAILED, 0) + counted.get(State.EXPIRED, 0)
    if bad:
        return ngettext(
            "%(count)s command of %(whole)s was not carried out",
            "%(count)s commands of %(whole)s were not carried out",
            bad,
        ) % {"count": formats.number(bad), "whole": formats.number(total)}
    running = sum(counted.get(one, 0) for one in commands.OPEN)
    if running:
        return ngettext("%(count)s command is on its way", "%(count)s commands are on their way", running) % {
            "count": formats.number(running)
        }
    return gettext("Devices did what they were told")


def _list(request: HttpRequest, room: Room) -> HttpResponse:
    chosen = request.GET.get("state", "")
    thing = request.GET.get("thing", "")
    start = request.GET.get("start", "")
    states = [chosen] if chosen in {one.value for one in State} else []
    wanted = commands.Wanted(
        states=states,
        entity_id=int(thing) if thing.isascii() and thing.isdigit() and len(thing) < 16 else None,
        waiting=chosen == "waiting",
    )
    here = room.territory.id
    begin = int(start) if start.isascii() and start.isdigit() and len(start) < 7 else 0
    page = commands.commands(room.actor, here, wanted, Window(begin, WINDOW))
    counted = dict(commands.tallies(room.actor, here))
    waiting = commands.commands(room.actor, here, commands.Wanted(waiting=True), Window(0, 1)).total
    kept = {name: value for name, value in (("state", chosen), ("thing", thing)) if value}
    following = page.next_start
    context = {
        "room": room,
        "finding": _finding(counted, waiting),
        "rows": lines(room, list(page.rows)),
        "total": page.total,
        "asked": bool(kept),
        "chosen": chosen,
        "thing": thing,
        "states": [("waiting", gettext("waits for a second person"))]
        + [(one.value, words.state(one).label) for one in State],
        "next_url": "" if following is None else "?" + urlencode({**kept, "start": following}),
    }
    return render(request, "commands/list.html", context)


def _here(room: Room, command_id: UUID) -> CommandView:
    view = commands.command(room.actor, command_id)
    if view.territory_id != room.territory.id:
        raise NoSuchCommand(NO_SUCH)
    return view


def _one(
    request: HttpRequest, room: Room, command_id: UUID, problem: str = "", status: int = 200
) -> HttpResponse:
    view = _here(room, command_id)
    people = _people([view])
    steps = [
        {
            "at": one.at,
            "what": gettext(commands.ACT_NAMES[one.act]),
            "by": people.get(one.by, "") if one.by else "Belvédère",
            "note": one.note,
        }
        for one in view.steps
    ]
    thing_url = reverse("live:thing", args=[room.territory, view.entity_id])
    context = {
        "room": room,
        "view": view,
        "line": _line(room, view, people),
        "steps": steps,
        "thing_url": thing_url,
        "problem": problem,
        "is_mine": view.waits and view.asked_by == room.actor.person_id,
    }
    return render(request, "commands/one.html", context, status=status)


def _command(request: HttpRequest, room: Room, command_id: UUID) -> HttpResponse:
    return _one(request, room, command_id)


def _act(request: HttpRequest, room: Room, command_id: UUID, verb: str) -> HttpResponse:
    from belvedere.faces.web.errors import sentence

    _here(room, command_id)
    note = request.POST.get("note", "")[:500]
    try:
        if verb == "confirm":
            commands.confirm_command(actor=room.actor, command_id=command_id, note=note)
        elif verb == "cancel":
            commands.cancel_command(actor=room.actor, command_id=command_id, note=note)
        else:
            raise NoSuchCommand(NO_SUCH)
    except (Refused, NotFound):
        raise
    except BelvedereError as error:
        return _one(request, room, command_id, sentence(error), error.status)
    told = gettext("The command is confirmed and sent.") if verb == "confirm" else gettext("It is cancelled.")
    messages.success(request, told)
    return redirect("commands:command", room.territory, command_id)


@dataclass(frozen=True, slots=True)
class Target:
    """What is commanded: one thing, or the lamps under a cabinet; `left_out` are under maintenance."""

    name: str
    kind: str
    ids: tuple[int, ...]
    left_out: int
    back_url: str
    query: str


def _target(request: HttpRequest, room: Room) -> Target:
    given = request.GET.get("thing", "")
    if given.isascii() and given.isdigit() and len(given) < 16:
        page = twin.entity_page(room.actor, int(given))
        if page.territory_id != room.territory.id:
            raise NoSuchEntity(NO_SUCH_THING)
        name = name_in(page.names, room.language, room.territory.languages) or given
        back = reverse("live:thing", args=[room.territory, page.id])
        return Target(name, page.kind, (page.id,), 0, back, f"?thing={page.id}")
    try:
        piece = equipment.equipment(room.actor, UUID(request.GET.get("under", "")))
    except ValueError:
        raise NoSuchEntity(NO_SUCH_THING) from None
    if piece.territory_id != room.territory.id:
        raise NoSuchEntity(NO_SUCH_THING)
    below = equipment.known(equipment.all_below([piece.id]).get(piece.id, ()))
    lamps = [one for one in below.values() if one.kind == "luminaire"]
    things = [one.entity_id for one in lamps if one.entity_id is not None]
    worked_on = equipment.things_under_maintenance(now(), things)
    ids = tuple(sorted(set(things) & set(twin.reachable(things)) - set(worked_on)))
    back = reverse("equipment:equipment", args=[room.territory, piece.id])
    return Target(piece.facts.name, "streetlight", ids, len(worked_on), back, f"?under={piece.id}")


def _limits_url(room: Room, target: Target, reached: dict[int, twin.Reachable]) -> str:
    """Where the limits of one thing are set, for who may; else nothing."""
    if len(target.ids) != 1 or not has_limits(target.kind) or not reached:
        return ""
    thing = reached[target.ids[0]]
    if commands.may(room.actor, "set_limit", thing.territory_id, thing.owner_id) is not None:
        return ""
    return reverse("commands:limits", args=[room.territory, thing.entity_id])


def _new(request: HttpRequest, room: Room) -> HttpResponse:
    target = _target(request, room)
    reached = twin.reachable(target.ids)
    for thing in reached.values():
        reason = commands.may(room.actor, "request", thing.territory_id, thing.owner_id)
        if reason is not None:
            raise Refused(reason, code="may_not_request")
    kinds = commands.kinds_for(target.kind) if reached else []
    asked = request.POST.get("kind", "")
    forms = [CommandForm(one, request.POST if one.slug == asked else None) for one in kinds]
    form = next((one for one in forms if one.kind.slug == asked), None)
    if request.method == "POST" and form is not None and form.is_valid():
        try:
            made = commands.request_commands(
                actor=room.actor,
                territory_id=room.territory.id,
                entity_ids=target.ids,
                kind_slug=form.kind.slug,
                value=form.cleaned_data["value"],
                why=form.cleaned_data["why"],
            )
        except (Refused, NotFound):
            raise
        except BelvedereError as error:
            form.blame(error)
        else:
            if form.kind.dangerous:
                messages.success(request, gettext("Asked for: a second person has to confirm it."))
            else:
                messages.success(request, gettext("Sent: what the device answers appears here."))
            if len(made) == 1:
                return redirect("commands:command", room.territory, made[0])
            return redirect("commands:list", room.territory)
    limits = [(one, commands.limit_of(target.ids[0], one.slug)) for one in kinds if len(target.ids) == 1]
    context = {
        "room": room,
        "target": target,
        "count": len(target.ids),
        "forms": forms,
        "limits_url": _limits_url(room, target, reached),
        "limits": [(words.kind(one.slug), limit) for one, limit in limits if limit is not None],
    }
    return render(request, "commands/new.html", context, status=422 if request.method == "POST" else 200)


listed = never_cache(require_GET(in_cockpit(_list)))
command = never_cache(require_GET(in_cockpit(_command)))
act = never_cache(require_POST(in_cockpit(_act)))
new = never_cache(require_http_methods(["GET", "HEAD", "POST"])(in_cockpit(_new)))
