"""What measures do to indicators: each source's latest value, and how far it is on the way. Private."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal

from belvedere.domains.plans.follow.views import EffectView, IndicatorView, Progress, Said, ValueView
from belvedere.domains.plans.language import language_of
from belvedere.domains.plans.models import Indicator, IndicatorValue, Measure, MeasureIndicator
from belvedere.domains.plans.vocabulary import Direction, IndicatorRole, ValueKind
from belvedere.kernel.clock import today

_SHARE = Decimal("0.0001")


def said(texts: dict[str, str], language: str) -> Said:
    shown = language_of(texts, language)
    return Said(texts.get(shown, ""), "" if shown == language else shown, texts)


def indicator_view(
    row: Indicator, language: str, *, uses: int = 0, may_change: bool = False
) -> IndicatorView:
    return IndicatorView(
        id=row.pk,
        code=row.code,
        name=said(row.names, language),
        unit=row.unit,
        decimals=row.decimals,
        direction=Direction(row.direction),
        source=row.source,
        formula=row.formula,
        uses=uses,
        may_change=may_change,
    )


def effects_of(measure: Measure, language: str, inside: bool) -> tuple[EffectView, ...]:
    """The indicators of the measure by name; outsiders see values and sources, no note or comment."""
    rows = MeasureIndicator.objects.filter(measure=measure).select_related("indicator")
    views = [_effect(row, language, inside) for row in rows.prefetch_related("values")]
    return tuple(sorted(views, key=lambda view: (view.indicator.name.text.casefold(), view.indicator.id)))


def _effect(row: MeasureIndicator, language: str, inside: bool) -> EffectView:
    values = tuple(_value(value, inside) for value in row.values.all())
    progress = progress_of(
        values, row.baseline, row.target, Direction(row.indicator.direction), row.indicator.decimals
    )
    reached = any(step.reached for step in progress if step.kind is ValueKind.RESULT)
    return EffectView(
        id=row.pk,
        indicator=indicator_view(row.indicator, language),
        role=IndicatorRole(row.role),
        baseline=row.baseline,
        baseline_on=row.baseline_on,
        target=row.target,
        target_on=row.target_on,
        note=row.note if inside else "",
        values=values,
        progress=progress,
        overdue=row.target is not None
        and row.target_on is not None
        and row.target_on < today()
        and not reached,
    )


def _value(row: IndicatorValue, inside: bool) -> ValueView:
    comment = row.comment if inside else ""
    return ValueView(row.pk, row.dated, ValueKind(row.kind), row.value, row.source, comment)


def progress_of(
    values: Iterable[ValueView],
    baseline: Decimal | None,
    target: Decimal | None,
    direction: Direction,
    decimals: int,
) -> tuple[Progress, ...]:
    """The latest value of each source and kind on the way from baseline to target; results first.

    Values of two sources are never mixed: they may have counted differently.
    """
    latest: dict[tuple[ValueKind, str], ValueView] = {}
    for value in sorted(values, key=lambda value: (value.dated, value.id)):
        latest[value.kind, value.source] = value
    steps = [
        Progress(
            kind=value.kind,
            source=value.source,
            dated=value.dated,
            value=value.value,
            share=_share(value.value, baseline, target),
            reached=_reached(value.value, target, direction, decimals),
        )
        for value in latest.values()
    ]
    return tuple(sorted(steps, key=_order))


def _order(step: Progress) -> tuple[bool, int, str]:
    return step.kind is not ValueKind.RESULT, -step.dated.toordinal(), step.source


def _share(value: Decimal, baseline: Decimal | None, target: Decimal | None) -> Decimal | None:
    if baseline is None or target is None or baseline == target:
        return None
    return ((value - baseline) / (target - baseline)).quantize(_SHARE)


def _reached(value: Decimal, target: Decimal | None, direction: Direction, decimals: int) -> bool | None:
    if target is None:
        return None
    if direction is Direction.STEADY:
        # Steady at the precision the indicator is counted in.
        return abs(value - target) <= Decimal(1).scaleb(-decimals) / 2
    return value >= target if direction is Direction.UP else value <= target
