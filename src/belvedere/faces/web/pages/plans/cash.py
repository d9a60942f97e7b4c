"""When the aid of a measure is expected to arrive, what did, and what contracts bind."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from decimal import ROUND_DOWN, Decimal
from typing import Any

from django.utils.translation import gettext, ngettext

from belvedere.domains.plans.public import payments, views
from belvedere.faces.web import formats
from belvedere.faces.web.pages.plans.addresses import open_url
from belvedere.faces.web.pages.plans.rooms import Room
from belvedere.faces.web.pages.plans.rows import Amount, Scale, written
from belvedere.kernel.errors import Refused
from belvedere.kernel.money import Money
from belvedere.science.finance.funding import allot

CENT = Decimal("0.01")


@dataclass(frozen=True, slots=True)
class Arrival:
    """A year: the aid counted with its spending, what of all aid should arrive, what arrived."""

    year: int
    counted: Amount
    expected: Amount
    received: Amount | None


@dataclass(frozen=True, slots=True)
class Cash:
    arrivals: tuple[Arrival, ...]
    contracts: list[dict[str, Any]]
    payments: list[dict[str, Any]]


def calendar_in_words(line: views.FundingView) -> str:
    """“80 % with the works, the rest 2 years later”; "" where all arrives with the works."""
    if line.advance_share >= 1 or not line.lag_years:
        return ""
    later = ngettext("%(n)s year later", "%(n)s years later", line.lag_years) % {"n": line.lag_years}
    if not line.advance_share:
        return gettext("paid %(later)s") % {"later": later}
    said = {"share": formats.percent(line.advance_share), "later": later}
    return gettext("%(share)s with the works, the rest %(later)s") % said


def arrivals(view: views.MeasureView, account: payments.PaymentsView, scale: Scale) -> tuple[Arrival, ...]:
    """The aid by year, to the cent: a line follows the spending, its rest arrives later; () without years."""
    kind = scale.kind
    lines = [line for line in view.spending if line.amount.kind == kind]
    if kind is None or not lines:
        return ()
    counted: dict[int, Decimal] = defaultdict(Decimal)
    expected: dict[int, Decimal] = defaultdict(Decimal)
    for line in view.funding:
        if line.lost or line.unlike or not line.resolved.amount:
            continue
        parts = allot(line.resolved.amount, [spent.amount.amount for spent in lines])
        for spent, part in zip(lines, parts, strict=True):
            at_once = (part * line.advance_share).quantize(CENT, ROUND_DOWN)
            counted[spent.year] += part
            expected[spent.year] += at_once
            expected[spent.year + line.lag_years] += part - at_once
    received = {one.year: one.received for one in account.years if one.received.kind == kind}
    zero = Decimal(0)
    return tuple(
        Arrival(
            year,
            written(Money(counted.get(year, zero), kind), scale),
            written(Money(expected.get(year, zero), kind), scale),
            written(received[year], scale) if year in received and received[year].amount else None,
        )
        for year in sorted({*counted, *expected, *received})
        if counted.get(year) or expected.get(year) or year in received
    )


def cash_of(room: Room, view: views.MeasureView, scale: Scale) -> Cash | None:
    """Contracts, payments and the calendar of the aid; None in the portal and to those outside."""
    if not room.is_cockpit:
        return None
    try:
        account = payments.payments(room.actor, view.id, territory_id=room.territory.id)
    except Refused:
        return None  # of another commune: the accounts are for the people who work on the measure
    names = {line.id: line.organisation_name for line in view.funding}
    contracts = {one.id: one.reference for one in account.commitments}
    return Cash(
        arrivals(view, account, scale),
        [
            {
                "row": one,
                "over": one.remaining.amount < 0,
                "edit": open_url(room, view, "commitment", one),
                "remove": open_url(room, view, "remove-commitment", one),
            }
            for one in account.commitments
        ],
        [
            {
                "row": one,
                "what": gettext("from %(payer)s") % {"payer": names.get(one.funding_line_id, "")}
                if one.funding_line_id
                else contracts.get(one.commitment_id, "")
                if one.commitment_id
                else "",
                "remove": open_url(room, view, "remove-payment", one),
            }
            for one in account.payments
        ],
    )
