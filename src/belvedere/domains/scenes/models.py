"""The tables of scenes: scenes and their versions, what overrides them, the ledger of energy and savings."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from belvedere.kernel.identifiers import new_id


class Scene(models.Model):
    """What things of an organisation are told by a calendar. `version`: of its body, and counted on when it
    is switched on; `next_at`: when something is to be asked next."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    territory = models.ForeignKey("territory.Territory", models.CASCADE, related_name="+")
    owner = models.ForeignKey("territory.Organisation", models.PROTECT, related_name="+")
    name = models.CharField(max_length=120)
    version = models.PositiveIntegerField(default=1)
    is_on = models.BooleanField(default=False)
    on_since = models.DateTimeField(null=True)
    on_by = models.ForeignKey("access.Person", models.SET_NULL, null=True, related_name="+")
    next_at = models.DateTimeField(null=True)
    removed_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(is_on=False) | Q(on_since__isnull=False, removed_at__isnull=True),
                name="scenes_on_since",
            ),
            models.CheckConstraint(
                condition=Q(is_on=True) | Q(next_at__isnull=True), name="scenes_off_asks_nothing"
            ),
        ]
        indexes = [
            models.Index(fields=["next_at"], condition=Q(next_at__isnull=False), name="scenes_due"),
            models.Index(fields=["territory", "name"], name="scenes_by_name"),
        ]


class SceneVersion(models.Model):
    """What a scene said from a version on. `body`: `bodies.SceneBody`."""

    id = models.BigAutoField(primary_key=True)
    scene = models.ForeignKey(Scene, models.CASCADE, related_name="versions")
    number = models.PositiveIntegerField()
    body = models.JSONField()
    made_at = models.DateTimeField()
    made_by = models.ForeignKey("access.Person", models.SET_NULL, null=True, related_name="+")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["scene", "number"], name="scenes_version_once")]


class Override(models.Model):
    """Another value for some things for a time. By a calendar: `body` is an `OverrideBody`; by hand: from
    `since` until `until`, with `value` and `reach`. `ended_at`: taken back then."""

    id = models.BigAutoField(primary_key=True)
    scene = models.ForeignKey(Scene, models.CASCADE, related_name="overrides")
    by_hand = models.BooleanField()
    body = models.JSONField()
    since = models.DateTimeField()
    until = models.DateTimeField()
    why = models.CharField(max_length=200, blank=True)
    made_at = models.DateTimeField()
    made_by = models.ForeignKey("access.Person", models.SET_NULL, null=True, related_name="+")
    ended_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(until__gt=models.F("since")), name="scenes_override_lasts")
        ]
        indexes = [models.Index(fields=["scene", "until"], name="scenes_overrides")]


class Entry(models.Model):
    """A line of the ledger that people write: what was used before and after, over the same days."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    territory = models.ForeignKey("territory.Territory", models.CASCADE, related_name="+")
    owner = models.ForeignKey("territory.Organisation", models.PROTECT, related_name="+")
    title = models.CharField(max_length=160)
    intervention_id = models.UUIDField(null=True)  # by number: the ledger outlives it
    first = models.DateField()
    last = models.DateField()
    before_kwh = models.DecimalField(max_digits=14, decimal_places=2)
    after_kwh = models.DecimalField(max_digits=14, decimal_places=2)
    price = models.DecimalField(max_digits=8, decimal_places=4)
    grams = models.DecimalField(max_digits=8, decimal_places=2)
    spent = models.DecimalField(max_digits=14, decimal_places=2)  # what it took
    currency = models.CharField(max_length=3)
    confidence = models.CharField(max_length=10)
    source = models.CharField(max_length=300)
    made_at = models.DateTimeField()
    made_by = models.ForeignKey("access.Person", models.SET_NULL, null=True, related_name="+")
    removed_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(last__gte=models.F("first")), name="scenes_entry_forward"),
            models.CheckConstraint(
                condition=Q(before_kwh__gte=0, after_kwh__gte=0, price__gte=0, grams__gte=0, spent__gte=0),
                name="scenes_entry_positive",
            ),
            models.CheckConstraint(
                condition=Q(confidence__in=["measured", "computed", "estimated"]),
                name="scenes_entry_confidence",
            ),
        ]
        indexes = [models.Index(fields=["territory", "-last"], name="scenes_ledger")]
