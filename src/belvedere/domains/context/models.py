"""The tables of context: what history cannot hold of values, what was taken away, @contexts kept here."""

from __future__ import annotations

from django.db import models

from belvedere.kernel.identifiers import new_id


class InstanceDetail(models.Model):
    """What a reading of the history does not say of an instance of an attribute.

    `detail`: only what there is of "k" (its kind, unless Property), "u" (unit), "s" (sub-attributes and types
    of values, packed), "i" (the instanceId that was given), "n" (1: no observedAt was said).
    """

    pk = models.CompositePrimaryKey("series_id", "observed_at")
    series_id = models.BigIntegerField()
    observed_at = models.DateTimeField()
    detail = models.JSONField()

    class Meta:
        db_table = "context_instance"


class Past(models.Model):
    """That a thing was made by telling its past: nobody wrote it otherwise until `modified_at`."""

    entity_id = models.BigIntegerField(primary_key=True)
    modified_at = models.DateTimeField()


class Deletion(models.Model):
    """That an instance of an attribute (or the scope) was taken away, for who asks what became of it."""

    entity_id = models.BigIntegerField()
    name = models.CharField(max_length=300)  # expanded IRI
    dataset_id = models.CharField(max_length=300, default="", blank=True)
    kind = models.CharField(max_length=20)  # as NGSI-LD names it
    deleted_at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["entity_id", "deleted_at"], name="context_deletion_when")]


class HostedContext(models.Model):
    """An @context that someone put here for others to use (ETSI GS CIM 009, 5.13)."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    territory = models.ForeignKey("territory.Territory", models.CASCADE, related_name="+")
    body = models.JSONField()
    created_at = models.DateTimeField()
    created_by = models.UUIDField(null=True)  # a person, known to the journal
    last_used_at = models.DateTimeField(null=True)
    uses = models.BigIntegerField(default=0)

    class Meta:
        indexes = [models.Index(fields=["territory", "created_at"], name="context_hosted_here")]
