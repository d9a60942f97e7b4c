"""What is typed of a maintenance contract."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from typing import Any
from uuid import UUID

from django import forms
from django.utils.dates import WEEKDAYS
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from belvedere.domains.equipment.public import ContractView, ResponseTimes, Step, Terms
from belvedere.domains.territory.public import organisations
from belvedere.faces.web.pages.connections.forms import Blamed
from belvedere.faces.web.pages.equipment import words
from belvedere.faces.web.pages.equipment.forms import day_field
from belvedere.faces.web.pages.plans.fields import AmountField
from belvedere.faces.web.pages.plans.rooms import Room
from belvedere.kernel.money import CURRENCIES
from belvedere.kernel.severity import Severity

SEVERITIES = (Severity.CRITICAL, Severity.MAJOR, Severity.MINOR, Severity.INFO)
CLOCK = {"type": "time"}


class ContractForm(Blamed):
    """The terms of a contract; one row of times for each severity."""

    name = forms.CharField(label=_("Name"), max_length=200)
    reference = forms.CharField(label=_("Reference"), required=False, max_length=80)
    owner = forms.ChoiceField(label=_("Equipment of"))
    contractor = forms.ChoiceField(label=_("Contractor"))
    starts_on = day_field(_("First day"))
    ends_on = day_field(_("Last day"), required=False, help_text=_("Empty: no end is agreed."))
    currency = forms.ChoiceField(label=_("Currency of the penalties"))
    work_days = forms.TypedMultipleChoiceField(
        label=_("Working days"), coerce=int, widget=forms.CheckboxSelectMultiple, required=False
    )
    works_from = forms.TimeField(label=_("Working hours from"), widget=forms.TimeInput(CLOCK, format="%H:%M"))
    works_until = forms.TimeField(
        label=_("Working hours until"), widget=forms.TimeInput(CLOCK, format="%H:%M")
    )
    notes = forms.CharField(label=_("Notes"), required=False, widget=forms.Textarea({"rows": 3}))

    def __init__(
        self,
        room: Room,
        owners: Sequence[tuple[str, str]],
        view: ContractView | None = None,
        data: Any = None,
    ) -> None:
        for_new = {
            "work_days": [1, 2, 3, 4, 5],
            "works_from": "07:00",
            "works_until": "17:00",
            "currency": room.territory.currency,
        }
        super().__init__(data, initial=_initial(view) if view else for_new)
        self.choose("owner", list(owners))
        bodies = organisations(room.territory.id, active_only=True)
        named = [(str(one.id), one.name) for one in bodies]
        if view is not None and str(view.contractor_id) not in dict(named):
            named.append((str(view.contractor_id), gettext("an organisation that is no longer active")))
        self.choose("contractor", [("", gettext("choose")), *named])
        self.choose("currency", [(one, one) for one in sorted(CURRENCIES)])
        self.choose("work_days", [(str(day + 1), name) for day, name in WEEKDAYS.items()])
        if view is not None:
            self.fields["owner"].required = False
            self.fields["owner"].disabled = True
        for severity in SEVERITIES:
            self._add_times(severity)

    def _add_times(self, severity: Severity) -> None:
        labels = {
            Step.ACKNOWLEDGE: gettext("Hours to acknowledge"),
            Step.ARRIVE: gettext("Hours to arrive"),
            Step.REPAIR: gettext("Hours to repair"),
        }
        penalty, always = gettext("Penalty for each hour late"), gettext("Round the clock")
        key, word = int(severity), words.severity(severity)
        for step in Step:
            self._add_number(f"{step}_{key}", f"{labels[step]}, {word}")
        self._add_number(f"penalty_{key}", f"{penalty}, {word}")
        self.fields[f"always_{key}"] = forms.BooleanField(label=f"{always}, {word}", required=False)

    def _add_number(self, name: str, label: str) -> None:
        field = AmountField(label=label, required=False)
        field.widget.attrs["class"] = "bv-input"
        self.fields[name] = field

    def rows(self) -> list[dict[str, Any]]:
        """The fields of the times, a row for each severity."""
        return [
            {
                "severity": words.severity(severity),
                "fields": [self[f"{step}_{int(severity)}"] for step in Step],
                "penalty": self[f"penalty_{int(severity)}"],
                "always": self[f"always_{int(severity)}"],
            }
            for severity in SEVERITIES
        ]

    @property
    def owner_id(self) -> UUID:
        return UUID(self.cleaned_data["owner"])

    def terms(self) -> Terms:
        given = self.cleaned_data
        times = {
            severity: ResponseTimes(
                acknowledge_h=given[f"acknowledge_{int(severity)}"],
                arrive_h=given[f"arrive_{int(severity)}"],
                repair_h=given[f"repair_{int(severity)}"],
                round_the_clock=given[f"always_{int(severity)}"],
                penalty=given[f"penalty_{int(severity)}"],
            )
            for severity in SEVERITIES
        }
        return Terms(
            name=given["name"],
            contractor_id=UUID(given["contractor"]),
            starts_on=given["starts_on"],
            ends_on=given["ends_on"],
            reference=given["reference"],
            currency=given["currency"],
            work_days=tuple(given["work_days"]),
            works_from=given["works_from"],
            works_until=given["works_until"],
            response_times={key: one for key, one in times.items() if not one.is_empty},
            notes=given["notes"].replace("\r\n", "\n"),
        )


def _plain(value: Decimal | None) -> str:
    """A number as the form shows it: 0.5, 24."""
    return "" if value is None else f"{value.normalize():f}"


def _initial(view: ContractView) -> dict[str, Any]:
    found: dict[str, Any] = {
        "name": view.name,
        "reference": view.reference,
        "owner": str(view.owner_id),
        "contractor": str(view.contractor_id),
        "starts_on": view.starts_on,
        "ends_on": view.ends_on,
        "currency": view.currency,
        "work_days": list(view.work_days),
        "works_from": view.works_from,
        "works_until": view.works_until,
        "notes": view.notes,
    }
    for severity, times in view.response_times.items():
        for step in Step:
            found[f"{step}_{int(severity)}"] = _plain(times.hours(step))
        found[f"penalty_{int(severity)}"] = _plain(times.penalty)
        found[f"always_{int(severity)}"] = times.round_the_clock
    return found


class EndForm(Blamed):
    """The last day of a contract."""

    last_day = day_field(_("Last day"))
    reason = forms.CharField(label=_("Why"), required=False, max_length=500)
