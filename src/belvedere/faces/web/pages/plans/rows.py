"""Lines of the list and figures of its foot, ready to be written."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal

from django.utils.translation import gettext, ngettext

from belvedere.domains.plans.public import views
from belvedere.faces.web import formats
from belvedere.faces.web.pages.plans import words
from belvedere.faces.web.pages.plans.rooms import Room
from belvedere.kernel.money import Kind, Money

MILLION = Decimal(1_000_000)


@dataclass(frozen=True, slots=True)
class Scale:
    """How amounts of a list are written: in millions or in full, and in which money."""

    kind: Kind | None
    millions: bool

    @property
    def unit(self) -> str:
        if self.kind is None:
            return ""
        return f"M{self.kind.currency}" if self.millions else self.kind.currency

    @property
    def form(self) -> str:
        return "millions" if self.millions else "full"

    @property
    def caption(self) -> str:
        if self.kind is None:
            return ""
        return formats.money_kind(self.kind, size="millions" if self.millions else "")


def scale_of(totals: views.Totals) -> Scale:
    """Millions where the measures cost millions, else in full."""
    main = totals.main
    if main is None:
        return Scale(None, millions=True)
    return Scale(main.kind, millions=main.count == 0 or main.cost.amount / main.count >= MILLION)


@dataclass(frozen=True, slots=True)
class Amount:
    """An amount in a column. `other` says in what it is expressed when not as the column head says."""

    written: str
    exact: str
    other: str = ""
    plain: str = ""  # for scripts: units and a point


def amount(money: Money | None, scale: Scale) -> Amount | None:
    if money is None:
        return None
    other = "" if money.kind == scale.kind else formats.money_kind(money.kind)
    written = formats.money(money, form=scale.form, unit=False)
    return Amount(written, formats.money(money, form="cents"), other, str(money.amount))


def written(money: Money, scale: Scale) -> Amount:
    """`amount` of a sum that is known."""
    found = amount(money, scale)
    if found is None:  # pragma: no cover (only None gives None)
        raise TypeError("no amount")
    return found


@dataclass(frozen=True, slots=True)
class Line:
    """A line of the list."""

    row: views.MeasureRow
    url: str
    phase: str
    implementation: words.Word
    years: str
    cost: Amount | None
    aid: Amount | None
    net: Amount | None
    flag: words.Word | None
    more_flags: int
    language: str  # of the title, "" where it is the reader's own


def lines(room: Room, found: Iterable[views.MeasureRow], scale: Scale) -> list[Line]:
    return [_line(room, row, scale) for row in found]


def _line(room: Room, row: views.MeasureRow, scale: Scale) -> Line:
    flags = row.flags if room.is_cockpit else ()
    return Line(
        row=row,
        url=room.measure_url(row.id),
        phase=words.phase(row.phase_scheme, row.phase),
        implementation=words.implementation(row.implementation),
        years=words.years(*row.years),
        cost=amount(row.cost, scale),
        aid=amount(row.aid, scale),
        net=amount(row.net, scale),
        flag=words.flag(flags[0]) if flags else None,
        more_flags=max(0, len(flags) - 1),
        language="" if row.title_language == room.language else row.title_language,
    )


@dataclass(frozen=True, slots=True)
class Sum:
    """A total of the foot of the list."""

    label: str
    cost: Amount
    aid: Amount
    net: Amount
    caption: str


def foot(totals: views.Totals) -> list[Sum]:
    """The sums of the choice, each in its own money."""
    found = []
    for total in totals.sums:
        scale = Scale(total.kind, millions=total.count == 0 or total.cost.amount / total.count >= MILLION)
        label = ngettext("Total of %(n)s measure", "Total of %(n)s measures", total.count)
        found.append(
            Sum(
                label % {"n": formats.number(total.count)},
                written(total.cost, scale),
                written(total.aid, scale),
                written(total.net, scale),
                scale.caption,
            )
        )
    return found


def left_out(totals: views.Totals) -> str:
    """“6 without cost”, or ""."""
    if not totals.without_cost:
        return ""
    return gettext("%(n)s without cost") % {"n": formats.number(totals.without_cost)}
