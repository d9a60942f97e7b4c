"""What prices rest on in a territory: indexes with their source, rates of VAT. Administrators change them."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from django import forms
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from belvedere.domains.plans.public import outlook
from belvedere.faces.web import formats
from belvedere.faces.web.errors import sentence
from belvedere.faces.web.pages.plans.fields import ShareField, amount_of
from belvedere.faces.web.pages.plans.rooms import Room, in_cockpit
from belvedere.kernel.errors import N_, Conflict, InvalidInput, NotFound
from belvedere.kernel.texts import text_in

BLANK_RATES = 2


class IndexForm(forms.Form):
    """An index whole: its values one a line, “2025-10 118.4”."""

    code = forms.CharField(label=_("Short code"), max_length=60)
    name = forms.CharField(label=_("Name"), max_length=200)
    source = forms.CharField(label=_("Source"), max_length=300)
    values = forms.CharField(
        label=_("Values"),
        max_length=40_000,
        widget=forms.Textarea(attrs={"rows": 8, "spellcheck": "false"}),
        help_text=_("One a line: the month, then the value, as in 2025-10 118.4."),
    )
    yearly_rate = ShareField(
        label=_("Beyond the last value, % a year"),
        required=False,
        help_text=_("An assumption; without it no year beyond the last value has a price."),
    )

    def clean_values(self) -> dict[str, Decimal]:
        found: dict[str, Decimal] = {}
        for line in str(self.cleaned_data["values"]).splitlines():
            parts = line.split(None, 1)
            if not parts:
                continue
            if len(parts) < 2:
                raise ValidationError(
                    _("The line “%(line)s” needs a month and a value."), params={"line": line[:40]}
                )
            found[parts[0].strip(";,:")] = amount_of(parts[1].strip())
        return found


class RatesForm(forms.Form):
    """The rates of VAT; a row without a day is left out."""

    def __init__(self, rates: tuple[outlook.VatView, ...], data: Any = None) -> None:
        super().__init__(data, auto_id="po-%s")
        self.rates = rates
        self.size = len(rates) + BLANK_RATES
        for at in range(self.size):
            rate = rates[at] if at < len(rates) else None
            self.fields[f"from_{at}"] = forms.DateField(
                label=_("In force from"),
                required=False,
                widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
                initial=rate.valid_from if rate else None,
            )
            share = formats.number(rate.rate * 100) if rate else ""
            self.fields[f"rate_{at}"] = ShareField(label=_("Rate, %"), required=False, initial=share)
            self.fields[f"source_{at}"] = forms.CharField(
                label=_("Source"), required=False, max_length=300, initial=rate.source if rate else ""
            )

    @property
    def rows(self) -> list[list[forms.BoundField]]:
        return [[self[f"{name}_{at}"] for name in ("from", "rate", "source")] for at in range(self.size)]

    def drafts(self) -> list[outlook.VatDraft]:
        found = []
        for at in range(self.size):
            day, rate = self.cleaned_data[f"from_{at}"], self.cleaned_data[f"rate_{at}"]
            if day is None and rate is None:
                continue
            if day is None or rate is None:
                raise InvalidInput(N_("A rate of VAT needs the day it starts and its share."))
            found.append(outlook.VatDraft(day, rate, self.cleaned_data[f"source_{at}"]))
        return found


def _index_form(room: Room, index: outlook.IndexView | None, data: Any = None) -> IndexForm:
    initial: dict[str, Any] = {}
    if index is not None:
        initial = {
            "code": index.code,
            "name": text_in(index.names, room.language),
            "source": index.source,
            "values": "\n".join(f"{month} {value.normalize():f}" for month, value in index.values),
            "yearly_rate": "" if index.yearly_rate is None else formats.number(index.yearly_rate * 100),
        }
    return IndexForm(data, initial=initial, auto_id=f"po-{index.id if index else 'new'}-%s")


def _save(room: Room, found: outlook.PricesView, request: HttpRequest) -> IndexForm | RatesForm | None:
    """Save what was sent; gives the form back where it cannot be taken."""
    act = request.POST.get("act", "")
    form: IndexForm | RatesForm
    if act == "vat":
        form = RatesForm(found.vat, request.POST)
    else:
        known = next((one for one in found.indexes if str(one.id) == request.POST.get("index")), None)
        if request.POST.get("index") and known is None:
            raise NotFound(N_("This index of prices is gone: someone removed it."))
        if act == "remove" and known is not None:
            outlook.remove_index(actor=room.actor, territory_id=room.territory.id, index_id=known.id)
            return None
        form = _index_form(room, known, request.POST)
    if not form.is_valid():
        return form
    try:
        if isinstance(form, RatesForm):
            outlook.set_vat_rates(actor=room.actor, territory_id=room.territory.id, rates=form.drafts())
        else:
            _set_index(room, found, form.cleaned_data)
    except (InvalidInput, Conflict) as error:
        field = str(error.data.get("field", ""))
        form.add_error(field if field in form.fields else None, sentence(error))
        return form
    return None


def _set_index(room: Room, found: outlook.PricesView, said: dict[str, Any]) -> None:
    known = next((one for one in found.indexes if one.code == said["code"]), None)
    names = {**(known.names if known else {}), room.language: said["name"]}
    outlook.set_index(
        actor=room.actor,
        territory_id=room.territory.id,
        draft=outlook.IndexDraft(said["code"], names, said["source"], said["values"], said["yearly_rate"]),
    )


def _prices(request: HttpRequest, room: Room) -> HttpResponse:
    found = outlook.prices(room.actor, room.territory.id)
    failed = None
    if request.method == "POST":
        failed = _save(room, found, request)
        if failed is None:
            messages.success(request, gettext("The prices are saved."))
            return redirect(room.url("outlook_prices"))
    indexes = [
        {
            "id": index.id,
            "name": text_in(index.names, room.language) or index.code,
            "source": index.source,
            "first": index.values[0] if index.values else None,
            "last": index.values[-1] if index.values else None,
            "yearly_rate": index.yearly_rate,
            "form": _form_of(room, index, failed),
        }
        for index in found.indexes
    ]
    is_new = isinstance(failed, IndexForm) and not request.POST.get("index")
    context = {
        "room": room,
        "money_url": room.url("finance"),
        "heading": gettext("Prices"),
        "finding": _finding(found),
        "indexes": indexes,
        "vat": found.vat,
        "may_edit": found.may_edit,
        "new_form": failed if is_new else _index_form(room, None),
        "new_open": is_new or not indexes,
        "rates_form": failed if isinstance(failed, RatesForm) else RatesForm(found.vat),
        "rates_open": isinstance(failed, RatesForm),
    }
    return render(request, "plans/outlook/prices.html", context, status=422 if failed else 200)


def _form_of(room: Room, index: outlook.IndexView, failed: object) -> IndexForm:
    if isinstance(failed, IndexForm) and failed.auto_id == f"po-{index.id}-%s":
        return failed
    return _index_form(room, index)


def _finding(found: outlook.PricesView) -> str:
    if not found.indexes or not found.vat:
        return gettext("Current prices need an index and a rate of VAT")
    index = found.indexes[0]
    return gettext("Prices follow an index known until %(month)s and a VAT of %(rate)s") % {
        "month": formats.price_base(index.values[-1][0]),
        "rate": formats.percent(found.vat[-1].rate, 1),
    }


prices = in_cockpit(_prices)

__all__ = ["prices"]
