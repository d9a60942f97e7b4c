"""The tables of reach: gateways, how each person wants to be reached, messages that wait.

Secrets of gateways are encrypted; the key is outside the database. Telephone numbers stay with the account.
"""

from __future__ import annotations

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q

from belvedere.domains.reach.states import Kind, MessageState, Way
from belvedere.kernel.identifiers import new_id


class Gateway(models.Model):
    """A way out of the platform, of an organisation or (owner null) of the whole territory.

    `settings`: `bodies.HttpBody` or `bodies.RoomBody`. `retry_at`: until then it is not tried, since it did
    not answer. `last_error`: what went wrong last, as `transport.Outcome.wrong`.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    territory = models.ForeignKey("territory.Territory", models.CASCADE, related_name="+")
    owner = models.ForeignKey("territory.Organisation", models.PROTECT, null=True, related_name="+")
    name = models.CharField(max_length=120)
    kind = models.CharField(max_length=12)
    ways = ArrayField(models.CharField(max_length=12), default=list)
    settings = models.JSONField()
    secret = models.BinaryField()
    language = models.CharField(max_length=8, default="fr")
    version = models.PositiveIntegerField(default=1)
    is_on = models.BooleanField(default=True)
    created_at = models.DateTimeField()
    sent = models.PositiveIntegerField(default=0)
    failed = models.PositiveIntegerField(default=0)
    failures = models.PositiveSmallIntegerField(default=0)  # in a row
    last_sent_at = models.DateTimeField(null=True)
    last_error_at = models.DateTimeField(null=True)
    last_error = models.JSONField(null=True)
    retry_at = models.DateTimeField(null=True)
    removed_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(kind=Kind.HTTP, ways__len__gt=0)
                | Q(kind__in=[Kind.MATRIX, Kind.WEBHOOK], ways__len=0),
                name="reach_gateway_has_ways",
            ),
        ]
        indexes = [models.Index(fields=["territory", "owner"], name="reach_gateways_of")]


class Wishes(models.Model):
    """How a person wants to be reached. `orders`: ways by the number of the severity, the first one first.

    Quiet hours begin on the `quiet_days` (1 is Monday) and hold for what is not graver than `quiet_most`.
    `known_phone`: the keyed hash of the number that was proved by a code.
    """

    person = models.OneToOneField("access.Person", models.CASCADE, primary_key=True, related_name="+")
    orders = models.JSONField(default=dict)
    is_quiet = models.BooleanField(default=False)
    quiet_days = ArrayField(models.PositiveSmallIntegerField(), default=list)
    quiet_from = models.PositiveSmallIntegerField(default=22 * 60)
    quiet_until = models.PositiveSmallIntegerField(default=7 * 60)
    quiet_most = models.PositiveSmallIntegerField(default=3)
    known_phone = models.CharField(max_length=64, blank=True)
    code = models.CharField(max_length=64, blank=True)  # a keyed hash
    code_phone = models.CharField(max_length=64, blank=True)
    code_until = models.DateTimeField(null=True)
    code_sent_at = models.DateTimeField(null=True)
    code_left = models.PositiveSmallIntegerField(default=0)


class Browser(models.Model):
    """A browser in which a person switched messages on: it belongs to whoever did so last.

    `subscription`: endpoint and keys (`bodies.Subscribed`), encrypted: who has them may write there.
    `endpoint_index`: a keyed hash of the endpoint. `last_error`: as `transport.Outcome.wrong`.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    person = models.ForeignKey("access.Person", models.CASCADE, related_name="+")
    name = models.CharField(max_length=80, blank=True)
    endpoint_index = models.CharField(max_length=64, unique=True)
    subscription = models.BinaryField()
    added_at = models.DateTimeField()
    last_sent_at = models.DateTimeField(null=True)
    last_error_at = models.DateTimeField(null=True)
    last_error = models.JSONField(null=True)


class Message(models.Model):
    """Something one person is told by the ways they chose: the outbox. The same `key` is told once, ever.

    `text`: a msgid filled by `values`; `then`: the ways that are left when this one fails.
    """

    id = models.BigAutoField(primary_key=True)
    territory = models.ForeignKey("territory.Territory", models.CASCADE, related_name="+")
    owner = models.ForeignKey("territory.Organisation", models.CASCADE, null=True, related_name="+")
    person = models.ForeignKey("access.Person", models.CASCADE, related_name="+")
    key = models.CharField(max_length=120)
    text = models.TextField()
    values = models.JSONField(default=dict)
    link = models.CharField(max_length=300, blank=True)
    way = models.CharField(max_length=12)
    then = ArrayField(models.CharField(max_length=12), default=list)
    state = models.CharField(max_length=10, default=MessageState.WAITING)
    attempts = models.PositiveSmallIntegerField(default=0)
    created_at = models.DateTimeField()
    next_at = models.DateTimeField()
    done_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["person", "key"], name="reach_told_once"),
            models.CheckConstraint(
                condition=Q(state__in=[one.value for one in MessageState])
                & Q(way__in=[one.value for one in Way]),
                name="reach_message_known",
            ),
        ]
        indexes = [
            models.Index(fields=["next_at"], condition=Q(state="waiting"), name="reach_messages_due"),
        ]
