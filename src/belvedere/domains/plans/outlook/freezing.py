"""An outlook as plain values to vote on: everything a reader needs years later, and nothing live."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from belvedere.domains.plans.models import Measure
from belvedere.domains.plans.outlook.cockpit import view_of
from belvedere.domains.plans.outlook.investment import frozen_parts
from belvedere.domains.plans.outlook.picture import Picture, day, money, row
from belvedere.domains.plans.outlook.views import OutlookView, Row
from belvedere.kernel.money import Kind
from belvedere.science.finance.outlook import per_measure


def frozen(picture: Picture) -> tuple[dict[str, Any], list[dict[str, Any]]]:
    """The content of a snapshot and its lines, one for each measure; JSON-safe, amounts as texts."""
    view = view_of(picture)
    return _content(picture, view), list(_measures(picture, view))


def _texts(amounts: Row) -> list[str]:
    return [str(amount) for amount in amounts]


def _kind(kind: Kind) -> dict[str, str]:
    return {"currency": kind.currency, "vat": kind.vat.value, "price_base": kind.price_base}


def _content(picture: Picture, view: OutlookView) -> dict[str, Any]:
    adjustments = picture.question.adjustments
    return {
        "organisation": {"id": str(view.organisation_id), "name": view.organisation_name},
        "kind": _kind(view.kind),
        "constant_kind": _kind(view.constant_kind),
        "current_year": view.current_year,
        "columns": [column.key for column in view.columns],
        "rows": {
            "gross": _texts(view.gross),
            "net": _texts(view.net),
            "contributions": _texts(view.contributions),
            "need": _texts(view.need),
        },
        "payers": [
            {
                "id": str(payer.organisation_id),
                "name": payer.name,
                "aid": _texts(payer.aid),
                "received": _texts(payer.received),
            }
            for payer in view.payers
        ],
        "ceilings": [
            {
                "nature": str(one.nature or ""),
                "limits": [None if limit is None else str(limit) for limit in one.limits],
                "spent": _texts(one.spent),
                "sources": list(one.sources),
            }
            for one in view.ceilings
        ],
        "prices": {"current": view.current_prices, "index": view.price_note},
        "assumptions": {
            "general": {
                "shift_years": adjustments.general.shift_years,
                "cost_share": str(adjustments.general.cost_share),
            },
            "changes": {
                str(measure_id): {"shift_years": change.shift_years, "cost_share": str(change.cost_share)}
                for measure_id, change in sorted(adjustments.changes.items(), key=lambda pair: str(pair[0]))
            },
            "leavers": sorted(str(leaver) for leaver in adjustments.leavers),
        },
        "left_out": {
            "given_up": view.given_up,
            "other_kinds": [
                {**_kind(other.kind), "measures": other.measures, "gross": str(other.gross)}
                for other in view.others
            ],
        },
    }


def _measures(picture: Picture, view: OutlookView) -> Iterator[dict[str, Any]]:
    part = picture.own
    constant = part.found.cost - per_measure(part.book, part.found.aid)
    titles = dict(Measure.objects.filter(pk__in=list(part.at)).values_list("pk", "title"))
    for at, parts in enumerate(frozen_parts(picture)):
        measure_id = part.measure_id(at)
        start, end = day(part.found.works_start[at]), day(part.found.works_end[at])
        gross, net = row(part.found.gross[at]), row(part.found.net[at])
        yield {
            "measure_id": str(measure_id),
            "title": titles.get(measure_id, {}),
            "codes": [one.code for one in part.holdings.listings[int(part.rows[at])] if one.code],
            "cost": str(money(part.found.cost[at])),
            "gross": _by_column(view, gross),
            "net": _by_column(view, net),
            "net_total": str(sum(net)),
            "net_constant": str(money(constant[at])),
            "works_start": start.isoformat() if start else None,
            "works_end": end.isoformat() if end else None,
            **parts,
        }


def _by_column(view: OutlookView, amounts: Row) -> dict[str, str]:
    return {column.key: str(amount) for column, amount in zip(view.columns, amounts, strict=True) if amount}


def frozen_ceilings(content: Mapping[str, Any]) -> list[dict[str, Any]]:
    """The ceilings of a frozen content: nature ("" for all spending), limits, sources.

    Votes of before natures were told apart hold one, for all spending.
    """
    older = content.get("ceiling")
    return list(content.get("ceilings") or ([{"nature": "", **older}] if older else []))


__all__ = ["frozen", "frozen_ceilings"]
