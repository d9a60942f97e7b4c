"""The journal of a territory: its administrators read all of it, everyone else their own acts."""

from __future__ import annotations

from datetime import datetime, time, timedelta
from typing import Any, cast
from uuid import UUID
from zoneinfo import ZoneInfo

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET

from belvedere.domains.access.public import Actor
from belvedere.domains.territory.public import TerritoryView, territories_of_organisations
from belvedere.duties.journal.public import Filters, actors_in, entries_in, verbs_in
from belvedere.faces.web.pages.journal import words
from belvedere.kernel.errors import N_, Refused
from belvedere.kernel.paging import Window

PAGE_SIZE = 40
FURTHEST = 1_000_000  # rows; nobody pages there by hand


class Narrow(forms.Form):
    """What to show. A value that cannot be read narrows nothing and is told beside its field."""

    person = forms.UUIDField(label=_("Person"), required=False, widget=forms.Select)
    verb = forms.CharField(label=_("What was done"), required=False, widget=forms.Select, max_length=80)
    since = forms.DateField(
        label=_("From"), required=False, widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )
    until = forms.DateField(
        label=_("To"), required=False, widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )

    def __init__(self, *args: Any, people: list[tuple[UUID, str]], verbs: list[str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        named = sorted(((verb, words.verb_name(verb)) for verb in verbs), key=lambda pair: pair[1].casefold())
        self.fields["person"].widget.choices = [("", _("Everyone")), *people]
        self.fields["verb"].widget.choices = [("", _("Everything")), *named]
        if not people:
            del self.fields["person"]


@never_cache
@require_GET
def entries(request: HttpRequest, territory: TerritoryView) -> HttpResponse:
    """The entries, newest first, a window at a time; `HX-Request` with `start` gets the next rows only."""
    request.territory = territory  # type: ignore[attr-defined]  # for the frame
    actor = cast("Actor", request.actor)  # type: ignore[attr-defined]
    whole = _reads_all(actor, territory)
    form = Narrow(
        request.GET,
        people=actors_in(territory.id) if whole else [],
        verbs=verbs_in(territory.id),
    )
    form.is_valid()
    filters = _filters(form.cleaned_data, territory, None if whole else actor.person_id)
    page = entries_in(territory.id, Window(_start(request), PAGE_SIZE), filters)
    query = request.GET.copy()
    query["start"] = str(page.next_start or 0)
    context = {
        "territory": territory,
        "whole": whole,
        "form": form,
        "lines": words.lines(page.rows, actor, territory),
        "total": page.total,
        "next_url": f"?{query.urlencode()}" if page.next_start else "",
    }
    piece = request.headers.get("HX-Request") and page.window.start
    return render(request, "journal/rows.html" if piece else "journal/list.html", context)


def _reads_all(actor: Actor, territory: TerritoryView) -> bool:
    """Whether the actor reads everything; Refused for who has nothing to do here."""
    if actor.governs(territory.id):
        return True
    works_here = actor.is_elected(territory.id) or territory.id in territories_of_organisations(
        list(actor.roles)
    )
    if actor.person_id is None or not works_here:
        raise Refused(
            N_("Only people with a role in {territory} read its journal. Ask one of its administrators."),
            territory=territory.name,
        )
    return False


def _filters(given: dict[str, Any], territory: TerritoryView, only: UUID | None) -> Filters:
    zone = ZoneInfo(territory.zone)
    since, until = given.get("since"), given.get("until")
    return Filters(
        actor_id=only or given.get("person"),
        verbs=[given["verb"]] if given.get("verb") else [],
        since=datetime.combine(since, time(), zone) if since else None,
        until=datetime.combine(until + timedelta(days=1), time(), zone) if until else None,
    )


def _start(request: HttpRequest) -> int:
    text = request.GET.get("start", "")
    return min(int(text), FURTHEST) if text.isascii() and text.isdigit() and len(text) < 9 else 0
