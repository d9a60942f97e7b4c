"""The tables of crises: plans, crises with their roles, tasks and points to tick, situation points, the
timeline. Situation points and the timeline are only added to: the database refuses anything else.
"""

from __future__ import annotations

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q

from belvedere.domains.crisis.states import OWN, CallState, Kind, Phase, TaskState, Why
from belvedere.kernel.identifiers import new_id


class Plan(models.Model):
    """What an organisation does when it comes to it. `body`: `bodies.PlanBody`."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    territory = models.ForeignKey("territory.Territory", models.PROTECT, related_name="+")
    owner = models.ForeignKey("territory.Organisation", models.PROTECT, related_name="+")
    name = models.CharField(max_length=120)
    kinds = ArrayField(models.CharField(max_length=16))
    conditions = models.CharField(max_length=4000, blank=True)
    resources = models.CharField(max_length=8000, blank=True)
    body = models.JSONField()
    version = models.PositiveIntegerField(default=1)
    changed_at = models.DateTimeField()
    removed_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(kinds__contained_by=[one.value for one in Kind]) & ~Q(kinds=[]),
                name="crisis_plan_kinds_known",
            )
        ]


class Crisis(models.Model):
    """One that runs, or ran. `body`: of its plan as it was when it was declared; `absent`: people who cannot
    be asked now."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    territory = models.ForeignKey("territory.Territory", models.PROTECT, related_name="+")
    owner = models.ForeignKey("territory.Organisation", models.PROTECT, related_name="+")
    plan = models.ForeignKey(Plan, models.PROTECT, null=True, related_name="+")
    name = models.CharField(max_length=120)
    kind = models.CharField(max_length=16)
    reason = models.CharField(max_length=4000)
    is_exercise = models.BooleanField(default=False)
    resources = models.CharField(max_length=8000, blank=True)
    body = models.JSONField()
    absent = ArrayField(models.UUIDField(), default=list)
    phase = models.CharField(max_length=12)
    phase_at = models.DateTimeField()
    begun_at = models.DateTimeField()
    declared_at = models.DateTimeField()
    declared_by = models.ForeignKey("access.Person", models.SET_NULL, null=True, related_name="+")
    ended_at = models.DateTimeField(null=True)
    ended_by = models.ForeignKey("access.Person", models.SET_NULL, null=True, related_name="+")
    summary = models.CharField(max_length=8000, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(kind__in=[one.value for one in Kind])
                & Q(phase__in=[one.value for one in Phase])
                & ~Q(reason=""),
                name="crisis_known",
            ),
            models.CheckConstraint(
                condition=Q(ended_at__isnull=True, summary="")
                | (Q(ended_at__gte=models.F("begun_at")) & ~Q(summary="")),
                name="crisis_ended_with_summary",
            ),
            models.CheckConstraint(
                condition=Q(begun_at__lte=models.F("declared_at")),
                name="crisis_begun_before_declared",
            ),
        ]
        indexes = [
            models.Index(fields=["territory"], condition=Q(ended_at__isnull=True), name="crisis_running"),
            models.Index(fields=["territory", "-begun_at"], name="crisis_newest"),
        ]


class CrisisRole(models.Model):
    """A role in a crisis. `people`: who is asked, in order; `person`: who is asked now, `taken_at`: since
    when they have it; null while they have not said so."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    crisis = models.ForeignKey(Crisis, models.PROTECT, related_name="roles")
    key = models.CharField(max_length=12)
    position = models.PositiveSmallIntegerField()
    name = models.CharField(max_length=120)
    duty = models.CharField(max_length=600, blank=True)
    phone = models.CharField(max_length=120, blank=True)
    leads = models.BooleanField(default=False)
    people = ArrayField(models.UUIDField(), default=list)
    person = models.ForeignKey("access.Person", models.SET_NULL, null=True, related_name="+")
    taken_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["crisis", "key"], name="crisis_role_key")]


class Task(models.Model):
    """Something to be done. `card`: which card of the plan it came from, null for one added by hand;
    `person`: who it is given to, null: who has the role."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    crisis = models.ForeignKey(Crisis, models.PROTECT, related_name="tasks")
    number = models.PositiveIntegerField()
    role = models.ForeignKey(CrisisRole, models.PROTECT, null=True, related_name="tasks")
    card = models.PositiveSmallIntegerField(null=True)
    phase = models.CharField(max_length=12)
    what = models.CharField(max_length=300)
    state = models.CharField(max_length=12, default=TaskState.TODO)
    person = models.ForeignKey("access.Person", models.SET_NULL, null=True, related_name="+")
    opened_at = models.DateTimeField()
    due_at = models.DateTimeField(null=True)
    done_at = models.DateTimeField(null=True)
    done_by = models.ForeignKey("access.Person", models.SET_NULL, null=True, related_name="+")
    why = models.CharField(max_length=600, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["crisis", "number"], name="crisis_task_number"),
            models.UniqueConstraint(
                fields=["crisis", "card"],
                condition=Q(card__isnull=False, state__in=["todo", "doing"]),
                name="crisis_card_open_once",
            ),
            models.CheckConstraint(
                condition=Q(state__in=["todo", "doing"], done_at__isnull=True)
                | Q(state="done", done_at__isnull=False)
                | (Q(state="cancelled", done_at__isnull=False) & ~Q(why="")),
                name="crisis_task_state",
            ),
        ]


