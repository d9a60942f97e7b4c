"""Who pays how much: funding rules resolved on an estimate, in order, each share explaining itself.

Order (LUMin art. 17d; federal decree of 21.09.2010; regional layers that top up): fixed amounts, lump sums
per unit, rates on the eligible cost, fill-ups to a share, residual; inside a class by position.

- `Fixed` brings its stated amount, even above the cost: the source said so, `Funding.exceeds` names it.
- The computed rules never bring more than what is left (`Share.clipped`), nor more than their cap
  (`Share.capped`).
- A line whose money is unlike the estimate's is not resolved: it is named, never guessed.

Amounts are `Money`; shares are decimals from 0 to 1. Rounding is half up to the cent.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from itertools import accumulate

from belvedere.kernel.errors import N_, InvalidInput
from belvedere.kernel.money import Kind, Money, UnlikeMoney, Vat
from belvedere.science.finance.cents import LARGE, to_cents

PUBLIC_LIMIT = Decimal("0.80")  # France: code général des collectivités territoriales, art. L1111-10


@dataclass(frozen=True, slots=True)
class Fixed:
    """A stated amount, never negative."""

    amount: Money

    def __post_init__(self) -> None:
        if self.amount.amount < 0:
            raise InvalidInput(N_("A funding amount cannot be negative."), field="amount")


@dataclass(frozen=True, slots=True)
class LumpPerUnit:
    """`tariff` for each of `quantity` units (metres, stops…), at most `cap` where there is one."""

    tariff: Money
    quantity: Decimal
    unit: str
    cap: Money | None = None

    def __post_init__(self) -> None:
        if self.tariff.amount < 0:
            raise InvalidInput(N_("A funding amount cannot be negative."), field="amount")
        if not self.quantity.is_finite() or self.quantity < 0:
            raise InvalidInput(N_("A quantity of units cannot be negative."), field="quantity")
        _check_cap(self.cap, self.tariff.kind)

    @property
    def amount(self) -> Money:
        """Tariff times quantity, before the cap."""
        return self.tariff.times(self.quantity)


@dataclass(frozen=True, slots=True)
class RateWithCap:
    """A share (0 to 1) of the eligible cost, at most `cap` where there is one."""

    rate: Decimal
    cap: Money | None = None

    def __post_init__(self) -> None:
        _check_rate(self.rate)
        _check_cap(self.cap)


@dataclass(frozen=True, slots=True)
class FillUp:
    """Tops the aid of the lines before it up to a share (0 to 1) of the eligible cost, at most `cap`."""

    rate: Decimal
    cap: Money | None = None

    def __post_init__(self) -> None:
        _check_rate(self.rate)
        _check_cap(self.cap)


@dataclass(frozen=True, slots=True)
class Residual:
    """Takes what is left; the owner then pays nothing."""


def _check_rate(rate: Decimal) -> None:
    if not 0 <= rate <= 1:
        raise InvalidInput(N_("A funding rate is a share from 0 to 100 %."), field="rate")


def _check_cap(cap: Money | None, kind: Kind | None = None) -> None:
    if cap is None:
        return
    if cap.amount < 0:
        raise InvalidInput(N_("A cap cannot be negative."), field="cap")
    if kind is not None and cap.kind != kind:
        raise UnlikeMoney(
            N_("{left} and {right} cannot be added: they differ in currency, VAT or price base."),
            left=str(cap),
            right=str(kind),
            field="cap",
        )


Rule = Fixed | LumpPerUnit | RateWithCap | FillUp | Residual
ORDER: tuple[type[Rule], ...] = (Fixed, LumpPerUnit, RateWithCap, FillUp, Residual)


def class_of(rule: Rule) -> int:
    """The place of the rule's class in the order of resolution, 0 to 4."""
    return ORDER.index(type(rule))


def amounts_of(rule: Rule) -> tuple[Money, ...]:
    """The amounts that a rule states: all must be of one kind."""
    match rule:
        case Fixed(amount):
            return (amount,)
        case LumpPerUnit():
            return (rule.tariff,) if rule.cap is None else (rule.tariff, rule.cap)
        case RateWithCap(_rate, cap) | FillUp(_rate, cap):
            return () if cap is None else (cap,)
        case Residual():
            return ()


class Why(StrEnum):
    """What a share was computed from; `Share.capped` and `Share.clipped` say what then held it."""

    STATED = "stated"  # the amount itself
    TARIFF = "tariff"  # base = tariff × quantity
    RATE = "rate"  # rate × base, base = the eligible cost
    FILL_UP = "fill_up"  # rate × base − already, base = the eligible cost
    LEFT = "left"  # base = what was left
    UNLIKE = "unlike"  # another currency, VAT status or price base: not resolved


@dataclass(frozen=True, slots=True)
class Share:
    """What one line brings, and from what.

    `amount` is None when the line is unlike the estimate. `capped`: its cap held. `clipped`: less was left
    than the rule would bring. `base` is what the rule was applied to, `already` the aid of the lines before
    it, `uncut` what it would bring without cap and limit.
    """

    amount: Money | None
    capped: bool = False
    clipped: bool = False
    base: Money | None = None
    why: Why = Why.STATED
    already: Money | None = None
    uncut: Money | None = None


