"""Editing a measure: each part has a form, shows what it would change, and saves through a verb.

The parts are rows of the table in `edit_parts`, which says how to add one; nothing here names any of them.
"""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext

from belvedere.domains.plans.errors import ChangedMeanwhile
from belvedere.domains.plans.public import page, views
from belvedere.duties.journal.public import entries_of
from belvedere.faces.web.errors import sentence
from belvedere.faces.web.pages.plans import forms, histories, merging
from belvedere.faces.web.pages.plans.addresses import edit_url
from belvedere.faces.web.pages.plans.edit_parts import PARTS, Part, Task
from belvedere.faces.web.pages.plans.edit_task import LISTING_RIGHTS
from belvedere.faces.web.pages.plans.measure import in_words
from belvedere.faces.web.pages.plans.places import map_context
from belvedere.faces.web.pages.plans.previews import dry_run
from belvedere.faces.web.pages.plans.rooms import Room, in_cockpit
from belvedere.kernel.errors import N_, BelvedereError, Conflict, InvalidInput, NotFound
from belvedere.kernel.paging import Window


def _load(room: Room, measure_id: UUID) -> views.MeasureView:
    return page.measure_page(room.actor, measure_id, language=room.language, territory_id=room.territory.id)


MEANWHILE = N_(
    "Someone changed this measure meanwhile. What you typed is kept: look at the new values, then save again."
)
ASK_AGAIN = N_("Say for each line whether yours or theirs stands, then save again.")
MOST_ACTS = 8

# What an address may propose for the fields of a form: the next step of a track, the kind of a thing.
PROPOSED = ("to", "type", "plan_id", "role", "kind")


def _edit(
    request: HttpRequest, room: Room, measure_id: UUID, part: str, item: str | None = None
) -> HttpResponse:
    asked = PARTS.get(part)
    view = _load(room, measure_id)
    if asked is None or not asked.takes(item):
        raise NotFound(N_("There is no such part of the measure."))
    proposed = {name: request.GET[name] for name in PROPOSED if name in request.GET}
    subject = forms.Subject(room, view, item, asked.of, proposed)
    if asked.right not in LISTING_RIGHTS:
        asked.require(room, view)  # before it is told whether there is such an item
    what = asked.what(subject)
    asked.require(room, view, subject.row)
    context: dict[str, Any] = {"part": part, "asked": asked, "item": item, "what": what}
    if request.method != "POST":
        return _show(request, room, view, context | {"form": asked.form(subject)})
    try:
        return _posted(request, subject, asked, context)
    except ChangedMeanwhile:
        # Between this request's reading and its saving: compared again with what stands now.
        again = forms.Subject(room, _load(room, measure_id), item, asked.of, proposed)
        return _posted(request, again, asked, context)


def _posted(
    request: HttpRequest, subject: forms.Subject, asked: Part, context: dict[str, Any]
) -> HttpResponse:
    room, view = subject.room, subject.view
    first = asked.form(subject, request.POST, request.FILES)
    if request.POST.get("act") == "more":  # one more line of a grid: nothing is saved yet
        return _show(request, room, view, context | {"form": first})
    merge = merging.merge(first, request.POST, view.version)
    form = asked.form(subject, merge.data, request.FILES)
    context |= {"form": form, "merge": merge}
    if merge.clashes or not merge.known:
        context["conflict"] = gettext(ASK_AGAIN if not merge.moved else MEANWHILE)
        context["meanwhile"] = _meanwhile(request, room, view) if merge.moved else ()
        return _show(request, room, view, context, 422)
    task = Task(subject, form, request.POST.get("act") == "preview")
    if form.is_valid():
        try:
            if not task.is_preview:
                told = _said(request, room, view, asked, merge)  # before the journal tells of this act too
                asked.act(task)
                messages.success(request, told)
                return _back(request, room, view, asked)
            context["effects"] = dry_run(task.subject, lambda: asked.act(task))
            context["previewed"] = True
        except ChangedMeanwhile:
            raise
        except (InvalidInput, Conflict, NotFound) as error:
            _blame(form, error)
    if merge.moved and not task.is_preview:
        context["conflict"] = gettext(MEANWHILE)
        context["meanwhile"] = _meanwhile(request, room, view)
    status = 200 if context.get("previewed") else 422
    return _show(request, room, view, context, status)


def _said(
    request: HttpRequest, room: Room, view: views.MeasureView, asked: Part, merge: merging.Merge
) -> str:
    """That it is saved; and where others changed the measure meanwhile, who, and what was put together."""
    saved = gettext(asked.saved)
    if not merge.moved:
        return saved
    who = ", ".join(dict.fromkeys(line.actor for line in _meanwhile(request, room, view)))
    if merge.taken:
        told = gettext("%(who)s changed this meanwhile; both are kept. Taken over: %(fields)s.")
        return f"{saved} {told % {'who': who, 'fields': ', '.join(merge.taken)}}"
    told = gettext("%(who)s changed something else of the measure meanwhile; both are kept.")
    return f"{saved} {told % {'who': who}}"


def _meanwhile(request: HttpRequest, room: Room, view: views.MeasureView) -> list[histories.Line]:
    """What was done since the form was opened, newest first."""
    sent = request.POST.get("version", "")
    acts = view.version - int(sent) if sent.isdigit() else 1
    newest = entries_of(("plans.measure", str(view.id)), Window(0, min(max(acts, 1), MOST_ACTS)))
    return histories.entries(newest.rows, view, room)


def _blame(form: Any, error: BelvedereError) -> None:
    """Put the sentence beside the field at fault."""
    field = error.data.get("field", "")
    known = (field, *(name for name in form.fields if name.startswith(f"{field}_")))
    form.add_error(next((name for name in known if field and name in form.fields), None), sentence(error))


def _back(request: HttpRequest, room: Room, view: views.MeasureView, asked: Part) -> HttpResponse:
    url = f"{room.measure_url(view.id)}#{asked.anchor}"
    if request.headers.get("HX-Request"):
        response = HttpResponse(status=204)
        # The same address with another anchor would not reload the page.
        response["HX-Redirect"] = f"{room.measure_url(view.id)}?saved={view.version}#{asked.anchor}"
        return response
    return redirect(url)


def _show(
    request: HttpRequest, room: Room, view: views.MeasureView, context: dict[str, Any], status: int = 200
) -> HttpResponse:
    asked: Part = context["asked"]
    title, title_language = in_words(view.title, room)
    heading = asked.adding if asked.adding and context["item"] is None else asked.title
    context |= {
        "room": room,
        "view": view,
        "title": title,
        "title_language": title_language,
        "heading": gettext(heading),
        "url": edit_url(room, view, context["part"], context["item"]),
        "back_url": f"{room.measure_url(view.id)}#{asked.anchor}",
        "map": map_context(room),
    }
    if request.headers.get("HX-Target", "").endswith("pq-effects"):
        return render(request, "plans/effects.html", context)
    template = "plans/edit_form.html" if request.headers.get("HX-Request") else "plans/edit.html"
    return render(request, template, context, status=status)


edit = in_cockpit(_edit)

__all__ = ["edit"]
