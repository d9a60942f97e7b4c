"""Tables of places, boundaries, organisations and networks.

Perimeters change, so what links two things is dated: `valid_from` inclusive, `valid_to` exclusive,
null for open. Boundaries are WKB (WGS 84) with their bounding box beside; a GiST index on the box is made
by migration.
"""

from __future__ import annotations

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import ArrayField, RangeOperators
from django.contrib.postgres.indexes import GinIndex, OpClass
from django.db import models
from django.db.models import F, Func, Q

from belvedere.domains.territory.states import Level, NetworkKind, OrganisationKind
from belvedere.kernel.identifiers import new_id


class DateRange(Func):
    function = "daterange"
    template = "%(function)s(%(expressions)s, '[)')"


def _period_is_forward(name: str) -> models.CheckConstraint:
    return models.CheckConstraint(
        condition=Q(valid_to__isnull=True) | Q(valid_from__isnull=True) | Q(valid_to__gt=F("valid_from")),
        name=f"{name}_period_forward",
    )


def _once_at_a_time(name: str, *together: str) -> ExclusionConstraint:
    """No two rows with the same `together` in periods that overlap."""
    return ExclusionConstraint(
        name=name,
        expressions=[
            *((field, RangeOperators.EQUAL) for field in together),
            (DateRange("valid_from", "valid_to"), RangeOperators.OVERLAPS),
        ],
    )


class Dated(models.Model):
    """What holds from a date to a date."""

    valid_from = models.DateField(null=True)
    valid_to = models.DateField(null=True)

    class Meta:
        abstract = True


class Place(Dated):
    """A bounded part of the territory."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    country = models.CharField(max_length=2)
    level = models.CharField(max_length=20, choices=[(level.value, level.name) for level in Level])
    names = models.JSONField(default=dict)  # {"fr": "Sierre", "de": "Siders"}
    search = models.TextField(default="")  # folded names and codes, written by the verbs
    longitude = models.FloatField(null=True)  # its main settlement, where its name is written on maps
    latitude = models.FloatField(null=True)

    class Meta:
        constraints = [
            _period_is_forward("place"),
            models.CheckConstraint(
                condition=Q(longitude__isnull=True, latitude__isnull=True)
                | Q(longitude__gte=-180, longitude__lte=180, latitude__gte=-90, latitude__lte=90),
                name="place_on_earth",
            ),
        ]
        indexes = [GinIndex(OpClass("search", name="gin_trgm_ops"), name="place_search")]


class PlaceCode(models.Model):
    """An official code of a place: INSEE, SIREN, BFS, LAU…"""

    place = models.ForeignKey(Place, models.CASCADE, related_name="codes")
    scheme = models.CharField(max_length=20)
    code = models.CharField(max_length=40)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["scheme", "code"], name="place_code_unique"),
        ]


class PlaceBoundary(Dated):
    """An outline of a place: of a date, from a source."""

    place = models.ForeignKey(Place, models.CASCADE, related_name="boundaries")
    geometry = models.BinaryField()  # WKB, WGS 84
    west = models.FloatField()
    south = models.FloatField()
    east = models.FloatField()
    north = models.FloatField()
    source = models.CharField(max_length=300)
    licence = models.CharField(max_length=200, blank=True)
    repaired = models.BooleanField(default=False)

    class Meta:
        constraints = [
            _period_is_forward("boundary"),
            models.CheckConstraint(
                condition=Q(west__lte=F("east"), south__lte=F("north")), name="boundary_box_forward"
            ),
            _once_at_a_time("boundary_once_at_a_time", "place"),
        ]


class PlaceParent(Dated):
    """That one place lies in another, from a date to a date."""

    place = models.ForeignKey(Place, models.CASCADE, related_name="parents")
    parent = models.ForeignKey(Place, models.CASCADE, related_name="children")

    class Meta:
        constraints = [
            _period_is_forward("place_parent"),
            models.CheckConstraint(condition=~Q(place=F("parent")), name="place_not_its_own_parent"),
            _once_at_a_time("place_parent_once_at_a_time", "place", "parent"),
        ]


class PlacePopulation(models.Model):
    """Inhabitants of a place in a year, by a source's definition (municipal, total, permanent…)."""

    place = models.ForeignKey(Place, models.CASCADE, related_name="populations")
    year = models.PositiveSmallIntegerField()
    kind = models.CharField(max_length=20, default="total")
    inhabitants = models.PositiveIntegerField()
    source = models.CharField(max_length=300)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["place", "year", "kind"], name="population_once_a_year"),
        ]


