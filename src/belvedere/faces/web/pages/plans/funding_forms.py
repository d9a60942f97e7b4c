"""The form of a funding line: who pays, by which of five rules, until when and when it arrives."""

from __future__ import annotations

from decimal import Decimal
from typing import Any
from uuid import UUID

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from belvedere.domains.plans.public import states, values, views
from belvedere.domains.territory.public import OrganisationKind, organisations
from belvedere.faces.web import formats
from belvedere.faces.web.pages.plans import follow_words, words
from belvedere.faces.web.pages.plans.fields import AmountField, ShareField
from belvedere.faces.web.pages.plans.forms import ReasonForm, Subject, day_field
from belvedere.faces.web.pages.plans.money_forms import money_kind, plain, plain_share
from belvedere.kernel.errors import N_
from belvedere.kernel.money import Kind, Money

MOST_ORGANISATIONS = 400
R = states.FundingRule
RULES = {
    R.RATE: N_("a rate of the eligible cost"),
    R.FIXED: N_("a fixed amount"),
    R.LUMP: N_("an amount for each unit built"),
    R.FILL_UP: N_("fills the aid up to a share of the cost"),
    R.RESIDUAL: N_("all that is left"),
}


def payers(subject: Subject) -> list[tuple[str, str]]:
    """The organisations that may pay: all of a small territory, else those above the communes."""
    known = organisations(subject.room.territory.id, active_only=True)
    if len(known) > MOST_ORGANISATIONS:
        small = {OrganisationKind.COMMUNE, OrganisationKind.ASSOCIATION, OrganisationKind.PRIVATE}
        already = {line.organisation_id for line in subject.view.funding}
        known = [o for o in known if o.kind not in small or o.id in already][:MOST_ORGANISATIONS]
    return [(str(o.id), o.name) for o in known if o.id != subject.view.owner_id]


