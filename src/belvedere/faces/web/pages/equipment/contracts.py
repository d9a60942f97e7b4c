"""Maintenance contracts: the list, one of them, making, changing and ending."""

from __future__ import annotations

from decimal import Decimal
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.dates import WEEKDAYS_ABBR
from django.utils.translation import gettext, ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt, csrf_protect
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from belvedere.domains.equipment import public as equipment
from belvedere.domains.equipment.errors import NoSuchContract
from belvedere.domains.equipment.public import ContractView, Step
from belvedere.domains.territory.public import TerritoryView, organisations_by_id
from belvedere.faces.web import formats
from belvedere.faces.web.errors import sentence
from belvedere.faces.web.pages.equipment import histories, words
from belvedere.faces.web.pages.equipment.acts import refuse_size
from belvedere.faces.web.pages.equipment.contract_forms import ContractForm, EndForm
from belvedere.faces.web.pages.equipment.file_forms import FileForm
from belvedere.faces.web.pages.equipment.lists import owners_for
from belvedere.faces.web.pages.plans.rooms import Room, in_cockpit
from belvedere.faces.web.uploads import limited
from belvedere.kernel.errors import N_, BelvedereError, Conflict, InvalidInput, Refused
from belvedere.kernel.money import Kind, Money, Vat

BESIDE = {"ends_on": "last_day"}


def here(room: Room, contract_id: UUID) -> ContractView:
    """The contract, if it is one of this territory and the actor may know of it."""
    view = equipment.contract(room.actor, contract_id)
    if view.territory_id != room.territory.id:
        raise NoSuchContract(N_("There is no such contract, or it is not for you to see."))
    return view


def times_rows(view: ContractView) -> list[dict[str, Any]]:
    """The times of a contract in words, the most urgent severity first."""
    return [
        {
            "severity": words.severity(severity),
            "steps": [_hours(times.hours(step)) for step in Step],
            "clock": gettext("round the clock") if times.round_the_clock else gettext("working hours"),
            "penalty": formats.money(Money(times.penalty, Kind(view.currency, Vat.EXCLUDED)), form="full")
            if times.penalty
            else "–",
        }
        for severity, times in view.response_times.items()
    ]


def _hours(hours: Decimal | None) -> str:
    if hours is None:
        return "–"
    if hours < 1:
        return gettext("%(n)s min") % {"n": formats.number(hours * 60, 0)}
    return gettext("%(n)s h") % {"n": formats.number(hours)}


def _span(view: ContractView) -> str:
    if view.ends_on is None:
        return gettext("since %(start)s, without end") % {"start": formats.day(view.starts_on)}
    return gettext("%(start)s to %(end)s") % {
        "start": formats.day(view.starts_on),
        "end": formats.day(view.ends_on),
    }


def _hours_of_work(view: ContractView) -> str:
    days = ", ".join(str(WEEKDAYS_ABBR[day - 1]) for day in view.work_days)
    return gettext("%(days)s, %(start)s to %(end)s") % {
        "days": days,
        "start": view.works_from.strftime("%H:%M"),
        "end": view.works_until.strftime("%H:%M"),
    }


def _names(views: list[ContractView]) -> dict[UUID, str]:
    ids = {key for one in views for key in (one.owner_id, one.contractor_id)}
    return {key: one.name for key, one in organisations_by_id(ids).items()}


def _contracts(request: HttpRequest, room: Room) -> HttpResponse:
    found = equipment.contracts(room.actor, room.territory.id)
    names = _names(found)
    running = sum(one.is_running for one in found)
    finding = gettext("No maintenance contract yet")
    if found:
        finding = ngettext(
            "%(count)s maintenance contract runs", "%(count)s maintenance contracts run", running
        ) % {"count": formats.number(running)}
    context = {
        "room": room,
        "finding": finding,
        "rows": [
            {
                "view": one,
                "span": _span(one),
                "owner": names.get(one.owner_id, ""),
                "contractor": names.get(one.contractor_id, ""),
                "url": reverse("equipment:contract", args=[room.territory, one.id]),
            }
            for one in found
        ],
        "may_make": bool(owners_for(room, "make_contract")),
    }
    return render(request, "equipment/contracts.html", context)


def _page(
    request: HttpRequest,
    room: Room,
    view: ContractView,
    *,
    end_form: EndForm | None = None,
    file_form: FileForm | None = None,
    error: BelvedereError | None = None,
) -> HttpResponse:
    names = _names([view])
    context = {
        "room": room,
        "view": view,
        "owner": names.get(view.owner_id, ""),
        "contractor": names.get(view.contractor_id, ""),
        "span": _span(view),
        "times": times_rows(view),
        "hours": _hours_of_work(view),
        "equipment_url": reverse("equipment:register", args=[room.territory]) + f"?contract={view.id}",
        "entries": histories.entries_of_contract(room, view),
        "end_form": end_form or EndForm(initial={"last_day": view.ends_on}),
        "file_form": file_form or FileForm(),
        "problem": sentence(error) if error else "",
    }
    bad = error is not None or end_form is not None or file_form is not None
    return render(request, "equipment/contract.html", context, status=422 if bad else 200)


def _contract(request: HttpRequest, room: Room, contract_id: UUID) -> HttpResponse:
    return _page(request, room, here(room, contract_id))


