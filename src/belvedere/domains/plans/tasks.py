"""What the clock does to plans: a day that passes makes a measure late, stale or its deadline near."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from uuid import UUID

from django.db import transaction
from django.db.models import Q, QuerySet
from procrastinate.contrib.django import app

from belvedere.domains.plans import figures
from belvedere.domains.plans.flags import OVER, months_before, stale_before
from belvedere.domains.plans.models import Measure, MeasureFigures, Phase
from belvedere.domains.plans.states import Flag
from belvedere.domains.plans.thresholds import value
from belvedere.domains.plans.vocabulary import ActorRole
from belvedere.kernel.clock import today

BATCH = 1000


# Twice a day, so that a machine that sleeps at night catches up.
@app.periodic(cron="15 3,12 * * *")
@app.task(name="plans.refresh_by_the_day", queue="plans", queueing_lock="plans.refresh_by_the_day")
def refresh_by_the_day_later(timestamp: int) -> None:
    """The periodic job; `timestamp` is procrastinate's."""
    refresh_by_the_day(today())


def refresh_by_the_day(day: date) -> int:
    """Raise the flags that the day brings; gives how many measures changed.

    Only measures that a date could concern and that do not bear the flag yet are looked at, in batches;
    one that somebody is changing at this moment is left to the verb, which derives its flags itself.
    """
    changed = 0
    for ids in _batches(day):
        with transaction.atomic():
            free = Measure.objects.select_for_update(of=("self",), skip_locked=True).filter(pk__in=ids)
            held = list(free.order_by("pk").values_list("pk", flat=True))
            changed += _refresh(held, day)
    return changed


def _refresh(ids: list[UUID], day: date) -> int:
    known = dict(MeasureFigures.objects.filter(measure_id__in=ids).values_list("measure_id", "flags"))
    parts, federal = figures.parts_of(ids), figures.federal_payers(ids)
    moved = [
        measure_id
        for measure_id in ids
        if figures.work_out(measure_id, parts[measure_id], federal=federal, day=day).flags
        != known.get(measure_id)
    ]
    if moved:
        figures.store([(measure_id, parts[measure_id]) for measure_id in moved], federal=federal, day=day)
    return len(moved)


def _batches(day: date) -> Iterator[list[UUID]]:
    last: UUID | None = None
    concerned = concerned_by(day).order_by("pk")
    while True:
        later = concerned if last is None else concerned.filter(pk__gt=last)
        ids = list(later.values_list("pk", flat=True)[:BATCH])
        if not ids:
            return
        yield ids
        last = ids[-1]


def concerned_by(day: date) -> QuerySet[Measure]:
    """The measures that `day` may bring a flag to: a superset, cheap to find."""
    passed = Phase.objects.filter(
        Q(actual_end__isnull=True)
        & (
            Q(forecast_end__lt=day)
            | Q(forecast_end__isnull=True, planned_end__lt=day)
            | Q(actual_start__isnull=True, forecast_start__lt=day)
            | Q(actual_start__isnull=True, forecast_start__isnull=True, planned_start__lt=day)
        )
    )
    near = months_before(day, -int(value("deadline_margin", day)))
    late = Q(pk__in=passed.values("measure_id")) & ~_bears(Flag.LATE)
    stale = Q(updated_at__date__lt=stale_before(day)) & ~_bears(Flag.STALE)
    close = Q(figures__start_deadline__lte=near) & ~_bears(Flag.DEADLINE_RISK)
    gone = Q(actors__role=ActorRole.PILOT, actors__until__lt=day) & ~_bears(Flag.INCOMPLETE)
    return Measure.objects.exclude(implementation__in=OVER).filter(late | stale | close | gone).distinct()


def _bears(flag: Flag) -> Q:
    return Q(figures__flags__contains=[flag.value])
