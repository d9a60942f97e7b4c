"""In which unit the chart and the table are written, said once on the page."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from django.utils.translation import gettext

from belvedere.faces.web import formats
from belvedere.kernel.money import Kind

ONE, THOUSAND, MILLION = Decimal(1), Decimal(1_000), Decimal(1_000_000)
BILLION = Decimal(1_000_000_000)


@dataclass(frozen=True, slots=True)
class Unit:
    """`axis` and `table` are what one on the axis, one in the table stand for, in base units."""

    kind: Kind
    axis_size: Decimal
    table_size: Decimal

    @property
    def axis(self) -> str:
        """“Millions of CHF”."""
        words = {
            MILLION: gettext("Millions of %(currency)s"),
            THOUSAND: gettext("Thousands of %(currency)s"),
            ONE: "%(currency)s",
        }
        return words[self.axis_size] % {"currency": self.kind.currency}

    @property
    def short(self) -> str:
        """The letter after the last figure of the axis."""
        return {MILLION: "M", THOUSAND: "k", ONE: ""}[self.axis_size]

    @property
    def caption(self) -> str:
        """“Chart in millions, table in thousands of CHF, without VAT, prices of October 2025”."""
        words = {
            (MILLION, MILLION): gettext("Chart and table in millions of %(kind)s"),
            (MILLION, THOUSAND): gettext("Chart in millions, table in thousands of %(kind)s"),
            (THOUSAND, ONE): gettext("Chart in thousands, table in %(kind)s"),
            (ONE, ONE): gettext("Chart and table in %(kind)s"),
        }
        return words[self.axis_size, self.table_size] % {"kind": formats.money_kind(self.kind)}

    def on_axis(self, amount: Decimal) -> Decimal:
        return amount / self.axis_size

    def in_table(self, amount: Decimal) -> str:
        """An amount of the table: "" for nothing, so that the eye finds what is there."""
        value = amount / self.table_size
        if abs(value) < Decimal("0.5"):
            return "" if not amount else "0"
        return formats.number(value, 0)

    def with_sign(self, amount: Decimal) -> str:
        """A difference: “+79”, “−192”, "" for none."""
        text = self.in_table(amount)
        return f"+{text}" if text and amount > 0 else text

    def in_words(self, amount: Decimal, *, sign: bool = False) -> str:
        """An amount of the key or of the effects: “117,2 M”, “48 k”, “+8,1 M”."""
        text = self.figure(amount)
        plus = "+" if sign and amount > 0 else ""
        return plus + (f"{text}{formats.HARD}{self.short}" if self.short else text)

    def figure(self, amount: Decimal) -> str:
        """An amount on the axis's scale, with one place."""
        return formats.number(amount / self.axis_size, 0 if self.axis_size == ONE else 1)


def unit_of(kind: Kind, largest: Decimal) -> Unit:
    """Units in which the largest amount of a column has at most six figures in the table."""
    if abs(largest) >= BILLION:
        return Unit(kind, MILLION, MILLION)
    if abs(largest) >= MILLION:
        return Unit(kind, MILLION, THOUSAND)
    if abs(largest) >= 10 * THOUSAND:
        return Unit(kind, THOUSAND, ONE)
    return Unit(kind, ONE, ONE)
