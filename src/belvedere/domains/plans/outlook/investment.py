"""A multi-year investment plan as France votes it: programmes, credits of payment, co-funding.

An authorisation of programme (AP) is what a measure may cost in all; its credits of payment (CP) are what is
paid of it each year and add up to it. `investment_plan` makes the table from a picture of today, or from a
vote as it was frozen: `investment_plan(picture)`, `investment_plan(snapshot(actor, id), language="fr")`.
Rights were checked where either was opened. To the cent: the credits of a programme add up to what is
authorised, and its co-funding and net too.

Not for: what is to be budgeted with contributions and ceilings (`cockpit.view_of`).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any
from uuid import UUID

import numpy as np

from belvedere.domains.plans.models import FundingLine, Measure
from belvedere.domains.plans.outlook.picture import Part, Picture, money, names_of, row
from belvedere.domains.plans.outlook.snapshots import SnapshotView
from belvedere.domains.plans.outlook.views import ZERO, Column, Row, total
from belvedere.domains.plans.states import FundingState
from belvedere.kernel.money import Kind, Vat
from belvedere.kernel.texts import text_in
from belvedere.science.finance.cents import Cents
from belvedere.science.finance.pricing import at_prices


@dataclass(frozen=True, slots=True)
class Cofunding:
    """What a payer brings in one state: asked for, obtained, agreed…"""

    payer_id: UUID
    payer_name: str
    state: FundingState
    amount: Decimal


@dataclass(frozen=True, slots=True)
class Programme:
    """A measure. `paid` and `cofunding` are None where a vote of long ago did not freeze them."""

    measure_id: UUID
    code: str
    title: str
    title_language: str
    authorised: Decimal  # AP: the cost in all
    credits: Row  # CP by column; they add up to `authorised`
    paid: Row | None  # of the credits, what is paid already
    cofunding: tuple[Cofunding, ...] | None  # the largest first
    net: Decimal  # authorised less co-funding

    @property
    def paid_total(self) -> Decimal | None:
        return None if self.paid is None else total(self.paid)

    @property
    def remaining(self) -> Decimal | None:
        """What is still to be paid of the programme."""
        return None if self.paid is None else self.authorised - total(self.paid)

    @property
    def aid(self) -> Decimal:
        return self.authorised - self.net


@dataclass(frozen=True, slots=True)
class InvestmentPlan:
    """The programmes of an owner in one kind of money, the largest first. `snapshot_id` None: of today."""

    organisation_id: UUID
    organisation_name: str
    snapshot_id: UUID | None
    kind: Kind
    current_year: int
    columns: tuple[Column, ...]  # of the credits: before, the years, after, no year yet
    programmes: tuple[Programme, ...]

    @property
    def authorised(self) -> Decimal:
        return total(one.authorised for one in self.programmes)

    @property
    def credits(self) -> Row:
        return _added([one.credits for one in self.programmes], len(self.columns))

    @property
    def paid(self) -> Row | None:
        """None where any programme does not say it."""
        rows = [one.paid for one in self.programmes if one.paid is not None]
        return _added(rows, len(self.columns)) if len(rows) == len(self.programmes) else None

    @property
    def net(self) -> Decimal:
        return total(one.net for one in self.programmes)

    @property
    def cofunding(self) -> tuple[Cofunding, ...] | None:
        """By payer and state over all programmes; None where any programme does not say it."""
        if any(one.cofunding is None for one in self.programmes):
            return None
        lines = [line for one in self.programmes for line in one.cofunding or ()]
        return _by_payer((line.payer_id, line.payer_name, line.state, line.amount) for line in lines)


def investment_plan(source: Picture | SnapshotView, *, language: str = "") -> InvestmentPlan:
    """The plan of a picture, or of a vote; `language` is that of the titles, the picture's when empty."""
    if isinstance(source, Picture):
        return _of_today(source, language or source.language)
    return _of_vote(source, language)


def frozen_parts(picture: Picture) -> list[dict[str, Any]]:
    """What a vote freezes of each measure for its plan, in the order of the picture; JSON-safe."""
    found = []
    labels = picture.axis.labels
    for paid, lines in zip(_paid(picture), _lines(picture.own), strict=True):
        columns = {key: str(money(cents)) for key, cents in zip(labels, paid, strict=True) if cents}
        funding = [
            {"payer": str(payer), "state": state.value, "amount": str(amount)}
            for payer, state, amount in lines
        ]
        found.append({"paid": columns, "funding": funding})
    return found


