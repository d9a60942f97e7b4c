"""The tables of the journal. Triggers forbid update, delete and truncate of entries; see migration 0002."""

from __future__ import annotations

from django.db import models


class EntryRow(models.Model):
    """One act. `hash` chains it to the entry before; see `chain`."""

    id = models.BigAutoField(primary_key=True)
    at = models.DateTimeField()
    actor_id = models.UUIDField(null=True)  # null: the platform itself, or the public
    # Empty for a person: their name stands in ActorName, where it can be forgotten.
    actor_label = models.CharField(max_length=160, blank=True)
    verb = models.CharField(max_length=80)
    subject_type = models.CharField(max_length=60)
    subject_id = models.CharField(max_length=80)
    territory_id = models.UUIDField(null=True)
    before = models.JSONField(default=dict)
    after = models.JSONField(default=dict)
    reason = models.TextField(blank=True)
    request_id = models.CharField(max_length=64, blank=True)
    previous_hash = models.CharField(max_length=64)
    hash = models.CharField(max_length=64)

    class Meta:
        db_table = "journal_entry"
        # The one index on hashes: they lie anywhere in it, so that each act would write as many pages again.
        constraints = [models.UniqueConstraint(fields=["previous_hash"], name="journal_cannot_fork")]
        indexes = [
            models.Index(fields=["subject_type", "subject_id", "-id"], name="journal_subject"),
            models.Index(fields=["territory_id", "-id"], name="journal_territory"),
            models.Index(fields=["actor_id", "-id"], name="journal_actor"),
        ]


class ActorName(models.Model):
    """The present name of a person who acted, beside the chain so that it can be erased."""

    actor_id = models.UUIDField(primary_key=True)
    name = models.CharField(max_length=160)
