"""The tables of the twin: things, what they say now, and the devices that tell it.

The id of an attribute is the number of its series: history is kept under it, elsewhere. Nothing is indexed
that every message changes, and the tables that messages write leave room on their pages, so that an update
stays where the row is.
"""

from __future__ import annotations

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex, OpClass
from django.db import models
from django.db.models import F, Q

from belvedere.domains.twin.states import HOUSEHOLD, AttributeKind, Level, State, ValueType, Visibility
from belvedere.kernel.identifiers import new_id


class Entity(models.Model):
    """A thing of the territory (an NGSI-LD entity): a container, a street light, a station."""

    id = models.BigAutoField(primary_key=True)
    # The territory, as the entity below, has no index of its own: others begin with it, each costs a write.
    territory = models.ForeignKey("territory.Territory", models.CASCADE, related_name="+", db_index=False)
    urn = models.CharField(max_length=300)
    types = ArrayField(models.CharField(max_length=300))  # expanded IRIs
    kind = models.CharField(max_length=60)  # slug of its description; "" for a type that has none
    names = models.JSONField(default=dict)
    owner = models.ForeignKey("territory.Organisation", models.PROTECT, null=True, related_name="+")
    visibility = models.CharField(max_length=6, default=Visibility.OWN)
    geometry = models.BinaryField(null=True)  # WKB, WGS 84
    longitude = models.FloatField(null=True)  # a point inside it
    latitude = models.FloatField(null=True)
    west = models.FloatField(null=True)
    south = models.FloatField(null=True)
    east = models.FloatField(null=True)
    north = models.FloatField(null=True)
    place = models.ForeignKey("territory.Place", models.SET_NULL, null=True, related_name="+")
    scopes = ArrayField(models.CharField(max_length=200), default=list)
    search = models.TextField(default="")  # folded names and identifier, written by the verbs
    created_at = models.DateTimeField()
    modified_at = models.DateTimeField()
    # Derived from the values that arrive:
    state = models.CharField(max_length=6, default=State.NORMAL)
    state_since = models.DateTimeField()
    expected_s = models.PositiveIntegerField(null=True)  # the shortest interval of its devices

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["territory", "urn"], name="twin_urn_once_a_territory"),
            models.CheckConstraint(
                condition=Q(visibility__in=[one.value for one in Visibility]), name="twin_visibility_known"
            ),
            models.CheckConstraint(
                condition=Q(state__in=[one.value for one in State]), name="twin_state_known"
            ),
            models.CheckConstraint(condition=Q(types__len__gt=0), name="twin_entity_has_types"),
            models.CheckConstraint(
                condition=~Q(kind__in=HOUSEHOLD, visibility=Visibility.PUBLIC),
                name="twin_meters_stay_private",
            ),
            models.CheckConstraint(
                condition=Q(west__isnull=True)
                | Q(
                    west__lte=F("east"),
                    south__lte=F("north"),
                    longitude__isnull=False,
                    latitude__isnull=False,
                ),
                name="twin_box_forward",
            ),
        ]
        indexes = [
            # All that counting the things of a window needs; it changes only when a state does.
            models.Index(
                fields=["territory", "state", "kind", "visibility"],
                include=["longitude", "latitude", "owner"],
                name="twin_entity_window",
            ),
            GinIndex(OpClass("search", name="gin_trgm_ops"), name="twin_entity_search"),
            GinIndex(fields=["types"], name="twin_entity_types"),
        ]


class Heard(models.Model):
    """When a thing was last heard: apart, since every message writes it and the map reads things by the
    hundred thousand."""

    entity = models.OneToOneField(Entity, models.CASCADE, primary_key=True, related_name="heard")
    last_seen_at = models.DateTimeField()


class Passage(models.Model):
    """That a thing went from one state into another, as it was known at that moment."""

    id = models.BigAutoField(primary_key=True)
    entity = models.ForeignKey(Entity, models.CASCADE, related_name="passages", db_index=False)
    at = models.DateTimeField()
    before = models.CharField(max_length=6)
    after = models.CharField(max_length=6)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(before__in=[one.value for one in State])
                & Q(after__in=[one.value for one in State])
                & ~Q(before=F("after")),
                name="twin_passage_between_states",
            ),
        ]
        indexes = [
            models.Index(fields=["entity", "-at"], name="twin_passage_of_thing"),
            models.Index(fields=["at"], name="twin_passage_when"),
        ]


