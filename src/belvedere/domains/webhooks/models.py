"""The tables of webhooks. Secrets are encrypted; the key is outside the database."""

from __future__ import annotations

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q

from belvedere.domains.webhooks.states import DeliveryState, EventKind, Stopped
from belvedere.kernel.identifiers import new_id


class Endpoint(models.Model):
    """An address outside that is told of events of a territory, in the name of who set it up."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    territory = models.ForeignKey("territory.Territory", models.CASCADE, related_name="+")
    created_by = models.ForeignKey("access.Person", models.SET_NULL, null=True, related_name="+")
    created_at = models.DateTimeField()
    url = models.CharField(max_length=500)
    kinds = ArrayField(models.CharField(max_length=40, choices=[(k.value, k.name) for k in EventKind]))
    secret = models.BinaryField()  # encrypted
    old_secret = models.BinaryField(null=True)  # encrypted; signs too until `old_until`
    old_until = models.DateTimeField(null=True)
    failing_since = models.DateTimeField(null=True)
    stopped_at = models.DateTimeField(null=True)
    stopped_why = models.CharField(max_length=12, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(stopped_at__isnull=True, stopped_why="")
                | Q(stopped_at__isnull=False, stopped_why__in=[why.value for why in Stopped]),
                name="endpoint_stopped_says_why",
            ),
            models.CheckConstraint(condition=Q(kinds__len__gt=0), name="endpoint_has_kinds"),
        ]


class Delivery(models.Model):
    """One message to one endpoint: the outbox. `payload` is sent as it stands, at every try the same."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    endpoint = models.ForeignKey(Endpoint, models.CASCADE, related_name="deliveries")
    kind = models.CharField(max_length=40)
    payload = models.TextField()
    created_at = models.DateTimeField()
    state = models.CharField(max_length=10, default=DeliveryState.WAITING)
    tries = models.PositiveSmallIntegerField(default=0)
    next_at = models.DateTimeField(null=True)
    claimed_at = models.DateTimeField(null=True)
    done_at = models.DateTimeField(null=True)
    status = models.PositiveSmallIntegerField(null=True)  # of the last answer
    answer = models.TextField(blank=True)  # its first 2 kB, or why there was none

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(state__in=[state.value for state in DeliveryState]), name="delivery_state_known"
            ),
        ]
        indexes = [
            models.Index(fields=["next_at"], condition=Q(state="waiting"), name="delivery_due"),
            models.Index(fields=["endpoint", "-created_at"], name="delivery_of_endpoint"),
        ]
