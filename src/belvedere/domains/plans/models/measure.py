"""What is to be done, where, when, by whom."""

from __future__ import annotations

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex, OpClass
from django.db import models
from django.db.models import Q

from belvedere.domains.plans.states import Implementation, MeasureKind, SiteMethod
from belvedere.kernel.identifiers import new_id


class Category(models.Model):
    """A word of a territory's vocabulary of measures, with the spellings that mean it."""

    territory = models.ForeignKey("territory.Territory", models.CASCADE, related_name="+")
    code = models.SlugField(max_length=60)
    names = models.JSONField(default=dict)
    synonyms = ArrayField(models.CharField(max_length=120), default=list)  # folded (kernel.identifiers.fold)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["territory", "code"], name="category_code_unique")]


class Measure(models.Model):
    """A measure. Its money stands in the tables of `models.money`, its plans in `PlanMembership`."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    territory = models.ForeignKey("territory.Territory", models.PROTECT, related_name="+")
    external_id = models.CharField(max_length=120, blank=True)  # stable name in the source it came from
    title = models.JSONField(default=dict)  # {"fr": …, "de": …}
    description = models.JSONField(default=dict)
    justification = models.JSONField(default=dict)
    kind = models.CharField(
        max_length=20, choices=[(k.value, k.name) for k in MeasureKind], default=MeasureKind.INFRASTRUCTURE
    )
    category = models.ForeignKey(Category, models.PROTECT, null=True, related_name="+")
    owner = models.ForeignKey("territory.Organisation", models.PROTECT, related_name="+")
    phase_scheme = models.CharField(max_length=12, default="sia112")
    phase = models.CharField(max_length=8, blank=True)  # code within the scheme; blank: not said
    implementation = models.CharField(
        max_length=20, choices=[(s.value, s.name) for s in Implementation], default=Implementation.NOT_STARTED
    )
    replaced_by = models.ForeignKey("self", models.SET_NULL, null=True, related_name="+")
    published = models.BooleanField(default=False)
    is_example = models.BooleanField(default=False)
    search = models.TextField(default="")  # folded title, codes, owner, sites …, written by the verbs
    version = models.PositiveIntegerField(default=1)
    created_at = models.DateTimeField(auto_now_add=True)
    updated_at = models.DateTimeField(auto_now=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["territory", "external_id"],
                condition=~Q(external_id=""),
                name="measure_external_id_once_a_territory",
            ),
        ]
        indexes = [
            models.Index(fields=["territory", "owner"], name="measure_owner"),
            GinIndex(OpClass("search", name="gin_trgm_ops"), name="measure_search"),
        ]


class MeasurePlace(models.Model):
    """A place the measure touches."""

    measure = models.ForeignKey(Measure, models.CASCADE, related_name="places")
    place = models.ForeignKey("territory.Place", models.PROTECT, related_name="+")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["measure", "place"], name="measure_place_unique")]


class Site(models.Model):
    """A geometry of a measure (WKB, WGS 84); a measure may have several."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    measure = models.ForeignKey(Measure, models.CASCADE, related_name="sites")
    name = models.CharField(max_length=200, blank=True)
    geometry = models.BinaryField()
    longitude = models.FloatField()  # of a point inside, where the marker stands
    latitude = models.FloatField()
    west = models.FloatField()
    south = models.FloatField()
    east = models.FloatField()
    north = models.FloatField()
    method = models.CharField(max_length=20, choices=[(m.value, m.name) for m in SiteMethod])
    accuracy_m = models.FloatField(null=True)
    source_crs = models.CharField(max_length=60, blank=True)
    asset_ref = models.CharField(max_length=120, blank=True)  # the section of the network it follows

    class Meta:
        ordering = ["id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(longitude__gte=-180, longitude__lte=180, latitude__gte=-90, latitude__lte=90),
                name="site_on_earth",
            ),
        ]


class Phase(models.Model):
    """The dates of a phase: first planned, now forecast, really done."""

    measure = models.ForeignKey(Measure, models.CASCADE, related_name="phases")
    scheme = models.CharField(max_length=12)
    code = models.CharField(max_length=8)
    planned_start = models.DateField(null=True)
    planned_end = models.DateField(null=True)
    forecast_start = models.DateField(null=True)
    forecast_end = models.DateField(null=True)
    actual_start = models.DateField(null=True)
    actual_end = models.DateField(null=True)
    confirmed = models.BooleanField(default=False)  # the forecast is agreed, not a guess

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["measure", "scheme", "code"], name="phase_once_a_measure"),
            *(
                models.CheckConstraint(
                    condition=Q(**{f"{name}_end__isnull": True})
                    | Q(**{f"{name}_start__isnull": True})
                    | Q(**{f"{name}_end__gte": models.F(f"{name}_start")}),
                    name=f"phase_{name}_forward",
                )
                for name in ("planned", "forecast", "actual")
            ),
        ]
