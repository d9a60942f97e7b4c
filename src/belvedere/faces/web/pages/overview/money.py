"""The money of this year and the next: of the person's organisation, else of the territory."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from uuid import UUID

from django.utils.translation import gettext

from belvedere.domains.plans.public import MeasureFilter, outlook, states, totals
from belvedere.domains.territory.public import owners_among
from belvedere.faces.web import formats
from belvedere.faces.web.pages.plans import findings
from belvedere.faces.web.pages.plans.outlook.findings import listed
from belvedere.faces.web.pages.plans.rooms import Room
from belvedere.kernel.money import Kind, Money

VOTED = (states.SpendState.VOTED, states.SpendState.COMMITTED, states.SpendState.PAID)


@dataclass(frozen=True, slots=True)
class Part:
    """A bar of a year: an amount, its share 0-100 of the larger year, where it opens."""

    label: str
    amount: str
    share: int
    style: str
    url: str


@dataclass(frozen=True, slots=True)
class Year:
    """`against`: the ceiling, or what is voted, in words; `is_over`: above the ceiling."""

    year: int
    gross: str
    url: str
    parts: tuple[Part, ...]
    against: str
    is_over: bool


@dataclass(frozen=True, slots=True)
class Purse:
    """What stands in the card."""

    title: str
    years: tuple[Year, ...]
    note: str
    warning: str
    url: str
    link: str


@dataclass(frozen=True, slots=True)
class _Sums:
    gross: Decimal
    net: Decimal


def purse(room: Room, year: int) -> Purse | None:
    """None where nothing is spent in the two years."""
    mine = owners_among(room.territory.id, [one for one in room.actor.roles if one in room.actor.sees])
    if len(mine) == 1 and (found := _of_owner(room, next(iter(mine)), year)) is not None:
        return found
    return _of_territory(room, year)


def _of_owner(room: Room, organisation_id: UUID, year: int) -> Purse | None:
    picture = outlook.open_picture(
        room.actor, room.territory.id, organisation_id, outlook.Question(), language=room.language
    )
    view = outlook.view_of(picture)
    at = {column.year: place for place, column in enumerate(view.columns) if column.year is not None}
    if not all(one in at for one in (year, year + 1)):
        return None
    sums = {one: _Sums(view.gross[at[one]], view.charge[at[one]]) for one in (year, year + 1)}
    if not any(one.gross or one.net for one in sums.values()):
        return None
    ceiling = next((one for one in view.ceilings if one.nature is None), None)
    base = room.url("outlook", organisation_id=organisation_id)
    years = []
    for one in (year, year + 1):
        limit = ceiling.limits[at[one]] if ceiling else None
        margin = ceiling.margins[at[one]] if ceiling else None
        against, is_over = _under(limit, margin, view.kind)
        explain = room.url("outlook_explain", organisation_id=organisation_id, row="gross", column=str(one))
        years.append(_year(one, sums, view.kind, explain, base, against, is_over=is_over))
    over = [
        str(column.year)
        for place, column in enumerate(view.columns)
        if ceiling
        and column.year is not None
        and column.year >= year
        and (left := ceiling.margins[place]) is not None
        and left < 0
    ]
    warning = ""
    if over:
        warning = gettext("%(name)s exceeds its ceiling in %(years)s.") % {
            "name": view.organisation_name,
            "years": listed(over[:6]),
        }
    return Purse(
        _title(view.organisation_name, sums, year, view.kind),
        tuple(years),
        formats.money_kind(view.kind),
        warning,
        base,
        gettext("Open the financial cockpit"),
    )


def _under(limit: Decimal | None, margin: Decimal | None, kind: Kind) -> tuple[str, bool]:
    if limit is None or margin is None:
        return gettext("no ceiling decided"), False
    said = {
        "limit": findings.headline(Money(limit, kind)),
        "margin": findings.headline(Money(abs(margin), kind)),
    }
    if margin < 0:
        return gettext("ceiling %(limit)s, exceeded by %(margin)s") % said, True
    return gettext("ceiling %(limit)s, %(margin)s left") % said, False


def _of_territory(room: Room, year: int) -> Purse | None:
    rows = totals.by_year(
        room.actor,
        room.territory.id,
        MeasureFilter(years=frozenset({year, year + 1})),
        measures={year: 0, year + 1: 0},
    )
    kinds = {row.total.kind for row in rows}
    if not rows:
        return None
    kind = max(kinds, key=lambda one: sum(row.total.cost.amount for row in rows if row.total.kind == one))
    own = {row.year: row for row in rows if row.total.kind == kind}
    sums = {
        one: _Sums(own[one].total.cost.amount, own[one].total.net.amount)
        if one in own
        else _Sums(Decimal(0), Decimal(0))
        for one in (year, year + 1)
    }
    years = []
    for one in (year, year + 1):
        voted = (
            sum((own[one].by_state.get(state, Decimal(0)) for state in VOTED), Decimal(0))
            if one in own
            else Decimal(0)
        )
        against = _voted(voted, sums[one].gross, kind)
        years.append(
            _year(
                one,
                sums,
                kind,
                f"{room.url('lines')}?year={one}",
                f"{room.url('finance')}?year={one}",
                against,
            )
        )
    note = formats.money_kind(kind)
    if len(kinds) > 1:
        note = gettext("%(kind)s. Amounts of another kind are not added.") % {"kind": note}
    return Purse(
        _title("", sums, year, kind),
        tuple(years),
        note,
        "",
        room.url("outlooks"),
        gettext("Finances by owner"),
    )


def _voted(voted: Decimal, gross: Decimal, kind: Kind) -> str:
    if not gross:
        return ""
    if voted <= 0:
        return gettext("nothing voted yet")
    said = {"voted": findings.headline(Money(voted, kind)), "share": formats.percent(voted / gross)}
    return gettext("voted or bound: %(voted)s, %(share)s") % said


def _year(
    year: int,
    sums: dict[int, _Sums],
    kind: Kind,
    gross_url: str,
    url: str,
    against: str,
    *,
    is_over: bool = False,
) -> Year:
    largest = max((one.gross for one in sums.values()), default=Decimal(0)) or Decimal(1)
    mine = sums[year]
    aid = mine.gross - mine.net
    parts = [_part(gettext("Others pay"), aid, largest, kind, "aid", url)] if aid > 0 else []
    parts.append(_part(gettext("Left to pay, net"), mine.net, largest, kind, "net", url))
    gross = findings.headline(Money(mine.gross, kind))
    return Year(year, gross, gross_url, tuple(parts), against, is_over)


def _part(label: str, amount: Decimal, largest: Decimal, kind: Kind, style: str, url: str) -> Part:
    share = max(0, min(100, round(100 * amount / largest)))
    return Part(label, findings.headline(Money(amount, kind)), share, style, url)


def _title(name: str, sums: dict[int, _Sums], year: int, kind: Kind) -> str:
    """“Spending 2027: 36 % more”."""
    before, after = sums[year].gross, sums[year + 1].gross
    said: dict[str, object] = {"name": name, "year": year + 1}
    if not before or not after:
        said["amount"] = findings.headline(Money(after or before, kind))
        said["year"] = year + 1 if after else year
        return (
            gettext("%(name)s in %(year)s: %(amount)s") if name else gettext("Spending %(year)s: %(amount)s")
        ) % said
    share = (after - before) / before
    said["share"] = formats.percent(abs(share))
    if abs(share) < Decimal("0.005"):
        return (
            gettext("%(name)s in %(year)s: as much as this year")
            if name
            else gettext("Spending %(year)s: as much as this year")
        ) % said
    if share > 0:
        return (
            gettext("%(name)s in %(year)s: %(share)s more")
            if name
            else gettext("Spending %(year)s: %(share)s more")
        ) % said
    return (
        gettext("%(name)s in %(year)s: %(share)s less")
        if name
        else gettext("Spending %(year)s: %(share)s less")
    ) % said


def amounts(parts: Sequence[Part]) -> str:
    """The parts in words, for whoever does not see the bars."""
    return ", ".join(f"{part.label} {part.amount}" for part in parts)


__all__ = ["Part", "Purse", "Year", "amounts", "purse"]
