"""The table of the journal. Triggers forbid update, delete and truncate; see the migration."""

from __future__ import annotations

from django.db import models


class Entry(models.Model):
    """One act. `hash` chains it to the entry before; see `chain`."""

    id = models.BigAutoField(primary_key=True)
    at = models.DateTimeField()
    actor_id = models.UUIDField(null=True)  # null: the platform itself, or the public
    actor_label = models.CharField(max_length=160)
    verb = models.CharField(max_length=80)
    subject_type = models.CharField(max_length=60)
    subject_id = models.CharField(max_length=80)
    territory_id = models.UUIDField(null=True)
    before = models.JSONField(default=dict)
    after = models.JSONField(default=dict)
    reason = models.TextField(blank=True)
    request_id = models.CharField(max_length=64, blank=True)
    previous_hash = models.CharField(max_length=64)
    hash = models.CharField(max_length=64, unique=True)

    class Meta:
        indexes = [
            models.Index(fields=["subject_type", "subject_id", "-id"], name="journal_subject"),
            models.Index(fields=["territory_id", "-id"], name="journal_territory"),
        ]
