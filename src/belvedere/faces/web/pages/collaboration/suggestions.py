"""Suggestions: the form of who suggests, in the cockpit and in the portal; the queue of who decides."""

from __future__ import annotations

from datetime import date
from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from belvedere.domains.collaboration.public import (
    DAYS,
    PART_NAMES,
    STATE_NAMES,
    WRITTEN,
    Part,
    SuggestionDraft,
    SuggestionView,
    answer_suggestion,
    confirm_suggestion,
    look_at_confirmation,
    make_suggestion,
    present_values,
    queue,
    refuse_suggestion,
    suggested_by,
    take_suggestion,
)
from belvedere.domains.plans.public import page as plans_page
from belvedere.domains.territory.public import name_in
from belvedere.faces.web import formats
from belvedere.faces.web.errors import sentence
from belvedere.faces.web.pages.access.acting import client_of
from belvedere.faces.web.pages.collaboration.inbox import room_url
from belvedere.faces.web.pages.plans.rooms import Room, in_cockpit, in_portal
from belvedere.kernel.errors import InvalidInput
from belvedere.kernel.paging import Window

PAGE_SIZE = 20
FURTHEST = 100_000


class Suggest(forms.Form):
    """What should be said instead. `website` is for programs only: people do not see it."""

    part = forms.ChoiceField(label=_("What is it about?"))
    value = forms.CharField(label=_("What should it say?"), required=False, max_length=6000)
    message = forms.CharField(
        label=_("In your words: what is not right, how do you know?"),
        required=False,
        max_length=2100,
        widget=forms.Textarea(attrs={"rows": 4}),
    )
    name = forms.CharField(
        label=_("Your name, if you like"),
        required=False,
        max_length=120,
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
    )
    email = forms.CharField(
        label=_("Your e-mail address, to be told the answer"),
        help_text=_("We send a link to it; the owner sees the suggestion once you opened it."),
        required=False,
        max_length=254,
        widget=forms.EmailInput(attrs={"autocomplete": "email"}),
    )
    website = forms.CharField(
        label=_("Leave this empty"),
        required=False,
        widget=forms.TextInput(attrs={"tabindex": "-1", "autocomplete": "off"}),
    )

    def __init__(self, data: Any, part: Part, present: dict[Part, str], *, known: bool) -> None:
        super().__init__(data, initial={"part": part.value, "value": present.get(part, "")})
        self.fields["part"].choices = [(one.value, gettext(label)) for one, label in PART_NAMES.items()]  # type: ignore[attr-defined]
        if part not in WRITTEN:
            del self.fields["value"]
        elif part in DAYS:
            self.fields["value"].widget = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
        elif part is not Part.TITLE:
            self.fields["value"].widget = forms.Textarea(attrs={"rows": 8})
        if known:
            for name in ("name", "email", "website"):
                del self.fields[name]


def _language(room: Room) -> str:
    """The language a text is suggested in: the reader's, where the territory writes it."""
    known = room.territory.languages
    return room.language if room.language in known else known[0]


def _part(text: str) -> Part:
    return Part(text) if text in set(Part) else Part.TITLE


def _client(request: HttpRequest, room: Room) -> str:
    return "" if room.actor.person_id is not None else client_of(request)


def _suggest(request: HttpRequest, room: Room, measure_id: UUID) -> HttpResponse:
    """GET `part` shows the form for that part; POST keeps the suggestion."""
    view = plans_page.measure_page(
        room.actor, measure_id, language=room.language, territory_id=room.territory.id
    )
    asked = _part((request.POST or request.GET).get("part", ""))
    language = _language(room)
    present = present_values(room.actor, measure_id, language)
    known = room.actor.person_id is not None
    form = Suggest(request.POST or None, asked, present, known=known)
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        if given.get("website"):  # a program filled in what nobody sees: it need not know
            return redirect(room.measure_url(measure_id))
        draft = SuggestionDraft(
            part=asked,
            language=language,
            value=given.get("value", ""),
            message=given["message"],
            name=given.get("name", ""),
            email=given.get("email", ""),
        )
        try:
            make_suggestion(
                actor=room.actor, measure_id=measure_id, draft=draft, client=_client(request, room)
            )
        except InvalidInput as error:
            field = str(error.data.get("field", ""))
            form.add_error(field if field in form.fields else None, sentence(error))
        else:
            messages.success(request, _thanks(draft))
            return redirect(room.measure_url(measure_id))
    context = {
        "room": room,
        "form": form,
        "title": name_in(view.title, room.language, room.territory.languages),
        "measure_url": room.measure_url(measure_id),
        "present": _shown(asked, present.get(asked, "")),
        "writes": asked in WRITTEN,
        "language": language,
    }
    status = 422 if form.errors else 200
    piece = request.headers.get("HX-Request") and request.method == "GET"
    template = "collaboration/suggest_form.html" if piece else "collaboration/suggest.html"
    return render(request, template, context, status=status)


