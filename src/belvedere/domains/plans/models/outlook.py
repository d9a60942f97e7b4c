"""What an owner's financial outlook rests on: prices, ceilings, scenarios, voted snapshots."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from belvedere.domains.plans.models.measure import Measure
from belvedere.domains.plans.models.money import MoneyKind
from belvedere.domains.plans.models.plan import Plan, PlanNode
from belvedere.domains.plans.vocabulary import Nature, ScenarioType, SnapshotKind, VarianceKind
from belvedere.kernel.identifiers import new_id


class IndexSeries(models.Model):
    """An index of prices, from its source."""

    territory = models.ForeignKey("territory.Territory", models.CASCADE, related_name="+")
    code = models.SlugField(max_length=60)
    names = models.JSONField(default=dict)
    source = models.CharField(max_length=300, blank=True)
    # Beyond its last value an index is an assumption, and it says so.
    yearly_rate = models.DecimalField(max_digits=6, decimal_places=5, null=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["territory", "code"], name="index_code_unique")]


class IndexValue(models.Model):
    series = models.ForeignKey(IndexSeries, models.CASCADE, related_name="values")
    month = models.CharField(max_length=7)  # "2025-10"
    value = models.DecimalField(max_digits=10, decimal_places=4)

    class Meta:
        ordering = ["month"]
        constraints = [
            models.UniqueConstraint(fields=["series", "month"], name="index_value_once_a_month"),
            models.CheckConstraint(condition=Q(value__gt=0), name="index_value_positive"),
        ]


class VatRate(models.Model):
    """The normal rate of a territory from a day on."""

    territory = models.ForeignKey("territory.Territory", models.CASCADE, related_name="+")
    valid_from = models.DateField()
    rate = models.DecimalField(max_digits=5, decimal_places=4)  # share 0–1
    source = models.CharField(max_length=300, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["territory", "valid_from"], name="vat_rate_once_a_day"),
            models.CheckConstraint(condition=Q(rate__gte=0, rate__lt=1), name="vat_rate_is_a_share"),
        ]


class Frame(MoneyKind):
    """A ceiling: what an organisation, or an axis of a plan, may spend net in a year."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    territory = models.ForeignKey("territory.Territory", models.PROTECT, related_name="+")
    organisation = models.ForeignKey("territory.Organisation", models.PROTECT, related_name="+")
    node = models.ForeignKey(PlanNode, models.CASCADE, null=True, related_name="+")
    plan = models.ForeignKey(Plan, models.CASCADE, null=True, related_name="+")
    year = models.PositiveSmallIntegerField()
    nature = models.CharField(max_length=12, choices=[(n.value, n.name) for n in Nature], blank=True)
    ceiling = models.DecimalField(max_digits=16, decimal_places=2)
    source = models.CharField(max_length=300, blank=True)  # "Conseil général, 17.06.2025"
    decided_on = models.DateField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["organisation", "plan", "node", "year", "nature"],
                name="frame_once_a_year",
                nulls_distinct=False,
            ),
            models.CheckConstraint(condition=Q(ceiling__gte=0), name="frame_not_negative"),
        ]


class Scenario(models.Model):
    """What if: changes laid over the reference, which is the measures as they stand.

    `cost_share` and `shift_years` apply to every measure that has not started; a `ScenarioChange` of a
    measure takes their place for it.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    territory = models.ForeignKey("territory.Territory", models.PROTECT, related_name="+")
    organisation = models.ForeignKey("territory.Organisation", models.PROTECT, related_name="+")
    type = models.CharField(
        max_length=12, choices=[(t.value, t.name) for t in ScenarioType], default=ScenarioType.OWN
    )
    name = models.CharField(max_length=120)
    note = models.CharField(max_length=500, blank=True)
    cost_share = models.DecimalField(max_digits=6, decimal_places=5, default=0)  # 0.08 for + 8 %
    shift_years = models.SmallIntegerField(default=0)
    archived = models.BooleanField(default=False)
    version = models.PositiveIntegerField(default=1)
    created_at = models.DateTimeField(auto_now_add=True)
    updated_at = models.DateTimeField(auto_now=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["organisation", "name"], condition=Q(archived=False), name="scenario_name_once"
            ),
            models.CheckConstraint(condition=Q(cost_share__gt=-1), name="scenario_cost_possible"),
        ]


class ScenarioChange(models.Model):
    scenario = models.ForeignKey(Scenario, models.CASCADE, related_name="changes")
    measure = models.ForeignKey(Measure, models.CASCADE, related_name="+")
    shift_years = models.SmallIntegerField(default=0)
    cost_share = models.DecimalField(max_digits=6, decimal_places=5, default=0)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["scenario", "measure"], name="scenario_change_once"),
        ]


class ScenarioLeaver(models.Model):
    """An organisation that would no longer pay."""

    scenario = models.ForeignKey(Scenario, models.CASCADE, related_name="leavers")
    organisation = models.ForeignKey("territory.Organisation", models.PROTECT, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["scenario", "organisation"], name="scenario_leaver_once"),
        ]


class Snapshot(models.Model):
    """A voted picture of an owner's outlook. Append-only: the database refuses any change."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    territory = models.ForeignKey("territory.Territory", models.PROTECT, related_name="+")
    organisation = models.ForeignKey("territory.Organisation", models.PROTECT, related_name="+")
    kind = models.CharField(max_length=16, choices=[(k.value, k.name) for k in SnapshotKind])
    title = models.CharField(max_length=200)
    body = models.CharField(max_length=200)  # who voted
    voted_on = models.DateField()
    scenario_name = models.CharField(max_length=120, blank=True)
    content = models.JSONField()  # columns, kinds, totals, prices, ceilings and assumptions of that day
    sha256 = models.CharField(max_length=64)  # of the content and its lines
    taken_at = models.DateTimeField(auto_now_add=True)


class SnapshotLine(models.Model):
    """A measure in a snapshot: its title, codes, dates and amounts of that day."""

    snapshot = models.ForeignKey(Snapshot, models.CASCADE, related_name="lines")
    measure_id = models.UUIDField()  # no foreign key: the line outlives the measure
    content = models.JSONField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["snapshot", "measure_id"], name="snapshot_line_once"),
        ]


class VarianceReason(models.Model):
    """Why a measure left what was voted; asked for before the next vote. Append-only."""

    snapshot = models.ForeignKey(Snapshot, models.CASCADE, related_name="reasons")
    measure_id = models.UUIDField()
    kind = models.CharField(max_length=8, choices=[(k.value, k.name) for k in VarianceKind])
    amount = models.DecimalField(max_digits=16, decimal_places=2, null=True)  # difference explained
    days = models.IntegerField(null=True)
    reason = models.CharField(max_length=1000)
    given_at = models.DateTimeField(auto_now_add=True)
