"""Who pays how much: funding rules resolved on an estimate.

Rules are resolved in the order of the lines. `Fixed` brings its amount; `RateWithCap` brings a share of
the eligible cost, at most its cap (LUMin art. 17d and the federal decree of 21.09.2010 work so: a rate
for the programme and a maximum amount). A line whose money is unlike the estimate's is not resolved: it is
named, never guessed. Aid above the cost is kept and named too, because the source said so.

Amounts are `Money`; shares are decimals from 0 to 1.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from belvedere.kernel.errors import N_, InvalidInput
from belvedere.kernel.money import Money, split


@dataclass(frozen=True, slots=True)
class Fixed:
    """A stated amount, never negative."""

    amount: Money

    def __post_init__(self) -> None:
        if self.amount.amount < 0:
            raise InvalidInput(N_("A funding amount cannot be negative."), field="amount")


@dataclass(frozen=True, slots=True)
class RateWithCap:
    """A share (0 to 1) of the eligible cost, at most `cap` where there is one."""

    rate: Decimal
    cap: Money | None = None

    def __post_init__(self) -> None:
        if not 0 <= self.rate <= 1:
            raise InvalidInput(N_("A funding rate is a share from 0 to 100 %."), field="rate")
        if self.cap is not None and self.cap.amount < 0:
            raise InvalidInput(N_("A cap cannot be negative."), field="cap")


Rule = Fixed | RateWithCap


@dataclass(frozen=True, slots=True)
class Share:
    """What one line brings. `amount` is None when it is unlike the estimate; `capped` says the cap held."""

    amount: Money | None
    capped: bool = False


@dataclass(frozen=True, slots=True)
class Funding:
    """The shares in the order of the rules, their sum, what is left, and aid above the cost."""

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


def resolve(cost: Money, eligible: Money | None, rules: Sequence[Rule]) -> Funding:
    """Resolve `rules` on `cost`; `eligible` is the part the rates apply to, the whole cost when None.

    Guarantees: aid is the sum of the shares, and aid + net = cost, to the cent.
    """
    base = cost if eligible is None else eligible
    if base.kind != cost.kind:
        raise InvalidInput(
            N_("The eligible amount must be of the same currency, VAT status and price base as the cost."),
            field="eligible_amount",
        )
    shares = tuple(_share(rule, base) for rule in rules)
    aid = sum((share.amount for share in shares if share.amount is not None), Money(Decimal(0), cost.kind))
    return Funding(cost, shares, aid, cost - aid)


def _share(rule: Rule, base: Money) -> Share:
    if isinstance(rule, Fixed):
        return Share(rule.amount if rule.amount.kind == base.kind else None)
    by_rate = base.times(rule.rate)
    if rule.cap is None:
        return Share(by_rate)
    if rule.cap.kind != base.kind:
        return Share(None)
    return Share(
        min(by_rate, rule.cap, key=lambda money: money.amount), capped=rule.cap.amount < by_rate.amount
    )


def allot(aid: Decimal, spending: Sequence[Decimal]) -> list[Decimal]:
    """Allot `aid` to years in proportion to their spending, to the cent (largest remainder).

    Until aid has a calendar of its own, it follows spending. With no spending at all the first year
    carries it.
    """
    return split(aid, list(spending)) if spending else []