def _thanks(draft: SuggestionDraft) -> str:
    if draft.email.strip():
        return gettext("Thank you. Open the link that we send you: the owner then sees your suggestion.")
    return gettext("Thank you. The owner of the measure sees your suggestion.")


def _shown(part: Part, value: str) -> str:
    """A value as people read it: days in their language."""
    if part in DAYS and value:
        return formats.day(date.fromisoformat(value), "long")
    return value


def line_of(one: SuggestionView, room: Room) -> dict[str, Any]:
    """A suggestion as the queue shows it."""
    return {
        "row": one,
        "title": name_in(one.title, room.language, room.territory.languages),
        "url": room.measure_url(one.measure_id),
        "part": gettext(PART_NAMES[one.part]),
        "state": gettext(STATE_NAMES[one.state]),
        "present": _shown(one.part, one.present),
        "now": _shown(one.part, one.now),
        "value": _shown(one.part, one.value),
        "is_day": one.part in DAYS,
        "is_long": one.part in (Part.DESCRIPTION, Part.JUSTIFICATION),
        "language": "" if one.language == room.language else one.language,
        "decide_url": room_url(room, "decide", suggestion_id=one.id),
    }


def _start(request: HttpRequest) -> int:
    text = request.GET.get("start", "")
    return min(int(text), FURTHEST) if text.isascii() and text.isdigit() and len(text) < 9 else 0


def _suggestions(request: HttpRequest, room: Room, refused: dict[str, Any] | None = None) -> HttpResponse:
    shown = request.GET.get("show", "")
    shown = shown if shown in ("decided", "mine") else "open"
    here, window = room.territory.id, Window(_start(request), PAGE_SIZE)
    open_page = queue(room.actor, here, window=window if shown == "open" else Window(0, 1))
    lines: list[SuggestionView]
    following: int | None = None
    if shown == "mine":
        lines = suggested_by(room.actor, here)
    elif shown == "decided":
        decided = queue(room.actor, here, decided=True, window=window)
        lines, following = list(decided.rows), decided.next_start
    else:
        lines, following = list(open_page.rows), open_page.next_start
    base = room_url(room, "suggestions")
    tabs = [
        ("open", gettext("To answer"), base),
        ("decided", gettext("Answered"), f"{base}?show=decided"),
        ("mine", gettext("Mine"), f"{base}?show=mine"),
    ]
    context = {
        "room": room,
        "shown": shown,
        "tabs": tabs,
        "waiting": open_page.total,
        "lines": [line_of(one, room) for one in lines],
        "next_url": f"{base}?show={shown}&start={following}" if following else "",
        "refused": refused or {},
    }
    return render(request, "collaboration/suggestions.html", context, status=422 if refused else 200)


def _decide(request: HttpRequest, room: Room, suggestion_id: UUID) -> HttpResponse:
    """POST `verdict` take, refuse or answer, with `answer` and, to amend what is taken, `value`."""
    verdict, answer = request.POST.get("verdict", ""), request.POST.get("answer", "")
    value = request.POST.get("value", "")
    try:
        if verdict == "take":
            take_suggestion(actor=room.actor, suggestion_id=suggestion_id, value=value, answer=answer)
            messages.success(request, gettext("Taken over. Who suggested it is told."))
        elif verdict == "answer":
            answer_suggestion(actor=room.actor, suggestion_id=suggestion_id, answer=answer)
            messages.success(request, gettext("Answered. Who suggested it is told."))
        else:
            refuse_suggestion(actor=room.actor, suggestion_id=suggestion_id, answer=answer)
            messages.success(request, gettext("Not taken over. Who suggested it is told why."))
    except InvalidInput as error:
        refused = {"id": suggestion_id, "error": sentence(error), "answer": answer, "value": value}
        return _suggestions(request, room, refused)
    return redirect(room_url(room, "suggestions"))


def _confirm(request: HttpRequest, room: Room, token: str) -> HttpResponse:
    """GET shows a button, so that a program that follows links confirms nothing; POST confirms."""
    if request.method == "POST":
        measure_id = confirm_suggestion(token=token)
        messages.success(request, gettext("Thank you. The owner of the measure sees your suggestion."))
        return redirect(room.measure_url(measure_id))
    view = plans_page.measure_page(
        room.actor, look_at_confirmation(token), language=room.language, territory_id=room.territory.id
    )
    title = name_in(view.title, room.language, room.territory.languages)
    return render(request, "collaboration/confirm.html", {"room": room, "title": title})


suggest = never_cache(require_http_methods(["GET", "POST"])(in_cockpit(_suggest)))
portal_suggest = never_cache(require_http_methods(["GET", "POST"])(in_portal(_suggest)))
suggestions_page = never_cache(require_GET(in_cockpit(_suggestions)))
decide = require_POST(in_cockpit(_decide))
confirm = never_cache(require_http_methods(["GET", "POST"])(in_portal(_confirm)))