@dataclass(frozen=True, slots=True)
class Funding:
    """The shares in the order the rules were given, their sum, what is left, and aid above the cost."""

    cost: Money
    shares: tuple[Share, ...]
    aid: Money
    net: Money

    @property
    def exceeds(self) -> bool:
        return self.net.amount < 0

    @property
    def unlike(self) -> bool:
        return any(share.amount is None for share in self.shares)


def resolve(
    cost: Money, eligible: Money | None, rules: Sequence[Rule], positions: Sequence[int] | None = None
) -> Funding:
    """Resolve `rules` on `cost`; `eligible` is the part the rates apply to, the whole cost when None.

    `positions` order the rules inside a class (as given when None). Guarantees: aid is the sum of the
    shares, and aid + net = cost, to the cent; only fixed amounts can make net negative.
    """
    base = cost if eligible is None else eligible
    if base.kind != cost.kind:
        raise InvalidInput(
            N_("The eligible amount must be of the same currency, VAT status and price base as the cost."),
            field="eligible_amount",
        )
    places = positions if positions is not None else range(len(rules))
    order = sorted(range(len(rules)), key=lambda at: (class_of(rules[at]), places[at], at))
    aid = Money(Decimal(0), cost.kind)
    shares: dict[int, Share] = {}
    for at in order:
        shares[at] = share = _share(rules[at], base, aid, cost - aid)
        if share.amount is not None:
            aid = aid + share.amount
    return Funding(cost, tuple(shares[at] for at in range(len(rules))), aid, cost - aid)


def _share(rule: Rule, eligible: Money, already: Money, left: Money) -> Share:
    match rule:
        case Fixed(amount):
            if amount.kind != left.kind:
                return Share(None, why=Why.UNLIKE)
            return Share(amount, base=amount, why=Why.STATED, already=already, uncut=amount)
        case LumpPerUnit():
            if rule.tariff.kind != left.kind:
                return Share(None, why=Why.UNLIKE)
            return _held(rule.amount, rule.cap, rule.amount, Why.TARIFF, already, left)
        case RateWithCap(rate, cap):
            return _held(eligible.times(rate), cap, eligible, Why.RATE, already, left)
        case FillUp(rate, cap):
            lacking = _not_negative(eligible.times(rate) - already)
            return _held(lacking, cap, eligible, Why.FILL_UP, already, left)
        case Residual():
            rest = _not_negative(left)
            return Share(rest, base=rest, why=Why.LEFT, already=already, uncut=rest)


def _held(uncut: Money, cap: Money | None, base: Money, why: Why, already: Money, left: Money) -> Share:
    """`uncut` under its cap, then under what is left."""
    if cap is not None and cap.kind != left.kind:
        return Share(None, why=Why.UNLIKE)
    capped = cap is not None and cap.amount < uncut.amount
    wanted = cap if capped and cap is not None else uncut
    rest = _not_negative(left)
    clipped = rest.amount < wanted.amount
    return Share(rest if clipped else wanted, capped, clipped, base, why, already, uncut)


def _not_negative(money: Money) -> Money:
    return money if money.amount > 0 else Money(Decimal(0), money.kind)


def allot(aid: Decimal, spending: Sequence[Decimal]) -> list[Decimal]:
    """Allot `aid` to years in proportion to their spending, to the cent (cumulative rounding).

    `spending` stands in the order of time. part(y) = floor(aid·cum(y)/total) − floor(aid·cum(y−1)/total):
    the parts add up to the aid and each stands within a cent of its exact value. Where the spending adds
    up to nothing the first year carries it all. `cents.cumulative` does the same on arrays.
    """
    if not spending:
        return []
    whole, weights = to_cents(aid), [to_cents(amount) for amount in spending]
    total = sum(weights)
    if total <= 0:
        parts = [whole] + [0] * (len(weights) - 1)
    else:
        cumulated = list(accumulate(weights))
        if float(abs(whole)) * max(map(abs, cumulated)) >= float(LARGE) * total:
            cumulated = [0] * (len(weights) - 1) + [total]
        steps = [whole * reached // total for reached in cumulated]
        parts = [step - before for step, before in zip(steps, [0, *steps], strict=False)]
    return [Decimal(part).scaleb(-2) for part in parts]


def over_public_limit(aid: Money, eligible: Money, limit: Decimal = PUBLIC_LIMIT) -> Money | None:
    """How much public aid passes its limit, a share of the eligible cost without VAT; None within it.

    Raises UnlikeMoney where the two are unlike or hold VAT: the limit is stated without VAT.
    """
    excess = aid - eligible.times(limit)
    if eligible.vat is not Vat.EXCLUDED:
        raise UnlikeMoney(
            N_("The limit on public aid is a share of the cost without VAT; {amount} is not without VAT."),
            amount=str(eligible),
        )
    return excess if excess.amount > 0 else None


__all__ = [
    "ORDER",
    "PUBLIC_LIMIT",
    "FillUp",
    "Fixed",
    "Funding",
    "LumpPerUnit",
    "RateWithCap",
    "Residual",
    "Rule",
    "Share",
    "Why",
    "allot",
    "amounts_of",
    "class_of",
    "over_public_limit",
    "resolve",
]
