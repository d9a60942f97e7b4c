"""The tables of automation: rules and their versions, alarms and their timelines, what the watch remembers.

Things are named by number without a foreign key: an alarm outlives the thing it tells of, and whoever removes
a thing does not wait for its alarms.
"""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from belvedere.domains.automation.states import OPEN, Act, AlarmState, Why
from belvedere.kernel.severity import Severity


class Rule(models.Model):
    """What is watched in the name of an organisation (null: of the territory); `version` is in force."""

    id = models.BigAutoField(primary_key=True)
    territory = models.ForeignKey("territory.Territory", models.CASCADE, related_name="+")
    owner = models.ForeignKey("territory.Organisation", models.PROTECT, null=True, related_name="+")
    version = models.PositiveIntegerField(default=1)
    is_on = models.BooleanField(default=False)
    created_at = models.DateTimeField()
    changed_at = models.DateTimeField()
    switched_at = models.DateTimeField(null=True)  # on or off, the last time
    removed_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(removed_at__isnull=True) | Q(is_on=False), name="automation_removed_is_off"
            ),
        ]
        indexes = [models.Index(fields=["territory"], name="automation_rules_here")]


class RuleVersion(models.Model):
    """What a rule said from `created_at` on; never changed."""

    id = models.BigAutoField(primary_key=True)
    rule = models.ForeignKey(Rule, models.CASCADE, related_name="versions")
    number = models.PositiveIntegerField()
    name = models.CharField(max_length=120)
    severity = models.PositiveSmallIntegerField()
    body = models.JSONField()
    author = models.ForeignKey("access.Person", models.SET_NULL, null=True, related_name="+")
    reason = models.CharField(max_length=500, blank=True)
    created_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["rule", "number"], name="automation_version_once"),
            models.CheckConstraint(
                condition=Q(severity__in=[one.value for one in Severity]), name="automation_severity_known"
            ),
        ]


class Alarm(models.Model):
    """That a rule found something wrong with a thing. The last columns stand for the thing as it was then.

    `values`: what raised it, by attribute: {attribute, number or text, unit, at, series_id}. `owner`: who
    answers for it (of the rule, else of the thing). `raised_at`: of the last time (`times`), by the values.
    """

    id = models.BigAutoField(primary_key=True)
    territory = models.ForeignKey("territory.Territory", models.CASCADE, related_name="+")
    rule = models.ForeignKey(Rule, models.PROTECT, related_name="+")
    version = models.ForeignKey(RuleVersion, models.PROTECT, related_name="+")
    entity_id = models.BigIntegerField()
    parent = models.ForeignKey("self", models.SET_NULL, null=True, related_name="children")
    severity = models.PositiveSmallIntegerField()
    state = models.CharField(max_length=12, default=AlarmState.RAISED)
    times = models.PositiveIntegerField(default=1)
    raised_at = models.DateTimeField()
    first_raised_at = models.DateTimeField()
    known_at = models.DateTimeField()  # when the platform wrote it down
    cleared_at = models.DateTimeField(null=True)
    why_cleared = models.CharField(max_length=12, default=Why.VALUES, blank=True)
    acknowledged_at = models.DateTimeField(null=True)
    closed_at = models.DateTimeField(null=True)
    shelved_until = models.DateTimeField(null=True)
    shelved_why = models.CharField(max_length=500, blank=True)
    values = models.JSONField(default=list)
    owner = models.ForeignKey("territory.Organisation", models.PROTECT, null=True, related_name="+")
    place = models.ForeignKey("territory.Place", models.SET_NULL, null=True, related_name="+")
    kind = models.CharField(max_length=60, blank=True)
    names = models.JSONField(default=dict)
    longitude = models.FloatField(null=True)
    latitude = models.FloatField(null=True)
    search = models.TextField(default="", blank=True)  # folded names of the thing and the rule

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["rule", "entity_id"],
                condition=~Q(state=AlarmState.CLOSED),
                name="automation_one_open_alarm",
            ),
            models.CheckConstraint(
                condition=Q(state__in=[one.value for one in AlarmState]), name="automation_state_known"
            ),
            models.CheckConstraint(
                condition=Q(state=AlarmState.CLOSED, closed_at__isnull=False)
                | (~Q(state=AlarmState.CLOSED) & Q(closed_at__isnull=True)),
                name="automation_closed_when",
            ),
            models.CheckConstraint(
                condition=~Q(state=AlarmState.CLEARED) | Q(cleared_at__isnull=False),
                name="automation_cleared_when",
            ),
            models.CheckConstraint(
                condition=Q(shelved_until__isnull=True) | ~Q(shelved_why=""), name="automation_shelved_why"
            ),
        ]
        indexes = [
            models.Index(
                fields=["territory", "-severity", "-raised_at", "-id"],
                condition=Q(state__in=[one.value for one in OPEN]),
                name="automation_open_alarms",
            ),
            models.Index(fields=["territory", "-raised_at", "-id"], name="automation_alarms_newest"),
            models.Index(fields=["entity_id", "-raised_at"], name="automation_alarms_of_thing"),
            models.Index(
                fields=["shelved_until"],
                condition=Q(shelved_until__isnull=False),
                name="automation_shelved",
            ),
        ]


