"""Editable parts: the money of the measure."""

from __future__ import annotations

from belvedere.domains.plans.public import money_actions, payment_actions, payments, views
from belvedere.faces.web import formats
from belvedere.faces.web.pages.plans import forms, funding_forms, money_forms, payment_forms
from belvedere.faces.web.pages.plans.edit_task import Item, Part, Task
from belvedere.kernel.errors import N_


def _estimate(task: Task) -> None:
    follow = bool(task.form.cleaned_data.get("follow"))
    money_actions.record_estimate(**task.common, draft=task.form.draft(), follow_with_spending=follow)


def _spending(task: Task) -> None:
    money_actions.set_spending(**task.common, lines=task.form.drafts())


def _funding(task: Task) -> None:
    money_actions.set_funding(**task.common, draft=task.form.draft(), line_id=task.row_id)


def _remove_funding(task: Task) -> None:
    money_actions.remove_funding(**task.common, line_id=task.row_id)


def _commitment(task: Task) -> None:
    if task.row is None:
        payment_actions.record_commitment(**task.common, draft=task.form.draft())
    else:
        payment_actions.change_commitment(**task.common, commitment_id=task.row_id, draft=task.form.draft())


def _remove_commitment(task: Task) -> None:
    payment_actions.remove_commitment(**task.common, commitment_id=task.row_id)


def _payment(task: Task) -> None:
    payment_actions.record_payment(**task.common, draft=task.form.draft())


def _remove_payment(task: Task) -> None:
    payment_actions.remove_payment(**task.common, payment_id=task.row_id)


def _contract(row: payments.CommitmentView, at: int) -> str:
    return row.reference


def _moved(row: payments.PaymentView, at: int) -> str:
    return formats.money(row.amount, form="full")


def _funder(line: views.FundingView, at: int) -> str:
    return line.organisation_name


MONEY: dict[str, Part] = {
    "estimate": Part(
        title=N_("New estimate"),
        form=money_forms.EstimateForm,
        act=_estimate,
        saved=N_("The estimate is recorded."),
        right="edit_money",
        anchor="money",
    ),
    "spending": Part(
        title=N_("Yearly amounts"),
        form=money_forms.SpendingForm,
        act=_spending,
        saved=N_("The years are saved."),
        right="edit_money",
        anchor="spending",
        template="plans/edit_spending.html",
    ),
    "funding": Part(
        title=N_("Funding"),
        form=funding_forms.FundingForm,
        act=_funding,
        saved=N_("The funding is saved."),
        right="edit_money",
        anchor="funding",
        of="funding",
        item=Item.MAY,
        named=_funder,
    ),
    "remove-funding": Part(
        title=N_("Remove this funding line"),
        form=forms.RemoveFundingForm,
        act=_remove_funding,
        saved=N_("The funding line is removed."),
        right="edit_money",
        anchor="funding",
        template="plans/edit_remove.html",
        of="funding",
        item=Item.MUST,
        named=_funder,
    ),
    "commitment": Part(
        title=N_("Contract"),
        adding=N_("New contract"),
        form=payment_forms.CommitmentForm,
        act=_commitment,
        saved=N_("The contract is saved."),
        right="edit_money",
        anchor="payments",
        of="commitments",
        item=Item.MAY,
        named=_contract,
    ),
    "remove-commitment": Part(
        title=N_("Remove this contract"),
        form=forms.RemoveForReasonForm,
        act=_remove_commitment,
        saved=N_("The contract is removed."),
        right="edit_money",
        anchor="payments",
        template="plans/edit_remove.html",
        of="commitments",
        item=Item.MUST,
        named=_contract,
    ),
    "payment": Part(
        title=N_("New payment"),
        form=payment_forms.PaymentForm,
        act=_payment,
        saved=N_("The payment is recorded."),
        right="edit_money",
        anchor="payments",
    ),
    "remove-payment": Part(
        title=N_("Remove this payment"),
        form=forms.RemoveForReasonForm,
        act=_remove_payment,
        saved=N_("The payment is removed."),
        right="edit_money",
        anchor="payments",
        template="plans/edit_remove.html",
        of="payments",
        item=Item.MUST,
        named=_moved,
    ),
}