def _of_today(picture: Picture, language: str) -> InvestmentPlan:
    part = picture.own
    titles = dict(Measure.objects.filter(pk__in=list(part.at)).values_list("pk", "title"))
    names = names_of(part.book.payers, language)
    programmes = []
    for at, (paid, lines) in enumerate(zip(_paid(picture), _lines(part), strict=True)):
        measure_id = part.measure_id(at)
        codes = (one.code for one in part.holdings.listings[int(part.rows[at])] if one.code)
        texts = titles.get(measure_id, {})
        programmes.append(
            Programme(
                measure_id=measure_id,
                code=next(codes, ""),
                title=text_in(texts, language),
                title_language=_language(texts, language),
                authorised=money(part.found.gross[at].sum()),
                credits=row(part.found.gross[at]),
                paid=row(paid),
                cofunding=_by_payer(
                    (payer, names.get(payer, ""), state, amount) for payer, state, amount in lines
                ),
                net=money(part.found.net[at].sum()),
            )
        )
    return InvestmentPlan(
        organisation_id=picture.owner.id,
        organisation_name=text_in(dict(picture.owner.names), language),
        snapshot_id=None,
        kind=picture.kind,
        current_year=picture.current_year,
        columns=_columns(picture.axis.labels),
        programmes=_largest_first(programmes),
    )


def _of_vote(found: SnapshotView, language: str) -> InvestmentPlan:
    content = found.content
    keys: Sequence[str] = content["columns"]
    names = {payer["id"]: payer["name"] for payer in content["payers"]}

    def by_column(said: Mapping[str, str]) -> Row:
        return tuple(Decimal(said.get(key, "0.00")) for key in keys)

    programmes = []
    for line in found.lines:
        amounts, funding = by_column(line["gross"]), line.get("funding")
        programmes.append(
            Programme(
                measure_id=UUID(line["measure_id"]),
                code=next(iter(line["codes"]), ""),
                title=text_in(line["title"], language),
                title_language=_language(line["title"], language),
                authorised=total(amounts),
                credits=amounts,
                paid=by_column(line["paid"]) if "paid" in line else None,
                cofunding=None if funding is None else _frozen_funding(funding, names),
                net=Decimal(line["net_total"]),
            )
        )
    kind = content["kind"]
    return InvestmentPlan(
        organisation_id=found.head.organisation_id,
        organisation_name=content["organisation"]["name"],
        snapshot_id=found.head.id,
        kind=Kind(kind["currency"], Vat(kind["vat"]), kind["price_base"]),
        current_year=content["current_year"],
        columns=_columns(keys),
        programmes=_largest_first(programmes),
    )


def _frozen_funding(said: Iterable[Mapping[str, str]], names: Mapping[str, str]) -> tuple[Cofunding, ...]:
    return _by_payer(
        (UUID(one["payer"]), names.get(one["payer"], ""), FundingState(one["state"]), Decimal(one["amount"]))
        for one in said
    )


def _paid(picture: Picture) -> Cents:
    """[n, c] of gross, what is paid: neither a slip nor another cost moves it."""
    book = picture.own.book
    if picture.prices is None:
        return book.fixed_part
    years = book.axis.price_years(picture.current_year)
    return at_prices(book, book.fixed_part, picture.prices, years)


def _lines(part: Part) -> list[list[tuple[UUID, FundingState, Decimal]]]:
    """For each measure who brings how much, in which state; lines that bring nothing are left out."""
    book, amounts = part.book, part.found.aid_line.sum(axis=1)
    bringing = np.flatnonzero(amounts != 0).tolist()
    states = dict(
        FundingLine.objects.filter(pk__in=[book.line_uuid(at) for at in bringing]).values_list("pk", "state")
    )
    found: list[list[tuple[UUID, FundingState, Decimal]]] = [[] for _ in range(part.numbers)]
    for at in bringing:
        state = FundingState(states.get(book.line_uuid(at), FundingState.CONSIDERED))
        payer = book.payers[int(book.line_payer[at])]
        found[int(book.line_measure[at])].append((payer, state, money(int(amounts[at]))))
    return found


def _by_payer(lines: Iterable[tuple[UUID, str, FundingState, Decimal]]) -> tuple[Cofunding, ...]:
    sums: dict[tuple[UUID, str, FundingState], Decimal] = defaultdict(lambda: ZERO)
    for payer, name, state, amount in lines:
        sums[payer, name, state] += amount
    found = (Cofunding(*key, amount) for key, amount in sums.items())
    return tuple(sorted(found, key=lambda one: (-one.amount, one.payer_name, one.state)))


def _largest_first(programmes: list[Programme]) -> tuple[Programme, ...]:
    return tuple(sorted(programmes, key=lambda one: (-one.authorised, one.code, str(one.measure_id))))


def _language(texts: Mapping[str, str], language: str) -> str:
    """The language of `text_in`, for `lang` on foreign passages."""
    return language if texts.get(language) else next((code for code in texts if texts[code]), language)


def _columns(keys: Sequence[str]) -> tuple[Column, ...]:
    return tuple(Column(key, int(key) if key.isdigit() else None) for key in keys)


def _added(rows: Sequence[Row], width: int) -> Row:
    return tuple(map(total, zip(*rows, strict=True))) or (ZERO,) * width


__all__ = ["Cofunding", "InvestmentPlan", "Programme", "frozen_parts", "investment_plan"]
