"""The tables of observations. Readings live in partitions that Django does not make: migration 0002 does."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from belvedere.domains.observations.quality_states import Oddity, Weight
from belvedere.domains.observations.states import DayState, Width


class _Row(models.Model):
    """What a reading is, wherever it waits."""

    pk = models.CompositePrimaryKey("series_id", "observed_at")
    series_id = models.BigIntegerField()
    observed_at = models.DateTimeField()
    number = models.FloatField(null=True)
    value = models.JSONField(null=True)
    seq = models.BigIntegerField()
    received_at = models.DateTimeField()

    class Meta:
        abstract = True
        managed = False


class Reading(_Row):
    """A reading of a hot day. Partitioned by UTC day; partitions come and go (see `partitions`)."""

    class Meta(_Row.Meta):
        abstract = False


class Late(_Row):
    """A reading of a day that is not hot: it waits here to be merged into the lake."""

    class Meta(_Row.Meta):
        abstract = False


class Settled(models.Model):
    """A UTC day that is in the lake, or on its way there. `version` grows with every change of any day."""

    day = models.DateField(primary_key=True)
    state = models.CharField(max_length=10, choices=[(state.value, state.name) for state in DayState])
    rows = models.BigIntegerField(default=0)
    checksum = models.CharField(max_length=40, default="")
    settled_at = models.DateTimeField(null=True)
    version = models.BigIntegerField(default=0)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(state__in=[state.value for state in DayState]), name="settled_state_known"
            ),
            models.CheckConstraint(
                condition=Q(state=DayState.SETTLING) | Q(settled_at__isnull=False), name="settled_says_when"
            ),
        ]
        indexes = [models.Index(fields=["version"], name="settled_version")]


class _File(models.Model):
    """A file of the lake."""

    path = models.CharField(max_length=400, unique=True)  # within the lake
    first_day = models.DateField()
    last_day = models.DateField()
    first_series = models.BigIntegerField()
    last_series = models.BigIntegerField()
    rows = models.BigIntegerField()
    size = models.BigIntegerField()  # bytes

    class Meta:
        abstract = True


class LakeFile(_File):
    """A file of the lake that is read now. Its days are whole in it and in those of the same days.

    The catalogue of the lake names the same files; this list changes in the transaction that takes the
    hot or late rows away, so a reader sees each reading once.
    """

    summary = models.BooleanField(default=False)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(first_day__lte=models.F("last_day")), name="lake_file_days_in_order"
            ),
        ]
        indexes = [models.Index(fields=["first_day", "last_day"], name="lake_file_days")]


class LakeSums(_File):
    """A file of sums of the readings in the files of the same days (see `sums`); changes with that list."""

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(first_day__lte=models.F("last_day")), name="lake_sums_days_in_order"
            ),
        ]
        indexes = [models.Index(fields=["first_day", "last_day"], name="lake_sums_days")]


class Load(models.Model):
    """A file that was loaded: where readings came from that no device sent."""

    name = models.CharField(max_length=200)
    sha256 = models.CharField(max_length=64)
    rows = models.BigIntegerField(default=0)
    began_at = models.DateTimeField()
    done_at = models.DateTimeField(null=True)


class Rule(models.Model):
    """How long a series is kept: as it came for a while, then summed up, then not at all."""

    series_id = models.BigIntegerField(primary_key=True)
    raw_days = models.PositiveIntegerField()
    width = models.CharField(max_length=4, blank=True, choices=[(width.value, width.name) for width in Width])
    kept_days = models.PositiveIntegerField(null=True)  # None: for ever

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(width__in=["", *(width.value for width in Width)]), name="rule_width_known"
            ),
            models.CheckConstraint(
                condition=Q(kept_days__isnull=True) | Q(kept_days__gte=models.F("raw_days")),
                name="rule_keeps_raw_first",
            ),
        ]


class Forgotten(models.Model):
    """A series whose thing was removed: its readings go, or are gone since `done_at`."""

    series_id = models.BigIntegerField(primary_key=True)
    removed_at = models.DateTimeField()
    done_at = models.DateTimeField(null=True)


class Measured(models.Model):
    """How good the readings of a series were when the job last looked. Shares are 0 to 1."""

    series_id = models.BigIntegerField(primary_key=True)
    entity_id = models.BigIntegerField()
    territory_id = models.UUIDField(db_index=True)
    term = models.CharField(max_length=120)
    at = models.DateTimeField()
    received_day = models.IntegerField()
    received_week = models.IntegerField()
    complete_day = models.FloatField(null=True)  # None: nobody knows how often it should tell
    complete_week = models.FloatField(null=True)
    gap_h = models.IntegerField()
    same_h = models.IntegerField()
    outside_h = models.IntegerField()
    drift = models.FloatField(null=True)  # standard deviations
    late = models.FloatField(null=True)
    delay_s = models.FloatField(null=True)  # median from the instant told to arrival, last day


class Finding(models.Model):
    """Something odd about a thing (`series_id` None) or a series of it; `amount` as its `Oddity` says."""

    territory_id = models.UUIDField()
    entity_id = models.BigIntegerField()
    series_id = models.BigIntegerField(null=True)
    term = models.CharField(max_length=120, blank=True)
    oddity = models.CharField(max_length=13, choices=[(one.value, one.name) for one in Oddity])
    weight = models.CharField(max_length=4, choices=[(one.value, one.name) for one in Weight])
    amount = models.FloatField()
    at = models.DateTimeField()

    class Meta:
        indexes = [
            models.Index(fields=["territory_id", "oddity"], name="finding_territory"),
            models.Index(fields=["entity_id"], name="finding_thing"),
        ]
