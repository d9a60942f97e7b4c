"""The tables of collaboration. Contact data of people without an account are encrypted."""

from __future__ import annotations

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q

from belvedere.domains.collaboration.states import Part, SuggestionState
from belvedere.kernel.identifiers import new_id


class Comment(models.Model):
    """Words on a measure among the people who work on it; an answer points to what it answers."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    measure = models.ForeignKey("plans.Measure", models.CASCADE, related_name="+")
    parent = models.ForeignKey("self", models.CASCADE, null=True, related_name="answers")
    author = models.ForeignKey("access.Person", models.SET_NULL, null=True, related_name="+")
    text = models.TextField(blank=True)  # empty once removed
    mentioned = ArrayField(models.UUIDField(), default=list)
    created_at = models.DateTimeField()
    edited_at = models.DateTimeField(null=True)
    removed_at = models.DateTimeField(null=True)
    removed_by = models.ForeignKey("access.Person", models.SET_NULL, null=True, related_name="+")

    class Meta:
        indexes = [models.Index(fields=["measure", "created_at"], name="comment_measure")]
        constraints = [
            models.CheckConstraint(
                condition=Q(removed_at__isnull=False) | ~Q(text=""), name="comment_says_something"
            ),
        ]


class Follow(models.Model):
    """That a person follows a measure, or follows it no more though they would by their role."""

    person = models.ForeignKey("access.Person", models.CASCADE, related_name="+")
    measure = models.ForeignKey("plans.Measure", models.CASCADE, related_name="+")
    active = models.BooleanField(default=True)
    since = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["person", "measure"], name="follow_once")]


class SavedView(models.Model):
    """A choice of measures that a person keeps under a name; with an organisation, its people share it."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    territory = models.ForeignKey("territory.Territory", models.CASCADE, related_name="+")
    person = models.ForeignKey("access.Person", models.CASCADE, related_name="+")
    organisation = models.ForeignKey("territory.Organisation", models.CASCADE, null=True, related_name="+")
    name = models.CharField(max_length=80)
    query = models.CharField(max_length=2000)
    created_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["territory", "person", "name"], name="view_name_once_a_person"),
        ]


class Suggestion(models.Model):
    """What someone who does not keep the measure says of it; its owner takes it, refuses it or answers.

    `person` for who is signed in, else `name` and `email` where they were given.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    measure = models.ForeignKey("plans.Measure", models.CASCADE, related_name="+")
    part = models.CharField(max_length=20, choices=[(part.value, part.name) for part in Part])
    language = models.CharField(max_length=5)  # of the value, and of who suggests
    present = models.TextField(blank=True)  # the value when it was suggested
    value = models.TextField(blank=True)
    message = models.TextField(blank=True)
    person = models.ForeignKey("access.Person", models.SET_NULL, null=True, related_name="+")
    name = models.BinaryField(null=True)  # encrypted
    email = models.BinaryField(null=True)  # encrypted
    email_index = models.CharField(max_length=64, blank=True, db_index=True)  # keyed hash, to find it again
    state = models.CharField(max_length=12, choices=[(s.value, s.name) for s in SuggestionState])
    created_at = models.DateTimeField()
    asked_at = models.DateTimeField(null=True)  # the mail with the link to confirm left
    answer = models.TextField(blank=True)
    decided_at = models.DateTimeField(null=True)
    decided_by = models.ForeignKey("access.Person", models.SET_NULL, null=True, related_name="+")
    told_at = models.DateTimeField(null=True)  # the mail with the answer left

    class Meta:
        indexes = [models.Index(fields=["measure", "state"], name="suggestion_measure")]
        constraints = [
            models.CheckConstraint(condition=~Q(value="") | ~Q(message=""), name="suggestion_says_something"),
            models.CheckConstraint(
                condition=Q(state__in=[SuggestionState.WAITING, SuggestionState.OPEN])
                | Q(decided_at__isnull=False),
                name="suggestion_decided_on_a_day",
            ),
        ]


class Reading(models.Model):
    """How far the journal was read to tell followers what changed."""

    name = models.CharField(max_length=40, primary_key=True)
    entry_id = models.BigIntegerField()
    at = models.DateTimeField()
