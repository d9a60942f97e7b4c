"""What a thing may be told at least and at most, by kind of command."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from belvedere.domains.commands import public as commands
from belvedere.domains.commands.public import Form, Kind
from belvedere.domains.territory.public import name_in
from belvedere.domains.twin import public as twin
from belvedere.domains.twin.errors import NoSuchEntity
from belvedere.faces.web.pages.commands import words
from belvedere.faces.web.pages.connections.forms import Blamed
from belvedere.faces.web.pages.plans.rooms import Room, in_cockpit
from belvedere.kernel.errors import N_, BelvedereError, NotFound, Refused

NO_SUCH_THING = N_("There is no such thing, or it is not published.")
_NUMBER = {"inputmode": "decimal"}


class LimitForm(Blamed):
    """The limit of one kind of command; both bounds empty end it."""

    low = forms.FloatField(
        label=_("Not less than"), required=False, widget=forms.TextInput(_NUMBER), localize=True
    )
    high = forms.FloatField(
        label=_("Not more than"), required=False, widget=forms.TextInput(_NUMBER), localize=True
    )
    why = forms.CharField(label=_("Why"), required=False, max_length=300)

    def __init__(self, kind: Kind, data: Any = None, initial: Any = None) -> None:
        super().__init__(data, initial=initial, auto_id=f"{kind.slug}_%s")
        self.kind = kind
        self.title = kind.label(words.language())


def has_limits(kind: str) -> bool:
    """Whether things of a kind are told levels."""
    return any(one.form is Form.LEVEL for one in commands.kinds_for(kind))


def _limits(request: HttpRequest, room: Room, entity_id: int) -> HttpResponse:
    page = twin.entity_page(room.actor, entity_id)
    if page.territory_id != room.territory.id:
        raise NoSuchEntity(NO_SUCH_THING)
    reason = commands.may(room.actor, "set_limit", room.territory.id, page.owner_id)
    if reason is not None:
        raise Refused(reason, code="may_not_set_limit")
    asked = request.POST.get("kind", "") if request.method == "POST" else ""
    shown = []
    for kind in commands.kinds_for(page.kind):
        if kind.form is Form.LEVEL:
            old = commands.limit_of(entity_id, kind.slug)
            start = {} if old is None else {"low": old.low, "high": old.high, "why": old.why}
            shown.append(LimitForm(kind, request.POST if asked == kind.slug else None, start))
    form = next((one for one in shown if one.kind.slug == asked), None)
    if form is not None and form.is_valid():
        try:
            commands.set_limit(
                actor=room.actor,
                territory_id=room.territory.id,
                entity_id=entity_id,
                kind_slug=form.kind.slug,
                **form.cleaned_data,
            )
        except (Refused, NotFound):
            raise
        except BelvedereError as error:
            form.blame(error)
        else:
            messages.success(request, gettext("The limit is saved."))
            return redirect("commands:limits", room.territory, entity_id)
    context = {
        "room": room,
        "name": name_in(page.names, room.language, room.territory.languages) or str(entity_id),
        "entity_id": entity_id,
        "forms": shown,
    }
    status = 422 if any(one.errors for one in shown) else 200
    return render(request, "commands/limits.html", context, status=status)


limits = never_cache(require_http_methods(["GET", "POST"])(in_cockpit(_limits)))
