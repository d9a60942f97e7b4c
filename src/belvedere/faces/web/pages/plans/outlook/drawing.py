"""The chart with its words: geometry from `chart`, written in the reader's language."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext

from belvedere.domains.plans.public import outlook
from belvedere.faces.web import formats
from belvedere.faces.web.pages.plans.outlook import chart, findings
from belvedere.faces.web.pages.plans.outlook.figures import Figures, Payer
from belvedere.faces.web.pages.plans.outlook.units import Unit

EVERY = 3  # years written under the chart of a phone
NARROW_ZONES = frozenset({"paid", "four_years", "outlook"})


def zones_of(figures: Figures, current_year: int, planned: tuple[int, int] | None) -> tuple[chart.Zone, ...]:
    """Paid, this year's budget, the plan of the next years (`planned`: first and last), what lies beyond."""
    paid = sum(1 for head in figures.heads if "p" in head.css.split())
    budget = paid + sum(1 for year in figures.years[paid:] if year == current_year)
    last = planned[1] if planned else current_year
    plan = budget + sum(1 for year in figures.years[budget:] if year and year <= last)
    edges = [("paid", 0, paid), ("budget", paid, budget), ("four_years", budget, plan)]
    return tuple(
        chart.Zone(key, start, end)
        for key, start, end in [*edges, ("outlook", plan, len(figures.heads))]
        if end > start
    )


def _zone_words() -> dict[str, str]:
    return {
        "paid": gettext("paid"),
        "budget": gettext("budget"),
        "four_years": gettext("plan"),
        "outlook": gettext("outlook"),
    }


def amounts_of(figures: Figures, unit: Unit, zones: tuple[chart.Zone, ...]) -> chart.Amounts:
    def scaled(values: tuple[Decimal, ...]) -> list[Decimal]:
        return [unit.on_axis(value) for value in values]

    stacks = [chart.Stack("own", scaled(figures.net))]
    if figures.has_contributions:
        stacks.append(chart.Stack("contribution", scaled(figures.contributions)))
    stacks += [chart.Stack(payer.style, scaled(payer.values)) for payer in figures.payers]
    dated = [at for at, year in enumerate(figures.years) if year]
    return chart.Amounts(
        stacks=stacks,
        own=scaled(figures.charge),
        limits=[
            chart.Limit(
                limit.nature,
                [None if most is None else unit.on_axis(most) for most in limit.most],
                scaled(limit.spent),
            )
            for limit in figures.limits
        ],
        cash=scaled(figures.cash),
        earlier=None if figures.earlier is None else scaled(figures.earlier),
        zones=zones,
        dated=range(dated[0], dated[-1] + 1) if dated else range(0),
    )


def _names(figures: Figures, owner: str) -> dict[str, tuple[str, str]]:
    """Style of a bar -> the row it stands for, what it is called."""
    found = {
        "own": ("net", gettext("%(owner)s, net") % {"owner": owner}),
        "contribution": ("contributions", gettext("Paid to measures of others")),
    }
    return found | {payer.style: (payer.key, payer.name) for payer in figures.payers}


def _key(figures: Figures, unit: Unit, owner: str) -> Iterator[dict[str, Any]]:
    """The lines of the key in the order of the stack, from its top."""
    gross = outlook.views.total(figures.gross)

    def line(style: str, label: str, value: Decimal, *, share: bool = True) -> dict[str, Any]:
        said = formats.percent(value / gross) if gross and share else ""
        own = style == "own"
        return {"style": style, "label": label, "sum": unit.figure(value), "share": said, "is_own": own}

    for payer in reversed(figures.payers):
        yield line(payer.style, payer.name, payer.total)
    if figures.has_contributions:
        label = gettext("Paid to measures of others")
        yield line("contribution", label, outlook.views.total(figures.contributions), share=False)
    yield line("own", gettext("%(owner)s, net") % {"owner": owner}, outlook.views.total(figures.net))


def context(
    figures: Figures, unit: Unit, owner: str, zones: tuple[chart.Zone, ...], planned: tuple[int, int] | None
) -> dict[str, Any]:
    """What `chart.html` needs."""
    drawn = chart.draw(amounts_of(figures, unit, zones))
    names, words = _names(figures, owner), _zone_words()
    heads = figures.heads
    years = [year for year in figures.years if year]
    gross = outlook.views.total(figures.gross)
    return {
        "drawn": drawn,
        "span": f"{years[0]}–{years[-1]}" if years else "",
        "key": list(_key(figures, unit, owner)),
        "key_gross": unit.figure(gross),
        "key_whole": formats.percent(Decimal(1)) if gross else "",
        "has_contributions": figures.has_contributions,
        "bars": [_bar(bar, names, heads[bar.column].label, unit) for bar in drawn.bars],
        "zone_names": [
            (
                {
                    "label": words[zone.key],
                    "years": f"{planned[0]}–{planned[1]}" if planned and zone.key == "four_years" else "",
                    "narrow": zone.key in NARROW_ZONES,
                },
                box,
            )
            for zone, box in drawn.zones
        ],
        "flags": [
            {"x": over.x, "y": over.y, "figure": unit.figure(over.value * unit.axis_size)}
            for over in drawn.excesses
        ],
        "ceiling_words": list(_ceiling_words(drawn, unit)),
        "line_words": [
            {
                "x": label.x,
                "y": label.y,
                "leader": label.leader,
                "text": gettext("Treasury to advance") if label.key == "cash" else gettext("Net"),
            }
            for label in drawn.labels
        ],
        "narrow_years": [
            {"x": f"{(at + 0.5) / len(heads) * 100:.2f}%", "label": year}
            for at, year in enumerate(figures.years)
            if year and at % EVERY == 1
        ],
        "chart_words": _said(figures, unit, owner),
    }


def _bar(bar: chart.Bar, names: dict[str, tuple[str, str]], column: str, unit: Unit) -> dict[str, Any]:
    row, name = names[bar.key]
    figure = unit.in_table(bar.value * unit.axis_size)
    return {
        "style": bar.key,
        "box": bar.box,
        "cell": f"{row}/{bar.column}",
        "title": f"{column} · {name}: {figure}",
    }


def _ceiling_words(drawn: chart.Drawn, unit: Unit) -> Iterator[dict[str, str]]:
    for mark in drawn.steps:
        figure = unit.figure(mark.value * unit.axis_size)
        text = figure
        if mark.is_last:
            text = findings.with_nature(gettext("Ceiling %(figure)s") % {"figure": figure}, mark.key)
        yield {
            "x": mark.x,
            "y": mark.y,
            "dx": "-4" if mark.is_before else "4",
            "anchor": "end" if mark.is_before else "start",
            "text": text,
        }


def _said(figures: Figures, unit: Unit, owner: str) -> str:
    """The chart in a sentence, for those who do not see it."""
    payers: tuple[Payer, ...] = figures.payers
    peak = max(
        zip(figures.gross, figures.years, strict=True), key=lambda pair: pair[0] if pair[1] else Decimal(-1)
    )
    said = gettext("Bars by year: the part of %(owner)s at the bottom, above it %(payers)s.") % {
        "owner": owner,
        "payers": ", ".join(payer.name for payer in payers) or gettext("no other payer"),
    }
    if peak[1]:
        said += " " + gettext("The highest year is %(year)s with %(amount)s.") % {
            "year": peak[1],
            "amount": unit.in_words(peak[0]),
        }
    return said + " " + gettext("The table beneath holds the same numbers.")
