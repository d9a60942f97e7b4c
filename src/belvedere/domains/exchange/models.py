"""The tables of exchange: who reads what, how each delivery goes, and what waits to be told.

What changes seldom (`Subscription`, kept in the memory of every process) is apart from what changes with
every delivery (`Lane`). A `Notice` names its subscription by number without a foreign key: it is written in
the transaction of a change, which nobody who removes a subscription may undo or hold up.
"""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from belvedere.domains.exchange.states import Stopped


class Subscription(models.Model):
    """What another system wants to be told of (ETSI GS CIM 009, clause 5.2.12), in the name of its owner.

    `body`: the members as they were given, without those below; `names`: what each name in it means;
    `context`: the value of @context for what is sent; `headers`: receiverInfo, encrypted.
    """

    id = models.BigAutoField(primary_key=True)
    territory = models.ForeignKey("territory.Territory", models.CASCADE, related_name="+")
    urn = models.CharField(max_length=300)
    owner = models.ForeignKey("access.Person", models.SET_NULL, null=True, related_name="+")
    created_at = models.DateTimeField()
    modified_at = models.DateTimeField()
    body = models.JSONField()
    names = models.JSONField(default=dict)
    context = models.JSONField(null=True)
    headers = models.BinaryField(null=True)
    uri = models.CharField(max_length=500)
    is_active = models.BooleanField(default=True)
    stopped = models.CharField(max_length=8, default=Stopped.NOT, blank=True)
    expires_at = models.DateTimeField(null=True)
    throttling_s = models.FloatField(default=0.0)
    interval_s = models.FloatField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["territory", "urn"], name="exchange_subscription_once"),
            models.CheckConstraint(
                condition=Q(stopped__in=[one.value for one in Stopped]), name="exchange_stopped_known"
            ),
            models.CheckConstraint(
                condition=Q(throttling_s__gte=0) & (Q(interval_s__isnull=True) | Q(throttling_s=0)),
                name="exchange_throttled_or_by_clock",
            ),
            models.CheckConstraint(
                condition=Q(interval_s__isnull=True) | Q(interval_s__gt=0), name="exchange_interval_positive"
            ),
        ]


class Lane(models.Model):
    """How the deliveries of a subscription go. `holder`: the worker that sends now (the number of the lock it
    holds while it lives); `since`: when the receiver began to fail."""

    subscription = models.OneToOneField(Subscription, models.CASCADE, primary_key=True, related_name="lane")
    holder = models.BigIntegerField(null=True)
    next_at = models.DateTimeField()
    tick_at = models.DateTimeField(null=True)
    failures = models.PositiveIntegerField(default=0)
    since = models.DateTimeField(null=True)
    sent = models.BigIntegerField(default=0)
    failed = models.BigIntegerField(default=0)
    last_sent_at = models.DateTimeField(null=True)
    last_taken_at = models.DateTimeField(null=True)
    last_failed_at = models.DateTimeField(null=True)
    status = models.PositiveSmallIntegerField(null=True)  # of the last answer
    answer = models.TextField(default="", blank=True)  # its beginning, or why there was none


class Notice(models.Model):
    """What one change tells one subscription: the outbox. Things as they were then, in `payload`."""

    id = models.BigAutoField(primary_key=True)
    subscription_id = models.BigIntegerField()
    created_at = models.DateTimeField()
    payload = models.BinaryField()
    offers = models.PositiveSmallIntegerField(default=0)
    parked_at = models.DateTimeField(null=True)
    why = models.CharField(max_length=8, default="", blank=True)  # parked: "refused" or "late"

    class Meta:
        indexes = [
            models.Index(
                fields=["subscription_id", "id"],
                condition=Q(parked_at__isnull=True),
                name="exchange_notice_waiting",
            ),
            models.Index(
                fields=["subscription_id", "parked_at"],
                condition=Q(parked_at__isnull=False),
                name="exchange_notice_parked",
            ),
        ]


class Version(models.Model):
    """One row: a number that grows in the transaction of whatever changes who is told of what."""

    id = models.SmallIntegerField(primary_key=True, default=1)
    number = models.BigIntegerField(default=1)

    class Meta:
        constraints = [models.CheckConstraint(condition=Q(id=1), name="exchange_one_version")]
