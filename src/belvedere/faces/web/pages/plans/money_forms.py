"""The forms of the money of a measure: estimate, yearly amounts, funding."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import Any
from uuid import UUID

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from belvedere.domains.plans.public import states, values, views
from belvedere.domains.territory.public import OrganisationKind, organisations
from belvedere.faces.web import formats
from belvedere.faces.web.pages.plans import words
from belvedere.faces.web.pages.plans.fields import AmountField, ShareField
from belvedere.faces.web.pages.plans.forms import ReasonForm, Subject
from belvedere.kernel.clock import today
from belvedere.kernel.money import CURRENCIES, Kind, Money, Vat

BLANK_YEARS = 3
MOST_ORGANISATIONS = 400

VATS = [
    (Vat.EXCLUDED.value, _("without VAT")),
    (Vat.INCLUDED.value, _("VAT included")),
    (Vat.UNKNOWN.value, _("VAT not stated")),
]


def kind_fields() -> dict[str, forms.Field]:
    """Currency, VAT and price base."""
    return {
        "currency": forms.ChoiceField(label=_("Currency"), choices=[(c, c) for c in sorted(CURRENCIES)]),
        "vat": forms.ChoiceField(label=_("VAT"), choices=VATS),
        "price_base": forms.RegexField(
            r"^(19|20)\d\d-(0[1-9]|1[0-2])$",
            label=_("Price base"),
            required=False,
            help_text=_("Year and month, as in 2025-10; empty for amounts at the prices of the day."),
            error_messages={"invalid": _("Write the year and the month, as in 2025-10.")},
        ),
    }


def kind_of(cleaned: dict[str, Any]) -> Kind:
    return Kind(cleaned["currency"], Vat(cleaned["vat"]), cleaned.get("price_base") or "")


def money_kind(subject: Subject) -> Kind:
    """The money in which new amounts are typed: that of the cost, else of the years, else of the country."""
    view = subject.view
    if view.estimates:
        return view.estimates[0].amount.kind
    if view.spending:
        return view.spending[0].amount.kind
    return Kind(subject.room.territory.currency)


def plain(amount: Decimal | None) -> str:
    """An amount as it stands in a field, without needless cents."""
    if amount is None:
        return ""
    return formats.number(amount, 0 if amount == amount.to_integral_value() else 2)


def plain_share(share: Decimal | None) -> str:
    return "" if share is None else formats.number(share * 100)


class EstimateForm(ReasonForm):
    """A new version of the cost."""

    amount = AmountField(label=_("Cost"), help_text=_("In full, for example 1 250 000."))
    kind = forms.ChoiceField(label=_("Kind of estimate"))
    dated = forms.DateField(
        label=_("Dated"), widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )
    accuracy = ShareField(label=_("Accuracy, ± %"), required=False, largest=900)
    eligible = AmountField(
        label=_("Eligible cost"),
        required=False,
        help_text=_("The part that rates apply to; empty: the whole cost."),
    )
    source = forms.CharField(label=_("Source"), required=False, max_length=300)
    follow = forms.BooleanField(label=_("Let the yearly amounts follow, in proportion"), required=False)

    def start(self, subject: Subject) -> dict[str, Any]:
        kind = money_kind(subject)
        last = subject.view.estimates[0] if subject.view.estimates else None
        return {
            "currency": kind.currency,
            "vat": kind.vat.value,
            "price_base": kind.price_base,
            "dated": today(subject.room.territory.zone),
            "amount": plain(last.amount.amount) if last else "",
            "kind": last.kind.value if last else states.EstimateKind.PLAN_SHEET.value,
            "accuracy": plain_share(last.accuracy) if last else "",
            "eligible": plain(last.eligible.amount) if last and last.eligible else "",
            "follow": bool(subject.view.spending),
        }

    def prepare(self) -> None:
        self.fields |= kind_fields()
        self.fields["kind"].choices = [  # type: ignore[attr-defined]
            (kind.value, words.estimate_kind(kind)) for kind in states.EstimateKind
        ]
        if not self.subject.view.spending:
            del self.fields["follow"]
        if self.subject.view.estimates:
            self.need_reason(gettext("Say why the cost changes: the reason is kept in the journal."))
        self.order_fields(
            [
                "amount",
                "currency",
                "vat",
                "price_base",
                "kind",
                "dated",
                "accuracy",
                "eligible",
                "source",
                "follow",
            ]
        )

    def draft(self) -> values.EstimateDraft:
        cleaned = self.cleaned_data
        kind = kind_of(cleaned)
        eligible = cleaned.get("eligible")
        return values.EstimateDraft(
            amount=Money(cleaned["amount"], kind),
            dated=cleaned["dated"],
            kind=states.EstimateKind(cleaned["kind"]),
            eligible=None if eligible is None else Money(eligible, kind),
            accuracy=cleaned.get("accuracy"),
            source=cleaned.get("source", ""),
        )


@dataclass(frozen=True, slots=True)
class YearRow:
    """The bound fields of one line of the grid, and the money of a line that was there."""

    year: forms.BoundField
    state: forms.BoundField
    amount: forms.BoundField
    other: str


class SpendingForm(ReasonForm):
    """The yearly amounts, a small grid; an empty amount takes the line away."""

    def start(self, subject: Subject) -> dict[str, Any]:
        found: dict[str, Any] = {}
        for at, line in enumerate(subject.view.spending):
            found |= {
                f"year_{at}": line.year,
                f"state_{at}": line.state.value,
                f"amount_{at}": plain(line.amount.amount),
            }
        return found

    def prepare(self) -> None:
        self.before = self.subject.view.spending
        sent = [name for name in self.data if name.startswith("year_")] if self.is_bound else []
        self.number = min(60, max(len(self.before) + BLANK_YEARS, len(sent)))
        options = [(state.value, words.spend_state(state)) for state in states.SpendState]
        last = max((line.year for line in self.before), default=today(self.subject.room.territory.zone).year)
        for at in range(self.number):
            self.fields[f"year_{at}"] = forms.IntegerField(
                label=_("Year"), required=False, min_value=1950, max_value=2150
            )
            self.fields[f"state_{at}"] = forms.ChoiceField(label=_("State"), choices=options, required=False)
            self.fields[f"amount_{at}"] = AmountField(label=_("Amount"), required=False)
            if at >= len(self.before):
                self.fields[f"year_{at}"].widget.attrs["placeholder"] = str(last + 1 + at - len(self.before))

    @property
    def rows(self) -> list[YearRow]:
        kind = money_kind(self.subject)
        rows = []
        for at in range(self.number):
            own = self.before[at].amount.kind if at < len(self.before) else kind
            other = "" if own == kind else formats.money_kind(own)
            rows.append(YearRow(self[f"year_{at}"], self[f"state_{at}"], self[f"amount_{at}"], other))
        return rows

    @property
    def caption(self) -> str:
        return formats.money_kind(money_kind(self.subject))

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        for at in range(self.number):
            amount, year = cleaned.get(f"amount_{at}"), cleaned.get(f"year_{at}")
            if amount is not None and year is None and f"year_{at}" not in self.errors:
                self.add_error(f"year_{at}", gettext("Which year is this amount for?"))
            if amount is not None and amount < 0:
                self.add_error(f"amount_{at}", gettext("An amount cannot be negative."))
        return cleaned

    def drafts(self) -> list[values.SpendDraft]:
        found = []
        for at in range(self.number):
            amount, year = self.cleaned_data.get(f"amount_{at}"), self.cleaned_data.get(f"year_{at}")
            if amount is None or year is None:
                continue
            old = self.before[at] if at < len(self.before) else None
            kind = old.amount.kind if old else money_kind(self.subject)
            state = self.cleaned_data.get(f"state_{at}") or states.SpendState.PROJECTED.value
            nature = old.nature if old else "investment"
            found.append(values.SpendDraft(year, Money(amount, kind), states.SpendState(state), nature))
        return found


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
    rule = forms.ChoiceField(
        label=_("Rule"),
        choices=[
            (states.FundingRule.RATE.value, _("a rate of the eligible cost")),
            (states.FundingRule.FIXED.value, _("a fixed amount")),
        ],
    )
    rate = ShareField(label=_("Rate, %"), required=False)
    cap = AmountField(label=_("Cap"), required=False, help_text=_("The most it pays; empty without a cap."))
    amount = AmountField(label=_("Fixed amount"), required=False)
    state = forms.ChoiceField(label=_("State"))
    conditions = forms.CharField(label=_("Conditions"), required=False, max_length=500)

    @property
    def line(self) -> views.FundingView | None:
        found: views.FundingView | None = self.subject.row
        return found

    def start(self, subject: Subject) -> dict[str, Any]:
        line: views.FundingView | None = subject.row
        if line is None:
            return {"state": states.FundingState.CONSIDERED.value}
        return {
            "organisation": str(line.organisation_id),
            "instrument": line.instrument,
            "rule": line.rule,
            "rate": plain_share(line.rate),
            "cap": plain(line.cap.amount) if line.cap else "",
            "amount": plain(line.amount.amount) if line.amount else "",
            "state": line.state.value,
            "conditions": line.conditions,
        }

    def prepare(self) -> None:
        self.fields["organisation"].choices = payers(self.subject)  # type: ignore[attr-defined]
        self.fields["state"].choices = [  # type: ignore[attr-defined]
            (state.value, words.funding_state(state).label) for state in states.FundingState
        ]

    @property
    def caption(self) -> str:
        return formats.money_kind(self.money)

    @property
    def money(self) -> Kind:
        """A line is stated in the money of the cost, without which its rule gives nothing."""
        return money_kind(self.subject)

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        fixed = cleaned.get("rule") == states.FundingRule.FIXED.value
        needed = "amount" if fixed else "rate"
        if cleaned.get(needed) is None and needed not in self.errors:
            words_ = gettext("Enter the fixed amount.") if fixed else gettext("Enter the rate.")
            self.add_error(needed, words_)
        for name in ("amount", "cap"):
            if (cleaned.get(name) or 0) < 0:
                self.add_error(name, gettext("An amount cannot be negative."))
        return cleaned

    def draft(self) -> values.FundingDraft:
        cleaned, kind = self.cleaned_data, self.money
        cap = cleaned.get("cap")
        rule: values.Fixed | values.RateWithCap
        if cleaned["rule"] == states.FundingRule.FIXED.value:
            rule = values.Fixed(Money(cleaned["amount"], kind))
        else:
            rule = values.RateWithCap(cleaned["rate"], None if cap is None else Money(cap, kind))
        return values.FundingDraft(
            organisation_id=UUID(cleaned["organisation"]),
            rule=rule,
            money_kind=kind,
            instrument=cleaned["instrument"],
            state=states.FundingState(cleaned["state"]),
            conditions=cleaned["conditions"],
            position=len(self.subject.view.funding) + 1,
        )
