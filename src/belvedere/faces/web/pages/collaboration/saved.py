"""Saved views: keep the choice of the list under a name, open it by its link."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from belvedere.domains.collaboration.public import remove_view, save_view, view, views_of
from belvedere.domains.territory.public import organisations_by_id
from belvedere.faces.web.errors import sentence
from belvedere.faces.web.pages.collaboration.inbox import person_of, room_url
from belvedere.faces.web.pages.plans.rooms import Room, in_cockpit
from belvedere.kernel.errors import InvalidInput


class Keep(forms.Form):
    """A name for the choice, and who shares it."""

    name = forms.CharField(
        label=_("Name"), max_length=80, widget=forms.TextInput(attrs={"autocomplete": "off"})
    )
    organisation = forms.ChoiceField(label=_("Who sees it"), required=False)
    query = forms.CharField(required=False, max_length=4000, widget=forms.HiddenInput)

    def __init__(self, data: Any, room: Room, query: str) -> None:
        super().__init__(data, initial={"query": query})
        bodies = organisations_by_id(room.actor.roles)
        here = sorted(
            ((str(key), body.name) for key, body in bodies.items() if body.territory_id == room.territory.id),
            key=lambda pair: pair[1],
        )
        shared = [(key, gettext("The people of %(name)s") % {"name": name}) for key, name in here]
        self.fields["organisation"].choices = [("", gettext("Only me")), *shared]  # type: ignore[attr-defined]


def _views(request: HttpRequest, room: Room) -> HttpResponse:
    """The views one has; with a query string or a POST, also the form that keeps a choice."""
    person_of(room)
    query = request.META.get("QUERY_STRING", "")
    form = Keep(request.POST or None, room, query)
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        try:
            save_view(
                actor=room.actor,
                territory_id=room.territory.id,
                name=given["name"],
                query=given["query"],
                organisation_id=UUID(given["organisation"]) if given["organisation"] else None,
            )
        except InvalidInput as error:
            form.add_error(None, sentence(error))
        else:
            messages.success(request, gettext("Kept: “%(name)s”.") % {"name": given["name"]})
            return HttpResponseRedirect(f"{room.measures_url}?{given['query']}")
    found = views_of(room.actor, room.territory.id)
    context = {
        "room": room,
        "form": form,
        "keeps": bool(query or request.method == "POST"),
        "lines": [(one, room_url(room, "view", view_id=one.id)) for one in found],
    }
    return render(request, "collaboration/views.html", context, status=422 if form.errors else 200)


def _open(request: HttpRequest, room: Room, view_id: UUID) -> HttpResponse:
    found = view(room.actor, room.territory.id, view_id)
    return HttpResponseRedirect(f"{room.measures_url}?{found.query}")


def _remove(request: HttpRequest, room: Room, view_id: UUID) -> HttpResponse:
    remove_view(actor=room.actor, view_id=view_id)
    messages.success(request, gettext("The view is gone."))
    return redirect(room_url(room, "views"))


views_page = never_cache(require_http_methods(["GET", "POST"])(in_cockpit(_views)))
open_view = never_cache(require_GET(in_cockpit(_open)))
remove = require_POST(in_cockpit(_remove))
