"""Totals of the money by year, owner and funder; each opens into its lines."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from belvedere.domains.plans.public import policies, totals, views
from belvedere.faces.web.pages.plans import facets, findings, parameters, reading, words
from belvedere.faces.web.pages.plans.rooms import Room, in_cockpit, in_portal
from belvedere.faces.web.pages.plans.rows import MILLION, Amount, Scale, amount, written
from belvedere.kernel.errors import N_, NotFound
from belvedere.kernel.identifiers import sha256
from belvedere.kernel.money import Kind, Money
from belvedere.kernel.paging import Page, Window
from belvedere.kernel.texts import cell

OWNERS = 40
LINES = 100
ALL = 500
STATES = tuple(words.SPEND_STATES)


@dataclass(frozen=True, slots=True)
class YearLine:
    year: int
    url: str
    count: int
    cost: Amount
    aid: Amount
    net: Amount
    by_state: tuple[Amount | None, ...]


@dataclass(frozen=True, slots=True)
class YearTable:
    """The years of one kind of money."""

    scale: Scale
    states: tuple[str, ...]
    lines: tuple[YearLine, ...]
    total: YearLine
    cost: Money
    net: Money


def _scale(kind: Kind, largest: Decimal) -> Scale:
    return Scale(kind, millions=largest >= MILLION)


def year_tables(room: Room, asked: parameters.Asked, found: Sequence[views.YearTotal]) -> list[YearTable]:
    """One table for each kind of money, the largest first."""
    by_kind: dict[Kind, list[views.YearTotal]] = {}
    for entry in found:
        by_kind.setdefault(entry.total.kind, []).append(entry)
    whole = {kind: sum(entry.total.cost.amount for entry in entries) for kind, entries in by_kind.items()}
    return [
        _year_table(room, asked, kind, by_kind[kind])
        for kind in sorted(by_kind, key=lambda kind: (-whole[kind], kind))
    ]


def _year_table(room: Room, asked: parameters.Asked, kind: Kind, entries: list[views.YearTotal]) -> YearTable:
    scale = _scale(kind, max(entry.total.cost.amount for entry in entries))
    present = tuple(state for state in STATES if any(entry.by_state.get(state) for entry in entries))

    def line(year: int, url: str, count: int, total: tuple[Money, Money], of: list[Decimal]) -> YearLine:
        cost, aid = total
        return YearLine(
            year,
            url,
            count,
            written(cost, scale),
            written(aid, scale),
            written(cost - aid, scale),
            tuple(amount(Money(part, kind), scale) if part else None for part in of),
        )

    lines = [
        line(
            entry.year,
            room.url("lines") + _of_year(asked, entry.year),
            entry.total.count,
            (entry.total.cost, entry.total.aid),
            [entry.by_state.get(state, Decimal(0)) for state in present],
        )
        for entry in entries
    ]
    zero = Money(Decimal(0), kind)
    cost = sum((entry.total.cost for entry in entries), zero)
    aid = sum((entry.total.aid for entry in entries), zero)
    parts = [sum((e.by_state.get(state, Decimal(0)) for e in entries), Decimal(0)) for state in present]
    total = line(0, room.url("lines") + asked.query(), 0, (cost, aid), parts)
    return YearTable(
        scale, tuple(words.spend_state(state) for state in present), tuple(lines), total, cost, cost - aid
    )


def _of_year(asked: parameters.Asked, year: int) -> str:
    return replace(asked, which=replace(asked.which, years=frozenset({year}))).query()


@dataclass(frozen=True, slots=True)
class OwnerLine:
    name: str
    url: str
    list_url: str
    count: int
    cost: Amount
    aid: Amount
    net: Amount
    own_share: Decimal
    outlook_url: str = ""  # its financial cockpit, "" where the reader may not see it

    @property
    def rest(self) -> Decimal:
        """The share that others pay, 0 when the aid exceeds the cost."""
        return max(Decimal(0), 1 - self.own_share)


def owner_tables(
    room: Room, asked: parameters.Asked, found: Iterable[views.OwnerTotal], sums: views.Totals
) -> list[tuple[Scale, list[OwnerLine]]]:
    """The owners of a window, one table for each kind of money."""
    by_kind: dict[Kind, list[views.OwnerTotal]] = {}
    for entry in found:
        by_kind.setdefault(entry.total.kind, []).append(entry)
    tables = []
    for kind, entries in by_kind.items():
        whole = next((total.cost.amount for total in sums.sums if total.kind == kind), Decimal(0))
        scale = _scale(kind, whole / max(1, len(entries)))
        tables.append((scale, [_owner_line(room, asked, entry, scale) for entry in entries]))
    return tables


def _owner_line(room: Room, asked: parameters.Asked, entry: views.OwnerTotal, scale: Scale) -> OwnerLine:
    only = replace(asked, which=replace(asked.which, owners=frozenset({entry.owner_id})))
    total = entry.total
    return OwnerLine(
        entry.owner_name,
        room.url("finance") + only.query(),
        room.measures_url + only.query(),
        total.count,
        written(total.cost, scale),
        written(total.aid, scale),
        written(total.net, scale),
        own_share=total.net.amount / total.cost.amount if total.cost.amount else Decimal(0),
        outlook_url=_outlook_url(room, entry.owner_id),
    )


def _outlook_url(room: Room, owner_id: UUID) -> str:
    if not room.is_cockpit or not policies.sees_outlook(room.actor, room.territory.id, owner_id):
        return ""
    return room.url("outlook", organisation_id=owner_id)


@dataclass(frozen=True, slots=True)
class FunderLine:
    name: str
    url: str
    count: int
    amount: Amount


def funder_tables(
    room: Room, asked: parameters.Asked, found: Iterable[views.FunderTotal]
) -> list[tuple[Scale, list[FunderLine]]]:
    by_kind: dict[Kind, list[views.FunderTotal]] = {}
    for entry in found:
        by_kind.setdefault(entry.kind, []).append(entry)
    tables = []
    for kind, entries in by_kind.items():
        scale = _scale(kind, entries[0].amount.amount)
        lines = []
        for entry in entries:
            only = replace(asked, which=replace(asked.which, funders=frozenset({entry.organisation_id})))
            url = room.measures_url + only.query()
            lines.append(FunderLine(entry.organisation_name, url, entry.count, written(entry.amount, scale)))
        tables.append((scale, lines))
    return tables


def _by_year(room: Room, key: str, asked: parameters.Asked) -> list[views.YearTotal]:
    def make() -> list[views.YearTotal]:
        known = None
        if not asked.which:
            years = reading.overview(room, key).choices["years"]
            known = {int(choice.value): choice.count for choice in years}
        return totals.by_year(room.actor, room.territory.id, asked.which, measures=known)

    return reading.kept(sha256((key + asked.query()).encode()), "years", make)


def _by_funder(room: Room, key: str, asked: parameters.Asked) -> list[views.FunderTotal]:
    own = sha256((key + asked.query()).encode())
    return reading.kept(
        own,
        "funders",
        lambda: totals.by_funder(room.actor, room.territory.id, asked.which, language=room.language),
    )


def _by_owner(room: Room, key: str, asked: parameters.Asked) -> Page[views.OwnerTotal]:
    own = sha256(f"{key}{asked.query()}|{asked.start}".encode())
    window = Window(asked.start, OWNERS)
    return reading.kept(
        own,
        "owners",
        lambda: totals.by_owner(
            room.actor, room.territory.id, asked.which, language=room.language, window=window
        ),
    )


def _finance(request: HttpRequest, room: Room) -> HttpResponse:
    asked = parameters.read(request.GET)
    key = reading.mark(room)
    sums = reading.sums(room, key, asked)
    shown = facets.facets(room, asked, reading.overview(room, key).choices)
    years = _by_year(room, key, asked)
    owners = _by_owner(room, key, asked)
    following = owners.next_start
    context: dict[str, Any] = {
        "room": room,
        "asked": asked,
        "totals": sums,
        "whole": reading.overview(room, key).totals.count,
        "finding": findings.of_years(years),
        "facets": shown,
        "chips": facets.chips(room, asked, shown),
        "form_url": room.url("finance"),
        "clear_url": room.url("finance"),
        "list_url": room.measures_url + asked.query(),
        "without_cost_url": room.measures_url + "?flag=no_cost",
        "years": year_tables(room, asked, years),
        "owners": owner_tables(room, asked, owners.rows, sums),
        "owner_count": owners.total,
        "owners_next": "" if following is None else room.url("finance") + asked.query(start=following),
        "owners_before": room.url("finance") + asked.query() if asked.start else "",
        "funders": funder_tables(room, asked, _by_funder(room, key, asked)),
        "csv": {name: room.url("csv", table=name) + asked.query() for name in CSV},
    }
    return render(request, "plans/money.html", context)


def _lines(request: HttpRequest, room: Room) -> HttpResponse:
    asked = parameters.read(request.GET)
    key = reading.mark(room)
    page = totals.spending_rows(
        room.actor, room.territory.id, asked.which, language=room.language, window=Window(asked.start, LINES)
    )
    tables = year_tables(room, asked, _by_year(room, key, asked))
    shown = facets.facets(room, asked, reading.overview(room, key).choices)
    scale = tables[0].scale if tables else Scale(None, millions=True)
    following = page.next_start
    lines = [
        {
            "row": row,
            "url": room.measure_url(row.measure_id) + "#money",
            "language": "" if row.title_language == room.language else row.title_language,
            "state": words.spend_state(row.state),
            "cost": amount(row.amount, scale),
            "aid": amount(row.aid, scale),
            "net": amount(row.net, scale),
        }
        for row in page.rows
    ]
    context = {
        "room": room,
        "asked": asked,
        "finding": findings.of_lines(asked.which.years, tables, page.total),
        "chips": facets.chips(room, asked, shown),
        "clear_url": room.url("lines"),
        "tables": tables,
        "scale": scale,
        "lines": lines,
        "total": page.total,
        "unlike": len(tables) > 1,
        "money_url": room.url("finance")
        + replace(asked, which=replace(asked.which, years=frozenset())).query(),
        "next_url": "" if following is None else room.url("lines") + asked.query(start=following),
        "csv_url": room.url("csv", table="lines") + asked.query(),
    }
    template = (
        "plans/line_rows.html" if request.headers.get("HX-Request") and asked.start else "plans/lines.html"
    )
    return render(request, template, context)


def _kind_cells(kind: Kind) -> tuple[str, str, str]:
    return kind.currency, kind.vat.value, kind.price_base


def _years_csv(room: Room, asked: parameters.Asked) -> Iterable[Sequence[object]]:
    yield (
        "year",
        "measures",
        "cost",
        "aid",
        "net",
        *(s.value for s in STATES),
        "currency",
        "vat",
        "price_base",
    )
    for entry in totals.by_year(room.actor, room.territory.id, asked.which):
        total = entry.total
        parts = (entry.by_state.get(state, Decimal(0)) for state in STATES)
        money = (total.cost.amount, total.aid.amount, total.net.amount)
        yield (entry.year, total.count, *money, *parts, *_kind_cells(total.kind))


def _owners_csv(room: Room, asked: parameters.Asked) -> Iterable[Sequence[object]]:
    yield ("owner", "measures", "cost", "aid", "net", "currency", "vat", "price_base")
    start: int | None = 0
    while start is not None:
        page = totals.by_owner(
            room.actor, room.territory.id, asked.which, language=room.language, window=Window(start, ALL)
        )
        for entry in page.rows:
            total = entry.total
            money = (total.cost.amount, total.aid.amount, total.net.amount)
            yield (entry.owner_name, total.count, *money, *_kind_cells(total.kind))
        start = page.next_start


def _funders_csv(room: Room, asked: parameters.Asked) -> Iterable[Sequence[object]]:
    yield ("funder", "measures", "amount", "currency", "vat", "price_base")
    for entry in totals.by_funder(room.actor, room.territory.id, asked.which, language=room.language):
        yield (entry.organisation_name, entry.count, entry.amount.amount, *_kind_cells(entry.kind))


def _lines_csv(room: Room, asked: parameters.Asked) -> Iterable[Sequence[object]]:
    yield (
        "measure",
        "codes",
        "owner",
        "year",
        "state",
        "amount",
        "aid",
        "net",
        "currency",
        "vat",
        "price_base",
    )
    start: int | None = 0
    while start is not None:
        page = totals.spending_rows(
            room.actor, room.territory.id, asked.which, language=room.language, window=Window(start, ALL)
        )
        for row in page.rows:
            money = (row.amount.amount, row.aid.amount, row.net.amount)
            about = (row.title, row.codes, row.owner_name, row.year, row.state.value)
            yield (*about, *money, *_kind_cells(row.amount.kind))
        start = page.next_start


CSV = {"years": _years_csv, "owners": _owners_csv, "funders": _funders_csv, "lines": _lines_csv}


def _csv(request: HttpRequest, room: Room, table: str) -> HttpResponse:
    """A table as a file: UTF-8 with its mark, commas, a point before the cents, one row a line."""
    if table not in CSV:
        raise NotFound(N_("There is no such table. Go back to the page and choose one."))
    asked = parameters.read(request.GET)
    response = HttpResponse("\ufeff", content_type="text/csv; charset=utf-8")
    writer = csv.writer(response)
    for row in CSV[table](room, asked):
        writer.writerow([cell(value) if isinstance(value, str) else value for value in row])
    response["Content-Disposition"] = f'attachment; filename="{room.territory.slug}-{table}.csv"'
    return response


finance, portal_finance = in_cockpit(_finance), in_portal(_finance)
lines, portal_lines = in_cockpit(_lines), in_portal(_lines)
table_csv, portal_table_csv = in_cockpit(_csv), in_portal(_csv)

__all__ = ["finance", "lines", "portal_finance", "portal_lines", "portal_table_csv", "table_csv"]
