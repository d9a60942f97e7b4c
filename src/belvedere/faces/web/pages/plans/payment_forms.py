"""The forms of contracts and of money that moved."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from belvedere.domains.plans.public import payments, values
from belvedere.faces.web import formats
from belvedere.faces.web.pages.plans.fields import AmountField
from belvedere.faces.web.pages.plans.forms import ReasonForm, Subject, day_field
from belvedere.faces.web.pages.plans.money_forms import money_kind, plain
from belvedere.kernel.clock import today
from belvedere.kernel.money import Kind, Money

CONTRACT, LINE = "contract:", "aid:"


class CommitmentForm(ReasonForm):
    """A contract or an order."""

    reference = forms.CharField(label=_("Reference of the contract"), max_length=80)
    label = forms.CharField(label=_("With whom, for what"), required=False, max_length=200)
    amount = AmountField(label=_("Amount"))
    dated = day_field(_("Dated"), required=True)

    @property
    def kind(self) -> Kind:
        row: payments.CommitmentView | None = self.subject.row
        return row.amount.kind if row is not None else money_kind(self.subject)

    @property
    def caption(self) -> str:
        return formats.money_kind(self.kind)

    def start(self, subject: Subject) -> dict[str, Any]:
        row: payments.CommitmentView | None = subject.row
        if row is None:
            return {"dated": today(subject.room.territory.zone)}
        return {
            "reference": row.reference,
            "label": row.label,
            "amount": plain(row.amount.amount),
            "dated": row.dated,
        }

    def prepare(self) -> None:
        if self.subject.row is not None:
            self.need_reason(gettext("Say why the contract changes: the reason is kept in the journal."))

    def draft(self) -> values.CommitmentDraft:
        cleaned = self.cleaned_data
        amount = Money(cleaned["amount"], self.kind)
        return values.CommitmentDraft(cleaned["reference"], cleaned["dated"], amount, cleaned["label"])


class PaymentForm(ReasonForm):
    """Money that moved: out on a contract or without one, in as aid."""

    of = forms.ChoiceField(label=_("What moved"))
    amount = AmountField(label=_("Amount"), help_text=_("Negative for money that came back."))
    dated = day_field(_("Dated"), required=True)
    year = forms.IntegerField(label=_("Year of account"), min_value=1950, max_value=2150)
    reference = forms.CharField(label=_("Invoice or claim"), required=False, max_length=80)

    def start(self, subject: Subject) -> dict[str, Any]:
        day = today(subject.room.territory.zone)
        return {"dated": day, "year": day.year}

    def prepare(self) -> None:
        account = self.subject.account
        names = {line.id: line.organisation_name for line in self.subject.view.funding}
        self.kinds: dict[str, Kind] = {"": money_kind(self.subject)}
        offered = [("", gettext("paid, without a contract"))]
        for one in account.commitments:
            self.kinds[f"{CONTRACT}{one.id}"] = one.amount.kind
            offered.append(
                (f"{CONTRACT}{one.id}", gettext("paid on %(contract)s") % {"contract": one.reference})
            )
        for line in account.funding:
            self.kinds[f"{LINE}{line.line_id}"] = line.granted.kind
            name = names.get(line.line_id, line.instrument)
            offered.append((f"{LINE}{line.line_id}", gettext("received from %(payer)s") % {"payer": name}))
        self.choose("of", offered)
        self.fields["of"].required = False

    @property
    def caption(self) -> str:
        return formats.money_kind(self.kinds[""])

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        back = (cleaned.get("amount") or 0) < 0
        if back and not cleaned.get("reason") and self.data.get("act") != "preview":
            self.add_error("reason", gettext("Say why money came back: the reason is kept in the journal."))
        return cleaned

    def draft(self) -> values.PaymentDraft:
        cleaned = self.cleaned_data
        of = cleaned["of"]
        return values.PaymentDraft(
            amount=Money(cleaned["amount"], self.kinds[of]),
            dated=cleaned["dated"],
            year=cleaned["year"],
            commitment_id=UUID(of.removeprefix(CONTRACT)) if of.startswith(CONTRACT) else None,
            funding_line_id=UUID(of.removeprefix(LINE)) if of.startswith(LINE) else None,
            reference=cleaned["reference"],
        )
