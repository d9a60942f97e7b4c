"""The tables of packs: what is switched on, which rules came from it, and the register of cameras."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

#: What the law asks for, and how long it may be.
NOTICE_TEXTS = {"camera": 120, "place": 200, "purpose": 500, "legal_basis": 300, "contact": 200}


class Switched(models.Model):
    """A pack that a territory switched on once; `version`: of the pack, the last time it was."""

    id = models.BigAutoField(primary_key=True)
    territory = models.ForeignKey("territory.Territory", models.CASCADE, related_name="+")
    pack = models.CharField(max_length=40)
    version = models.PositiveIntegerField()
    is_on = models.BooleanField()
    changed_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["territory", "pack"], name="packs_switched_once")]


class Made(models.Model):
    """A rule that came from a pack; `version`: of the pack whose words it had. The rule may be changed or
    removed since."""

    id = models.BigAutoField(primary_key=True)
    switched = models.ForeignKey(Switched, models.CASCADE, related_name="made")
    key = models.CharField(max_length=40)
    version = models.PositiveIntegerField()
    rule = models.ForeignKey("automation.Rule", models.CASCADE, related_name="+")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["switched", "key"], name="packs_made_once")]


class Notice(models.Model):
    """A camera that counts, as the law wants it told: what for, by which right, until when, kept how long."""

    id = models.BigAutoField(primary_key=True)
    territory = models.ForeignKey("territory.Territory", models.CASCADE, related_name="+")
    camera = models.CharField(max_length=NOTICE_TEXTS["camera"])
    place = models.CharField(max_length=NOTICE_TEXTS["place"])
    purpose = models.CharField(max_length=NOTICE_TEXTS["purpose"])
    legal_basis = models.CharField(max_length=NOTICE_TEXTS["legal_basis"])
    reference = models.CharField(max_length=120, blank=True)
    valid_until = models.DateField(null=True)
    kept_days = models.PositiveSmallIntegerField()
    contact = models.CharField(max_length=NOTICE_TEXTS["contact"])
    sign_since = models.DateField(null=True)  # since when a sign tells people
    created_at = models.DateTimeField()
    removed_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [models.CheckConstraint(condition=Q(kept_days__lte=31), name="packs_kept_a_month")]
        indexes = [models.Index(fields=["territory", "camera"], name="packs_notices_here")]
