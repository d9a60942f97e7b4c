"""The tables of the library: cards, frozen as the public saw the measure, and their quantities."""

from __future__ import annotations

from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.db.models import Q

from belvedere.kernel.identifiers import new_id


class SharedMeasure(models.Model):
    """A card. `facts` is the frozen copy, the schema stands in `facts.py`; the columns are derived from it.

    Of this instance: `instance` is "" and `territory` is set. Of another: `instance` names it.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    instance = models.CharField(max_length=200, blank=True)
    source_id = models.UUIDField()  # of the measure where it comes from
    territory = models.ForeignKey("territory.Territory", models.CASCADE, null=True, related_name="+")
    facts = models.JSONField()
    search = models.TextField()  # folded: titles, descriptions, category, owner, territory
    kind = models.CharField(max_length=20)
    category = models.CharField(max_length=120, blank=True)  # folded, to group by
    basis = models.CharField(max_length=10, blank=True)  # what the cost rests on; "" without a cost
    cost = models.DecimalField(max_digits=16, decimal_places=2, null=True)
    currency = models.CharField(max_length=3, blank=True)
    vat = models.CharField(max_length=10, blank=True)
    price_base = models.CharField(max_length=7, blank=True)
    shared_at = models.DateTimeField()
    withdrawn_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["instance", "source_id"], name="shared_once"),
            models.CheckConstraint(
                condition=Q(instance="", territory__isnull=False)
                | (~Q(instance="") & Q(territory__isnull=True)),
                name="shared_here_or_elsewhere",
            ),
            models.CheckConstraint(
                condition=Q(cost__isnull=True, basis="") | (Q(cost__gte=0) & ~Q(basis="")),
                name="shared_cost_has_a_basis",
            ),
        ]
        indexes = [
            GinIndex(fields=["search"], opclasses=["gin_trgm_ops"], name="shared_search"),
            models.Index(fields=["category", "kind"], name="shared_category"),
        ]


class SharedQuantity(models.Model):
    """How much a card builds. `unit_cost` where it is the only unit of the card and its cost is known."""

    shared = models.ForeignKey(SharedMeasure, models.CASCADE, related_name="quantities")
    unit = models.CharField(max_length=12)
    amount = models.DecimalField(max_digits=14, decimal_places=3)
    unit_cost = models.DecimalField(max_digits=16, decimal_places=2, null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["shared", "unit"], name="shared_quantity_once_a_unit"),
            models.CheckConstraint(condition=Q(amount__gt=0), name="shared_quantity_positive"),
        ]
        indexes = [models.Index(fields=["unit", "amount"], name="shared_unit")]
