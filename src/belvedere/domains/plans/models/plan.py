"""Plans, their tree, and what they list."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from belvedere.domains.plans.models.measure import Measure
from belvedere.domains.plans.states import PLAN_TYPES, Priority
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

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["territory", "code"], name="plan_code_once_a_territory"),
            models.CheckConstraint(
                condition=Q(federal_rate__isnull=True) | Q(federal_rate__gte=0, federal_rate__lte=1),
                name="plan_rate_is_a_share",
            ),
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
    start_deadline = models.DateField(null=True)
    previous = models.ForeignKey("self", models.SET_NULL, null=True, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["measure", "plan"], name="measure_once_a_plan"),
            models.UniqueConstraint(
                fields=["plan", "code"], condition=~Q(code=""), name="measure_code_once_a_plan"
            ),
        ]
