"""The chart of the page for print: the same geometry, as plain numbers (percent of the plot)."""

from __future__ import annotations

from typing import Any

from belvedere.faces.web import formats
from belvedere.faces.web.pages.plans.outlook import chart, drawing, findings
from belvedere.faces.web.pages.plans.outlook.figures import Figures
from belvedere.faces.web.pages.plans.outlook.units import Unit


def _share(text: str) -> float:
    """12.5 of “12.50%”."""
    return float(text.rstrip("%"))


def _box(box: chart.Box) -> dict[str, float]:
    return {"x": _share(box.x), "y": _share(box.y), "w": _share(box.width), "h": _share(box.height)}


def _segment(line: chart.Segment) -> dict[str, float]:
    return {name: _share(getattr(line, name)) for name in ("x1", "y1", "x2", "y2")}


def chart_of(
    figures: Figures, unit: Unit, owner: str, current_year: int, planned: tuple[int, int] | None
) -> dict[str, Any]:
    """Bars, lines and words, ready to be placed."""
    zones = drawing.zones_of(figures, current_year, planned)
    drawn = chart.draw(drawing.amounts_of(figures, unit, zones))
    said = drawing.context(figures, unit, owner, zones, planned)
    names = [name for name, _box_of in said["zone_names"]]
    return {
        "alt": said["chart_words"],
        "unit": unit.axis,
        "bars": [{"style": bar.key, **_box(bar.box)} for bar in drawn.bars],
        "over": [
            {"label": "+" + unit.figure(over.value * unit.axis_size), "top": _share(over.y), **_box(over.box)}
            for over in drawn.excesses
        ],
        "ceiling": [_segment(line) for line in drawn.ceiling],
        "cash": [_segment(line) for line in drawn.cash],
        "ticks": [
            {"y": _share(tick.y), "zero": tick.is_zero, "label": formats.number(tick.value)}
            for tick in drawn.ticks
        ],
        "zones": [
            {"x": _share(box.x), "at": zone.start, "label": name["label"]}
            for (zone, box), name in zip(drawn.zones, names, strict=True)
        ],
        "steps": [
            {"x": _share(step.x), "y": _share(step.y), "before": step.is_before, "label": _level(step, unit)}
            for step in drawn.steps
        ],
        "columns": [
            {"label": head.label, "over": head.is_over, "now": "now" in head.css.split()}
            for head in figures.heads
        ],
        "key": [
            {
                "style": line["style"],
                "label": line["label"],
                "sum": line["sum"],
                "share": line["share"],
                "own": line["is_own"],
            }
            for line in said["key"]
        ],
    }


def _level(step: chart.Step, unit: Unit) -> str:
    figure = unit.figure(step.value * unit.axis_size)
    return findings.with_nature(figure, step.key) if step.is_last else figure


__all__ = ["chart_of"]
