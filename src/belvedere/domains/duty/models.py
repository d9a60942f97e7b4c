"""The tables of duty: rosters, plans of climbing, alarms that climb, and who is told.

Alarms are named by number without a foreign key: what was told outlives them.
"""

from __future__ import annotations

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q

from belvedere.domains.duty.states import CallState, Channel
from belvedere.kernel.identifiers import new_id


class Roster(models.Model):
    """Who of an organisation is on duty when. `body`: `bodies.RosterBody`."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    territory = models.ForeignKey("territory.Territory", models.CASCADE, related_name="+")
    owner = models.ForeignKey("territory.Organisation", models.PROTECT, related_name="+")
    name = models.CharField(max_length=120)
    body = models.JSONField()
    version = models.PositiveIntegerField(default=1)
    removed_at = models.DateTimeField(null=True)


class StandIn(models.Model):
    """`person` is on duty in the place of `instead_of` (null: of anybody)."""

    id = models.BigAutoField(primary_key=True)
    roster = models.ForeignKey(Roster, models.CASCADE, related_name="stand_ins")
    person = models.ForeignKey("access.Person", models.CASCADE, related_name="+")
    instead_of = models.ForeignKey("access.Person", models.CASCADE, null=True, related_name="+")
    since = models.DateTimeField()
    until = models.DateTimeField()
    why = models.CharField(max_length=200, blank=True)
    removed_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(until__gt=models.F("since")), name="duty_stand_in_lasts")
        ]


class Plan(models.Model):
    """How alarms of an organisation climb, those of these severities and kinds (none: all). `body`:
    `bodies.PlanBody`."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    territory = models.ForeignKey("territory.Territory", models.CASCADE, related_name="+")
    owner = models.ForeignKey("territory.Organisation", models.PROTECT, related_name="+")
    name = models.CharField(max_length=120)
    severities = ArrayField(models.PositiveSmallIntegerField())
    kinds = ArrayField(models.CharField(max_length=60), default=list)
    body = models.JSONField()
    version = models.PositiveIntegerField(default=1)
    removed_at = models.DateTimeField(null=True)


class Climb(models.Model):
    """An alarm that nobody acknowledged yet, from one raise on; `body`: the plan as it was then.

    `level`: the next one to be told, at `due_at`; `round`: how often the last one was repeated.
    """

    id = models.BigAutoField(primary_key=True)
    alarm_id = models.BigIntegerField()
    territory = models.ForeignKey("territory.Territory", models.CASCADE, related_name="+")
    owner = models.ForeignKey("territory.Organisation", models.PROTECT, null=True, related_name="+")
    plan = models.ForeignKey(Plan, models.SET_NULL, null=True, related_name="+")
    severity = models.PositiveSmallIntegerField()
    body = models.JSONField()
    begun_at = models.DateTimeField()
    level = models.PositiveSmallIntegerField(default=0)
    round = models.PositiveIntegerField(default=0)
    due_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)
    ended = models.CharField(max_length=12, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["alarm_id"], condition=Q(ended_at__isnull=True), name="duty_one_open_climb"
            ),
            models.CheckConstraint(
                condition=Q(ended_at__isnull=True, ended="", due_at__isnull=False)
                | (Q(ended_at__isnull=False, due_at__isnull=True) & ~Q(ended="")),
                name="duty_open_climb_is_due",
            ),
        ]
        indexes = [
            models.Index(fields=["due_at"], condition=Q(ended_at__isnull=True), name="duty_due"),
            models.Index(fields=["alarm_id", "id"], name="duty_of_alarm"),
        ]


class Call(models.Model):
    """That a person is told by a channel: once for each (climb, level, round, person, channel); or a room.

    `then`: the ways that are left when this one fails; `wrong`: why it failed last, as `reach.Outcome.wrong`.
    `letter`: the key of the letter in which it leaves, from just before its first try on.
    """

    id = models.BigAutoField(primary_key=True)
    climb = models.ForeignKey(Climb, models.CASCADE, related_name="calls")
    level = models.PositiveSmallIntegerField()
    round = models.PositiveIntegerField(default=0)
    person = models.ForeignKey("access.Person", models.CASCADE, null=True, related_name="+")
    gateway = models.ForeignKey("reach.Gateway", models.CASCADE, null=True, related_name="+")
    channel = models.CharField(max_length=12)
    then = ArrayField(models.CharField(max_length=12), default=list)
    wrong = models.JSONField(null=True)
    state = models.CharField(max_length=8, default=CallState.WAITING)
    created_at = models.DateTimeField()
    next_at = models.DateTimeField()
    attempts = models.PositiveSmallIntegerField(default=0)
    letter = models.CharField(max_length=64, blank=True, default="")
    done_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["climb", "level", "round", "person", "channel"], name="duty_told_once"
            ),
            models.UniqueConstraint(
                fields=["climb", "level", "round", "gateway"],
                condition=Q(gateway__isnull=False),
                name="duty_room_told_once",
            ),
            models.CheckConstraint(
                condition=Q(person__isnull=False, gateway__isnull=True)
                | Q(person__isnull=True, gateway__isnull=False, channel=Channel.ROOM),
                name="duty_call_of_somebody",
            ),
            models.CheckConstraint(
                condition=Q(state__in=[one.value for one in CallState])
                & Q(channel__in=[one.value for one in Channel]),
                name="duty_call_known",
            ),
        ]
        indexes = [
            models.Index(fields=["next_at"], condition=Q(state="waiting"), name="duty_calls_waiting"),
            models.Index(
                fields=["letter"], condition=Q(state="waiting") & ~Q(letter=""), name="duty_letters_waiting"
            ),
        ]


class Feed(models.Model):
    """A private address under which a person's calendar reads turns: of one roster, or (null) their own."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    territory = models.ForeignKey("territory.Territory", models.CASCADE, related_name="+")
    person = models.ForeignKey("access.Person", models.CASCADE, related_name="+")
    roster = models.ForeignKey(Roster, models.CASCADE, null=True, related_name="+")
    created_at = models.DateTimeField()
    read_at = models.DateTimeField(null=True)
    revoked_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["territory", "person", "roster"],
                condition=Q(revoked_at__isnull=True),
                nulls_distinct=False,
                name="duty_one_open_feed",
            )
        ]


class Absence(models.Model):
    """When somebody of a roster is away, as their calendar says it; never why. `uid`: of the calendar."""

    id = models.BigAutoField(primary_key=True)
    roster = models.ForeignKey(Roster, models.CASCADE, related_name="absences")
    person = models.ForeignKey("access.Person", models.CASCADE, related_name="+")
    uid = models.CharField(max_length=200)
    since = models.DateTimeField()
    until = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["roster", "person", "uid"], name="duty_absence_once"),
            models.CheckConstraint(condition=Q(until__gt=models.F("since")), name="duty_absence_lasts"),
        ]
