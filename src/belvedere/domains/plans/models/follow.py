"""What is followed on a measure: links, actors, milestones, risks, decisions, documents, effects."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from belvedere.domains.plans.models.measure import Measure
from belvedere.domains.plans.vocabulary import (
    ActorRole,
    DecisionType,
    Direction,
    DocumentType,
    IndicatorRole,
    LinkType,
    MilestoneType,
    QuantityUnit,
    RiskKind,
    ValueKind,
)
from belvedere.kernel.identifiers import new_id


class MeasureLink(models.Model):
    """That a measure depends on, conflicts with, completes… another."""

    source = models.ForeignKey(Measure, models.CASCADE, related_name="links")
    target = models.ForeignKey(Measure, models.CASCADE, related_name="linked_from")
    type = models.CharField(max_length=12, choices=[(t.value, t.name) for t in LinkType])
    note = models.CharField(max_length=300, blank=True)
    lag_months = models.SmallIntegerField(default=0)  # the target must be done that long before or after

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["source", "target", "type"], name="link_once"),
            models.CheckConstraint(condition=~Q(source=models.F("target")), name="link_to_another"),
        ]


class MeasureActor(models.Model):
    """Who plays which part from when to when: an organisation, a person who signs in, or a plain label."""

    measure = models.ForeignKey(Measure, models.CASCADE, related_name="actors")
    role = models.CharField(max_length=20, choices=[(r.value, r.name) for r in ActorRole])
    organisation = models.ForeignKey("territory.Organisation", models.PROTECT, null=True, related_name="+")
    person = models.ForeignKey("access.Person", models.SET_NULL, null=True, related_name="+")
    label = models.CharField(max_length=120, blank=True)
    since = models.DateField(null=True)
    until = models.DateField(null=True)

    class Meta:
        ordering = ["role", "id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(since__isnull=True) | Q(until__isnull=True) | Q(until__gte=models.F("since")),
                name="actor_dates_forward",
            ),
        ]


class Milestone(models.Model):
    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    measure = models.ForeignKey(Measure, models.CASCADE, related_name="milestones")
    type = models.CharField(max_length=20, choices=[(t.value, t.name) for t in MilestoneType])
    title = models.JSONField(default=dict)
    planned = models.DateField(null=True)
    forecast = models.DateField(null=True)
    actual = models.DateField(null=True)


class Quantity(models.Model):
    """How much is built; lump sums are counted on it."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    measure = models.ForeignKey(Measure, models.CASCADE, related_name="quantities")
    unit = models.CharField(max_length=12, choices=[(u.value, u.name) for u in QuantityUnit])
    label = models.JSONField(default=dict)
    planned = models.DecimalField(max_digits=14, decimal_places=3)
    realised = models.DecimalField(max_digits=14, decimal_places=3, null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(planned__gte=0), name="quantity_not_negative"),
        ]


class Risk(models.Model):
    """`probability` and `impact` from 1 (low) to 5 (high)."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    measure = models.ForeignKey(Measure, models.CASCADE, related_name="risks")
    kind = models.CharField(max_length=20, choices=[(k.value, k.name) for k in RiskKind])
    description = models.JSONField(default=dict)
    probability = models.PositiveSmallIntegerField()
    impact = models.PositiveSmallIntegerField()
    mitigation = models.JSONField(default=dict)
    closed_on = models.DateField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(probability__gte=1, probability__lte=5, impact__gte=1, impact__lte=5),
                name="risk_on_the_scale",
            ),
        ]


class Decision(models.Model):
    """What a body decided on a measure. An amount has its kind of money beside it."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    measure = models.ForeignKey(Measure, models.CASCADE, related_name="decisions")
    type = models.CharField(max_length=12, choices=[(t.value, t.name) for t in DecisionType])
    body = models.CharField(max_length=200)  # "Conseil général de Sion"
    dated = models.DateField()
    title = models.JSONField(default=dict)
    amount = models.DecimalField(max_digits=16, decimal_places=2, null=True)
    currency = models.CharField(max_length=3, blank=True)
    vat = models.CharField(max_length=10, blank=True)
    price_base = models.CharField(max_length=7, blank=True)
    document = models.ForeignKey("plans.Document", models.SET_NULL, null=True, related_name="+")

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(amount__isnull=True) | ~Q(currency=""), name="decision_amount_has_a_currency"
            ),
        ]


class Document(models.Model):
    """A document of a measure; its content stands in its versions."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    measure = models.ForeignKey(Measure, models.CASCADE, related_name="documents")
    type = models.CharField(max_length=12, choices=[(t.value, t.name) for t in DocumentType])
    title = models.CharField(max_length=200)
    public = models.BooleanField(default=False)
    removed_at = models.DateTimeField(null=True)  # taken out of sight; the versions stay on record


class DocumentContent(models.Model):
    """The bytes, once for each content."""

    sha256 = models.CharField(primary_key=True, max_length=64)
    content = models.BinaryField()


class DocumentVersion(models.Model):
    """Append-only: a new file is a new version."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    document = models.ForeignKey(Document, models.CASCADE, related_name="versions")
    number = models.PositiveIntegerField()
    content = models.ForeignKey(DocumentContent, models.PROTECT, related_name="+")
    file_name = models.CharField(max_length=200)
    media_type = models.CharField(max_length=100)  # as found in the content, not as the name says
    size_bytes = models.PositiveIntegerField()
    added_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["document", "number"], name="document_version_once"),
        ]


class Indicator(models.Model):
    """What is measured, in the words of a territory."""

    territory = models.ForeignKey("territory.Territory", models.CASCADE, related_name="+")
    code = models.SlugField(max_length=60)
    names = models.JSONField(default=dict)
    unit = models.CharField(max_length=40)
    decimals = models.PositiveSmallIntegerField(default=0)
    direction = models.CharField(max_length=8, choices=[(d.value, d.name) for d in Direction])
    source = models.CharField(max_length=300, blank=True)
    formula = models.CharField(max_length=300, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["territory", "code"], name="indicator_code_unique")]


class MeasureIndicator(models.Model):
    """What a measure should do to an indicator: from a baseline to a target."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    measure = models.ForeignKey(Measure, models.CASCADE, related_name="indicators")
    indicator = models.ForeignKey(Indicator, models.PROTECT, related_name="+")
    role = models.CharField(max_length=8, choices=[(r.value, r.name) for r in IndicatorRole])
    baseline = models.DecimalField(max_digits=18, decimal_places=4, null=True)
    baseline_on = models.DateField(null=True)
    target = models.DecimalField(max_digits=18, decimal_places=4, null=True)
    target_on = models.DateField(null=True)
    note = models.CharField(max_length=300, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["measure", "indicator"], name="indicator_once_a_measure")
        ]


class IndicatorValue(models.Model):
    """A value on a day, by source: results and estimates are rows apart."""

    measure_indicator = models.ForeignKey(MeasureIndicator, models.CASCADE, related_name="values")
    dated = models.DateField()
    kind = models.CharField(max_length=8, choices=[(k.value, k.name) for k in ValueKind])
    value = models.DecimalField(max_digits=18, decimal_places=4)
    source = models.CharField(max_length=200, blank=True)
    comment = models.CharField(max_length=300, blank=True)

    class Meta:
        ordering = ["dated", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["measure_indicator", "dated", "kind", "source"], name="indicator_value_once"
            )
        ]
