"""Telling followers that a deadline comes near: once at twelve, at six and at three months before."""

from __future__ import annotations

from datetime import date
from typing import Final
from uuid import UUID

from belvedere.domains.access.public import Actor
from belvedere.domains.collaboration.kinds import DEADLINE
from belvedere.domains.collaboration.telling import followers_of, tell
from belvedere.domains.plans.public import brief, reported
from belvedere.domains.territory.public import territories
from belvedere.kernel.clock import today
from belvedere.kernel.errors import N_

MONTHS: Final = (3, 6, 12)
WORDS: Final = {
    "start": N_("“{measure}”: works must start by {day}, in less than {months} months, or aid is lost"),
    "claim": N_("“{measure}”: the aid must be claimed by {day}, in less than {months} months"),
}


def tell_deadlines() -> int:
    """Tell what is near today, in each territory; gives how many notices were made."""
    return sum(_tell_in(territory.id, today(territory.zone)) for territory in territories())


def _tell_in(territory_id: UUID, day: date) -> int:
    near = [
        (one, months)
        for one in reported.deadlines(Actor.system(), territory_id)
        if (months := months_left(day, one.day)) is not None
    ]
    measures = brief.briefs({one.measure_id for one, _months in near})
    told = 0
    followers: dict[UUID, frozenset[UUID]] = {}
    for one, months in near:
        measure = measures.get(one.measure_id)
        if measure is None:
            continue
        if measure.id not in followers:
            followers[measure.id] = followers_of(measure, inside_only=True)
        told += tell(
            measure,
            followers[measure.id],
            DEADLINE,
            WORDS[one.what],
            {"day": f"{one.day:%d.%m.%Y}", "months": str(months)},
            # A deadline that moves is another one.
            key=f"deadline:{one.measure_id}:{one.what}:{one.day}:{months}",
        )
    return told


def months_left(day: date, deadline: date) -> int | None:
    """The nearest of 3, 6 and 12 months that `day` is within of a deadline still ahead; else None."""
    if deadline < day:
        return None
    return next((months for months in MONTHS if day >= _before(deadline, months)), None)


def _before(day: date, months: int) -> date:
    """The same day some months earlier, or the last of that month."""
    year, month = divmod(day.year * 12 + day.month - 1 - months, 12)
    for number in (day.day, 30, 29, 28):
        try:
            return date(year, month + 1, number)
        except ValueError:
            continue
    raise ValueError(day)
