"""The tables of the equipment register: equipment, its maintenance, contracts, files."""

from __future__ import annotations

from datetime import time
from typing import Any

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import ArrayField, DateTimeRangeField, RangeBoundary, RangeOperators
from django.contrib.postgres.indexes import GinIndex, OpClass
from django.db import models
from django.db.models import F, Func, Q
from django.db.models.functions import Lower

from belvedere.domains.equipment.states import STORED, Purpose, State
from belvedere.kernel.identifiers import new_id
from belvedere.kernel.severity import Severity


class Contract(models.Model):
    """Who maintains what for an organisation, and how fast."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    territory = models.ForeignKey("territory.Territory", models.CASCADE, related_name="+")
    owner = models.ForeignKey("territory.Organisation", models.PROTECT, related_name="+")
    contractor = models.ForeignKey("territory.Organisation", models.PROTECT, related_name="+")
    name = models.CharField(max_length=200)
    reference = models.CharField(max_length=80, blank=True)
    starts_on = models.DateField()
    ends_on = models.DateField(null=True)  # the last day
    work_days = ArrayField(models.PositiveSmallIntegerField(), default=list)  # 1 is Monday
    works_from = models.TimeField(default=time(7))
    works_until = models.TimeField(default=time(17))
    currency = models.CharField(max_length=3)
    notes = models.TextField(blank=True)
    version = models.PositiveIntegerField(default=1)
    created_at = models.DateTimeField()
    modified_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(ends_on__isnull=True) | Q(ends_on__gte=F("starts_on")),
                name="equipment_contract_forward",
            ),
            models.CheckConstraint(
                condition=Q(works_from__lt=F("works_until")), name="equipment_contract_hours_forward"
            ),
        ]
        indexes = [
            models.Index(fields=["territory", "name"], name="equipment_contracts"),
            models.Index(fields=["contractor"], name="equipment_contract_by"),
        ]


class ResponseTime(models.Model):
    """Within how many hours a contract asks for each step, for faults of one severity."""

    contract = models.ForeignKey(Contract, models.CASCADE, related_name="response_times")
    severity = models.PositiveSmallIntegerField()
    round_the_clock = models.BooleanField(default=False)
    acknowledge_h = models.DecimalField(max_digits=7, decimal_places=2, null=True)
    arrive_h = models.DecimalField(max_digits=7, decimal_places=2, null=True)
    repair_h = models.DecimalField(max_digits=7, decimal_places=2, null=True)
    penalty = models.DecimalField(max_digits=12, decimal_places=2, null=True)  # for each hour late

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["contract", "severity"], name="equipment_response_once"),
            models.CheckConstraint(
                condition=Q(severity__in=[one.value for one in Severity]),
                name="equipment_response_severity_known",
            ),
        ]


class Equipment(models.Model):
    """A piece of equipment. `code` is what its label carries: short, and the same for ever."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    territory = models.ForeignKey("territory.Territory", models.CASCADE, related_name="+")
    owner = models.ForeignKey("territory.Organisation", models.PROTECT, related_name="+")
    number = models.CharField(max_length=60)
    # the number as people count, written by the verbs: PostgreSQL from a wheel knows no collation of ICU
    sort_key = models.CharField(max_length=200, default="", db_collation="C")
    code = models.CharField(max_length=10, unique=True)
    kind = models.CharField(max_length=40)
    name = models.CharField(max_length=200)
    maker = models.CharField(max_length=120, blank=True)
    model = models.CharField(max_length=120, blank=True)
    serial = models.CharField(max_length=120, blank=True)
    longitude = models.FloatField(null=True)
    latitude = models.FloatField(null=True)
    where = models.CharField(max_length=300, blank=True)  # in words
    place = models.ForeignKey("territory.Place", models.SET_NULL, null=True, related_name="+")
    installed_on = models.DateField(null=True)
    warranty_until = models.DateField(null=True)
    parent = models.ForeignKey("self", models.PROTECT, null=True, related_name="children")
    contract = models.ForeignKey(Contract, models.PROTECT, null=True, related_name="equipment")
    entity = models.OneToOneField("twin.Entity", models.SET_NULL, null=True, related_name="+")
    state = models.CharField(max_length=14, default=State.IN_SERVICE)
    state_since = models.DateTimeField()
    notes = models.TextField(blank=True)
    search = models.TextField(default="")  # folded, written by the verbs
    version = models.PositiveIntegerField(default=1)
    created_at = models.DateTimeField()
    modified_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(F("owner"), Lower("number"), name="equipment_number_once"),
            models.CheckConstraint(condition=~Q(number=""), name="equipment_has_a_number"),
            models.CheckConstraint(
                condition=Q(state__in=[one.value for one in STORED]), name="equipment_state_known"
            ),
            models.CheckConstraint(
                condition=Q(parent__isnull=True) | ~Q(parent=F("id")), name="equipment_not_under_itself"
            ),
            models.CheckConstraint(
                condition=Q(longitude__isnull=True, latitude__isnull=True)
                | Q(longitude__range=(-180, 180), latitude__range=(-90, 90)),
                name="equipment_point_whole",
            ),
        ]
        indexes = [
            models.Index(fields=["territory", "sort_key", "number", "id"], name="equipment_in_order"),
            GinIndex(OpClass("search", name="gin_trgm_ops"), name="equipment_search"),
        ]


