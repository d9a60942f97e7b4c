"""Typed reads of rounds, checklists and what was frozen. Each sees only what the actor may see."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from belvedere.domains.access.public import Actor
from belvedere.domains.plans.public import policies as plan_policies
from belvedere.domains.plans.public import reported
from belvedere.domains.reporting.closing import content_of, lines_of
from belvedere.domains.reporting.errors import NoSuchRound
from belvedere.domains.reporting.findings import Finding, findings_of
from belvedere.domains.reporting.frozen import (
    Asked,
    FrozenMeasure,
    asked_from,
    asked_of,
    fingerprint,
    freeze,
)
from belvedere.domains.reporting.keeping import NONE_HERE, found_round, found_task, office_of, owner_of
from belvedere.domains.reporting.links import Contact, contacts_of, contacts_of_owners
from belvedere.domains.reporting.models import Reminder, ReportingRound, RoundLine, RoundSnapshot, RoundTask
from belvedere.domains.reporting.policies import Thing, may, sees
from belvedere.domains.reporting.states import LineState, Question, RoundState, TaskState
from belvedere.kernel.clock import today
from belvedere.kernel.errors import N_, Refused

Names = Mapping[str, str]


@dataclass(frozen=True, slots=True)
class RoundHead:
    """A round in a list. `mine`: the checklists the actor answers; `waiting`: those not handed in yet."""

    id: UUID
    name: str
    body_id: UUID
    as_of: date
    opened_on: date
    due: date
    state: RoundState
    closed_at: datetime | None
    owners: int
    handed_in: int
    mine: tuple[UUID, ...]
    waiting: tuple[UUID, ...]
    may_run: bool
    may_view: bool  # the whole round

    @property
    def is_late(self) -> bool:
        return self.state is RoundState.OPEN and self.due < today()


@dataclass(frozen=True, slots=True)
class TaskRow:
    """An owner's checklist as the office sees it."""

    id: UUID
    organisation_id: UUID
    names: Names
    state: TaskState
    handed_in_at: datetime | None
    note: str
    lines: int
    confirmed: int
    corrected: int
    findings: int
    contacts: tuple[Contact, ...]
    reminded_on: date | None
    reminders: int
    late: bool

    @property
    def answered(self) -> int:
        return self.confirmed + self.corrected


@dataclass(frozen=True, slots=True)
class LineView:
    """A measure of a checklist: what was asked, what stands now, what does not hold together."""

    id: UUID
    task_id: UUID
    measure: FrozenMeasure
    version: int
    opened: Asked
    now: Asked
    changed: tuple[Question, ...]
    state: LineState
    note: str
    answered_at: datetime | None
    findings: tuple[Finding, ...]
    may_edit: bool
    may_edit_money: bool


@dataclass(frozen=True, slots=True)
class TaskView:
    """A checklist whole."""

    id: UUID
    round: ReportingRound
    organisation_id: UUID
    names: Names
    state: TaskState
    handed_in_at: datetime | None
    note: str
    lines: tuple[LineView, ...]
    may_answer: bool
    may_run: bool

    @property
    def left(self) -> int:
        return sum(line.state is LineState.TO_CONFIRM for line in self.lines)


@dataclass(frozen=True, slots=True)
class RoundView:
    """A round as its office sees it."""

    head: RoundHead
    message: str
    questions: tuple[Question, ...]
    tasks: tuple[TaskRow, ...]
    findings: tuple[tuple[TaskRow, FrozenMeasure, tuple[Finding, ...]], ...]
    reminders_by_hand_today: bool


@dataclass(frozen=True, slots=True)
class Frozen:
    """What tables are made of: a closed round's snapshot, or the present as a preview."""

    round_id: UUID
    content: Mapping[str, Any]
    lines: tuple[Mapping[str, Any], ...]
    sha256: str  # "" for a preview
    taken_at: datetime | None
    intact: bool

    @property
    def is_preview(self) -> bool:
        return not self.sha256

    @property
    def as_of(self) -> date:
        return date.fromisoformat(self.content["as_of"])


