"""What a regime of lighting saves against another: energy, money, carbon dioxide.

    E = Σ lamps P · Σ stretches h · level        (P in kW, h in hours, level 0–1; E in kWh)
    saved energy = E before − E after
    saved money = saved energy · price;   saved CO₂ = saved energy · g/kWh ÷ 1000   (kg)

The power of a lamp is taken to follow its level: LED drivers come within a few percent of that above 30 %
(below, they use somewhat more). What a dark lamp draws for its electronics is not counted, before or after.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import ROUND_HALF_UP, Decimal
from itertools import pairwise

from belvedere.science.scenes.programs import Moment


@dataclass(frozen=True, slots=True)
class Stretch:
    """A level (0–1) from an instant until another."""

    since: datetime
    until: datetime
    level: float

    @property
    def hours(self) -> float:
        return (self.until - self.since).total_seconds() / 3600

    @property
    def full_hours(self) -> float:
        """Hours of full light that are worth as much."""
        return self.hours * self.level


@dataclass(frozen=True, slots=True)
class Inputs:
    """`lamp_w`: installed power of a lamp, in watts; `price` of a kWh; `grams` of CO₂ a kWh."""

    lamp_w: float
    price: Decimal
    grams: float


@dataclass(frozen=True, slots=True)
class Saved:
    """In kWh, money in the currency of the price, kg of CO₂."""

    before_kwh: float
    after_kwh: float
    money: Decimal
    co2_kg: float

    @property
    def kwh(self) -> float:
        return self.before_kwh - self.after_kwh

    @property
    def share(self) -> float:
        """Of what was used before, 0–1; negative where more is used."""
        return self.kwh / self.before_kwh if self.before_kwh else 0.0


def stretches(moments: Sequence[Moment], since: datetime, until: datetime, first: float) -> list[Stretch]:
    """Levels from an instant until another: `first`, then what each moment sets, in percent."""
    edges = [Moment(since, first * 100)]
    for one in sorted(moments, key=lambda moment: moment.at):
        if one.at <= since:
            edges = [Moment(since, one.value)]
        elif one.at < until:
            edges.append(one)
    edges.append(Moment(until, 0.0))
    return [
        Stretch(a.at, b.at, min(1.0, max(0.0, float(a.value) / 100)))
        for a, b in pairwise(edges)
        if b.at > a.at
    ]


def full_hours(some: Iterable[Stretch]) -> float:
    return sum(one.full_hours for one in some)


def saved(inputs: Inputs, before_h: float, after_h: float) -> Saved:
    """`before_h`, `after_h`: hours of full light, summed over lamps."""
    before, after = (inputs.lamp_w / 1000 * hours for hours in (before_h, after_h))
    money = Decimal(str(before - after)) * inputs.price
    return Saved(
        before,
        after,
        money.quantize(Decimal("0.01"), ROUND_HALF_UP),
        (before - after) * inputs.grams / 1000,
    )
