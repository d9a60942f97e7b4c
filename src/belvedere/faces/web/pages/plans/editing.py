"""Editing a measure: each part has a form, shows what it would change, and saves through a verb."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext

from belvedere.domains.plans.errors import ChangedMeanwhile
from belvedere.domains.plans.public import actions, money_actions, page, policies, states, values, views
from belvedere.duties.journal.public import entries_of
from belvedere.faces.web.errors import sentence
from belvedere.faces.web.pages.plans import forms, histories, money_forms
from belvedere.faces.web.pages.plans.measure import edit_url, in_words
from belvedere.faces.web.pages.plans.places import feature_collection, map_context
from belvedere.faces.web.pages.plans.previews import Effect, dry_run
from belvedere.faces.web.pages.plans.rooms import Room, in_cockpit
from belvedere.kernel.errors import N_, BelvedereError, Conflict, InvalidInput, NotFound
from belvedere.kernel.paging import Window

Act = Callable[["Task"], None]


@dataclass(frozen=True, slots=True)
class Task:
    """An edit about to be made."""

    room: Room
    view: views.MeasureView
    item: UUID | None
    form: Any
    is_preview: bool = False

    @property
    def common(self) -> dict[str, Any]:
        """What every verb takes."""
        cleaned = self.form.cleaned_data
        return {
            "actor": self.room.actor,
            "measure_id": self.view.id,
            "version": cleaned.get("version"),
            # A reason that is due comes last: what the change brings can be seen before it is written.
            "reason": cleaned.get("reason", "") or ("–" if self.is_preview else ""),
        }


def _texts(task: Task) -> None:
    form = task.form
    actions.edit_measure(**task.common, title=form.texts("title"), description=form.texts("description"))


def _status(task: Task) -> None:
    cleaned = task.form.cleaned_data
    category = cleaned.get("category")
    to = states.Implementation(cleaned["implementation"])
    with transaction.atomic():
        actions.edit_measure(
            **task.common, phase=cleaned["phase"], category_id=int(category) if category else None
        )
        # The first verb has checked the version; its own change must not make the second refuse.
        actions.change_implementation(**{**task.common, "version": None}, to=to)


def _publish(task: Task) -> None:
    actions.publish_measure(**task.common, published=task.form.cleaned_data["published"])


def _estimate(task: Task) -> None:
    follow = bool(task.form.cleaned_data.get("follow"))
    money_actions.record_estimate(**task.common, draft=task.form.draft(), follow_with_spending=follow)


def _spending(task: Task) -> None:
    money_actions.set_spending(**task.common, lines=task.form.drafts())


def _funding(task: Task) -> None:
    money_actions.set_funding(**task.common, draft=task.form.draft(), line_id=task.item)


def _remove_funding(task: Task) -> None:
    money_actions.remove_funding(**task.common, line_id=_item(task))


def _site(task: Task) -> None:
    cleaned = task.form.cleaned_data
    shape = cleaned["geometry"]
    if task.item is not None:
        money_actions.move_site(**task.common, site_id=task.item, shape=shape)
        return
    draft = values.SiteDraft(shape, states.SiteMethod.DRAWN, cleaned["name"])
    money_actions.add_site(**task.common, draft=draft)


def _remove_site(task: Task) -> None:
    money_actions.remove_site(**task.common, site_id=_item(task))


def _item(task: Task) -> UUID:
    if task.item is None:
        raise NotFound(N_("There is no such part of the measure."))
    return task.item


@dataclass(frozen=True, slots=True)
class Part:
    """A part of a measure that can be edited. `anchor` is where its page shows it."""

    right: str
    form: type[forms.MeasureForm]
    act: Act
    title: str
    anchor: str
    saved: str
    of: str = ""  # "funding" or "sites": what an item is


PARTS: dict[str, Part] = {
    "texts": Part(
        right="edit",
        form=forms.TextsForm,
        act=_texts,
        title=N_("Title and description"),
        anchor="essentials",
        saved=N_("The texts are saved."),
    ),
    "status": Part(
        right="edit",
        form=forms.StatusForm,
        act=_status,
        title=N_("Where the measure stands"),
        anchor="progress",
        saved=N_("The state is saved."),
    ),
    "publish": Part(
        right="publish",
        form=forms.PublishForm,
        act=_publish,
        title=N_("Visibility"),
        anchor="essentials",
        saved=N_("The visibility is saved."),
    ),
    "estimate": Part(
        right="edit_money",
        form=money_forms.EstimateForm,
        act=_estimate,
        title=N_("New estimate"),
        anchor="money",
        saved=N_("The estimate is recorded."),
    ),
    "spending": Part(
        right="edit_money",
        form=money_forms.SpendingForm,
        act=_spending,
        title=N_("Yearly amounts"),
        anchor="spending",
        saved=N_("The years are saved."),
    ),
    "funding": Part(
        right="edit_money",
        form=money_forms.FundingForm,
        act=_funding,
        title=N_("Funding"),
        anchor="funding",
        saved=N_("The funding is saved."),
        of="funding",
    ),
    "remove-funding": Part(
        right="edit_money",
        form=forms.RemoveForm,
        act=_remove_funding,
        title=N_("Remove this funding line"),
        anchor="funding",
        saved=N_("The funding line is removed."),
        of="funding",
    ),
    "site": Part(
        right="edit",
        form=forms.SiteForm,
        act=_site,
        title=N_("Site"),
        anchor="place",
        saved=N_("The site is saved."),
        of="sites",
    ),
    "remove-site": Part(
        right="edit",
        form=forms.RemoveForm,
        act=_remove_site,
        title=N_("Remove this site"),
        anchor="place",
        saved=N_("The site is removed."),
        of="sites",
    ),
}


def _load(room: Room, measure_id: UUID) -> views.MeasureView:
    return page.measure_page(room.actor, measure_id, language=room.language, territory_id=room.territory.id)


def _known(view: views.MeasureView, part: Part, item: UUID | None) -> None:
    """Refuse an item that is not (or no longer) of this measure."""
    if item is not None and item not in {row.id for row in getattr(view, part.of or "sites")}:
        raise NotFound(N_("This part of the measure is gone. Open the measure again."))


def _edit(
    request: HttpRequest, room: Room, measure_id: UUID, part: str, item: UUID | None = None
) -> HttpResponse:
    asked = PARTS.get(part)
    view = _load(room, measure_id)
    if asked is None or (item is not None and not asked.of) or (item is None and part.startswith("remove")):
        raise NotFound(N_("There is no such part of the measure."))
    policies.require(
        room.actor, asked.right, policies.Thing(view.territory_id, view.owner_id, view.published)
    )
    _known(view, asked, item)
    subject = forms.Subject(room, view, item)
    form = asked.form(subject, request.POST if request.method == "POST" else None)
    context: dict[str, Any] = {"part": part, "asked": asked, "item": item, "form": form}
    if request.method != "POST":
        return _show(request, room, view, context)
    is_preview = request.POST.get("act") == "preview"
    return _posted(request, Task(room, view, item, form, is_preview), asked, context)


def _posted(request: HttpRequest, task: Task, asked: Part, context: dict[str, Any]) -> HttpResponse:
    form, room, view = task.form, task.room, task.view
    if form.is_valid():
        try:
            if not task.is_preview:
                asked.act(task)
                messages.success(request, gettext(asked.saved))
                return _back(request, room, view, asked)
            context["effects"] = dry_run(room, view, lambda: asked.act(task))
            context["previewed"] = True
        except ChangedMeanwhile as error:
            form.use_version(view.version)
            context["conflict"] = sentence(error)
            context["meanwhile"] = _meanwhile(room, view)
        except (InvalidInput, Conflict, NotFound) as error:
            _blame(form, error)
    status = 200 if context.get("previewed") else 422
    return _show(request, room, view, context, status)


def _meanwhile(room: Room, view: views.MeasureView) -> list[histories.Line]:
    newest = entries_of(("plans.measure", str(view.id)), Window(0, 1))
    return histories.entries(newest.rows, view, room)


def _blame(form: Any, error: BelvedereError) -> None:
    """Put the sentence beside the field at fault."""
    field = error.data.get("field", "")
    field = {"category": "category", "price_base": "price_base", "year": "year_0"}.get(field, field)
    form.add_error(field if field in form.fields else None, sentence(error))


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
    context |= {
        "room": room,
        "view": view,
        "title": title,
        "title_language": title_language,
        "heading": gettext(asked.title),
        "url": edit_url(room, view, context["part"], context["item"]),
        "back_url": f"{room.measure_url(view.id)}#{asked.anchor}",
        "map": map_context(room),
        "what": _what(view, context["item"], room),
    }
    if context["part"] == "site":
        context["site_json"] = _site_json(context["form"], view, context["item"])
        context["site_data"] = feature_collection(view)
    if request.headers.get("HX-Target", "").endswith("pq-effects"):
        return render(request, "plans/effects.html", context)
    template = "plans/edit_form.html" if request.headers.get("HX-Request") else "plans/edit.html"
    return render(request, template, context, status=status)


def _what(view: views.MeasureView, item: UUID | None, room: Room) -> str:
    """The name of the part that an item is."""
    for line in view.funding:
        if line.id == item:
            return line.organisation_name
    for at, site in enumerate(view.sites, start=1):
        if site.id == item:
            return site.name or gettext("Site %(n)s") % {"n": at}
    return ""


def _site_json(form: Any, view: views.MeasureView, item: UUID | None) -> str:
    """The geometry the editor starts with: what was typed, else the site as it is."""

    typed = form.data.get("geometry") if form.is_bound else ""
    if typed:
        return str(typed)
    site = next((site for site in view.sites if site.id == item), None)
    return json.dumps(site.geometry) if site else ""


edit = in_cockpit(_edit)

__all__ = ["PARTS", "Effect", "edit"]