def rounds_of(actor: Actor, territory_id: UUID) -> list[RoundHead]:
    """The rounds that the actor runs, answers or may read, newest first."""
    rows = ReportingRound.objects.filter(territory_id=territory_id).order_by("-opened_on", "-due", "name")
    tasks: dict[UUID, list[RoundTask]] = defaultdict(list)
    for task in RoundTask.objects.filter(round__in=rows):
        tasks[task.round_id].append(task)
    heads = (_head(actor, row, tasks[row.pk]) for row in rows)
    return [head for head in heads if head.may_view or head.mine]


def _head(actor: Actor, row: ReportingRound, tasks: list[RoundTask]) -> RoundHead:
    thing = office_of(row)
    mine = [
        task
        for task in tasks
        if task.organisation_id in actor.roles and sees(actor, Thing(row.territory_id, task.organisation_id))
    ]
    return RoundHead(
        id=row.pk,
        name=row.name,
        body_id=row.body_id,
        as_of=row.as_of,
        opened_on=row.opened_on,
        due=row.due,
        state=RoundState(row.state),
        closed_at=row.closed_at,
        owners=len(tasks),
        handed_in=sum(task.state == TaskState.HANDED_IN for task in tasks),
        mine=tuple(task.pk for task in mine),
        waiting=tuple(task.pk for task in mine if task.state == TaskState.WAITING),
        may_run=may(actor, "run", thing) is None,
        may_view=sees(actor, thing),
    )


def round_view(actor: Actor, round_id: UUID, *, territory_id: UUID) -> RoundView:
    """A round whole; Refused to owners, who have their own checklist, NoSuchRound to others."""
    row = found_round(round_id, territory_id=territory_id)
    rows = list(RoundTask.objects.filter(round=row).select_related("organisation"))
    head = _head(actor, row, rows)
    _may_view(head)
    lines: dict[UUID, list[RoundLine]] = defaultdict(list)
    for line in RoundLine.objects.filter(task__round=row):
        lines[line.task_id].append(line)
    present = _measures(row, [line for held in lines.values() for line in held])
    contacts = contacts_of_owners(row.territory_id)
    reminders: dict[UUID, list[date]] = defaultdict(list)
    for task_id, sent_on in Reminder.objects.filter(task__round=row).values_list("task_id", "sent_on"):
        reminders[task_id].append(sent_on)
    tasks, found = [], []
    for task in rows:
        told = [(line, *_found(row, line, present)) for line in lines[task.pk]]
        made = _task_row(task, lines[task.pk], contacts, reminders[task.pk], sum(len(one[2]) for one in told))
        tasks.append(made)
        found += [(made, measure, findings) for _line, measure, findings in told if measure and findings]
    order = sorted(
        tasks, key=lambda one: (one.state is TaskState.HANDED_IN, next(iter(one.names.values()), ""))
    )
    return RoundView(
        head=head,
        message=row.message,
        questions=tuple(Question(one) for one in row.questions),
        tasks=tuple(order),
        findings=tuple(found),
        reminders_by_hand_today=any(today() in sent for sent in reminders.values()),
    )


def _may_view(head: RoundHead) -> None:
    if head.may_view:
        return
    if head.mine:
        raise Refused(N_("The whole round is for the office that runs it. Open your own checklist."))
    raise NoSuchRound(NONE_HERE)


def _measures(row: ReportingRound, lines: list[RoundLine]) -> dict[UUID, reported.ReportedMeasure]:
    ids = [line.measure_id for line in lines]
    return {one.id: one for one in reported.reported(Actor.system(), row.territory_id, ids=ids)}


def _found(
    row: ReportingRound, line: RoundLine, present: Mapping[UUID, reported.ReportedMeasure]
) -> tuple[FrozenMeasure | None, tuple[Finding, ...]]:
    measure = present.get(line.measure_id)
    if measure is None:
        return None, ()
    kept = freeze(measure)
    # What was not answered is counted on its own.
    return kept, findings_of(kept, row.as_of, opened=asked_from(line.opened), note=line.note)


