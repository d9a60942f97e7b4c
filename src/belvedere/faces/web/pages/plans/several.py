"""One change on several measures of the list: chosen, seen before, made, taken back."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext, ngettext

from belvedere.domains.plans.public import MeasureFilter, bulk, policies, queries, states, views
from belvedere.faces.web import formats
from belvedere.faces.web.errors import sentence
from belvedere.faces.web.pages.plans import parameters, words
from belvedere.faces.web.pages.plans.rooms import Room, in_cockpit
from belvedere.faces.web.pages.plans.several_form import SeveralForm
from belvedere.kernel.errors import N_, BelvedereError, NotFound, Refused
from belvedere.kernel.paging import Page, Window

CHOSEN = "chosen"  # in the address: only the measures whose `id` stands there
WRITES = ("edit", "publish", "move_agreement")


@dataclass(frozen=True, slots=True)
class Choice:
    """A measure of the list to tick. `level`: "ok" changes, "major" refuses, "" nothing to do."""

    row: views.MeasureRow
    language: str
    ticked: bool
    before: str = ""
    after: str = ""
    level: str = ""
    why: str = ""


def may_change_several(room: Room) -> bool:
    """Whether there is an owner whose measures the actor may change."""
    here = room.territory.id
    return room.is_cockpit and (
        room.actor.governs(here)
        or any(
            policies.may(room.actor, "edit", policies.Thing(here, owner)) is None
            for owner in room.actor.roles
        )
    )


def _several(request: HttpRequest, room: Room) -> HttpResponse:
    if not may_change_several(room):
        raise Refused(N_("Only those who may change measures change several at once."), code="may_not_edit")
    asked = parameters.read(request.GET)
    picked = _ids(request.GET.getlist("id")) if request.GET.get("only") == CHOSEN else None
    found = _found(room, asked, picked)
    is_post = request.method == "POST"
    form = SeveralForm(room, request.POST if is_post else None)
    ticked = _ids(request.POST.getlist("id")[: bulk.MOST]) if is_post else {row.id for row in found.rows}
    context: dict[str, Any] = {
        "room": room,
        "form": form,
        "total": found.total,
        "picked": picked is not None,
        "too_many": found.total > bulk.MOST,
        "most": bulk.MOST,
        "choices": [_choice(room, row, row.id in ticked) for row in found.rows],
        "back_url": room.measures_url + asked.page_query(),
    }
    if not is_post:
        return render(request, "plans/several.html", context)
    return _posted(request, room, form, [row.id for row in found.rows if row.id in ticked], context)


def _found(room: Room, asked: parameters.Asked, picked: set[UUID] | None) -> Page[views.MeasureRow]:
    """The measures to tick: those that were picked in the list, else all that its filter keeps."""
    if picked is not None and not picked:
        return Page((), 0, Window(0, bulk.MOST))
    return queries.measure_rows(
        room.actor,
        room.territory.id,
        asked.which if picked is None else MeasureFilter(ids=frozenset(picked)),
        language=room.language,
        sort=asked.sort,
        window=Window(0, bulk.MOST),
    )


def _ids(texts: Iterable[str]) -> set[UUID]:
    found = set()
    for text in texts:
        try:
            found.add(UUID(text))
        except ValueError:
            continue
    return found


def _posted(
    request: HttpRequest, room: Room, form: SeveralForm, ids: list[UUID], context: dict[str, Any]
) -> HttpResponse:
    if not form.is_valid():
        return render(request, "plans/several.html", context, status=422)
    applies = request.POST.get("act") == "apply"
    try:
        change = form.wanted()
        run = bulk.change_many if applies else bulk.preview_many
        done = run(
            actor=room.actor,
            territory_id=room.territory.id,
            measure_ids=ids,
            change=change,
            reason=form.cleaned_data["reason"],
        )
    except BelvedereError as error:
        form.add_error(None, sentence(error))
        return render(request, "plans/several.html", context, status=422)
    if applies and done.changed:
        said = ngettext("%(n)s measure is changed.", "%(n)s measures are changed.", done.changed)
        messages.success(request, said % {"n": formats.number(done.changed)})
        return redirect(room.url("several_done", bulk_id=done.id))
    tell = teller(room, form)
    verdicts = {verdict.measure_id: verdict for verdict in done.verdicts}
    context["choices"] = [_judged(choice, verdicts.get(choice.row.id), tell) for choice in context["choices"]]
    context |= {"done": done, "finding": _finding(done)}
    return render(request, "plans/several.html", context)


def _choice(room: Room, row: views.MeasureRow, ticked: bool) -> Choice:
    return Choice(row, "" if row.title_language == room.language else row.title_language, ticked)


def _judged(choice: Choice, verdict: bulk.Verdict | None, tell: Callable[[Any], str]) -> Choice:
    if verdict is None:
        return choice
    if verdict.refused is not None:
        why = sentence(verdict.refused)
        return Choice(choice.row, choice.language, False, tell(verdict.before), "", "major", why)
    if not verdict.changes:
        return Choice(choice.row, choice.language, False, tell(verdict.before))
    return Choice(choice.row, choice.language, True, tell(verdict.before), tell(verdict.after), "ok")


def _finding(done: bulk.Bulk) -> str:
    changed = ngettext("%(n)s measure changes", "%(n)s measures change", done.changed)
    parts = [changed % {"n": formats.number(done.changed)}]
    if done.refused:
        refused = ngettext("%(n)s refuses", "%(n)s refuse", done.refused)
        parts.append(refused % {"n": formats.number(done.refused)})
    same = len(done.verdicts) - done.changed - done.refused
    if same:
        stays = ngettext("%(n)s stays as it is", "%(n)s stay as they are", same)
        parts.append(stays % {"n": formats.number(same)})
    return ", ".join(parts)


def teller(room: Room, form: SeveralForm) -> Callable[[Any], str]:
    """Says a value of the kind of change that was asked."""
    kind = form.cleaned_data["change"]
    categories = dict(form.categories)

    def tell(value: Any) -> str:
        if kind == "step":
            return words.implementation(states.Implementation(value)).label
        if kind == "shift":
            return (
                " – ".join(formats.day(day, "short") if day else "…" for day in value) if any(value) else "–"
            )
        if kind == "category":
            return categories.get(str(value), "–")
        if kind == "published":
            return gettext("published") if value else gettext("not published")
        if kind == "plan":
            return gettext("listed") if value else gettext("not listed")
        return value or "–"

    return tell


# ------------------------------------------------------------------ done
def _done(request: HttpRequest, room: Room, bulk_id: UUID) -> HttpResponse:
    acts = bulk.acts_of_bulk(room.territory.id, bulk_id)
    rows = list(_rows(room, [UUID(act.subject[1]) for act in acts]))
    if not may_change_several(room) or not rows:
        raise NotFound(N_("There is no such change of several measures."))
    if request.method == "POST":
        back = bulk.undo_many(
            actor=room.actor,
            territory_id=room.territory.id,
            bulk_id=bulk_id,
            reason=gettext("A change of several measures is taken back."),
        )
        said = ngettext("%(n)s measure is as it was.", "%(n)s measures are as they were.", back.restored)
        messages.success(request, said % {"n": formats.number(back.restored)})
        if back.kept:
            kept = ngettext(
                "%(n)s measure was changed since and stays as it is.",
                "%(n)s measures were changed since and stay as they are.",
                len(back.kept),
            )
            messages.warning(request, kept % {"n": formats.number(len(back.kept))})
        return redirect(room.url("several_done", bulk_id=bulk_id))
    context = {
        "room": room,
        "rows": rows,
        "at": acts[0].at,
        "who": acts[0].actor_label,
        "reason": acts[0].reason,
        "days": bulk.UNDO_DAYS,
    }
    return render(request, "plans/several_done.html", context)


def _rows(room: Room, ids: Iterable[UUID]) -> Iterable[views.MeasureRow]:
    for pk in ids:
        row = queries.measure_row(room.actor, pk, language=room.language)
        if row is not None:
            yield row


several, several_done = in_cockpit(_several), in_cockpit(_done)