class During(Func):
    """The time of a maintenance as a range, open at its end."""

    function = "TSTZRANGE"
    output_field: Any = DateTimeRangeField()


class Maintenance(models.Model):
    """That equipment is worked on from then to then (None: until somebody says so)."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    equipment = models.ForeignKey(Equipment, models.CASCADE, related_name="maintenances")
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField(null=True)
    reason = models.CharField(max_length=300)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(ends_at__isnull=True) | Q(ends_at__gt=F("starts_at")),
                name="equipment_maintenance_forward",
            ),
            ExclusionConstraint(
                name="equipment_maintenance_apart",
                expressions=[
                    ("equipment", RangeOperators.EQUAL),
                    (During("starts_at", "ends_at", RangeBoundary()), RangeOperators.OVERLAPS),
                ],
            ),
        ]


class Content(models.Model):
    """The bytes of a file, once for each content."""

    sha256 = models.CharField(primary_key=True, max_length=64)
    content = models.BinaryField()


class Document(models.Model):
    """A file of a piece of equipment or of a contract."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    equipment = models.ForeignKey(Equipment, models.CASCADE, null=True, related_name="documents")
    contract = models.ForeignKey(Contract, models.CASCADE, null=True, related_name="documents")
    purpose = models.CharField(max_length=8)
    title = models.CharField(max_length=200)
    file_name = models.CharField(max_length=200)
    media_type = models.CharField(max_length=100)  # as found in the content, not as the name says
    size_bytes = models.PositiveIntegerField()
    content = models.ForeignKey(Content, models.PROTECT, related_name="+")
    added_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(equipment__isnull=True, contract__isnull=False)
                | Q(equipment__isnull=False, contract__isnull=True),
                name="equipment_document_of_one",
            ),
            models.CheckConstraint(
                condition=Q(purpose__in=[one.value for one in Purpose]),
                name="equipment_document_purpose_known",
            ),
        ]


class SheetFile(models.Model):
    """A spreadsheet of equipment that was brought. Taken or not, it is forgotten after a week."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    territory = models.ForeignKey("territory.Territory", models.CASCADE, related_name="+")
    owner = models.ForeignKey("territory.Organisation", models.CASCADE, related_name="+")
    name = models.CharField(max_length=200)
    headers = models.JSONField(default=list)
    rows = models.JSONField(default=list)  # [line, [cell, …]], as texts
    columns = models.JSONField(default=list)  # the field of each column, "" for none
    brought_at = models.DateTimeField()
    taken_at = models.DateTimeField(null=True)
    taken = models.PositiveIntegerField(default=0)
    refused = models.JSONField(default=list)  # [line, sentence with its data, …] once it was taken

    class Meta:
        indexes = [models.Index(fields=["territory", "-brought_at"], name="equipment_sheets")]
