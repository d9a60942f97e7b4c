"""Verbs of the office: open a round, remind, ask again. Closing stands in `closing`."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.db import IntegrityError, transaction

from belvedere.domains.access.public import Actor
from belvedere.domains.plans.public import MeasureFilter, plan_reads, reported
from belvedere.domains.reporting.events import TaskAsked, TaskReminded, TaskReopened
from belvedere.domains.reporting.frozen import asked_of, freeze, plain
from belvedere.domains.reporting.keeping import (
    checked_note,
    entry,
    found_round,
    journal,
    locked_task,
    office_of,
    still_open,
)
from belvedere.domains.reporting.links import contacts_of_owners
from belvedere.domains.reporting.models import Reminder, ReportingRound, RoundLine, RoundPlan, RoundTask
from belvedere.domains.reporting.policies import Thing, require
from belvedere.domains.reporting.states import Question, ReminderKind, TaskState
from belvedere.engines.transactions import announce
from belvedere.kernel.clock import today
from belvedere.kernel.errors import N_, Conflict, InvalidInput, NotFound

LONGEST_NAME = 120
LONGEST_MESSAGE = 1000


@dataclass(frozen=True, slots=True)
class RoundDraft:
    """A round to open: which plans, as of which day, until when, what is asked."""

    name: str
    plan_ids: tuple[UUID, ...]
    as_of: date
    due: date
    questions: tuple[Question, ...] = tuple(Question)
    message: str = ""

    def __post_init__(self) -> None:
        object.__setattr__(self, "name", " ".join(self.name.split()))
        if not 0 < len(self.name) <= LONGEST_NAME:
            raise InvalidInput(N_("Name the round, in at most 120 characters."), field="name")
        if not self.plan_ids:
            raise InvalidInput(N_("Choose at least one plan that the round asks about."), field="plans")
        if not self.questions:
            raise InvalidInput(N_("Choose at least one thing to ask the owners."), field="questions")
        if len(self.message) > LONGEST_MESSAGE:
            raise InvalidInput(N_("The message has at most 1000 characters. Shorten it."), field="message")


def open_round(*, actor: Actor, territory_id: UUID, draft: RoundDraft, reason: str = "") -> UUID:
    """Open a round and ask every owner of a measure of its plans.

    Raises:
        Refused: to who does not run rounds for the body that holds the plans.
        InvalidInput: plans of several bodies, a day already past, nothing to ask about.
    """
    body_id = _holder(actor, territory_id, draft.plan_ids)
    require(actor, "run", Thing(territory_id, body_id))
    day = today()
    if draft.due <= day:
        raise InvalidInput(N_("The answers are due on a day that is still to come."), field="due")
    which = MeasureFilter(plans=frozenset(draft.plan_ids))
    measures = reported.reported(actor, territory_id, which)
    if not measures:
        raise InvalidInput(
            N_("These plans list no measure that you see, so there is nothing to ask."), field="plans"
        )
    try:
        with transaction.atomic():
            row = _written(territory_id, body_id, draft, day)
            tasks = _tasks(row, measures)
            after = {
                "name": row.name,
                "as_of": row.as_of.isoformat(),
                "due": row.due.isoformat(),
                "owners": len(tasks),
                "measures": len(measures),
            }
            journal(entry(actor, "open_round", ("round", row.pk), territory_id, after=after, reason=reason))
            for task in tasks:
                announce(TaskAsked(task.pk))
    except IntegrityError as error:
        if "round_name_once" in str(error):
            raise Conflict(
                N_("A round of this name is already there. Choose another name."), field="name"
            ) from error
        raise
    return row.pk


def _holder(actor: Actor, territory_id: UUID, plan_ids: Iterable[UUID]) -> UUID:
    """The one body that holds all these plans."""
    known = {plan.id: plan.owner_id for plan in plan_reads.plan_choices(actor, territory_id)}
    holders = {known.get(plan_id) for plan_id in plan_ids}
    if None in holders:
        raise NotFound(N_("There is no such plan in this territory. Choose another."))
    if len(holders) != 1:
        raise InvalidInput(
            N_("These plans are held by several bodies. Open a round for each of them."), field="plans"
        )
    found = holders.pop()
    assert found is not None
    return found


def _written(territory_id: UUID, body_id: UUID, draft: RoundDraft, day: date) -> ReportingRound:
    row = ReportingRound.objects.create(
        territory_id=territory_id,
        body_id=body_id,
        name=draft.name,
        message=draft.message.strip(),
        as_of=draft.as_of,
        opened_on=day,
        due=draft.due,
        questions=[question.value for question in Question if question in draft.questions],
    )
    RoundPlan.objects.bulk_create(
        RoundPlan(round=row, plan_id=plan) for plan in dict.fromkeys(draft.plan_ids)
    )
    return row


def _tasks(row: ReportingRound, measures: Sequence[reported.ReportedMeasure]) -> list[RoundTask]:
    owners = dict.fromkeys(measure.owner_id for measure in measures)
    tasks = {owner: RoundTask(round=row, organisation_id=owner) for owner in owners}
    RoundTask.objects.bulk_create(tasks.values())
    RoundLine.objects.bulk_create(
        RoundLine(
            task=tasks[measure.owner_id],
            measure_id=measure.id,
            position=at,
            opened=plain(asked_of(freeze(measure))),
        )
        for at, measure in enumerate(measures)
    )
    return list(tasks.values())


def remind(*, actor: Actor, round_id: UUID, task_ids: Iterable[UUID] | None = None) -> int:
    """Write to the owners who have not handed in, or to those among them; once a day each.

    Gives how many were reminded; owners that nobody answers for cannot be.
    """
    with transaction.atomic():
        row = found_round(round_id, lock=True)
        require(actor, "run", office_of(row))
        still_open(row)
        waiting = RoundTask.objects.filter(round=row, state=TaskState.WAITING)
        if task_ids is not None:
            waiting = waiting.filter(pk__in=list(task_ids))
        reachable = contacts_of_owners(row.territory_id)
        reminded = [
            task
            for task in waiting.order_by("pk")
            if task.organisation_id in reachable and note_reminder(task, ReminderKind.MANUAL, today())
        ]
        journal_reminders(actor, row, reminded, ReminderKind.MANUAL)
        return len(reminded)


def note_reminder(task: RoundTask, kind: ReminderKind, day: date) -> bool:
    """Keep that a reminder goes out; False when it did already (for one by hand: today)."""
    known = Reminder.objects.filter(task=task, kind=kind)
    if (known.filter(sent_on=day) if kind is ReminderKind.MANUAL else known).exists():
        return False
    Reminder.objects.create(task=task, kind=kind, sent_on=day)
    return True


def journal_reminders(
    actor: Actor, row: ReportingRound, tasks: Sequence[RoundTask], kind: ReminderKind
) -> None:
    """Write the reminders to the journal, and have them told after commit."""
    journal(
        *(
            entry(
                actor,
                "remind",
                ("task", task.pk),
                row.territory_id,
                after={"organisation": str(task.organisation_id), "kind": kind.value},
            )
            for task in tasks
        )
    )
    for task in tasks:
        announce(TaskReminded(task.pk, kind.value))


def reopen_task(*, actor: Actor, task_id: UUID, reason: str) -> None:
    """Ask an owner to look at a checklist again that was handed in; says why, to the owner too."""
    reason = checked_note(reason)
    with transaction.atomic():
        task = locked_task(task_id)
        require(actor, "run", office_of(task.round))
        still_open(task.round)
        if task.state == TaskState.WAITING:
            return
        if not reason:
            raise InvalidInput(
                N_("Say what the owner should look at again: it is sent along."), field="reason"
            )
        task.state, task.handed_in_at = TaskState.WAITING, None
        task.save(update_fields=["state", "handed_in_at"])
        subject = ("task", task.pk)
        after = {"organisation": str(task.organisation_id)}
        journal(entry(actor, "reopen_task", subject, task.round.territory_id, after=after, reason=reason))
        announce(TaskReopened(task.pk, reason))


__all__ = ["RoundDraft", "journal_reminders", "note_reminder", "open_round", "remind", "reopen_task"]