class Device(models.Model):
    """What sends values of a thing. Of its secret only the digest is kept."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    territory = models.ForeignKey("territory.Territory", models.CASCADE, related_name="+")
    key = models.CharField(max_length=64)
    owner = models.ForeignKey("territory.Organisation", models.PROTECT, null=True, related_name="+")
    kind = models.CharField(max_length=60)  # slug of the description of what it tells
    entity = models.ForeignKey(Entity, models.CASCADE, related_name="devices")
    fields = models.JSONField(
        default=dict
    )  # incoming field -> {term, kind, factor, offset, unit, asked_unit}
    expected_interval_s = models.PositiveIntegerField(null=True)
    per_minute = models.PositiveIntegerField(default=600)
    secret_sha256 = models.BinaryField(max_length=32)
    secret_made_at = models.DateTimeField()
    created_at = models.DateTimeField()
    revoked_at = models.DateTimeField(null=True)
    last_seen_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["territory", "key"], name="twin_device_key_once"),
            models.CheckConstraint(
                condition=Q(key__regex=r"^[a-z0-9][a-z0-9_-]{0,63}$"), name="twin_device_key_form"
            ),
            models.CheckConstraint(condition=Q(per_minute__gt=0), name="twin_device_may_send"),
        ]


class Attribute(models.Model):
    """What a thing says in one respect, as it is now. Its id is the number of its series."""

    id = models.BigAutoField(primary_key=True)
    entity = models.ForeignKey(Entity, models.CASCADE, related_name="attributes", db_index=False)
    # Which tells it.
    device = models.ForeignKey(Device, models.SET_NULL, null=True, related_name="+", db_index=False)
    name = models.CharField(max_length=300)  # expanded IRI
    term = models.CharField(max_length=120)
    dataset_id = models.CharField(max_length=300, default="", blank=True)
    kind = models.CharField(max_length=20, default=AttributeKind.PROPERTY)
    value_kind = models.CharField(max_length=7, default=ValueType.NUMBER)
    number = models.FloatField(null=True)
    value = models.JSONField(null=True)
    unit = models.CharField(max_length=12, default="", blank=True)  # UN/CEFACT code
    observed_at = models.DateTimeField(null=True)
    received_at = models.DateTimeField(null=True)
    created_at = models.DateTimeField()
    modified_at = models.DateTimeField()
    note = models.CharField(max_length=200, default="", blank=True)  # of its quality; "" for nothing odd
    level = models.SmallIntegerField(default=Level.NORMAL)
    sub = models.JSONField(default=dict)  # metadata, and metadata of metadata
    visibility = models.CharField(max_length=6, null=True)  # null: as the thing
    # Thresholds, from the description unless someone set others:
    alarm_low = models.FloatField(null=True)
    watch_low = models.FloatField(null=True)
    watch_high = models.FloatField(null=True)
    alarm_high = models.FloatField(null=True)
    watch_values = ArrayField(models.CharField(max_length=80), null=True)
    alarm_values = ArrayField(models.CharField(max_length=80), null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["entity", "name", "dataset_id"], name="twin_attribute_once"),
            models.CheckConstraint(
                condition=Q(kind__in=[one.value for one in AttributeKind]), name="twin_attribute_kind_known"
            ),
            models.CheckConstraint(
                condition=Q(value_kind__in=[one.value for one in ValueType]), name="twin_value_kind_known"
            ),
            models.CheckConstraint(
                condition=Q(number__isnull=True) | Q(value__isnull=True), name="twin_one_value"
            ),
            models.CheckConstraint(
                condition=Q(visibility__isnull=True) | Q(visibility__in=[one.value for one in Visibility]),
                name="twin_attribute_visibility_known",
            ),
        ]
        indexes = [
            models.Index(
                fields=["device"], condition=Q(device__isnull=False), name="twin_attribute_of_device"
            ),
        ]


class Strictness(models.Model):
    """That a territory refuses values outside their description, rather than keep them with a note."""

    territory = models.OneToOneField(
        "territory.Territory", models.CASCADE, primary_key=True, related_name="+"
    )
    refuse = models.BooleanField()


class FeedsVersion(models.Model):
    """One row: a number that grows in the transaction of whatever changes how messages are read."""

    id = models.SmallIntegerField(primary_key=True, default=1)
    number = models.BigIntegerField(default=1)

    class Meta:
        constraints = [models.CheckConstraint(condition=Q(id=1), name="twin_one_version")]