class FundingForm(ReasonForm):
    """Who pays how much, by which rule."""

    organisation = forms.ChoiceField(label=_("Who pays"))
    instrument = forms.CharField(label=_("Programme or legal basis"), required=False, max_length=200)
    rule = forms.ChoiceField(label=_("Rule"))
    rate = ShareField(label=_("Rate, %"), required=False)
    amount = AmountField(label=_("Fixed amount"), required=False)
    tariff = AmountField(label=_("Amount for one unit"), required=False)
    unit = forms.ChoiceField(
        label=_("Unit"), required=False, help_text=_("Counted in the quantities of the measure.")
    )
    cap = AmountField(label=_("Cap"), required=False, help_text=_("The most it pays; empty without a cap."))
    state = forms.ChoiceField(label=_("State"))
    conditions = forms.CharField(
        label=_("Conditions"), required=False, max_length=500, widget=forms.TextInput({"data-wide": ""})
    )
    requested_on = day_field(_("Asked for on"))
    decided_on = day_field(_("Decided on"))
    start_deadline = day_field(_("Works to start by"))
    claim_deadline = day_field(_("Aid to be claimed by"))
    advance_share = ShareField(
        label=_("Paid with the spending, %"),
        required=False,
        help_text=_("100 when all arrives in the year of the works."),
    )
    lag_years = forms.IntegerField(
        label=_("The rest, years later"), required=False, min_value=0, max_value=30
    )
    indexed = forms.BooleanField(label=_("The amount follows the index of prices"), required=False)
    CHOOSER = "rule"
    ONLY = {
        "amount": R.FIXED.value,
        "tariff": R.LUMP.value,
        "unit": R.LUMP.value,
        "rate": f"{R.RATE} {R.FILL_UP}",
        "cap": f"{R.RATE} {R.FILL_UP} {R.LUMP}",
    }
    HEADINGS = {
        "requested_on": N_("Promise and deadlines"),
        "advance_share": N_("When the money arrives"),
    }

    def start(self, subject: Subject) -> dict[str, Any]:
        line: views.FundingView | None = subject.row
        if line is None:
            return {"state": states.FundingState.CONSIDERED.value, "advance_share": "100", "lag_years": 0}
        return {
            "organisation": str(line.organisation_id),
            "instrument": line.instrument,
            "rule": line.rule,
            "rate": plain_share(line.rate),
            "cap": plain(line.cap.amount) if line.cap else "",
            "amount": plain(line.amount.amount) if line.amount else "",
            "tariff": plain(line.tariff.amount) if line.tariff else "",
            "unit": line.unit,
            "state": line.state.value,
            "conditions": line.conditions,
            "requested_on": line.requested_on,
            "decided_on": line.decided_on,
            "start_deadline": line.start_deadline,
            "claim_deadline": line.claim_deadline,
            "advance_share": plain_share(line.advance_share),
            "lag_years": line.lag_years,
            "indexed": line.indexed,
        }

    def prepare(self) -> None:
        self.choose("organisation", payers(self.subject))
        self.choose("rule", ((rule.value, gettext(label)) for rule, label in RULES.items()))
        self.choose("unit", follow_words.options(follow_words.UNITS))
        self.choose(
            "state", ((state.value, words.funding_state(state).label) for state in states.FundingState)
        )

    @property
    def caption(self) -> str:
        return formats.money_kind(self.money)

    @property
    def money(self) -> Kind:
        """A line is stated in the money of the cost, without which its rule gives nothing."""
        return money_kind(self.subject)

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        rules: dict[states.FundingRule | None, tuple[str, str]] = {
            R.FIXED: ("amount", gettext("Enter the fixed amount.")),
            R.LUMP: ("tariff", gettext("Enter the amount for one unit.")),
            R.RATE: ("rate", gettext("Enter the rate.")),
            R.FILL_UP: ("rate", gettext("Enter the rate.")),
        }
        needed = rules.get(self.chosen_rule)
        if needed and cleaned.get(needed[0]) is None and needed[0] not in self.errors:
            self.add_error(*needed)
        for name in ("amount", "cap", "tariff"):
            if self.counts(name) and (cleaned.get(name) or 0) < 0:
                self.add_error(name, gettext("An amount cannot be negative."))
        return cleaned

    @property
    def chosen_rule(self) -> states.FundingRule | None:
        chosen = self.cleaned_data.get("rule")
        return R(chosen) if chosen else None

    def counts(self, name: str) -> bool:
        """Whether a field belongs to the rule that was chosen; what stands in the others is left aside."""
        return self.chosen_rule is not None and self.chosen_rule.value in self.ONLY[name].split()

    def _money(self, name: str) -> Money | None:
        found = self.cleaned_data.get(name) if self.counts(name) else None
        return None if found is None else Money(found, self.money)

    def _rule(self) -> values.Rule:
        rate, cap = self.cleaned_data.get("rate"), self._money("cap")
        if self.chosen_rule is R.FIXED:
            return values.Fixed(self._money("amount") or Money(Decimal(0), self.money))
        if self.chosen_rule is R.LUMP:
            tariff = self._money("tariff") or Money(Decimal(0), self.money)
            # How many units there are is said by the quantities, not by the line.
            return values.LumpPerUnit(tariff, Decimal(0), self.cleaned_data["unit"], cap)
        if self.chosen_rule is R.FILL_UP:
            return values.FillUp(rate or Decimal(0), cap)
        if self.chosen_rule is R.RESIDUAL:
            return values.Residual()
        return values.RateWithCap(rate or Decimal(0), cap)

    def draft(self) -> values.FundingDraft:
        cleaned = self.cleaned_data
        advance = cleaned.get("advance_share")
        return values.FundingDraft(
            organisation_id=UUID(cleaned["organisation"]),
            rule=self._rule(),
            money_kind=self.money,
            instrument=cleaned["instrument"],
            state=states.FundingState(cleaned["state"]),
            conditions=cleaned["conditions"],
            position=len(self.subject.view.funding) + 1,
            advance_share=Decimal(1) if advance is None else advance,
            lag_years=cleaned.get("lag_years") or 0,
            indexed=cleaned["indexed"],
            requested_on=cleaned["requested_on"],
            decided_on=cleaned["decided_on"],
            start_deadline=cleaned["start_deadline"],
            claim_deadline=cleaned["claim_deadline"],
        )