class Territory(models.Model):
    """What one instance serves: several may live nested or side by side."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    slug = models.SlugField(unique=True, max_length=60)
    names = models.JSONField(default=dict)
    parent = models.ForeignKey("self", models.PROTECT, null=True, related_name="children")
    country = models.CharField(max_length=2)
    currency = models.CharField(max_length=3)
    languages = ArrayField(models.CharField(max_length=5), default=list)  # the first is its own
    zone = models.CharField(max_length=40, default="Europe/Zurich")
    is_example = models.BooleanField(default=False)  # invented content, marked as such on every page
    published = models.BooleanField(default=True)
    waters = models.JSONField(default=dict)  # GeoJSON of lakes and rivers drawn on the map
    surroundings = models.JSONField(default=dict)  # GeoJSON of neighbours drawn faintly
    attribution = models.CharField(max_length=500, blank=True)  # sources and licences shown on the map
    base_map = models.JSONField(default=dict)  # {"tiles": url, "attribution": text}; empty: none
    # The place whose descendants are the territory; another territory may share some or all of them.
    place = models.ForeignKey(Place, models.PROTECT, null=True, related_name="+")
    version = models.PositiveIntegerField(default=1)  # grows with each change of what its map shows


class Organisation(models.Model):
    """A body that owns measures, pays, governs or works."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    territory = models.ForeignKey(Territory, models.PROTECT, related_name="organisations")
    kind = models.CharField(max_length=20, choices=[(kind.value, kind.name) for kind in OrganisationKind])
    names = models.JSONField(default=dict)
    short_name = models.CharField(max_length=60, blank=True)
    code_scheme = models.CharField(max_length=20, blank=True)
    code = models.CharField(max_length=40, blank=True)
    search = models.TextField(default="")
    active = models.BooleanField(default=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["territory", "code_scheme", "code"],
                condition=~Q(code=""),
                name="organisation_code_once_a_territory",
            ),
        ]
        indexes = [
            models.Index(fields=["territory", "kind"], name="organisation_kind"),
            GinIndex(OpClass("search", name="gin_trgm_ops"), name="organisation_search"),
        ]


class OrganisationPlace(Dated):
    """The perimeter of an organisation: which places, from when to when."""

    organisation = models.ForeignKey(Organisation, models.CASCADE, related_name="perimeter")
    place = models.ForeignKey(Place, models.PROTECT, related_name="+")

    class Meta:
        constraints = [
            _period_is_forward("perimeter"),
            _once_at_a_time("perimeter_place_once_at_a_time", "organisation", "place"),
        ]


class OrganisationMember(Dated):
    """That one organisation belongs to another (a commune to its intercommunal body), dated."""

    body = models.ForeignKey(Organisation, models.CASCADE, related_name="members")
    member = models.ForeignKey(Organisation, models.CASCADE, related_name="bodies")

    class Meta:
        constraints = [
            _period_is_forward("member"),
            models.CheckConstraint(condition=~Q(body=F("member")), name="organisation_not_its_own_member"),
            _once_at_a_time("member_once_at_a_time", "body", "member"),
        ]


class ColumnMapping(models.Model):
    """How the columns of a file of places are read, saved under a name to be used again."""

    name = models.CharField(max_length=80, unique=True)
    columns = models.JSONField(default=dict)


class Network(models.Model):
    """Lines that things lie along: roads, paths, cycle routes, of one source."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    territory = models.ForeignKey(Territory, models.CASCADE, related_name="networks")
    name = models.CharField(max_length=120)
    kind = models.CharField(max_length=20, choices=[(kind.value, kind.name) for kind in NetworkKind])
    source = models.CharField(max_length=300)
    licence = models.CharField(max_length=200, blank=True)
    imported_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["territory", "name"], name="network_name_once_a_territory"),
        ]


class NetworkLine(models.Model):
    """A line of a network, as its source draws and names it (WKB, WGS 84, with its bounding box)."""

    network = models.ForeignKey(Network, models.CASCADE, related_name="lines")
    key = models.CharField(max_length=120)  # the source's own code, else a digest of the geometry
    name = models.CharField(max_length=200, blank=True)
    number = models.CharField(max_length=40, blank=True)  # of the road: 9, A9, H144
    geometry = models.BinaryField()
    west = models.FloatField()
    south = models.FloatField()
    east = models.FloatField()
    north = models.FloatField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["network", "key"], name="network_line_once"),
            models.CheckConstraint(
                condition=Q(west__lte=F("east"), south__lte=F("north")), name="network_line_box_forward"
            ),
        ]
