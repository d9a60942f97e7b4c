"""The tables of intake: what was taken, what became of it, and what was refused."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from belvedere.domains.intake.states import Form, LetterState, Outcome, Reason


class Progress(models.Model):
    """Which messages of a stream were taken: a set of numbers (`done`, int8multirange, see migration 0002).

    `stream` names the stream with its birth: one that is made anew counts from one again. The row is the
    lock that lets one batch of a stream through at a time.
    """

    stream = models.CharField(max_length=120, primary_key=True)


class Received(models.Model):
    """What arrived: messages, and the reading sets in them, by device and hour of arrival."""

    territory = models.ForeignKey("territory.Territory", models.CASCADE, null=True, related_name="+")
    device_key = models.CharField(max_length=64)  # as the topic says; "" when it says none
    hour = models.DateTimeField()
    messages = models.BigIntegerField()
    sets = models.BigIntegerField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["territory", "hour", "device_key"],
                name="intake_received_once",
                nulls_distinct=False,
            ),
        ]


class Ledger(models.Model):
    """What became of the reading sets that arrived in an hour. The sum over outcomes is that of Received."""

    territory = models.ForeignKey("territory.Territory", models.CASCADE, null=True, related_name="+")
    device_key = models.CharField(max_length=64)
    hour = models.DateTimeField()
    outcome = models.CharField(max_length=9, choices=[(one.value, one.name) for one in Outcome])
    reason = models.CharField(max_length=14, blank=True)  # of a refusal
    n = models.BigIntegerField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["territory", "hour", "device_key", "outcome", "reason"],
                name="intake_ledger_once",
                nulls_distinct=False,
            ),
            models.CheckConstraint(
                condition=Q(outcome=Outcome.REFUSED, reason__in=[one.value for one in Reason])
                | (
                    Q(outcome__in=[one.value for one in Outcome if one is not Outcome.REFUSED]) & Q(reason="")
                ),
                name="intake_refusals_say_why",
            ),
            models.CheckConstraint(condition=Q(n__gte=0), name="intake_counts_are_counts"),
        ]


class Pace(models.Model):
    """How much a device sent in its last minute, and the newest instant it told of."""

    device_id = models.UUIDField(primary_key=True)
    minute = models.DateTimeField()
    n = models.IntegerField()
    newest_at = models.DateTimeField(null=True)


class Last(models.Model):
    """The last message of a device as it came (its first 4 KiB), and what became of it; see `lasts`."""

    device_id = models.UUIDField(primary_key=True)
    subject = models.CharField(max_length=300)
    received_at = models.DateTimeField()
    payload = models.BinaryField()
    size = models.IntegerField()
    outcome = models.CharField(max_length=9, choices=[(one.value, one.name) for one in Outcome])
    reason = models.CharField(max_length=14, blank=True)


class Frame(models.Model):
    """A frame of a device that was taken, by its mark: told again, by whichever way, it is a duplicate."""

    device_id = models.UUIDField()
    mark = models.BinaryField(max_length=16)
    at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["device_id", "mark"], name="intake_frame_once")]
        indexes = [models.Index(fields=["at"], name="intake_frames_by_age")]


class DeadLetter(models.Model):
    """A refused set as it came. `payload`: its first 64 KiB; `size` and `sha256` are of the whole."""

    territory = models.ForeignKey("territory.Territory", models.CASCADE, null=True, related_name="+")
    device_key = models.CharField(max_length=64)
    subject = models.CharField(max_length=300)
    stream = models.CharField(max_length=120)
    seq = models.BigIntegerField()
    part = models.IntegerField(null=True)  # its place in a message that held several
    received_at = models.DateTimeField()
    form = models.CharField(max_length=6, choices=[(one.value, one.name) for one in Form])
    payload = models.BinaryField()
    size = models.IntegerField()
    sha256 = models.BinaryField(max_length=32)
    reason = models.CharField(max_length=14, choices=[(one.value, one.name) for one in Reason])
    detail = models.CharField(max_length=300, blank=True)
    state = models.CharField(max_length=9, default=LetterState.WAITING)
    done_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(state=LetterState.WAITING, done_at__isnull=True)
                | Q(state__in=[LetterState.REPLAYED, LetterState.DISMISSED], done_at__isnull=False),
                name="intake_letter_done_says_when",
            ),
        ]
        indexes = [
            models.Index(
                fields=["territory", "-received_at", "-id"],
                condition=Q(state=LetterState.WAITING),
                name="intake_letters_waiting",
            ),
            models.Index(fields=["territory", "-received_at", "-id"], name="intake_letters"),
        ]
