"""The tables of coordination: how near is near in a territory, and what people decided about two works."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q

from belvedere.domains.coordination.states import State
from belvedere.kernel.identifiers import new_id


class Rule(models.Model):
    """From which distance and within how many years works are a conflict in a territory."""

    territory = models.OneToOneField(
        "territory.Territory", models.CASCADE, primary_key=True, related_name="+"
    )
    within_m = models.FloatField()
    along_m = models.FloatField()
    within_years = models.FloatField()
    shared_m = models.FloatField()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(within_m__gte=0, along_m__gte=0, within_years__gte=0, shared_m__gte=0),
                name="coordination_rule_not_negative",
            ),
        ]


class Verdict(models.Model):
    """What comes of two works that meet; `one` is the measure of the smaller identifier."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    territory = models.ForeignKey("territory.Territory", models.CASCADE, related_name="+")
    one = models.ForeignKey("plans.Measure", models.CASCADE, related_name="+")
    other = models.ForeignKey("plans.Measure", models.CASCADE, related_name="+")
    state = models.CharField(max_length=16, choices=[(state.value, state.name) for state in State])
    note = models.CharField(max_length=1000, blank=True)
    leader = models.ForeignKey("territory.Organisation", models.PROTECT, null=True, related_name="+")
    # The dates it was given on: start and end of the one, start and end of the other.
    dates = models.JSONField(default=list)
    given_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["one", "other"], name="coordination_verdict_once"),
            models.CheckConstraint(condition=Q(one__lt=F("other")), name="coordination_verdict_in_order"),
            models.CheckConstraint(
                condition=~Q(state=State.NO_CONFLICT) | ~Q(note=""),
                name="coordination_no_conflict_has_reason",
            ),
            models.CheckConstraint(
                condition=~Q(state=State.COORDINATED) | Q(leader__isnull=False),
                name="coordination_coordinated_is_led",
            ),
        ]
