"""The form of a new measure."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any
from uuid import UUID

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from belvedere.domains.plans.public import queries, states, values
from belvedere.faces.web.pages.plans.fields import AmountField
from belvedere.faces.web.pages.plans.forms import LONGEST_TITLE, language_name
from belvedere.faces.web.pages.plans.money_forms import kind_fields, kind_of
from belvedere.faces.web.pages.plans.rooms import Room
from belvedere.kernel.clock import today
from belvedere.kernel.money import Money, Vat


class NewMeasureForm(forms.Form):
    """A measure to create: a title and an owner are enough."""

    use_required_attribute = False

    def __init__(self, room: Room, owners: Sequence[tuple[str, str]], data: Any = None) -> None:
        self.room = room
        super().__init__(data, initial={"currency": room.territory.currency, "vat": Vat.EXCLUDED.value})
        for code in room.territory.languages:
            self.fields[f"title_{code}"] = forms.CharField(
                label=_("Title (%(language)s)") % {"language": language_name(code)},
                required=False,
                max_length=LONGEST_TITLE,
                widget=forms.TextInput(attrs={"lang": code}),
            )
        self.fields["owner"] = forms.ChoiceField(label=_("Owner"), choices=list(owners))
        plans = self._plans()
        if plans:
            self.fields["plan"] = forms.ChoiceField(
                label=_("Plan"), required=False, choices=[("", gettext("no plan")), *plans]
            )
            self.fields["code"] = forms.CharField(label=_("Code in the plan"), required=False, max_length=60)
            letters = [("", gettext("none")), *((p.value, p.value) for p in states.Priority if p)]
            self.fields["priority"] = forms.ChoiceField(label=_("Priority"), required=False, choices=letters)
        self.fields["amount"] = AmountField(
            label=_("Cost"),
            required=False,
            help_text=_("In full, for example 1 250 000; empty if not known."),
        )
        self.fields |= kind_fields()

    def _plans(self) -> Iterable[tuple[str, str]]:
        found = queries.choices(self.room.actor, self.room.territory.id, language=self.room.language)
        return [(choice.value, choice.label) for choice in found["plans"]]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        first = f"title_{self.room.territory.languages[0]}"
        untitled = not any(cleaned.get(f"title_{code}") for code in self.room.territory.languages)
        if untitled and first not in self.errors:
            self.add_error(first, gettext("Give a title in at least one language."))
        if (cleaned.get("code") or cleaned.get("priority")) and not cleaned.get("plan"):
            self.add_error("plan", gettext("Say in which plan the code and the priority stand."))
        return cleaned

    def draft(self) -> values.MeasureDraft:
        cleaned = self.cleaned_data
        territory = self.room.territory
        memberships: tuple[values.MembershipDraft, ...] = ()
        if cleaned.get("plan"):
            memberships = (
                values.MembershipDraft(
                    UUID(cleaned["plan"]),
                    cleaned.get("code", ""),
                    states.Priority(cleaned.get("priority", "")),
                ),
            )
        estimates: tuple[values.EstimateDraft, ...] = ()
        if cleaned.get("amount") is not None:
            money = Money(cleaned["amount"], kind_of(cleaned))
            estimates = (values.EstimateDraft(amount=money, dated=today(territory.zone)),)
        return values.MeasureDraft(
            title={code: cleaned.get(f"title_{code}", "") for code in territory.languages},
            owner_id=UUID(cleaned["owner"]),
            phase_scheme=states.SCHEME_OF_COUNTRY.get(territory.country, "sia112"),
            memberships=memberships,
            estimates=estimates,
        )
