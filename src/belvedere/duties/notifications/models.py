"""The tables of notifications. People are identifiers here, never foreign keys."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from belvedere.duties.notifications.kinds import Rhythm
from belvedere.kernel.identifiers import new_id


class Notice(models.Model):
    """Something one person is told. `message` is a msgid; `values` fill it, texts or texts by language."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    recipient_id = models.UUIDField()
    author_id = models.UUIDField(null=True)  # who caused it, so that what they wrote leaves with them
    kind = models.CharField(max_length=40)
    subject_id = models.CharField(max_length=80, blank=True)
    territory_id = models.UUIDField(null=True)
    zone = models.CharField(max_length=60)
    group = models.CharField(max_length=120, blank=True)  # notices about the same thing
    key = models.CharField(max_length=200)
    message = models.TextField()
    values = models.JSONField(default=dict)
    quote = models.TextField(blank=True)  # words that someone wrote
    link = models.CharField(max_length=500, blank=True)  # a path of the platform
    count = models.PositiveIntegerField(default=1)  # how often it happened before it was read or sent
    created_at = models.DateTimeField()
    told_at = models.DateTimeField()  # the last time it happened
    rhythm = models.CharField(max_length=12, choices=[(r.value, r.name) for r in Rhythm])
    due_at = models.DateTimeField(null=True)  # null: not by mail
    latest_at = models.DateTimeField(null=True)
    attempts = models.PositiveSmallIntegerField(default=0)
    letter = models.CharField(max_length=40, blank=True, default="")  # key of the mail, from its first try on
    retry_at = models.DateTimeField(null=True)  # the mail server did not take it
    sent_at = models.DateTimeField(null=True)
    read_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["recipient_id", "kind", "key"], name="notice_told_once"),
        ]
        indexes = [
            models.Index(fields=["recipient_id"], condition=Q(read_at__isnull=True), name="notice_unread"),
            models.Index(fields=["recipient_id", "-told_at"], name="notice_inbox"),
            models.Index(
                fields=["due_at"],
                condition=Q(due_at__isnull=False, sent_at__isnull=True, read_at__isnull=True),
                name="notice_waiting",
            ),
        ]


class Preference(models.Model):
    """How fast a person wants one kind of notice by mail; the kind `*` holds for those not named."""

    person_id = models.UUIDField()
    kind = models.CharField(max_length=40)
    rhythm = models.CharField(max_length=12, choices=[(r.value, r.name) for r in Rhythm])

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["person_id", "kind"], name="preference_once_a_kind"),
            models.CheckConstraint(
                condition=Q(rhythm__in=[r.value for r in Rhythm]), name="preference_rhythm_known"
            ),
        ]
