"""An owner's outlook at work: loaded once for a request, computed once, read in many ways.

A `Picture` holds the arrays of one question; `cockpit` turns it into the values that faces show. Everything
is in one kind of money: the measures of another kind are counted apart and never added.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property
from uuid import UUID

import numpy as np
from numpy.typing import NDArray

from belvedere.domains.access.public import Actor
from belvedere.domains.plans.outlook import assumptions, computing, reading
from belvedere.domains.plans.outlook.question import Question
from belvedere.domains.plans.outlook.reading import Holdings, Loaded
from belvedere.domains.plans.outlook.views import Ceiling, OtherKind, Row
from belvedere.domains.plans.policies import require_outlook
from belvedere.domains.territory.public import OrganisationView, organisation
from belvedere.kernel.clock import today
from belvedere.kernel.money import Kind
from belvedere.science.finance.book import Axis, Book, Ints
from belvedere.science.finance.cents import Cents, by_group
from belvedere.science.finance.outlook import Outlook
from belvedere.science.finance.prices import IndexSeries, Prices


def money(cents: int) -> Decimal:
    return Decimal(int(cents)).scaleb(-2)


def row(cents: Cents) -> Row:
    """[c] cents as amounts."""
    return tuple(Decimal(value).scaleb(-2) for value in cents.tolist())


@dataclass(frozen=True)
class Part:
    """Some measures of one kind of money, computed: with the changes, and as the reference."""

    holdings: Holdings
    rows: Ints  # of the holdings
    book: Book
    found: Outlook
    reference: Outlook

    @property
    def numbers(self) -> int:
        return len(self.rows)

    @cached_property
    def at(self) -> dict[UUID, int]:
        """The row of a measure among those of this part."""
        ids = self.holdings.ids
        return {ids[at]: row for row, at in enumerate(self.rows.tolist())}

    def measure_id(self, row: int) -> UUID:
        return self.holdings.ids[int(self.rows[row])]

    def lines_of(self, payer_id: UUID) -> NDArray[np.bool_]:
        """[L] the funding lines of a payer."""
        if payer_id not in self.book.payers:
            return np.zeros(self.book.lines, bool)
        return np.asarray(self.book.line_payer == self.book.payers.index(payer_id))

    def by_payer(self, found: Outlook, *, received: bool = False) -> Cents:
        """[payers, c]"""
        values = found.received if received else found.aid_line
        return by_group(values, self.book.line_payer, len(self.book.payers))


@dataclass(frozen=True)
class Picture:
    """The answer to one question about one owner."""

    actor: Actor
    territory_id: UUID
    owner: OrganisationView
    question: Question
    language: str
    current_year: int
    axis: Axis
    loaded: Loaded
    series: IndexSeries | None
    prices: Prices | None
    constant_kind: Kind  # of the measures shown
    kind: Kind  # of the amounts shown
    own: Part
    others: Part  # measures of others that the owner pays a part of
    other_kinds: tuple[OtherKind, ...]

    @property
    def is_changed(self) -> bool:
        return bool(self.question.adjustments)

    @cached_property
    def ceiling(self) -> Ceiling | None:
        """The owner's ceiling, or the plan's when one plan is asked for."""
        plan_id = self.question.plan_id
        frames = [frame for frame in assumptions.frames_of(self.owner.id, plan_id) if frame.node_id is None]
        key = str(plan_id) if plan_id else "owner"
        return assumptions.ceiling_of(frames, self.axis, self.kind, self.prices, key=key)

    def contributions(self, found: Outlook) -> Cents:
        """[c] what the owner pays to the measures of others."""
        values = found.aid_line[self.others.lines_of(self.owner.id)]
        return np.asarray(values.sum(axis=0), np.int64)

    def paid_out(self, found: Outlook) -> Cents:
        """[c] the same when it leaves the treasury."""
        values = found.received[self.others.lines_of(self.owner.id)]
        return np.asarray(values.sum(axis=0), np.int64)

    def charge(self, *, reference: bool = False) -> Cents:
        """[c] what the owner has to budget: net and contributions."""
        own = self.own.reference if reference else self.own.found
        others = self.others.reference if reference else self.others.found
        return np.asarray(own.net.sum(axis=0) + self.contributions(others), np.int64)

    def need(self, *, reference: bool = False) -> Cents:
        """[c] what must be advanced."""
        own = self.own.reference if reference else self.own.found
        others = self.others.reference if reference else self.others.found
        return np.asarray(own.need.sum(axis=0) + self.paid_out(others), np.int64)


def open_picture(
    actor: Actor,
    territory_id: UUID,
    organisation_id: UUID,
    question: Question,
    *,
    language: str,
) -> Picture:
    """Load and compute; Refused for who may not see the outlook, NotFound without prices when asked."""
    require_outlook(actor, territory_id, organisation_id)
    owner = organisation(organisation_id)
    current_year = today().year
    series = assumptions.index_of(territory_id, language)
    prices = assumptions.current_prices(territory_id, series) if question.current_prices else None
    loaded = reading.load(territory_id, organisation_id, current_year=current_year, series=series)
    axis = reading.axis_of(current_year)
    constant, others = _kinds(loaded.own, question)
    own_rows = _rows(loaded.own, constant, question.plan_id)
    other_rows = _rows(loaded.others, constant, question.plan_id)
    parts = [
        _part(holdings, rows, question, constant, current_year, prices)
        for holdings, rows in ((loaded.own, own_rows), (loaded.others, other_rows))
    ]
    return Picture(
        actor=actor,
        territory_id=territory_id,
        owner=owner,
        question=question,
        language=language,
        current_year=current_year,
        axis=axis,
        loaded=loaded,
        series=series,
        prices=prices,
        constant_kind=constant,
        kind=prices.kind(constant) if prices else constant,
        own=parts[0],
        others=parts[1],
        other_kinds=others,
    )


def _kinds(holdings: Holdings, question: Question) -> tuple[Kind, tuple[OtherKind, ...]]:
    """The kind of money to show, and the others with how many measures they hold."""
    book = holdings.book
    gross = by_group(book.cost[:, None], book.kind, len(book.kinds))[:, 0]
    numbers = np.bincount(book.kind, minlength=len(book.kinds))
    found = sorted(
        (OtherKind(kind, int(numbers[at]), money(gross[at])) for at, kind in enumerate(book.kinds)),
        key=lambda other: (-other.gross, -other.measures, other.kind),
    )
    if not found:
        return question.kind or Kind("CHF"), ()
    wanted = question.kind if any(other.kind == question.kind for other in found) else found[0].kind
    assert wanted is not None
    return wanted, tuple(other for other in found if other.kind != wanted)


def _rows(holdings: Holdings, kind: Kind, plan_id: UUID | None) -> Ints:
    book = holdings.book
    if kind not in book.kinds:
        return np.zeros(0, np.int64)
    chosen = np.asarray(book.kind == book.kinds.index(kind))
    if plan_id is not None:
        chosen &= holdings.rows_in_plan(plan_id)
    return np.flatnonzero(chosen)


def _part(
    holdings: Holdings,
    rows: Ints,
    question: Question,
    kind: Kind,
    current_year: int,
    prices: Prices | None,
) -> Part:
    computed = computing.reference_of(
        holdings, rows, kind=kind, plan_id=question.plan_id, current_year=current_year, prices=prices
    )
    found = computing.changed(computed, question.adjustments, current_year=current_year, prices=prices)
    return Part(holdings, rows, computed.book, found, computed.reference)


__all__ = ["Part", "Picture", "money", "open_picture", "row"]
