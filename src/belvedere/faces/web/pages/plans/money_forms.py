"""The forms of the money of a measure: estimate and yearly amounts."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from belvedere.domains.plans.public import states, values, vocabulary
from belvedere.faces.web import formats
from belvedere.faces.web.pages.plans import words
from belvedere.faces.web.pages.plans.fields import AmountField, ShareField
from belvedere.faces.web.pages.plans.forms import Grid, ReasonForm, Subject
from belvedere.kernel.clock import today
from belvedere.kernel.errors import N_
from belvedere.kernel.money import CURRENCIES, Kind, Money, Vat

BLANK_YEARS, MOST_YEARS = 3, 400

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
    text = formats.number(amount, 0 if amount == amount.to_integral_value() else 2)
    # “500,000” would be read as either of two numbers when it comes back.
    return text.replace(",", formats.NARROW) if formats.locale().language == "en" else text


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


SPANS = {
    vocabulary.Span.YEAR: N_("this year"),
    vocabulary.Span.BEFORE: N_("all years up to it"),
    vocabulary.Span.AFTER: N_("all years from it on"),
}

NATURES = {vocabulary.Nature.INVESTMENT: N_("investment"), vocabulary.Nature.OPERATION: N_("operation")}

COLUMNS = ("year", "span", "nature", "state", "amount", "why")


@dataclass(frozen=True, slots=True)
class YearRow:
    """The bound fields of one line of the grid, and the money of a line that was there."""

    year: forms.BoundField
    span: forms.BoundField
    nature: forms.BoundField
    state: forms.BoundField
    amount: forms.BoundField
    why: forms.BoundField
    other: str

    @property
    def fields(self) -> tuple[forms.BoundField, ...]:
        return self.year, self.span, self.nature, self.state, self.amount, self.why


class SpendingForm(ReasonForm):
    """The yearly amounts, a small grid; an empty amount takes the line away, a button adds a blank one."""

    GRID = Grid(COLUMNS, keys=("year", "span", "nature", "state"), filled=("year", "amount"))

    def start(self, subject: Subject) -> dict[str, Any]:
        found: dict[str, Any] = {}
        for at, line in enumerate(subject.view.spending):
            found |= {
                f"year_{at}": line.year,
                f"span_{at}": line.span.value,
                f"nature_{at}": line.nature,
                f"state_{at}": line.state.value,
                f"amount_{at}": plain(line.amount.amount),
                f"why_{at}": line.reason,
            }
        return found

    def prepare(self) -> None:
        self.before = self.subject.view.spending
        sent = [name for name in self.data if name.startswith("year_")] if self.is_bound else []
        more = 1 if self.data.get("act") == "more" else 0
        self.number = min(MOST_YEARS, max(len(self.before) + BLANK_YEARS, len(sent) + more))
        options = [(state.value, words.spend_state(state)) for state in states.SpendState]
        spans = [(span.value, gettext(label)) for span, label in SPANS.items()]
        natures = [(nature.value, gettext(label)) for nature, label in NATURES.items()]
        last = max((line.year for line in self.before), default=today(self.subject.room.territory.zone).year)
        for at in range(self.number):
            self.fields[f"year_{at}"] = forms.IntegerField(
                label=_("Year"), required=False, min_value=1950, max_value=2150
            )
            self.fields[f"span_{at}"] = forms.ChoiceField(label=_("Covers"), choices=spans, required=False)
            self.fields[f"nature_{at}"] = forms.ChoiceField(
                label=_("Nature"), choices=natures, required=False
            )
            self.fields[f"state_{at}"] = forms.ChoiceField(label=_("State"), choices=options, required=False)
            self.fields[f"amount_{at}"] = AmountField(label=_("Amount"), required=False)
            self.fields[f"why_{at}"] = forms.CharField(
                label=_("Why, if negative"), required=False, max_length=300
            )
            if at >= len(self.before):
                self.fields[f"year_{at}"].widget.attrs["placeholder"] = str(last + 1 + at - len(self.before))

    @property
    def rows(self) -> list[YearRow]:
        kind = money_kind(self.subject)
        rows = []
        for at in range(self.number):
            own = self.before[at].amount.kind if at < len(self.before) else kind
            other = "" if own == kind else formats.money_kind(own)
            year, span, nature, state, sum_, why = (self[f"{name}_{at}"] for name in COLUMNS)
            rows.append(YearRow(year, span, nature, state, sum_, why, other))
        return rows

    @property
    def may_grow(self) -> bool:
        return self.number < MOST_YEARS

    @property
    def caption(self) -> str:
        return formats.money_kind(money_kind(self.subject))

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        for at in range(self.number):
            amount, year = cleaned.get(f"amount_{at}"), cleaned.get(f"year_{at}")
            if amount is not None and year is None and f"year_{at}" not in self.errors:
                self.add_error(f"year_{at}", gettext("Which year is this amount for?"))
            if amount is not None and amount < 0 and not cleaned.get(f"why_{at}"):
                self.add_error(
                    f"why_{at}", gettext("Say why it is negative: a refund, a correction, a share paid back.")
                )
        return cleaned

    def drafts(self) -> list[values.SpendDraft]:
        found = []
        for at in range(self.number):
            cleaned: dict[str, Any] = {name: self.cleaned_data.get(f"{name}_{at}") for name in COLUMNS}
            if cleaned["amount"] is None or cleaned["year"] is None:
                continue
            old = self.before[at] if at < len(self.before) else None
            kind = old.amount.kind if old else money_kind(self.subject)
            found.append(
                values.SpendDraft(
                    year=cleaned["year"],
                    amount=Money(cleaned["amount"], kind),
                    state=states.SpendState(cleaned["state"] or states.SpendState.PROJECTED),
                    nature=cleaned["nature"] or (old.nature if old else vocabulary.Nature.INVESTMENT.value),
                    span=vocabulary.Span(cleaned["span"] or ""),
                    reason=cleaned["why"] if cleaned["amount"] < 0 else "",
                )
            )
        return found
