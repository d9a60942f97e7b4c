"""Two reporting rounds of the agglomeration: last year's, closed, and this year's, with owners still late."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime, timedelta, timezone
from uuid import UUID

from belvedere.demo.programme import Filled
from belvedere.domains.access.public import Actor
from belvedere.domains.reporting.public import (
    RoundDraft,
    close_round,
    confirm_lines,
    hand_in_task,
    open_round,
    queries,
)
from belvedere.domains.territory.public import TerritoryView
from belvedere.kernel.clock import standing_at, today

PLAN = "PA5"
LATE = ("sierre",)  # has a login: its mail can be opened
BEGUN = ("saviese",)  # answered, not handed in
BERN = timezone(timedelta(hours=1))
MESSAGE = (
    "Merci de confirmer l’état, les dates et les coûts de vos mesures : l’agglomération en rend compte à la "
    "Confédération."
)


def report(actor: Actor, territory: TerritoryView, organisations: Mapping[str, UUID], made: Filled) -> None:
    """Last year's round with all answers, and one whose answers were due two days ago."""
    day = today(territory.zone)
    last = date(day.year - 1, 9, 30)
    before = _opened(actor, territory, made, "Rapport annuel", last)
    _answer(actor, territory, before, organisations, last + timedelta(days=24), late=(), begun=())
    with standing_at(_at(last + timedelta(days=40))):
        close_round(
            actor=actor,
            round_id=before,
            with_gaps=True,
            reason="Les constats ont été discutés au comité technique (exemple).",
        )
    this = _opened(actor, territory, made, "Rapport annuel", day - timedelta(days=34))
    _answer(actor, territory, this, organisations, day - timedelta(days=4), late=LATE, begun=BEGUN)


def _at(day: date) -> datetime:
    return datetime(day.year, day.month, day.day, 9, tzinfo=BERN)


def _opened(actor: Actor, territory: TerritoryView, made: Filled, name: str, day: date) -> UUID:
    with standing_at(_at(day)):
        return open_round(
            actor=actor,
            territory_id=territory.id,
            draft=RoundDraft(
                name=f"{name} {day.year}",
                plan_ids=(made.plans.ids[PLAN],),
                as_of=day,
                due=day + timedelta(days=32),
                message=MESSAGE,
            ),
        )


def _answer(
    actor: Actor,
    territory: TerritoryView,
    round_id: UUID,
    organisations: Mapping[str, UUID],
    day: date,
    *,
    late: tuple[str, ...],
    begun: tuple[str, ...],
) -> None:
    """Every owner but the `late` ones confirms; those of `begun` forget to hand in."""
    silent = {organisations[key] for key in late if key in organisations}
    stopped = {organisations[key] for key in begun if key in organisations}
    with standing_at(_at(day)):
        view = queries.round_view(actor, round_id, territory_id=territory.id)
        for task in view.tasks:
            if task.organisation_id in silent:
                continue
            confirm_lines(actor=actor, task_id=task.id, note="")
            if task.organisation_id not in stopped:
                hand_in_task(actor=actor, task_id=task.id)
