"""The tables of the log book: entries, only added to, and how shifts were handed over.

What an entry is about is named by number without a foreign key: entries outlive it. An automatic entry says
only that something moved; what it was is asked of its own domain, for who reads.
"""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from belvedere.domains.logbook.states import BY_HAND, Category
from belvedere.kernel.identifiers import new_id


class Entry(models.Model):
    """A line of the log book of an organisation (null: of the territory). The database refuses to change or
    delete it; only the name of its author goes when the account is erased."""

    id = models.BigAutoField(primary_key=True)
    territory = models.ForeignKey("territory.Territory", models.PROTECT, related_name="+")
    owner = models.ForeignKey("territory.Organisation", models.PROTECT, null=True, related_name="+")
    happened_at = models.DateTimeField()
    written_at = models.DateTimeField()
    category = models.CharField(max_length=16)
    text = models.CharField(max_length=4000, blank=True)
    search = models.TextField(blank=True)  # the text, folded
    person = models.ForeignKey("access.Person", models.SET_NULL, null=True, related_name="+")
    hand_over = models.BooleanField(default=False)
    strikes = models.OneToOneField("self", models.PROTECT, null=True, related_name="struck_by")
    place_id = models.UUIDField(null=True)
    entity_id = models.BigIntegerField(null=True)
    alarm_id = models.BigIntegerField(null=True)
    step_id = models.BigIntegerField(null=True)  # of the timeline of the alarm
    intervention_id = models.UUIDField(null=True)
    command_id = models.UUIDField(null=True)
    crisis_id = models.UUIDField(null=True)
    act = models.CharField(max_length=16, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(category__in=[one.value for one in Category]), name="logbook_category_known"
            ),
            models.CheckConstraint(
                condition=~Q(category__in=[*(one.value for one in BY_HAND), "correction"]) | ~Q(text=""),
                name="logbook_says_something",
            ),
            models.CheckConstraint(
                condition=Q(strikes__isnull=True) | Q(category="correction"),
                name="logbook_corrections_strike",
            ),
        ]
        indexes = [
            models.Index(fields=["territory", "-happened_at", "-id"], name="logbook_newest"),
            models.Index(fields=["alarm_id"], condition=Q(alarm_id__isnull=False), name="logbook_of_alarm"),
        ]


class HandOver(models.Model):
    """One shift leaves, the next one comes: `taken_at` null while nobody has taken over."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    territory = models.ForeignKey("territory.Territory", models.PROTECT, related_name="+")
    owner = models.ForeignKey("territory.Organisation", models.PROTECT, null=True, related_name="+")
    since = models.DateTimeField()
    left_at = models.DateTimeField()
    left_by = models.ForeignKey("access.Person", models.SET_NULL, null=True, related_name="+")
    word = models.CharField(max_length=4000)
    taken_at = models.DateTimeField(null=True)
    taken_by = models.ForeignKey("access.Person", models.SET_NULL, null=True, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["territory", "owner"],
                condition=Q(taken_at__isnull=True),
                nulls_distinct=False,
                name="logbook_one_waits",
            ),
            models.CheckConstraint(
                condition=Q(taken_at__isnull=True) | Q(taken_at__gte=models.F("left_at")),
                name="logbook_taken_after",
            ),
        ]
