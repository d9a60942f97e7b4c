"""The tables of reporting: rounds, what each owner answers, and what was frozen at the end."""

from __future__ import annotations

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q

from belvedere.domains.reporting.states import LineState, Question, ReminderKind, RoundState, TaskState
from belvedere.kernel.identifiers import new_id


class ReportingRound(models.Model):
    """A yearly call: each owner confirms or corrects what stands in the plans, as of a day."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    territory = models.ForeignKey("territory.Territory", models.PROTECT, related_name="+")
    body = models.ForeignKey("territory.Organisation", models.PROTECT, related_name="+")  # who asks
    name = models.CharField(max_length=120)
    message = models.CharField(max_length=1000, blank=True)  # to the owners
    as_of = models.DateField()
    opened_on = models.DateField()
    due = models.DateField()
    questions = ArrayField(models.CharField(max_length=20, choices=[(q.value, q.name) for q in Question]))
    state = models.CharField(
        max_length=8, choices=[(s.value, s.name) for s in RoundState], default=RoundState.OPEN
    )
    closed_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["body", "name"], name="round_name_once_a_body"),
            models.CheckConstraint(condition=Q(due__gt=F("opened_on")), name="round_due_after_opening"),
            models.CheckConstraint(
                condition=Q(state=RoundState.OPEN, closed_at__isnull=True)
                | Q(state=RoundState.CLOSED, closed_at__isnull=False),
                name="round_closed_when_closed",
            ),
        ]


class RoundPlan(models.Model):
    """A plan that the round asks about."""

    round = models.ForeignKey(ReportingRound, models.CASCADE, related_name="plans")
    plan = models.ForeignKey("plans.Plan", models.PROTECT, related_name="+")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["round", "plan"], name="round_plan_once")]


class RoundTask(models.Model):
    """What one owner has to answer."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    round = models.ForeignKey(ReportingRound, models.CASCADE, related_name="tasks")
    organisation = models.ForeignKey("territory.Organisation", models.PROTECT, related_name="+")
    state = models.CharField(
        max_length=12, choices=[(s.value, s.name) for s in TaskState], default=TaskState.WAITING
    )
    handed_in_at = models.DateTimeField(null=True)
    note = models.CharField(max_length=1000, blank=True)  # of the owner, to the office

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["round", "organisation"], name="round_task_once_an_owner"),
            models.CheckConstraint(
                condition=Q(state=TaskState.WAITING, handed_in_at__isnull=True)
                | Q(state=TaskState.HANDED_IN, handed_in_at__isnull=False),
                name="round_task_handed_in_when_handed_in",
            ),
        ]


class RoundLine(models.Model):
    """A measure to confirm. `opened` and `answered` are what was asked, as it stood then."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    task = models.ForeignKey(RoundTask, models.CASCADE, related_name="lines")
    measure_id = models.UUIDField()  # no foreign key: the line outlives the measure
    position = models.PositiveIntegerField(default=0)
    opened = models.JSONField()
    answered = models.JSONField(null=True)
    state = models.CharField(
        max_length=12, choices=[(s.value, s.name) for s in LineState], default=LineState.TO_CONFIRM
    )
    note = models.CharField(max_length=1000, blank=True)
    answered_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["position", "id"]
        constraints = [
            models.UniqueConstraint(fields=["task", "measure_id"], name="round_line_once_a_task"),
            models.CheckConstraint(
                condition=Q(state=LineState.TO_CONFIRM, answered__isnull=True, answered_at__isnull=True)
                | (~Q(state=LineState.TO_CONFIRM) & Q(answered__isnull=False, answered_at__isnull=False)),
                name="round_line_answered_when_answered",
            ),
        ]


class Reminder(models.Model):
    """That an owner was reminded; the automatic ones once each."""

    task = models.ForeignKey(RoundTask, models.CASCADE, related_name="reminders")
    kind = models.CharField(max_length=12, choices=[(k.value, k.name) for k in ReminderKind])
    sent_on = models.DateField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["task", "kind"], condition=~Q(kind=ReminderKind.MANUAL), name="reminder_once"
            ),
            # One by hand a day is enough.
            models.UniqueConstraint(fields=["task", "kind", "sent_on"], name="reminder_once_a_day"),
        ]


class RoundSnapshot(models.Model):
    """What a round ended with. Append-only: the database refuses any change."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    round = models.OneToOneField(ReportingRound, models.PROTECT, related_name="snapshot")
    content = models.JSONField()
    sha256 = models.CharField(max_length=64)  # of the content and its lines
    taken_at = models.DateTimeField()


class RoundSnapshotLine(models.Model):
    """A measure as it stood when its round was closed. Append-only."""

    snapshot = models.ForeignKey(RoundSnapshot, models.PROTECT, related_name="lines")
    measure_id = models.UUIDField()
    content = models.JSONField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["snapshot", "measure_id"], name="round_snapshot_line_once"),
        ]
