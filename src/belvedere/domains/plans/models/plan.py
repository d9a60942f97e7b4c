"""Plans, their tree, and what they list."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from belvedere.domains.plans.models.measure import Measure
from belvedere.domains.plans.states import PLAN_TYPES, Agreement, Priority
from belvedere.domains.plans.vocabulary import Continuity, Contribution
from belvedere.kernel.identifiers import new_id
from belvedere.kernel.money import Vat


class Plan(models.Model):
    """A dated document that lists measures."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    territory = models.ForeignKey("territory.Territory", models.PROTECT, related_name="+")
    type = models.CharField(max_length=40, choices=[(t.code, t.label) for t in PLAN_TYPES])
    code = models.CharField(max_length=40)
    generation = models.PositiveSmallIntegerField(null=True)
    title = models.JSONField(default=dict)
    owner = models.ForeignKey("territory.Organisation", models.PROTECT, related_name="+")
    year_from = models.PositiveSmallIntegerField(null=True)
    year_to = models.PositiveSmallIntegerField(null=True)
    federal_rate = models.DecimalField(max_digits=5, decimal_places=4, null=True)  # share 0–1
    federal_maximum = models.DecimalField(max_digits=16, decimal_places=2, null=True)
    currency = models.CharField(max_length=3)
    vat = models.CharField(max_length=10, default=Vat.EXCLUDED)
    price_base = models.CharField(max_length=7, blank=True)
    previous = models.ForeignKey("self", models.PROTECT, null=True, related_name="+")
    adopted_on = models.DateField(null=True)
    legal_basis = models.CharField(max_length=300, blank=True)
    index = models.ForeignKey("plans.IndexSeries", models.PROTECT, null=True, related_name="+")
    has_agreement = models.BooleanField(default=False)  # its measures walk the track of the agreement
    version = models.PositiveIntegerField(default=1)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["territory", "code"], name="plan_code_once_a_territory"),
            models.CheckConstraint(
                condition=Q(federal_rate__isnull=True) | Q(federal_rate__gte=0, federal_rate__lte=1),
                name="plan_rate_is_a_share",
            ),
        ]


class DeadlineRule(models.Model):
    """Until when works must start and aid be claimed, as the plan's authority says; sourced and dated.

    Rules differ by generation and by the way the aid comes. A listing freezes the rule in force on the day
    it enters the agreement: a rule that changes later does not rewrite the files.
    """

    plan = models.ForeignKey(Plan, models.CASCADE, related_name="deadline_rules")
    contribution = models.CharField(max_length=12, choices=[(c.value, c.name) for c in Contribution])
    start_by = models.DateField(null=True)
    claim_by = models.DateField(null=True)
    valid_from = models.DateField()
    source = models.CharField(max_length=300, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["plan", "contribution", "valid_from"], name="deadline_rule_once_a_day"
            )
        ]


class PlanNode(models.Model):
    """An axis, field or package of a plan."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    plan = models.ForeignKey(Plan, models.CASCADE, related_name="nodes")
    parent = models.ForeignKey("self", models.CASCADE, null=True, related_name="children")
    code = models.CharField(max_length=40, blank=True)
    title = models.JSONField(default=dict)
    position = models.PositiveIntegerField(default=0)
    path = models.CharField(max_length=400, blank=True)  # codes from the root, "1.2.4"


class PlanMembership(models.Model):
    """That a plan lists a measure: under which code, with which priority and horizon."""

    measure = models.ForeignKey(Measure, models.CASCADE, related_name="memberships")
    plan = models.ForeignKey(Plan, models.PROTECT, related_name="memberships")
    node = models.ForeignKey(PlanNode, models.SET_NULL, null=True, related_name="+")
    code = models.CharField(max_length=60, blank=True)
    are_code = models.CharField(max_length=30, blank=True)
    priority = models.CharField(
        max_length=1, choices=[(p.value, p.name) for p in Priority], default=Priority.NONE, blank=True
    )
    horizon_from = models.PositiveSmallIntegerField(null=True)
    horizon_to = models.PositiveSmallIntegerField(null=True)
    listed_cost = models.DecimalField(max_digits=16, decimal_places=2, null=True)  # in the plan's money
    listed_cost_note = models.CharField(max_length=200, blank=True)  # as the plan wrote it
    assessed_priority = models.CharField(max_length=1, blank=True)  # the authority's, may differ from ours
    agreement = models.CharField(
        max_length=20, choices=[(a.value, a.name) for a in Agreement], default=Agreement.NOT_LISTED
    )
    agreement_number = models.CharField(max_length=60, blank=True)
    financing_number = models.CharField(max_length=60, blank=True)
    financing_date = models.DateField(null=True)
    contribution = models.CharField(
        max_length=12, choices=[(c.value, c.name) for c in Contribution], default=Contribution.INDIVIDUAL
    )
    start_deadline = models.DateField(null=True)
    claim_deadline = models.DateField(null=True)
    deadlines_frozen_on = models.DateField(null=True)
    deadline_source = models.CharField(max_length=300, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["measure", "plan"], name="measure_once_a_plan"),
            models.UniqueConstraint(
                fields=["plan", "code"], condition=~Q(code=""), name="measure_code_once_a_plan"
            ),
        ]


class Succession(models.Model):
    """That a listing comes from one of the generation before: the same, changed, split, merged, replaced."""

    listing = models.ForeignKey(PlanMembership, models.CASCADE, related_name="predecessors")
    previous = models.ForeignKey(PlanMembership, models.CASCADE, related_name="successors")
    relation = models.CharField(max_length=12, choices=[(c.value, c.name) for c in Continuity])

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["listing", "previous"], name="succession_once"),
            models.CheckConstraint(condition=~Q(listing=models.F("previous")), name="succession_of_another"),
        ]