class AlarmStep(models.Model):
    """The timeline of an alarm; only added to. `at`: by the values for what the values did, else by the
    clock; `note`: what a person wrote."""

    id = models.BigAutoField(primary_key=True)
    alarm = models.ForeignKey(Alarm, models.CASCADE, related_name="steps")
    at = models.DateTimeField()
    act = models.CharField(max_length=12)
    before = models.CharField(max_length=12, blank=True)
    after = models.CharField(max_length=12)
    person = models.ForeignKey("access.Person", models.SET_NULL, null=True, related_name="+")
    note = models.TextField(blank=True)
    data = models.JSONField(default=dict)  # of the act: the values, until when it is shelved, why it cleared

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(act__in=[one.value for one in Act]), name="automation_act_known"
            ),
        ]
        indexes = [models.Index(fields=["alarm", "id"], name="automation_timeline")]


class Version(models.Model):
    """One row: `rules` grows with every change of rules (or of things, when it is noticed), `watched` with
    every change of `WatchedSeries`."""

    id = models.SmallIntegerField(primary_key=True, default=1)
    rules = models.BigIntegerField(default=0)
    watched = models.BigIntegerField(default=0)

    class Meta:
        constraints = [models.CheckConstraint(condition=Q(id=1), name="automation_one_version")]


class WatchedSeries(models.Model):
    """The series whose readings are put into the inbox."""

    series_id = models.BigIntegerField(primary_key=True)


class Inbox(models.Model):
    """Readings of watched series as they were stored together, until they are judged. `body`: packed."""

    id = models.BigAutoField(primary_key=True)
    stored_at = models.DateTimeField()
    body = models.BinaryField()


class Progress(models.Model):
    """One row: who judges now; whoever takes over writes their name and reads everything anew."""

    id = models.SmallIntegerField(primary_key=True, default=1)
    holder = models.UUIDField(null=True)
    rules = models.BigIntegerField(default=0)  # the version of the rules that `Memory` belongs to

    class Meta:
        constraints = [models.CheckConstraint(condition=Q(id=1), name="automation_one_progress")]


class Memory(models.Model):
    """Where the signals of some things stand, packed: those whose number divided by `memory.PAGE` is `id`."""

    id = models.BigIntegerField(primary_key=True)
    body = models.BinaryField()


class UsualDay(models.Model):
    """What is usual at a series on a local day, learnt from the weeks before: 24 hours, then their spreads,
    as doubles. Thrown away when the day is over."""

    id = models.BigAutoField(primary_key=True)
    series_id = models.BigIntegerField()
    weeks = models.PositiveSmallIntegerField()
    day = models.DateField()
    body = models.BinaryField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["series_id", "day", "weeks"], name="automation_usual_once"),
        ]
        indexes = [models.Index(fields=["day"], name="automation_usual_day")]