def _task_row(
    task: RoundTask,
    lines: list[RoundLine],
    contacts: Mapping[UUID, list[Contact]],
    reminders: list[date],
    findings: int,
) -> TaskRow:
    states = [line.state for line in lines]
    waiting = task.state == TaskState.WAITING
    return TaskRow(
        id=task.pk,
        organisation_id=task.organisation_id,
        names=task.organisation.names,
        state=TaskState(task.state),
        handed_in_at=task.handed_in_at,
        note=task.note,
        lines=len(lines),
        confirmed=states.count(LineState.CONFIRMED),
        corrected=states.count(LineState.CORRECTED),
        findings=findings,
        contacts=tuple(contacts.get(task.organisation_id, ())),
        reminded_on=max(reminders, default=None),
        reminders=len(reminders),
        late=waiting and task.round.state == RoundState.OPEN and task.round.due < today(),
    )


def task_view(actor: Actor, task_id: UUID, *, territory_id: UUID | None = None) -> TaskView:
    """A checklist whole; NoSuchRound to who may not read it."""
    task = found_task(task_id, territory_id=territory_id)
    thing = owner_of(task)
    if not sees(actor, thing):
        raise NoSuchRound(NONE_HERE)
    rows = list(RoundLine.objects.filter(task=task))
    present = _measures(task.round, rows)
    answers = may(actor, "answer", thing) is None and task.round.state == RoundState.OPEN
    return TaskView(
        id=task.pk,
        round=task.round,
        organisation_id=task.organisation_id,
        names=task.organisation.names,
        state=TaskState(task.state),
        handed_in_at=task.handed_in_at,
        note=task.note,
        lines=tuple(
            _line(actor, task, row, present[row.measure_id], answers)
            for row in rows
            if row.measure_id in present
        ),
        may_answer=answers,
        may_run=may(actor, "run", office_of(task.round)) is None and task.round.state == RoundState.OPEN,
    )


def _line(
    actor: Actor, task: RoundTask, row: RoundLine, measure: reported.ReportedMeasure, answers: bool
) -> LineView:
    kept, opened = freeze(measure), asked_from(row.opened)
    current = asked_of(kept)
    questions = [Question(one) for one in task.round.questions]
    held = plan_policies.Thing(task.round.territory_id, measure.owner_id, measure.published)
    return LineView(
        id=row.pk,
        task_id=task.pk,
        measure=kept,
        version=measure.version,
        opened=opened,
        now=current,
        changed=tuple(opened.differs(current, questions)),
        state=LineState(row.state),
        note=row.note,
        answered_at=row.answered_at,
        findings=findings_of(kept, task.round.as_of, opened=opened, note=row.note),
        may_edit=answers and plan_policies.may(actor, "edit", held) is None,
        may_edit_money=answers and plan_policies.may(actor, "edit_money", held) is None,
    )


def frozen(actor: Actor, round_id: UUID, *, territory_id: UUID) -> Frozen:
    """What the tables of a round are made of: its snapshot once it is closed, else the present."""
    row = found_round(round_id, territory_id=territory_id)
    _may_view(_head(actor, row, list(RoundTask.objects.filter(round=row))))
    kept = RoundSnapshot.objects.filter(round=row).first()
    if kept is None:
        lines = lines_of(row)
        return Frozen(row.pk, content_of(row, lines), tuple(lines), "", None, intact=True)
    lines = list(kept.lines.order_by("pk").values_list("content", flat=True))
    intact = fingerprint(kept.content, lines) == kept.sha256
    return Frozen(row.pk, kept.content, tuple(lines), kept.sha256, kept.taken_at, intact)


def mail_of(task_id: UUID) -> tuple[RoundTask, list[Contact], int]:
    """For the messages: the checklist, whom to write to, how many measures wait."""
    task = found_task(task_id)
    left = RoundLine.objects.filter(task=task, state=LineState.TO_CONFIRM).count()
    return task, contacts_of(task), left
