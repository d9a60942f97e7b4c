"""What the clock does to reporting: owners who have not answered are reminded."""

from __future__ import annotations

from datetime import date

from django.db import transaction
from procrastinate.contrib.django import app

from belvedere.domains.access.public import Actor
from belvedere.domains.reporting.keeping import found_round
from belvedere.domains.reporting.links import contacts_of_owners
from belvedere.domains.reporting.models import Reminder, ReportingRound, RoundTask
from belvedere.domains.reporting.rounds import journal_reminders, note_reminder
from belvedere.domains.reporting.states import AUTOMATIC, ReminderKind, RoundState, TaskState
from belvedere.kernel.clock import today

ROBOT = "Belvédère"


# Twice a day, so that a machine that sleeps at night catches up; each reminder leaves once all the same.
@app.periodic(cron="40 6,13 * * *")
@app.task(name="reporting.remind_by_the_day", queue="reporting", queueing_lock="reporting.remind_by_the_day")
def remind_by_the_day_later(timestamp: int) -> None:
    """The periodic job; `timestamp` is procrastinate's."""
    remind_by_the_day(today())


def remind_by_the_day(day: date) -> int:
    """Send the reminders that have become due by `day`; gives how many owners were reminded."""
    reminded = 0
    open_rounds = ReportingRound.objects.filter(state=RoundState.OPEN).order_by("due", "pk")
    for round_id in list(open_rounds.values_list("pk", flat=True)):
        with transaction.atomic():
            reminded += _remind(found_round(round_id, lock=True), day)
    return reminded


def _remind(row: ReportingRound, day: date) -> int:
    kind = due_by(row, day)
    if kind is None or row.state != RoundState.OPEN:
        return 0
    later = Reminder.objects.filter(task__round=row, kind__in=_from(kind)).values("task_id")
    waiting = RoundTask.objects.filter(round=row, state=TaskState.WAITING).exclude(pk__in=later)
    reachable = contacts_of_owners(row.territory_id)
    reminded = [
        task
        for task in waiting.order_by("pk")
        if task.organisation_id in reachable and note_reminder(task, kind, day)
    ]
    journal_reminders(Actor.system(ROBOT), row, reminded, kind)
    return len(reminded)


def due_by(row: ReportingRound, day: date) -> ReminderKind | None:
    """The last reminder whose day has come since the round was opened; those before it are stale."""
    come = [one.kind for one in AUTOMATIC if row.opened_on < row.due + one.after <= day]
    return come[-1] if come else None


def _from(kind: ReminderKind) -> list[ReminderKind]:
    kinds = [one.kind for one in AUTOMATIC]
    return kinds[kinds.index(kind) :]
