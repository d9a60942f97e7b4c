"""The files of a vote: made of what was frozen alone, the same bytes for the same vote and reader."""

from __future__ import annotations

import io
import tempfile
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path
from typing import Any
from uuid import UUID

from django.http import FileResponse, HttpRequest, HttpResponseBase
from django.utils.text import slugify
from django.utils.translation import gettext, ngettext, pgettext
from django.views.decorators.http import require_GET

from belvedere.domains.plans.public import outlook
from belvedere.faces.web import formats
from belvedere.faces.web.pages.plans.outlook import findings
from belvedere.faces.web.pages.plans.outlook.export import (
    document,
    measures,
    plotted,
    typesetting,
    voted_book,
    voting_words,
)
from belvedere.faces.web.pages.plans.outlook.frozen import Frozen
from belvedere.faces.web.pages.plans.rooms import Room, in_cockpit
from belvedere.kernel.errors import N_, NotFound

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
ZERO = Decimal(0)
LONGEST_WORD, BREAK = 40, "\u200b"


def _frozen(room: Room, organisation_id: UUID, snapshot_id: UUID) -> Frozen:
    """The vote; Refused for who may not see the outlook, NotFound when it is another organisation's."""
    found = outlook.snapshot(room.actor, snapshot_id)
    if (found.head.territory_id, found.head.organisation_id) != (room.territory.id, organisation_id):
        raise NotFound(N_("There is no such vote."))
    return Frozen(found, room.language)


def _answer(made: bytes, frozen: Frozen, form: str, kind: str) -> FileResponse:
    head = frozen.head
    name = slugify(f"{frozen.owner} {head.title} {head.voted_on.isoformat()}")
    return FileResponse(io.BytesIO(made), as_attachment=True, filename=f"{name}.{form}", content_type=kind)


def _xlsx(request: HttpRequest, room: Room, organisation_id: UUID, snapshot_id: UUID) -> HttpResponseBase:
    frozen = _frozen(room, organisation_id, snapshot_id)
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "vote.xlsx"
        voted_book.write(path, frozen)
        return _answer(path.read_bytes(), frozen, "xlsx", XLSX)


def _pdf(request: HttpRequest, room: Room, organisation_id: UUID, snapshot_id: UUID) -> HttpResponseBase:
    frozen = _frozen(room, organisation_id, snapshot_id)
    made = typesetting.pdf("report.typ", values_of(frozen), frozen.head.taken_at)
    return _answer(made, frozen, "pdf", "application/pdf")


def values_of(frozen: Frozen) -> dict[str, Any]:
    """Everything the report of a vote says, in the reader's language."""
    head, figures, unit = frozen.head, frozen.figures, frozen.unit
    words = document.words() | {"measures": gettext("Measures as voted")}
    number = len(frozen.lines)
    place = " · ".join((frozen.owner, formats.day(head.voted_on, "long")))
    money = formats.money_kind(frozen.kind)
    return {
        "language": frozen.language,
        "region": document.REGIONS.get(frozen.language, "CH"),
        "title": voting_words.title_of(frozen),
        "owner": frozen.owner,
        "place": place,
        "money": money[:1].upper() + money[1:],
        "sub": ngettext("%(n)s measure", "%(n)s measures", number) % {"n": formats.number(number)} + ".",
        "state": head.scenario_name,
        "foot": f"{place} · SHA-256 {head.sha256[:16]}…",
        "words": words,
        "keys": list(_keys(frozen)),
        "chart": plotted.chart_of(figures, unit, frozen.owner, frozen.current_year, None),
        "table": document.table(figures, unit, frozen.owner, gettext("As it was frozen with the vote.")),
        "passed": None,
        "deadlines": None,
        **_measures(frozen),
        "sections": [
            {"title": section.title, "facts": [_fact(fact) for fact in section.facts]}
            for section in voting_words.sections(frozen)
        ],
    }


def _fact(fact: Any) -> dict[str, str]:
    value = fact.value
    if len(value) > LONGEST_WORD and " " not in value:  # a fingerprint goes on in the next line
        value = BREAK.join(value[at : at + 16] for at in range(0, len(value), 16))
    return {"label": fact.label, "value": value, "source": fact.source}


def _keys(frozen: Frozen) -> Iterator[dict[str, str]]:
    figures, unit, currency = frozen.figures, frozen.unit, frozen.kind.currency
    total = outlook.views.total
    gross, net = total(figures.gross), total(figures.net)

    def key(label: str, figure: str, text: str = "", level: str = "") -> dict[str, str]:
        return {"label": label, "figure": figure, "text": text, "level": level}

    yield key(gettext("Gross cost"), f"{unit.in_words(gross)} {currency}", gettext("of all measures"))
    share = formats.percent((gross - net) / gross) if gross else ""
    text = gettext("%(share)s of the cost") % {"share": share} if share else ""
    yield key(gettext("Aid"), f"{unit.in_words(gross - net)} {currency}", text)
    yield key(gettext("To be paid in all"), f"{unit.in_words(total(figures.charge))} {currency}")
    if figures.limits:
        years = findings.listed([str(year) for year in figures.over])
        yield key(gettext("Ceiling exceeded"), years or gettext("never"), "", "critical" if years else "")
    if figures.peak:
        text = gettext("in %(year)s, the largest amount to advance in a year") % {"year": figures.peak[1]}
        yield key(gettext("Treasury, peak"), f"{unit.in_words(figures.peak[0])} {currency}", text)


def _measures(frozen: Frozen) -> dict[str, Any]:
    """One table: cost, aid, net and what was left by year, the largest first."""
    shown = frozen.measures[: measures.MOST]
    years = range(frozen.current_year, frozen.current_year + measures.YEARS)
    amounts = [_amounts(frozen, line, years) for line in shown]
    count = ngettext("%(n)s measure", "%(n)s measures", len(shown)) % {"n": formats.number(len(shown))}
    rows = [
        {
            "code": next(iter(line["codes"]), ""),
            "title": frozen.title(line),
            "language": frozen.foreign(line) or frozen.language,
            "phase": frozen.works(line),
            "works": "",
            "cells": [frozen.unit.in_table(amount) for amount in row],
        }
        for line, row in zip(shown, amounts, strict=True)
    ]
    sums = [frozen.unit.in_table(sum(column, ZERO)) for column in zip(*amounts, strict=True)]
    heads = [gettext("Gross cost"), gettext("Aid"), gettext("Net")]
    heads += [gettext("before"), *map(str, years), gettext("later")]
    return {
        "measures_sub": gettext(
            "%(unit)s. Each measure counts once; the years show what is left to %(owner)s, net."
        )
        % {"unit": measures.unit_words(frozen.unit), "owner": frozen.owner},
        "measure_texts": [gettext("Code"), gettext("Measure"), pgettext("column", "Works"), ""],
        "measure_heads": heads,
        "plans": [{"title": "", "count": count, "sums": sums, "rows": rows}] if rows else [],
    }


def _amounts(frozen: Frozen, line: Any, years: range) -> list[Decimal]:
    gross, net = frozen.gross(line), Decimal(line["net_total"])
    found = [ZERO] * (len(years) + 2)
    for key, amount in line["net"].items():
        year = int(key) if key.isdigit() else None
        at = (0 if key == "before" else len(years) + 1) if year is None else year - years[0] + 1
        found[min(max(at, 0), len(years) + 1)] += Decimal(amount)
    return [gross, gross - net, net, *found]


xlsx = require_GET(in_cockpit(_xlsx))
pdf = require_GET(in_cockpit(_pdf))

__all__ = ["pdf", "values_of", "xlsx"]
