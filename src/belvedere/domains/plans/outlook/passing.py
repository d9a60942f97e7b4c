"""The ceilings that are passed, what makes the excess, and the smallest slip that mends it."""

from __future__ import annotations

from uuid import UUID

import numpy as np

from belvedere.domains.plans.models import PlanMembership
from belvedere.domains.plans.outlook import assumptions
from belvedere.domains.plans.outlook.picture import COUNTED, Part, Picture, contributed, money, nodes_under
from belvedere.domains.plans.outlook.views import Ceiling, Passed
from belvedere.science.finance import ceilings as limits
from belvedere.science.finance.cents import Bools, Cents
from belvedere.science.finance.moving import Moves

MOST_MEASURES = 20  # named in an excess


def passed(picture: Picture) -> tuple[Passed, ...]:
    """Every ceiling passed, by year: the owner's and those of plans and axes, with the slip that mends it."""
    part, found = picture.own, picture.own.found
    if not part.numbers:
        return ()
    every = np.ones(part.numbers, bool)
    others = picture.others.found
    bounds: dict[str, tuple[limits.Ceiling, Ceiling]] = {}
    for own in picture.ceilings:
        besides = picture.contributions(others, own.nature)
        bounds[_key(own)] = (_bound(picture, own, every, besides), own)
    for ceiling, plan_id, path in assumptions.axis_ceilings(
        picture.owner.id, picture.axis, picture.kind, picture.prices, picture.language
    ):
        if _key(ceiling) not in bounds:
            rows = _rows_under(part, plan_id, path)
            helped = _rows_under(picture.others, plan_id, path)[picture.others.book.line_measure]
            lines = picture.others.lines_of(picture.owner.id) & helped
            besides = contributed(others, lines, ceiling.nature)
            bounds[_key(ceiling)] = (_bound(picture, ceiling, rows, besides), ceiling)
    moves = picture.question.adjustments.moves(part.holdings).only(part.rows)
    known = [bound for bound, _ceiling in bounds.values()]
    return tuple(
        _passed(picture, excess, bounds[excess.key][1], known, moves)
        for excess in limits.excesses(found, known)
        if picture.axis.first_year <= _year(picture, excess.column) <= picture.axis.last_year
    )


def _key(ceiling: Ceiling) -> str:
    return f"{ceiling.key}:{ceiling.nature or ''}"


def _year(picture: Picture, column: int) -> int:
    return picture.axis.first_year + column - 1


def _bound(picture: Picture, ceiling: Ceiling, rows: Bools, besides: Cents) -> limits.Ceiling:
    most = np.array(assumptions.in_cents(ceiling.limits), np.int64)
    what = COUNTED[ceiling.nature]
    return limits.Ceiling(_key(ceiling), picture.kind, rows, most, what=what, besides=besides)


def _rows_under(part: Part, plan_id: UUID, path: str) -> Bools:
    """[n] the measures that a plan lists, under an axis of it where `path` says one."""
    rows = PlanMembership.objects.filter(plan_id=plan_id, measure__in=part.at)
    if path:
        rows = rows.filter(node__in=nodes_under(plan_id, path))
    chosen = np.zeros(part.numbers, bool)
    chosen[[part.at[measure_id] for measure_id in rows.values_list("measure_id", flat=True)]] = True
    return chosen


def _passed(
    picture: Picture, excess: limits.Excess, ceiling: Ceiling, known: list[limits.Ceiling], moves: Moves
) -> Passed:
    part = picture.own
    mending = limits.suggest(
        part.found, excess, known, moves, current_year=picture.current_year, prices=picture.prices
    )
    return Passed(
        key=ceiling.key,
        label=ceiling.label,
        nature=ceiling.nature,
        year=_year(picture, excess.column),
        limit=money(excess.limit),
        spent=money(excess.spent),
        measures=tuple(part.measure_id(at) for at, _cents in excess.measures[:MOST_MEASURES]),
        mending_measure=None if mending is None else part.measure_id(mending.row),
        mending_shift=0 if mending is None else mending.shift,
    )


__all__ = ["passed"]
