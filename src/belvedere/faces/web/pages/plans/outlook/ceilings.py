"""What an owner, or one of its plans, may spend net a year: an amount a year, who decided it, when."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from belvedere.domains.plans.public import outlook, policies, vocabulary
from belvedere.faces.web import formats
from belvedere.faces.web.errors import sentence
from belvedere.faces.web.pages.plans.fields import AmountField
from belvedere.faces.web.pages.plans.money_forms import kind_fields, kind_of, plain
from belvedere.faces.web.pages.plans.outlook import asked as asking
from belvedere.faces.web.pages.plans.outlook import findings
from belvedere.faces.web.pages.plans.outlook.asked import Asked
from belvedere.faces.web.pages.plans.outlook.choices import Choice
from belvedere.faces.web.pages.plans.rooms import Room, in_cockpit
from belvedere.kernel.errors import Conflict, InvalidInput
from belvedere.kernel.money import Kind, Money


@dataclass(frozen=True, slots=True)
class Holder:
    """Whose ceilings the form holds: the owner's, a plan's or an axis's; of which spending."""

    plan_id: UUID | None = None
    node_id: UUID | None = None
    nature: vocabulary.Nature | None = None

    def holds(self, frame: outlook.FrameView) -> bool:
        return (frame.plan_id, frame.node_id, frame.nature) == (self.plan_id, self.node_id, self.nature)

    @property
    def query(self) -> str:
        return Asked(plan=self.plan_id, axis=self.node_id).query(nature=str(self.nature or ""))


class CeilingsForm(forms.Form):
    """An amount a year; the empty ones have no ceiling. `known` are the ceilings as they stand."""

    def __init__(
        self, years: list[int], known: dict[int, outlook.FrameView], kind: Kind, data: Any = None
    ) -> None:
        super().__init__(data, auto_id="po-%s")
        self.years, self.known = years, known
        for year in years:
            frame = known.get(year)
            self.fields[f"year_{year}"] = AmountField(
                label=str(year), required=False, initial=plain(frame.ceiling.amount) if frame else ""
            )
        self.fields |= kind_fields()
        start = {"currency": kind.currency, "vat": kind.vat.value, "price_base": kind.price_base}
        for name, value in start.items():
            self.fields[name].initial = value
        self.fields["source"] = forms.CharField(
            label=_("Who decided"),
            max_length=300,
            help_text=_("For the years that change, for example: General council, budget 2027."),
        )
        self.fields["decided_on"] = forms.DateField(
            label=_("Decided on"),
            required=False,
            widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        )
        self.fields["reason"] = forms.CharField(label=_("Reason"), max_length=300, required=False)

    @property
    def rows(self) -> list[dict[str, Any]]:
        """The years with their fields and where their ceiling comes from."""
        return [
            {
                "year": year,
                "field": self[f"year_{year}"],
                "frame": (frame := self.known.get(year)),
                "shown": formats.number(frame.ceiling.amount, 0) if frame else "",
            }
            for year in self.years
        ]

    def drafts(self, holder: Holder) -> list[outlook.FrameDraft]:
        """The years that change."""
        kind = kind_of(self.cleaned_data)
        found = []
        for year in self.years:
            amount = self.cleaned_data[f"year_{year}"]
            before = self.known.get(year)
            if amount is None or (before is not None and before.ceiling == Money(amount, kind)):
                continue
            source, day = self.cleaned_data["source"], self.cleaned_data["decided_on"]
            money = Money(amount, kind)
            found.append(
                outlook.FrameDraft(year, money, source, day, holder.nature, holder.plan_id, holder.node_id)
            )
        return found

    def gone(self) -> list[UUID]:
        """The ceilings whose amount was emptied."""
        emptied = (year for year in self.years if self.cleaned_data[f"year_{year}"] is None)
        return [self.known[year].id for year in emptied if year in self.known]


def _nature(text: str) -> vocabulary.Nature | None:
    return next((one for one in vocabulary.Nature if one.value == text), None)


def _years(view: outlook.views.OutlookView) -> list[int]:
    return [column.year for column in view.columns if column.year and column.year >= view.current_year - 1]


def _ceilings(request: HttpRequest, room: Room, organisation_id: UUID) -> HttpResponse:
    asked = asking.read(request.GET)
    question = Asked(plan=asked.plan, axis=asked.axis).question
    actor, territory_id = room.actor, room.territory.id
    picture = outlook.open_picture(actor, territory_id, organisation_id, question, language=room.language)
    view = outlook.view_of(picture)
    found = outlook.frames(actor, territory_id, organisation_id)
    holder = Holder(
        picture.question.plan_id, picture.question.node_id, _nature(request.GET.get("nature", ""))
    )
    known = {frame.year: frame for frame in found if holder.holds(frame)}
    kind = next((frame.ceiling.kind for frame in known.values()), view.constant_kind)
    may_edit = policies.may(actor, "edit_frames", policies.Thing(territory_id, organisation_id)) is None
    posted = request.POST if request.method == "POST" else None
    form = CeilingsForm(_years(view), known, kind, posted)
    status = 200
    if posted is not None:
        policies.require(actor, "edit_frames", policies.Thing(territory_id, organisation_id))
        if form.is_valid() and _saved(room, organisation_id, holder, form):
            messages.success(request, gettext("The ceilings are saved."))
            within = Asked(plan=holder.plan_id, axis=holder.node_id).query()
            return redirect(room.url("outlook", organisation_id=organisation_id) + within)
        status = 422
    context = _context(room, organisation_id, view, holder, form)
    context |= {
        "may_edit": may_edit,
        "others": _others(found, view, holder),
        "kind": formats.money_kind(kind),
    }
    return render(request, "plans/outlook/ceilings.html", context, status=status)


