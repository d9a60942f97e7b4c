"""The tables of interventions: teams, jobs, their steps and proof, acts from phones, preventive plans."""

from __future__ import annotations

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex, OpClass
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Lower

from belvedere.domains.interventions.states import Kind, Outcome, State
from belvedere.kernel.identifiers import new_id


class Team(models.Model):
    """People who are sent out together, of an owner of equipment or of a contractor. `hourly`: what an hour
    of one of them costs, without VAT, in the currency of the territory; None where nobody said."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    territory = models.ForeignKey("territory.Territory", models.CASCADE, related_name="+")
    organisation = models.ForeignKey("territory.Organisation", models.PROTECT, related_name="+")
    name = models.CharField(max_length=120)
    hourly = models.DecimalField(max_digits=8, decimal_places=2, null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(F("organisation"), Lower("name"), name="interventions_team_once"),
        ]


class TeamMember(models.Model):
    team = models.ForeignKey(Team, models.CASCADE, related_name="members")
    person = models.ForeignKey("access.Person", models.CASCADE, related_name="+")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["team", "person"], name="interventions_member_once")]


class Checklist(models.Model):
    """What is looked at and done on each intervention on a kind of equipment ("": on any)."""

    territory = models.ForeignKey("territory.Territory", models.CASCADE, related_name="+")
    organisation = models.ForeignKey("territory.Organisation", models.CASCADE, related_name="+")
    equipment_kind = models.CharField(max_length=40, blank=True)
    points = ArrayField(models.CharField(max_length=200), default=list)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["organisation", "equipment_kind"], name="interventions_checklist_once"
            ),
        ]


class Upkeep(models.Model):
    """A plan of maintenance for the equipment of a kind or of a contract."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    territory = models.ForeignKey("territory.Territory", models.CASCADE, related_name="+")
    owner = models.ForeignKey("territory.Organisation", models.PROTECT, related_name="+")
    what = models.CharField(max_length=200)
    equipment_kind = models.CharField(max_length=40, blank=True)
    contract = models.ForeignKey("equipment.Contract", models.PROTECT, null=True, related_name="+")
    team = models.ForeignKey(Team, models.PROTECT, null=True, related_name="+")
    is_running = models.BooleanField(default=True)

    class Meta:
        abstract = True


class PreventivePlan(Upkeep):
    """Maintenance that comes back every so many months."""

    every_months = models.PositiveSmallIntegerField()
    first_on = models.DateField()  # the day of the month is kept from here
    next_on = models.DateField()
    lead_days = models.PositiveSmallIntegerField(default=14)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(every_months__range=(1, 120)), name="interventions_plan_rhythm"
            ),
        ]


class NeedPlan(Upkeep):
    """Maintenance that comes when equipment needs it: after so much on a counter (`counter`, the term of an
    attribute, and `every`, in its unit), or while a rule finds something wrong."""

    equipment_kind = models.CharField(max_length=40)  # always one: it says which counters there are
    counter = models.CharField(max_length=120, blank=True)
    every = models.FloatField(null=True)
    rule = models.ForeignKey("automation.Rule", models.PROTECT, null=True, related_name="+")

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=(~Q(counter="") & Q(every__gt=0, rule__isnull=True))
                | Q(counter="", every__isnull=True, rule__isnull=False),
                name="interventions_need_is_one",
            ),
        ]


class CounterMark(models.Model):
    """The reading from which the next maintenance of a piece of equipment counts."""

    plan = models.ForeignKey(NeedPlan, models.CASCADE, related_name="marks")
    equipment = models.ForeignKey("equipment.Equipment", models.CASCADE, related_name="+")
    value = models.FloatField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["plan", "equipment"], name="interventions_mark_once"),
        ]