class Check(models.Model):
    """A point of a task to tick."""

    id = models.BigAutoField(primary_key=True)
    task = models.ForeignKey(Task, models.PROTECT, related_name="checks")
    position = models.PositiveSmallIntegerField()
    text = models.CharField(max_length=300)
    ticked_at = models.DateTimeField(null=True)
    ticked_by = models.ForeignKey("access.Person", models.SET_NULL, null=True, related_name="+")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["task", "position"], name="crisis_check_position")]


class SituationPoint(models.Model):
    """Where things stand, numbered; corrected by one that strikes it."""

    id = models.BigAutoField(primary_key=True)
    crisis = models.ForeignKey(Crisis, models.PROTECT, related_name="points")
    number = models.PositiveIntegerField()
    at = models.DateTimeField()
    person = models.ForeignKey("access.Person", models.SET_NULL, null=True, related_name="+")
    situation = models.CharField(max_length=4000)
    done = models.CharField(max_length=4000, blank=True)
    expected = models.CharField(max_length=4000, blank=True)
    decisions = models.CharField(max_length=4000, blank=True)
    next_at = models.DateTimeField(null=True)
    strikes = models.OneToOneField("self", models.PROTECT, null=True, related_name="struck_by")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["crisis", "number"], name="crisis_point_number"),
            models.CheckConstraint(condition=~Q(situation=""), name="crisis_point_says_something"),
        ]


class Fact(models.Model):
    """A line of the timeline. `person` did it, `other` is whom it concerns; what it is about is named by its
    words, as they were."""

    id = models.BigAutoField(primary_key=True)
    crisis = models.ForeignKey(Crisis, models.PROTECT, related_name="facts")
    at = models.DateTimeField()
    written_at = models.DateTimeField()
    category = models.CharField(max_length=12)
    act = models.CharField(max_length=12)
    phase = models.CharField(max_length=12)
    person = models.ForeignKey("access.Person", models.SET_NULL, null=True, related_name="+")
    other = models.ForeignKey("access.Person", models.SET_NULL, null=True, related_name="+")
    role_name = models.CharField(max_length=120, blank=True)
    task_id = models.UUIDField(null=True)
    point = models.ForeignKey(SituationPoint, models.PROTECT, null=True, related_name="+")
    what = models.CharField(max_length=400, blank=True)
    text = models.TextField(blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(category__in=[one.value for one in OWN]), name="crisis_fact_category"
            )
        ]
        indexes = [models.Index(fields=["crisis", "at", "id"], name="crisis_timeline")]


class Call(models.Model):
    """That a person is told by mail; `task_ids`: what they are to do. `letter`: the key of the letter in
    which it leaves, from just before its first try on."""

    id = models.BigAutoField(primary_key=True)
    crisis = models.ForeignKey(Crisis, models.PROTECT, related_name="+")
    person = models.ForeignKey("access.Person", models.CASCADE, related_name="+")
    why = models.CharField(max_length=12)
    role_name = models.CharField(max_length=120, blank=True)
    task_ids = ArrayField(models.UUIDField(), default=list)
    state = models.CharField(max_length=8, default=CallState.WAITING)
    created_at = models.DateTimeField()
    next_at = models.DateTimeField()
    attempts = models.PositiveSmallIntegerField(default=0)
    letter = models.CharField(max_length=64, blank=True, default="")
    done_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(state__in=[one.value for one in CallState])
                & Q(why__in=[one.value for one in Why]),
                name="crisis_call_known",
            )
        ]
        indexes = [
            models.Index(fields=["next_at"], condition=Q(state="waiting"), name="crisis_calls_waiting"),
            models.Index(
                fields=["letter"],
                condition=Q(state="waiting") & ~Q(letter=""),
                name="crisis_letters_waiting",
            ),
        ]
