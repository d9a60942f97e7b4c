"""What the upper half of the page shows, in one kind of money, whatever read it came from."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from belvedere.domains.plans.public import outlook
from belvedere.faces.web.pages.plans.outlook.cells import Head
from belvedere.kernel.money import Kind

ZERO = Decimal(0)
Row = outlook.views.Row
MOST_PAYERS = 5  # with a colour of their own; the others stand together


@dataclass(frozen=True, slots=True)
class Payer:
    """What one payer brings by column. `style` is its colour, `key` its row; `of` are those it stands for."""

    key: str
    name: str
    style: str
    values: Row
    of: tuple[Payer, ...] = ()

    @property
    def total(self) -> Decimal:
        return sum(self.values, ZERO)


@dataclass(frozen=True, slots=True)
class Limit:
    """A ceiling by column, for all spending or for one nature of it, and what counts under it."""

    row: str  # of its margin
    nature: str
    most: tuple[Decimal | None, ...]
    spent: Row

    @property
    def margins(self) -> tuple[Decimal | None, ...]:
        """What is left under it, negative above it."""
        pairs = zip(self.most, self.spent, strict=True)
        return tuple(None if most is None else most - spent for most, spent in pairs)


@dataclass(frozen=True, slots=True)
class Figures:
    """Amounts by column in base units of `kind`. `charge` is what a ceiling of all spending compares with."""

    kind: Kind
    heads: tuple[Head, ...]
    years: tuple[int | None, ...]  # of the columns; None before, after, without a date
    gross: Row
    payers: tuple[Payer, ...]
    net: Row
    contributions: Row  # to the measures of others
    cash: Row
    limits: tuple[Limit, ...]
    earlier: Row | None  # the charge before the scenario

    @property
    def charge(self) -> Row:
        return tuple(net + more for net, more in zip(self.net, self.contributions, strict=True))

    @property
    def has_contributions(self) -> bool:
        return any(self.contributions)

    @property
    def over(self) -> tuple[int, ...]:
        """The years above a ceiling."""
        return tuple(year for year, more in zip(self.years, self.excess, strict=True) if year and more)

    @property
    def excess(self) -> Row:
        """What is above the ceilings, by column: those of the natures hold different spending."""
        columns = zip(*(limit.margins for limit in self.limits), strict=True)
        found = [sum((-one for one in column if one is not None and one < 0), ZERO) for column in columns]
        return tuple(found) or (ZERO,) * len(self.heads)

    @property
    def peak(self) -> tuple[Decimal, int] | None:
        """The largest amount to advance in a year, and the year."""
        found = [(cash, year) for cash, year in zip(self.cash, self.years, strict=True) if year]
        return max(found, key=lambda pair: (pair[0], -pair[1])) if found else None

    @property
    def largest(self) -> Decimal:
        return max((abs(value) for row in (self.gross, self.cash) for value in row), default=ZERO)


def payers_shown(found: Sequence[tuple[str, str, Row]], others: str) -> tuple[Payer, ...]:
    """The payers (key, name, amounts) with their colours, the largest first; small ones under `others`."""
    ordered = sorted(found, key=lambda payer: (-outlook.views.total(payer[2]), payer[1]))
    ordered = [payer for payer in ordered if any(payer[2])]
    own = ordered if len(ordered) <= MOST_PAYERS + 1 else ordered[:MOST_PAYERS]
    shown = [Payer(key, name, f"p{at}", row) for at, (key, name, row) in enumerate(own, 1)]
    rest = ordered[len(own) :]
    if rest:
        style = f"p{MOST_PAYERS + 1}"
        parts = tuple(Payer(key, name, style, row) for key, name, row in rest)
        sums = tuple(
            outlook.views.total(column) for column in zip(*(part.values for part in parts), strict=True)
        )
        shown.append(Payer("aid", others, style, sums, parts))
    return tuple(shown)