class Intervention(models.Model):
    """A job given to a team. Its contract's times count from when it was first dispatched."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    territory = models.ForeignKey("territory.Territory", models.CASCADE, related_name="+")
    owner = models.ForeignKey("territory.Organisation", models.PROTECT, related_name="+")
    number = models.CharField(max_length=20)
    what = models.CharField(max_length=200)
    details = models.TextField(blank=True)
    kind = models.CharField(max_length=12)
    priority = models.PositiveSmallIntegerField()  # the numbers of severities
    skills = models.CharField(max_length=200, blank=True)
    equipment = models.ForeignKey("equipment.Equipment", models.PROTECT, null=True, related_name="+")
    entity = models.ForeignKey("twin.Entity", models.SET_NULL, null=True, related_name="+")
    alarm = models.ForeignKey("automation.Alarm", models.SET_NULL, null=True, related_name="+")
    contract = models.ForeignKey("equipment.Contract", models.PROTECT, null=True, related_name="+")
    preventive = models.ForeignKey(PreventivePlan, models.PROTECT, null=True, related_name="+")
    preventive_on = models.DateField(null=True)
    need = models.ForeignKey(NeedPlan, models.PROTECT, null=True, related_name="+")
    longitude = models.FloatField(null=True)
    latitude = models.FloatField(null=True)
    where = models.CharField(max_length=300, blank=True)
    team = models.ForeignKey(Team, models.PROTECT, null=True, related_name="+")
    assigned = models.ForeignKey("access.Person", models.SET_NULL, null=True, related_name="+")
    planned_on = models.DateField(null=True)
    day_order = models.PositiveSmallIntegerField(default=0)
    state = models.CharField(max_length=12, default=State.PLANNED)
    dispatched_at = models.DateTimeField(null=True)  # the first time: the contract's times count from here
    accepted_at = models.DateTimeField(null=True)
    arrived_at = models.DateTimeField(null=True)
    finished_at = models.DateTimeField(null=True)
    due_acknowledge = models.DateTimeField(null=True)
    due_arrive = models.DateTimeField(null=True)
    due_repair = models.DateTimeField(null=True)
    late_price = models.DecimalField(max_digits=12, decimal_places=2, null=True)  # each hour late, then
    currency = models.CharField(max_length=3)
    remark = models.TextField(blank=True)
    search = models.TextField(default="")
    version = models.PositiveIntegerField(default=1)
    created_at = models.DateTimeField()
    modified_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["territory", "number"], name="interventions_number_once"),
            models.UniqueConstraint(
                fields=["preventive", "preventive_on", "equipment"], name="interventions_preventive_once"
            ),
            models.CheckConstraint(condition=Q(kind__in=list(Kind)), name="interventions_kind_known"),
            models.CheckConstraint(condition=Q(state__in=list(State)), name="interventions_state_known"),
            models.CheckConstraint(condition=Q(priority__range=(1, 4)), name="interventions_priority_known"),
            models.CheckConstraint(
                condition=Q(state__in=[State.PLANNED, State.CANCELLED]) | Q(team__isnull=False),
                name="interventions_sent_to_a_team",
            ),
            models.CheckConstraint(
                condition=Q(longitude__isnull=True, latitude__isnull=True)
                | Q(longitude__range=(-180, 180), latitude__range=(-90, 90)),
                name="interventions_point_whole",
            ),
        ]
        indexes = [
            models.Index(fields=["territory", "state", "planned_on"], name="interventions_by_state"),
            models.Index(fields=["contract", "dispatched_at"], name="interventions_by_contract"),
            GinIndex(OpClass("search", name="gin_trgm_ops"), name="interventions_search"),
        ]


class Step(models.Model):
    """A step of the timeline: only added to. `at`: when it was done; `known_at`: when we heard of it."""

    intervention = models.ForeignKey(Intervention, models.PROTECT, related_name="steps")
    at = models.DateTimeField()
    known_at = models.DateTimeField()
    act = models.CharField(max_length=12)
    before = models.CharField(max_length=12, blank=True)
    after = models.CharField(max_length=12)
    person = models.ForeignKey("access.Person", models.SET_NULL, null=True, related_name="+")
    note = models.TextField(blank=True)
    data = models.JSONField(default=dict)

    class Meta:
        indexes = [models.Index(fields=["intervention", "at"], name="interventions_steps")]


class Point(models.Model):
    """A point of the checklist."""

    intervention = models.ForeignKey(Intervention, models.CASCADE, related_name="points")
    position = models.PositiveSmallIntegerField()
    words = models.CharField(max_length=200)
    done_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["intervention", "position"], name="interventions_point_once"),
        ]


class TimeSpent(models.Model):
    """Work of one person. `hourly`: as the team had it when the time was noted."""

    intervention = models.ForeignKey(Intervention, models.CASCADE, related_name="times")
    person = models.ForeignKey("access.Person", models.SET_NULL, null=True, related_name="+")
    minutes = models.PositiveIntegerField()
    hourly = models.DecimalField(max_digits=8, decimal_places=2, null=True)
    at = models.DateTimeField()


class Part(models.Model):
    """What was used; `amount` is for all of it together, without VAT, None where nobody said."""

    intervention = models.ForeignKey(Intervention, models.CASCADE, related_name="parts")
    words = models.CharField(max_length=200)
    quantity = models.DecimalField(max_digits=10, decimal_places=2)
    amount = models.DecimalField(max_digits=12, decimal_places=2, null=True)
    at = models.DateTimeField()


class Photo(models.Model):
    """A picture from the spot, as small as the phone made it."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    intervention = models.ForeignKey(Intervention, models.CASCADE, related_name="photos")
    caption = models.CharField(max_length=200, blank=True)
    media_type = models.CharField(max_length=40)
    content = models.BinaryField()
    taken_at = models.DateTimeField()
    longitude = models.FloatField(null=True)
    latitude = models.FloatField(null=True)


class Signature(models.Model):
    """Who signed on the spot; `image` is what the finger drew, empty where the name was typed alone."""

    intervention = models.OneToOneField(Intervention, models.CASCADE, related_name="signature")
    name = models.CharField(max_length=200)
    image = models.BinaryField(default=bytes)
    signed_at = models.DateTimeField()


class SentAct(models.Model):
    """An act that a phone sent, once for each identifier the phone gave it. One that could not be taken is
    kept whole, its picture too."""

    id = models.UUIDField(primary_key=True)  # made on the phone
    territory = models.ForeignKey("territory.Territory", models.CASCADE, related_name="+")
    person = models.ForeignKey("access.Person", models.CASCADE, related_name="+")
    intervention = models.ForeignKey(Intervention, models.CASCADE, null=True, related_name="sent")
    act = models.CharField(max_length=12)
    done_at = models.DateTimeField()
    received_at = models.DateTimeField()
    outcome = models.CharField(max_length=8)
    why = models.CharField(max_length=500, blank=True)  # a msgid
    why_data = models.JSONField(default=dict)
    data = models.JSONField(default=dict)
    content = models.BinaryField(default=bytes)
    settled_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(outcome__in=list(Outcome)), name="interventions_outcome_known"
            ),
        ]
        indexes = [
            models.Index(
                fields=["territory", "outcome"],
                name="interventions_refused",
                condition=Q(settled_at__isnull=True, outcome=Outcome.REFUSED),
            ),
        ]
