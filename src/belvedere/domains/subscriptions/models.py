"""The tables of subscriptions: what the public knew of each measure, what changed, who asked to be told."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from belvedere.domains.subscriptions.states import ChangeKind, Rhythm, ScopeKind
from belvedere.kernel.identifiers import new_id


class Watch(models.Model):
    """How far the public facts of a territory were looked through; `mark` is that of `plans.state_of`."""

    territory = models.OneToOneField(
        "territory.Territory", models.CASCADE, primary_key=True, related_name="+"
    )
    mark = models.CharField(max_length=120, default="")


class PublicState(models.Model):
    """What everyone could read of a published measure when it was last looked at."""

    measure = models.OneToOneField("plans.Measure", models.CASCADE, primary_key=True, related_name="+")
    territory = models.ForeignKey("territory.Territory", models.CASCADE, related_name="+")
    version = models.PositiveIntegerField()
    facts = models.JSONField(default=dict)


class PublicChange(models.Model):
    """A difference between two such readings. Only what is public is ever written here."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    territory = models.ForeignKey("territory.Territory", models.CASCADE, related_name="+")
    measure = models.ForeignKey("plans.Measure", models.CASCADE, related_name="+")
    at = models.DateTimeField()
    kind = models.CharField(max_length=12, choices=[(kind.value, kind.name) for kind in ChangeKind])
    about = models.CharField(max_length=40, default="", blank=True)  # of a document or a milestone
    detail = models.JSONField(default=dict)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(kind__in=list(ChangeKind)), name="public_change_known"),
        ]
        indexes = [models.Index(fields=["territory", "-at"], name="public_change_newest")]


class Subscription(models.Model):
    """That an e-mail address asked to be told of the works of a measure, a place, a circle or a territory.

    The address is encrypted and found by a keyed hash; unconfirmed ones are erased after a week.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    territory = models.ForeignKey("territory.Territory", models.CASCADE, related_name="+")
    scope = models.CharField(max_length=10, choices=[(kind.value, kind.name) for kind in ScopeKind])
    scope_key = models.CharField(max_length=80)  # the whole of it, to know two alike
    measure = models.ForeignKey("plans.Measure", models.CASCADE, null=True, related_name="+")
    place = models.ForeignKey("territory.Place", models.CASCADE, null=True, related_name="+")
    longitude = models.FloatField(null=True)  # degrees, rounded to about 100 m
    latitude = models.FloatField(null=True)
    radius_m = models.PositiveIntegerField(null=True)
    email = models.BinaryField()  # encrypted
    email_index = models.CharField(max_length=64, db_index=True)  # keyed hash
    language = models.CharField(max_length=5)
    rhythm = models.CharField(max_length=10, choices=[(one.value, one.name) for one in Rhythm])
    created_at = models.DateTimeField()
    confirmed_at = models.DateTimeField(null=True)
    told_until = models.DateTimeField(null=True)  # changes up to then were sent, or came before
    sent_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["email_index", "territory", "scope_key"], name="subscription_once"
            ),
            models.CheckConstraint(condition=Q(rhythm__in=list(Rhythm)), name="subscription_rhythm_known"),
            models.CheckConstraint(
                condition=Q(confirmed_at__isnull=True) | Q(told_until__isnull=False),
                name="subscription_confirmed_has_start",
            ),
            models.CheckConstraint(
                condition=Q(scope="measure", measure__isnull=False, place__isnull=True, radius_m__isnull=True)
                | Q(scope="place", measure__isnull=True, place__isnull=False, radius_m__isnull=True)
                | Q(
                    scope="circle",
                    measure__isnull=True,
                    place__isnull=True,
                    longitude__isnull=False,
                    latitude__isnull=False,
                    radius_m__isnull=False,
                )
                | Q(scope="territory", measure__isnull=True, place__isnull=True, radius_m__isnull=True),
                name="subscription_scope_fits",
            ),
        ]
