"""The order that switches lights off, made from a scene, to print; the ledger of energy and savings."""

from __future__ import annotations

import csv
import io
from dataclasses import replace
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from belvedere.domains.interventions import public as interventions
from belvedere.domains.scenes import public as scenes
from belvedere.domains.scenes.errors import NoSuchScene
from belvedere.domains.scenes.public import CONFIDENCE_NAMES, LedgerLine
from belvedere.domains.territory.public import organisations_by_id
from belvedere.faces.web import formats
from belvedere.faces.web.pages.commands import words as commands_words
from belvedere.faces.web.pages.plans.rooms import Room, in_cockpit
from belvedere.faces.web.pages.scenes import words
from belvedere.faces.web.pages.scenes.forms import EntryForm
from belvedere.faces.web.pages.scenes.pages import owners
from belvedere.kernel.clock import today
from belvedere.kernel.errors import N_, BelvedereError, Refused


def _order(request: HttpRequest, room: Room, scene_id: UUID) -> HttpResponse:
    """In the language of the territory, whoever reads it."""
    view = scenes.scene(room.actor, room.territory, scene_id)
    if not scenes.is_lighting(view.body):
        raise NoSuchScene(N_("Only scenes of street lights make such an order."))
    language = room.territory.languages[0]
    owner = organisations_by_id([view.owner_id])[view.owner_id]
    with translation.override(language):
        sheets = [
            (
                words.days(one),
                [(words.when(s.when), commands_words.value(view.body.command, s.value)) for s in one.steps],
            )
            for one in view.body.sheets
        ]
        text = translation.gettext("Order on the hours of public lighting")
        context = {
            "room": room,
            "view": view,
            "language": language,
            "title": text,
            "owner": owner.name,
            "is_french": room.territory.country == "FR",
            "street": view.body.reach.street,
            "sheets": sheets,
            "day": today(room.territory.zone),
            "is_dark": any(float(s.value) == 0 for one in view.body.sheets for s in one.steps[:-1]),
        }
        content = render(request, "scenes/order_text.html", context).content.decode()
    return render(request, "scenes/order.html", {**context, "content": content})


def _ledger(request: HttpRequest, room: Room) -> HttpResponse:
    lines = scenes.ledger(room.actor, room.territory)
    whole = scenes.totals(lines, room.territory.currency)
    names = organisations_by_id({one.owner_id for one in lines})
    linked = [one.intervention_id for one in lines if one.intervention_id]
    jobs = interventions.by_id(room.actor, room.territory.id, linked)
    told = {
        "kwh": formats.number(round(whole.kwh)),
        "money": f"{formats.number(whole.money, 0)}\u00a0{whole.currency}",
    }
    context = {
        "room": room,
        "finding": gettext("%(kwh)s kWh and %(money)s saved") % told
        if lines
        else gettext("Nothing in the ledger yet"),
        "rows": [
            (
                one,
                names[one.owner_id].label,
                gettext(CONFIDENCE_NAMES[one.confidence]),
                jobs.get(one.intervention_id) if one.intervention_id else None,
            )
            for one in lines
        ],
        "whole": whole,
        "may_write": bool(owners(room)),
        "csv_url": reverse("scenes:ledger_csv", args=[room.territory]),
    }
    return render(request, "scenes/ledger.html", context)


def _csv(request: HttpRequest, room: Room) -> HttpResponse:
    lines = scenes.ledger(room.actor, room.territory)
    names = organisations_by_id({one.owner_id for one in lines})
    out = io.StringIO()
    table = csv.writer(out, delimiter=";")
    table.writerow(
        [
            gettext("What was done"),
            gettext("Organisation"),
            gettext("First day"),
            gettext("Last day"),
            gettext("Used before (kWh)"),
            gettext("Used after (kWh)"),
            gettext("Saved (kWh)"),
            gettext("Saved money"),
            gettext("Currency"),
            gettext("CO₂ avoided (kg)"),
            gettext("What it cost"),
            gettext("How it is known"),
            gettext("Source"),
        ]
    )
    table.writerows(_row(one, names[one.owner_id].label) for one in lines)
    answer = HttpResponse("\ufeff" + out.getvalue(), content_type="text/csv; charset=utf-8")
    answer["Content-Disposition"] = f'attachment; filename="{room.territory.slug}-energie.csv"'
    return answer


def _row(one: LedgerLine, owner: str) -> list[str]:
    return [
        _plain(one.title),
        _plain(owner),
        one.first.isoformat(),
        one.last.isoformat(),
        f"{one.saved.before_kwh:.2f}",
        f"{one.saved.after_kwh:.2f}",
        f"{one.saved.kwh:.2f}",
        f"{one.saved.money:.2f}",
        one.currency,
        f"{one.saved.co2_kg:.2f}",
        "" if one.spent is None else f"{one.spent:.2f}",
        gettext(CONFIDENCE_NAMES[one.confidence]),
        _plain(one.source),
    ]


def _plain(text: str) -> str:
    """Text that no spreadsheet takes for a formula."""
    return f"'{text}" if text[:1] in "=+-@\t\r" else text


def _new_entry(request: HttpRequest, room: Room) -> HttpResponse:
    mine = owners(room)
    if not mine:
        raise Refused(N_("Only managers and administrators of the organisation that owns it may do this."))
    job = _job(request, room)
    begun = {} if job is None else {"title": job.what, "owner": str(job.owner_id)}
    form = EntryForm(mine, request.POST if request.method == "POST" else None, begun)
    if request.method == "POST" and form.is_valid():
        draft = replace(form.draft(), intervention_id=job.id if job else None)
        try:
            scenes.add_entry(actor=room.actor, territory=room.territory, draft=draft)
        except BelvedereError as error:
            if error.status in (403, 404):
                raise
            form.blame(error)
        else:
            messages.success(request, gettext("The saving is entered."))
            return redirect("scenes:ledger", room.territory)
    context = {"room": room, "form": form, "job": job}
    return render(request, "scenes/entry.html", context, status=422 if form.errors else 200)


def _job(request: HttpRequest, room: Room) -> interventions.Row | None:
    """The intervention that saved something, where the address names one that the reader may see."""
    try:
        wanted = UUID(request.GET.get("intervention", ""))
    except ValueError:
        return None
    return interventions.by_id(room.actor, room.territory.id, [wanted]).get(wanted)


def _remove_entry(request: HttpRequest, room: Room, entry_id: UUID) -> HttpResponse:
    scenes.remove_entry(actor=room.actor, territory=room.territory, entry_id=entry_id)
    messages.success(request, gettext("The line is taken out."))
    return redirect("scenes:ledger", room.territory)


order = never_cache(require_GET(in_cockpit(_order)))
ledger = never_cache(require_GET(in_cockpit(_ledger)))
ledger_csv = never_cache(require_GET(in_cockpit(_csv)))
new_entry = never_cache(require_http_methods(["GET", "POST"])(in_cockpit(_new_entry)))
remove_entry = require_POST(in_cockpit(_remove_entry))
