"""Exact arithmetic on arrays of cents.

Amounts are int64 cents. A share a·b/t is exact although a·b passes 2**63: the quotient is guessed in
floating point, the residual a·b − q·t is computed modulo 2**64 (where it is exact, because it is small) and
mends the guess. That holds while a, b, t and the quotient stay under `LARGE`; beyond, Python's own integers
do the work. Source of the trick: Möller and Granlund, "Improved division by invariant integers" (2011), used
here with a floating quotient.
"""

from __future__ import annotations

from decimal import ROUND_HALF_UP, Decimal
from typing import Any

import numpy as np
from numpy.typing import NDArray

from belvedere.kernel.money import CENT, Kind, Money

Cents = NDArray[np.int64]
Bools = NDArray[np.bool_]
E5 = 100_000  # shares travel as hundred-thousandths
# |guess − quotient| ≤ 5·2⁻⁵³·q + 1 ≤ 51, and 51·t must stay under 2⁶³.
LARGE = 90_000_000_000_000_000


def to_cents(amount: Decimal) -> int:
    """The cents of an amount in base units, rounded half up."""
    return int(amount.quantize(CENT, ROUND_HALF_UP).scaleb(2))


def to_money(cents: int, kind: Kind) -> Money:
    """Cents as Money of `kind`."""
    return Money(Decimal(int(cents)).scaleb(-2), kind)


def floor_share(a: Any, b: Any, t: Any) -> Cents:
    """floor(a·b/t), element by element with broadcasting; every t > 0."""
    return _divided(a, b, t)[0]


def round_share(a: Any, b: Any, t: Any) -> Cents:
    """a·b/t rounded half away from zero, as Money rounds; every t > 0."""
    a, b, t = _arrays(a, b, t)
    quotient, rest = _divided(np.abs(a), np.abs(b), t)
    up: Cents = quotient + (rest >= t - rest)
    return np.asarray(up * np.sign(a) * np.sign(b), np.int64)


def _arrays(*values: Any) -> tuple[Cents, ...]:
    return tuple(np.asarray(value, np.int64) for value in values)


def _largest(values: Cents) -> int:
    return max(int(values.max()), -int(values.min())) if values.size else 0


def _divided(a: Any, b: Any, t: Any) -> tuple[Cents, Cents]:
    """Quotient and rest of a·b by t, the rest in [0, t)."""
    a, b, t = _arrays(a, b, t)
    guess = np.multiply(a, b, dtype=np.float64)
    guess /= t
    large = float(np.abs(guess).max()) if guess.size else 0.0
    if max(_largest(a), _largest(b), _largest(t), large) >= LARGE:
        return _divided_slowly(a, b, t)
    quotient = np.asarray(guess, np.int64)
    with np.errstate(over="ignore"):
        rest = np.asarray(a * b - quotient * t, np.int64)
    wrong = (rest < 0) | (rest >= t)
    if wrong.any():
        off = np.where(wrong, rest // t, 0)
        quotient = quotient + off
        rest = rest - off * t
    return quotient, rest


def _divided_slowly(a: Cents, b: Cents, t: Cents) -> tuple[Cents, Cents]:
    """The same in Python's integers; OverflowError when the quotient is no int64."""
    product = a.astype(object) * b.astype(object)
    quotient = np.asarray(product // t)
    return np.asarray(quotient, np.int64), np.asarray(product - quotient * t, np.int64)


def cumulative(whole: Cents, weights: Cents) -> Cents:
    """Share `whole`[r] out over the columns of `weights`[r, c]: cumulative rounding.

    part(c) = floor(whole·cum(c)/total) − floor(whole·cum(c−1)/total). The parts of a row add up to `whole`
    to the cent and each stands within a cent of its exact value. Weights may be negative (a correction);
    where they add up to nothing, or less, the first column takes the whole. Where a weight is so many times
    the total that a part would be no amount (`LARGE`), the last column takes it: such weights say nothing.
    """
    if weights.shape[1] == 0:
        raise ValueError("nothing to share out to")
    return shared_out(whole, np.cumsum(weights, axis=1))


def shared_out(whole: Cents, cumulated: Cents) -> Cents:
    """As `cumulative`, on weights already cumulated along the columns."""
    total = cumulated[:, -1]
    known = total > 0
    limit = LARGE * np.maximum(total, 1).astype(np.float64)
    absurd = known & (largest_step(whole, cumulated) >= limit)
    if absurd.any() or not known.all():
        cumulated = np.where((known & ~absurd)[:, None], cumulated, 0)
        cumulated[absurd, -1] = total[absurd]
    steps = floor_share(whole[:, None], cumulated, np.where(known, total, 1)[:, None])
    parts = steps  # in place: column c minus column c − 1, from the right
    parts[:, 1:] -= steps[:, :-1].copy()
    parts[~known, 0] = whole[~known]
    return parts


def largest_step(whole: Cents, cumulated: Cents) -> NDArray[np.float64]:
    """The largest |whole·cum| of each row, as a floating number."""
    reach = np.maximum(cumulated.max(axis=1), -cumulated.min(axis=1))
    return np.asarray(np.abs(whole).astype(np.float64) * reach, np.float64)


def by_group(values: Cents, groups: NDArray[np.integer[Any]], n_groups: int) -> Cents:
    """Sums of the rows of `values`[r, …] by their group index in 0 … n_groups − 1; exact, [n_groups, …]."""
    sums = np.zeros((n_groups, *values.shape[1:]), np.int64)
    if not len(values):
        return sums
    order = np.argsort(groups, kind="stable")
    ordered = groups[order]
    starts = np.flatnonzero(np.r_[True, ordered[1:] != ordered[:-1]])
    sums[ordered[starts]] = np.add.reduceat(values[order], starts, axis=0)
    return sums
