"""A judge of one turn, and things that say something as the intake writes it."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction

from belvedere.domains.automation import public as automation
from belvedere.domains.automation.models import Alarm, AlarmStep
from belvedere.domains.automation.public import Judge
from belvedere.domains.observations import public as observations
from belvedere.domains.territory.public import territory_by_slug
from belvedere.domains.twin import public as twin
from belvedere.domains.twin.models import Attribute
from belvedere.kernel.clock import standing_at
from tests.domains.automation.examples import AT, draft

Said = tuple[int, float, object]  # series, minutes after AT, number or text


def series(entity_id: int, term: str = "fillingLevel") -> int:
    return int(Attribute.objects.get(entity_id=entity_id, term=term).pk)


def minutes(number: float) -> datetime:
    return AT + timedelta(minutes=number)


def say(said: Iterable[Said], *, received: float | None = None) -> None:
    """One batch, shown and stored in one transaction."""
    rows: list[observations.Reading] = []
    shown: list[twin.Present] = []
    for series_id, at, value in said:
        moment, came = minutes(at), minutes(at if received is None else received)
        number = float(value) if isinstance(value, int | float) and not isinstance(value, bool) else None
        other = None if number is not None else value
        rows.append(observations.Reading(series_id, moment, number, other, int(at * 60), came))
        shown.append(twin.Present(series_id, number, other, moment, came, "", ""))
    with standing_at(max(row.received_at for row in rows)), transaction.atomic():
        twin.apply_present(shown)
        observations.store(rows)


def judge(one: Judge, at: float) -> int:
    """Rounds until nothing more happens; the steps written."""
    steps = 0
    with standing_at(minutes(at)):
        for _round in range(3):  # what joins does so in the second one
            done = one.round()
            steps += done.steps
    return steps


def timeline(entity_id: int | None = None) -> list[tuple[int, str, float]]:
    """(thing, act, minutes after AT) of every step, by thing."""
    rows = AlarmStep.objects.order_by("alarm__entity_id", "pk")
    if entity_id is not None:
        rows = rows.filter(alarm__entity_id=entity_id)
    return [
        (thing, act, round((at - AT).total_seconds() / 60, 3))
        for thing, act, at in rows.values_list("alarm__entity_id", "act", "at")
    ]


def raised_by_thing() -> list[tuple[int, float]]:
    """(thing, minutes after AT) of every time that an alarm was raised."""
    return sorted((thing, at) for thing, act, at in timeline() if act.startswith("raise"))


def would_have_raised(
    people: Any, owner_id: Any, body: automation.Body, at: float
) -> list[tuple[int, float]]:
    """The same by the rule tried on the day before `at`."""
    with standing_at(minutes(at)):
        tried = automation.try_on_past(
            people.actor("lead"),
            territory_by_slug("valbelle"),
            draft(owner_id, body),
            days=1,
            until=minutes(at),
        )
    return sorted(
        (past.entity_id, round((past.start - AT).total_seconds() / 60, 3))
        for past in tried.episodes
        if past.start > AT
    )


def only_alarm() -> Any:
    return Alarm.objects.get()