def _saved(room: Room, organisation_id: UUID, holder: Holder, form: CeilingsForm) -> bool:
    reason = form.cleaned_data["reason"]
    try:
        drafts = form.drafts(holder)
        with transaction.atomic():  # all the years of the form, or none
            for frame_id in form.gone():
                outlook.remove_frame(actor=room.actor, frame_id=frame_id, reason=reason)
            outlook.set_frames(
                actor=room.actor,
                territory_id=room.territory.id,
                organisation_id=organisation_id,
                drafts=drafts,
                reason=reason,
            )
    except (InvalidInput, Conflict) as error:
        field = str(error.data.get("field", ""))
        if field in ("year", "ceiling") and "year" in error.data:
            field = f"year_{error.data['year']}"
        form.add_error(field if field in form.fields else None, sentence(error))
        return False
    return True


def _others(
    found: tuple[outlook.FrameView, ...], view: outlook.views.OutlookView, holder: Holder
) -> list[dict[str, Any]]:
    """The ceilings that this form does not hold: of plans, axes, investment or operation alone; each leads
    to the form that holds it."""
    titles = {plan.id: plan.title for plan in view.plans}
    axes = {axis.id: f"{axis.code} {axis.title}".strip() for axis in view.axes}
    return [
        {
            "of": titles.get(frame.plan_id, "") if frame.plan_id else view.organisation_name,
            "axis": axes.get(frame.node_id, gettext("an axis of it")) if frame.node_id else "",
            "nature": findings.nature_said(str(frame.nature or "")),
            "url": Holder(frame.plan_id, frame.node_id, frame.nature).query or "?",
            "year": frame.year,
            "amount": formats.money(frame.ceiling, form="full"),
            "kind": formats.money_kind(frame.ceiling.kind),
            "source": frame.source,
            "decided_on": frame.decided_on,
        }
        for frame in found
        if not holder.holds(frame)
    ]


def _context(
    room: Room, organisation_id: UUID, view: outlook.views.OutlookView, holder: Holder, form: CeilingsForm
) -> dict[str, Any]:
    back = room.url("outlook", organisation_id=organisation_id)
    url = f"{back}ceilings/"
    plans = [Choice(gettext("All of the owner"), url, holder.plan_id is None)]
    plans += [
        Choice(plan.title, url + Holder(plan.id).query, holder.plan_id == plan.id, plan.code)
        for plan in view.plans
    ]
    axes = [Choice(gettext("The whole plan"), url + Holder(holder.plan_id).query, holder.node_id is None)]
    axes += [
        Choice(axis.title, url + Holder(holder.plan_id, axis.id).query, holder.node_id == axis.id, axis.code)
        for axis in view.axes
    ]
    natures = [
        Choice(
            label,
            url + replace(holder, nature=nature).query,
            holder.nature == nature,
        )
        for nature, label in (
            (None, gettext("All spending")),
            *((one, findings.nature_said(one.value).capitalize()) for one in vocabulary.Nature),
        )
    ]
    return {
        "room": room,
        "owner": {"id": organisation_id, "name": view.organisation_name},
        "money_url": room.url("finance"),
        "back_url": back,
        "plan_choices": plans if len(plans) > 1 else [],
        "axis_choices": axes if len(axes) > 1 else [],
        "nature_choices": natures,
        "heading": gettext("Ceilings"),
        "form": form,
        "url": url + holder.query,
        "finding": _finding(view, form.known),
    }


def _finding(view: outlook.views.OutlookView, known: dict[int, outlook.FrameView]) -> str:
    if not known:
        return gettext("%(owner)s has no ceiling yet") % {"owner": view.organisation_name}
    years = sorted(known)
    return gettext("%(owner)s may spend %(amount)s in %(year)s, decided until %(last)s") % {
        "owner": view.organisation_name,
        "amount": formats.money(_current(known, view.current_year).ceiling),
        "year": _current(known, view.current_year).year,
        "last": years[-1],
    }


def _current(known: dict[int, outlook.FrameView], year: int) -> outlook.FrameView:
    return known.get(year) or known[min(known, key=lambda one: abs(one - year))]


ceilings = in_cockpit(_ceilings)

__all__ = ["ceilings"]
