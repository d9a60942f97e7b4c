"""The tables of commands: what was asked of which device, its steps, what a thing must never be told."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from belvedere.domains.commands.states import OPEN, Act, State
from belvedere.kernel.identifiers import new_id


class Command(models.Model):
    """What somebody, or a scene, asks of a device. Its id goes down with it: a device does each id once.

    `user`: the device's name on the bus; `key`: what a scene asks once only; `next_at`: when it is sent,
    first or again. The thing is named by number: a command outlives it.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    territory = models.ForeignKey("territory.Territory", models.CASCADE, related_name="+")
    owner = models.ForeignKey("territory.Organisation", models.PROTECT, null=True, related_name="+")
    entity_id = models.BigIntegerField()
    names = models.JSONField(default=dict)
    user = models.CharField(max_length=160)
    kind = models.CharField(max_length=40)
    value = models.JSONField()
    why = models.CharField(max_length=500, blank=True)
    asked_by = models.ForeignKey("access.Person", models.SET_NULL, null=True, related_name="+")
    confirmed_by = models.ForeignKey("access.Person", models.SET_NULL, null=True, related_name="+")
    needs_second = models.BooleanField(default=False)
    key = models.CharField(max_length=120, null=True, unique=True)
    state = models.CharField(max_length=12, default=State.REQUESTED)
    created_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    next_at = models.DateTimeField(null=True)
    sends = models.PositiveIntegerField(default=0)
    finished_at = models.DateTimeField(null=True)
    told = models.CharField(max_length=300, blank=True)  # the device's own words

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(state__in=[one.value for one in State]), name="commands_state_known"
            ),
            models.CheckConstraint(
                condition=Q(state__in=[one.value for one in OPEN], finished_at__isnull=True)
                | (~Q(state__in=[one.value for one in OPEN]) & Q(finished_at__isnull=False)),
                name="commands_finished_when",
            ),
            models.CheckConstraint(
                condition=Q(expires_at__gt=models.F("created_at")),
                name="commands_worth_some_time",
            ),
            # What is sent again must not undo what was asked for after it.
            models.UniqueConstraint(
                fields=["entity_id", "kind"],
                condition=Q(state__in=[one.value for one in OPEN]),
                name="commands_one_open",
            ),
        ]
        indexes = [
            models.Index(fields=["next_at"], condition=Q(next_at__isnull=False), name="commands_outbox"),
            models.Index(
                fields=["expires_at"],
                condition=Q(state__in=[one.value for one in OPEN]),
                name="commands_open",
            ),
            models.Index(fields=["territory", "-created_at"], name="commands_newest"),
            models.Index(fields=["entity_id", "-created_at"], name="commands_of_thing"),
        ]


class CommandStep(models.Model):
    """The course of a command; only added to."""

    id = models.BigAutoField(primary_key=True)
    command = models.ForeignKey(Command, models.CASCADE, related_name="steps")
    at = models.DateTimeField()
    act = models.CharField(max_length=12)
    before = models.CharField(max_length=12, blank=True)
    after = models.CharField(max_length=12)
    person = models.ForeignKey("access.Person", models.SET_NULL, null=True, related_name="+")
    note = models.CharField(max_length=500, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(act__in=[one.value for one in Act]), name="commands_act_known"
            ),
        ]
        indexes = [models.Index(fields=["command", "id"], name="commands_course")]


class Limit(models.Model):
    """The least and the most that a thing may be told for a kind of command, and why."""

    id = models.BigAutoField(primary_key=True)
    territory = models.ForeignKey("territory.Territory", models.CASCADE, related_name="+")
    entity_id = models.BigIntegerField()
    kind = models.CharField(max_length=40)
    low = models.FloatField(null=True)
    high = models.FloatField(null=True)
    why = models.CharField(max_length=300)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["entity_id", "kind"], name="commands_one_limit"),
            models.CheckConstraint(
                condition=Q(low__isnull=True) | Q(high__isnull=True) | Q(low__lte=models.F("high")),
                name="commands_limit_forward",
            ),
        ]