def _form(request: HttpRequest, room: Room, form: ContractForm, view: ContractView | None) -> HttpResponse:
    shown = ("name", "reference", "owner", "contractor", "starts_on", "ends_on", "currency", "notes")
    context = {
        "room": room,
        "form": form,
        "view": view,
        "shown": [form[name] for name in shown if view is None or name != "owner"],
        "hours": [form[name] for name in ("work_days", "works_from", "works_until")],
        "version": request.POST.get("version") or (view.version if view else ""),
    }
    return render(request, "equipment/contract_form.html", context, status=422 if form.errors else 200)


def _new(request: HttpRequest, room: Room) -> HttpResponse:
    owners = owners_for(room, "make_contract")
    if not owners:
        raise Refused(
            N_("Only managers of the organisation that owns the equipment make and change its contracts."),
            code="may_not_make_contract",
        )
    form = ContractForm(room, owners, data=request.POST if request.method == "POST" else None)
    if form.is_bound and form.is_valid():
        try:
            made = equipment.make_contract(
                actor=room.actor, territory=room.territory, owner_id=form.owner_id, terms=form.terms()
            )
        except (InvalidInput, Conflict) as error:
            form.blame(error)
        else:
            messages.success(request, gettext("The contract is made. Now say which equipment it covers."))
            return redirect("equipment:contract", room.territory, made)
    return _form(request, room, form, None)


def _change(request: HttpRequest, room: Room, contract_id: UUID) -> HttpResponse:
    view = here(room, contract_id)
    reason = equipment.may(room.actor, "change_contract", equipment.Thing(view.territory_id, view.owner_id))
    if reason is not None:
        raise Refused(reason, code="may_not_change_contract")
    owners = [(str(view.owner_id), _names([view]).get(view.owner_id, ""))]
    form = ContractForm(room, owners, view, request.POST if request.method == "POST" else None)
    seen = request.POST.get("version", "")
    if form.is_bound and form.is_valid():
        try:
            equipment.change_contract(
                actor=room.actor,
                contract_id=contract_id,
                version=int(seen) if seen.isascii() and seen.isdigit() and len(seen) < 9 else 0,
                terms=form.terms(),
            )
        except (InvalidInput, Conflict) as error:
            form.blame(error)
        else:
            messages.success(request, gettext("The contract is changed."))
            return redirect("equipment:contract", room.territory, contract_id)
    return _form(request, room, form, view)


def _end(request: HttpRequest, room: Room, contract_id: UUID) -> HttpResponse:
    view = here(room, contract_id)
    form = EndForm(request.POST)
    if not form.is_valid():
        return _page(request, room, view, end_form=form)
    try:
        equipment.end_contract(
            actor=room.actor,
            contract_id=contract_id,
            version=None,
            last_day=form.cleaned_data["last_day"],
            reason=form.cleaned_data["reason"],
        )
    except (InvalidInput, Conflict) as error:
        name = str(error.data.get("field"))
        error.data["field"] = BESIDE.get(name, name)
        form.blame(error)
        return _page(request, room, view, end_form=form)
    messages.success(request, gettext("The last day of the contract is noted."))
    return redirect("equipment:contract", room.territory, contract_id)


@csrf_exempt  # only so that the size is looked at before the body; `_add` protects
@require_POST
def add_file(request: HttpRequest, territory: TerritoryView, contract_id: UUID) -> Any:
    """Keep a document of the contract."""
    error = limited(request, refuse_size)
    if error is not None:
        return _too_large(request, territory, contract_id, error)
    return _add(request, territory, contract_id)


@never_cache
@in_cockpit
def _too_large(request: HttpRequest, room: Room, contract_id: UUID, error: BelvedereError) -> HttpResponse:
    return _page(request, room, here(room, contract_id), error=error)


@never_cache
@csrf_protect
@in_cockpit
def _add(request: HttpRequest, room: Room, contract_id: UUID) -> HttpResponse:
    view = here(room, contract_id)
    form = FileForm(request.POST, request.FILES)
    draft = form.draft() if form.is_valid() else None
    if draft is None:
        return _page(request, room, view, file_form=form)
    try:
        equipment.add_contract_document(actor=room.actor, contract_id=contract_id, draft=draft)
    except (InvalidInput, Conflict) as error:
        return _page(request, room, view, file_form=form, error=error)
    messages.success(request, gettext("The file is kept."))
    return redirect("equipment:contract", room.territory, contract_id)


def _remove_file(request: HttpRequest, room: Room, contract_id: UUID, document_id: UUID) -> HttpResponse:
    here(room, contract_id)
    equipment.remove_contract_document(actor=room.actor, contract_id=contract_id, document_id=document_id)
    messages.success(request, gettext("The file is removed."))
    return redirect("equipment:contract", room.territory, contract_id)


contracts = never_cache(require_GET(in_cockpit(_contracts)))
contract = never_cache(require_GET(in_cockpit(_contract)))
new = never_cache(require_http_methods(["GET", "POST"])(in_cockpit(_new)))
change = never_cache(require_http_methods(["GET", "POST"])(in_cockpit(_change)))
end = never_cache(require_POST(in_cockpit(_end)))
remove_file = require_POST(in_cockpit(_remove_file))
