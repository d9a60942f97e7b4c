"""An owner's outlook at work: loaded once for a request, computed once, read in many ways.

A `Picture` holds the arrays of one question; `cockpit` turns it into the values that faces show. Everything
is in one kind of money: the measures of another kind are counted apart and never added.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from functools import cached_property
from uuid import UUID

import numpy as np
from numpy.typing import NDArray

from belvedere.domains.access.public import Actor
from belvedere.domains.plans.models import PlanNode
from belvedere.domains.plans.outlook import assumptions, computing, reading
from belvedere.domains.plans.outlook.question import Question
from belvedere.domains.plans.outlook.reading import Holdings, Loaded
from belvedere.domains.plans.outlook.views import Ceiling, OtherKind, Row
from belvedere.domains.plans.policies import require_outlook
from belvedere.domains.plans.vocabulary import Nature
from belvedere.domains.territory.public import OrganisationView, organisation, organisations_by_id
from belvedere.kernel.clock import today
from belvedere.kernel.errors import N_, NotFound
from belvedere.kernel.money import Kind
from belvedere.kernel.texts import text_in
from belvedere.science.finance.book import Axis, Book, Ints
from belvedere.science.finance.ceilings import Counted, counted
from belvedere.science.finance.cents import Cents, by_group
from belvedere.science.finance.moving import NO_SHIFT, Lost
from belvedere.science.finance.outlook import Outlook
from belvedere.science.finance.prices import IndexSeries, Prices

WHY = {Lost.START_DEADLINE: "start", Lost.CLAIM_DEADLINE: "claim", Lost.DEPARTURE: "departure"}
COUNTED = {None: Counted.NET, Nature.INVESTMENT: Counted.INVESTMENT, Nature.OPERATION: Counted.OPERATION}


def money(cents: int) -> Decimal:
    return Decimal(int(cents)).scaleb(-2)


def row(cents: Cents) -> Row:
    """[c] cents as amounts."""
    return tuple(Decimal(value).scaleb(-2) for value in cents.tolist())


def day(ordinal: int) -> date | None:
    return date.fromordinal(int(ordinal)) if ordinal else None


def keeping(found: Outlook, line: int) -> int | None:
    """The largest shift that keeps a lost line, None where none does."""
    shift = int(found.keeping_shift[line])
    return None if shift == NO_SHIFT else shift


def names_of(ids: Sequence[UUID], language: str) -> dict[UUID, str]:
    """The names of organisations."""
    return {key: text_in(dict(view.names), language) for key, view in organisations_by_id(ids).items()}


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
    def ceilings(self) -> tuple[Ceiling, ...]:
        """The owner's ceilings, or those of the plan or the axis that is asked for, with what counts."""
        plan_id, node_id = self.question.plan_id, self.question.node_id
        frames = assumptions.frames_of(self.owner.id, plan_id, node_id)
        key = str(node_id or plan_id or "owner")
        found = assumptions.ceilings_of(frames, self.axis, self.kind, self.prices, key=key)
        return tuple(replace(one, spent=row(self.charge(nature=one.nature))) for one in found)

    def contributions(self, found: Outlook, nature: Nature | None = None) -> Cents:
        """[c] what the owner pays to the measures of others, of one nature where it is said."""
        return np.asarray(contributed(found, self.others.lines_of(self.owner.id), nature), np.int64)

    def paid_out(self, found: Outlook) -> Cents:
        """[c] the same when it leaves the treasury."""
        values = found.received[self.others.lines_of(self.owner.id)]
        return np.asarray(values.sum(axis=0), np.int64)

    def charge(self, *, reference: bool = False, nature: Nature | None = None) -> Cents:
        """[c] what the owner has to budget: net and contributions, of one nature where it is said."""
        own = self.own.reference if reference else self.own.found
        others = self.others.reference if reference else self.others.found
        net = counted(own, COUNTED[nature]).sum(axis=0)
        return np.asarray(net + self.contributions(others, nature), np.int64)

    def need(self, *, reference: bool = False) -> Cents:
        """[c] what must be advanced."""
        own = self.own.reference if reference else self.own.found
        others = self.others.reference if reference else self.others.found
        return np.asarray(own.need.sum(axis=0) + self.paid_out(others), np.int64)


def aid_of(found: Outlook, lines: NDArray[np.bool_], nature: Nature | None) -> Cents:
    """[k, c] the aid of these lines, its part for one nature where it is said."""
    aid = found.aid_line[lines]
    if nature is None:
        return aid
    operation = found.aid_operation(lines)
    return operation if nature is Nature.OPERATION else aid - operation


def contributed(found: Outlook, lines: NDArray[np.bool_], nature: Nature | None) -> Cents:
    """[c] the sum of `aid_of`."""
    return np.asarray(aid_of(found, lines, nature).sum(axis=0), np.int64)


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
    question, nodes = _within(question, territory_id)
    current_year = today().year
    series = assumptions.index_of(territory_id, language)
    prices = assumptions.current_prices(territory_id, series) if question.current_prices else None
    loaded = reading.load(territory_id, organisation_id, current_year=current_year, series=series)
    axis = reading.axis_of(current_year)
    constant, others = _kinds(loaded.own, question)
    own_rows = _rows(loaded.own, constant, question.plan_id, nodes)
    other_rows = _rows(loaded.others, constant, question.plan_id, nodes)
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


def _within(question: Question, territory_id: UUID) -> tuple[Question, frozenset[UUID] | None]:
    """The question with the plan of its axis, and the axes under it; NotFound for an axis of elsewhere."""
    if question.node_id is None:
        return question, None
    found = PlanNode.objects.filter(pk=question.node_id, plan__territory_id=territory_id).first()
    if found is None or question.plan_id not in (None, found.plan_id):
        raise NotFound(N_("This axis is not one of the plan."), code="no_such_axis")
    return replace(question, plan_id=found.plan_id), nodes_under(found.plan_id, found.path)


def nodes_under(plan_id: UUID, path: str) -> frozenset[UUID]:
    """An axis of a plan and all below it."""
    nodes = PlanNode.objects.filter(plan_id=plan_id).values_list("pk", "path")
    return frozenset(pk for pk, own in nodes if own == path or own.startswith(f"{path}."))


def _rows(holdings: Holdings, kind: Kind, plan_id: UUID | None, nodes: frozenset[UUID] | None) -> Ints:
    book = holdings.book
    if kind not in book.kinds:
        return np.zeros(0, np.int64)
    chosen = np.asarray(book.kind == book.kinds.index(kind))
    if plan_id is not None:
        chosen &= holdings.rows_in(plan_id, nodes)
    return np.flatnonzero(chosen)


def _part(
    holdings: Holdings,
    rows: Ints,
    question: Question,
    kind: Kind,
    current_year: int,
    prices: Prices | None,
) -> Part:
    within = (question.plan_id, question.node_id)
    computed = computing.reference_of(
        holdings, rows, kind=kind, within=within, current_year=current_year, prices=prices
    )
    found = computing.changed(computed, question.adjustments, current_year=current_year, prices=prices)
    return Part(holdings, rows, computed.book, found, computed.reference)


__all__ = [
    "COUNTED",
    "WHY",
    "Part",
    "Picture",
    "aid_of",
    "contributed",
    "day",
    "keeping",
    "money",
    "names_of",
    "nodes_under",
    "open_picture",
    "row",
]
