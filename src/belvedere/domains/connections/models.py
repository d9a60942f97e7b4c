"""The tables of connections: network servers, sources that are asked, files of readings, scripts that decode,
how each device is read."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from belvedere.domains.connections.states import SourceForm, System, Way
from belvedere.kernel.identifiers import new_id


class Connection(models.Model):
    """A network server whose uplinks come in. Of the secret it calls with only the digest is kept."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    territory = models.ForeignKey("territory.Territory", models.CASCADE, related_name="+")
    owner = models.ForeignKey("territory.Organisation", models.PROTECT, null=True, related_name="+")
    name = models.CharField(max_length=100)
    system = models.CharField(max_length=12, choices=[(one.value, one.name) for one in System])
    way = models.CharField(max_length=7, choices=[(one.value, one.name) for one in Way])
    created_at = models.DateTimeField()
    secret_sha256 = models.BinaryField(max_length=32, null=True)
    secret_made_at = models.DateTimeField(null=True)
    host = models.CharField(max_length=253, blank=True)
    port = models.PositiveIntegerField(null=True)
    tls = models.BooleanField(default=True)
    user = models.CharField(max_length=200, blank=True)
    password = models.BinaryField(null=True)  # encrypted
    changed_at = models.DateTimeField()
    # What it did, written at most every few seconds:
    taken = models.BigIntegerField(default=0)
    refused = models.BigIntegerField(default=0)
    heard_at = models.DateTimeField(null=True)
    problem = models.CharField(max_length=200, blank=True)
    problem_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(way=Way.WEBHOOK, secret_sha256__isnull=False, host="")
                | (Q(way=Way.MQTT, secret_sha256__isnull=True, port__gt=0) & ~Q(host="")),
                name="connection_has_a_way",
            ),
            models.CheckConstraint(
                condition=Q(system__in=[one.value for one in System]), name="connection_system_known"
            ),
        ]


class Source(models.Model):
    """An address that is asked again and again for what it holds, and how that is read.

    `next_at`: when it is asked next; whoever asks first moves it on, so that nobody else asks meanwhile.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    territory = models.ForeignKey("territory.Territory", models.CASCADE, related_name="+")
    owner = models.ForeignKey("territory.Organisation", models.PROTECT, null=True, related_name="+")
    name = models.CharField(max_length=100)
    form = models.CharField(max_length=12, choices=[(one.value, one.name) for one in SourceForm])
    url = models.CharField(max_length=500)
    header = models.CharField(max_length=60, blank=True)
    secret = models.BinaryField(null=True)  # what the header says, encrypted
    every_s = models.PositiveIntegerField()
    kind = models.CharField(max_length=60)  # slug of the description of its things
    prefix = models.CharField(max_length=24, blank=True)  # of the names of its devices
    creates = models.BooleanField(default=True)  # things that are not known yet
    visibility = models.CharField(max_length=6)  # of those
    mapping = models.JSONField(default=dict)
    is_on = models.BooleanField(default=False)
    created_at = models.DateTimeField()
    changed_at = models.DateTimeField()
    # What was found when somebody last looked, to choose from:
    found = models.JSONField(default=dict)
    looked_at = models.DateTimeField(null=True)
    # What it did:
    next_at = models.DateTimeField(null=True)
    asked_at = models.DateTimeField(null=True)
    heard_at = models.DateTimeField(null=True)
    etag = models.CharField(max_length=200, blank=True)
    modified = models.CharField(max_length=200, blank=True)
    rows = models.PositiveIntegerField(default=0)  # of the last answer
    left_out = models.PositiveIntegerField(default=0)  # of these, not handed on
    taken = models.BigIntegerField(default=0)  # handed on in all
    made = models.PositiveIntegerField(default=0)  # things that it brought
    failures = models.PositiveIntegerField(default=0)  # in a row
    problem = models.CharField(max_length=300, blank=True)
    problem_data = models.JSONField(default=dict)
    problem_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(form__in=[one.value for one in SourceForm]), name="connections_source_form_known"
            ),
            models.CheckConstraint(
                condition=Q(every_s__gte=60, every_s__lte=86_400), name="connections_source_patience"
            ),
            models.CheckConstraint(
                condition=Q(is_on=True, next_at__isnull=False) | Q(is_on=False, next_at__isnull=True),
                name="connections_source_on_or_off",
            ),
        ]
        indexes = [
            models.Index(fields=["next_at"], condition=Q(is_on=True), name="connections_source_due"),
        ]


class Announced(models.Model):
    """That a source told of something as long as it lasts, and which thing that became; no thing for one
    that a person took away."""

    id = models.BigAutoField(primary_key=True)
    source = models.ForeignKey(Source, models.CASCADE, related_name="announced")
    key = models.CharField(max_length=40)  # of its name there
    digest = models.BinaryField(max_length=16)  # of what it says
    entity = models.ForeignKey("twin.Entity", models.SET_NULL, null=True, related_name="+")
    gone_at = models.DateTimeField(null=True)  # not told any more

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["source", "key"], name="connections_announced_once"),
        ]


class ReadingsFile(models.Model):
    """A file of readings that somebody brought. `body`: its bytes, packed (zlib), until it is taken; what
    became of it and how it was read stay a while."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    territory = models.ForeignKey("territory.Territory", models.CASCADE, related_name="+")
    owner = models.ForeignKey("territory.Organisation", models.PROTECT, null=True, related_name="+")
    name = models.CharField(max_length=200)
    kind = models.CharField(max_length=60)  # slug of the description of its things
    device = models.CharField(max_length=64, blank=True)  # the one it tells of, where no field names any
    prefix = models.CharField(max_length=24, blank=True)  # of the names of its devices
    mapping = models.JSONField(default=dict)
    body = models.BinaryField(null=True)
    size = models.PositiveIntegerField()  # unpacked
    sha256 = models.BinaryField(max_length=32)
    brought_at = models.DateTimeField()
    taken_at = models.DateTimeField(null=True)
    counts = models.JSONField(default=dict)  # what became of its rows

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(taken_at__isnull=True, body__isnull=False)
                | Q(taken_at__isnull=False, body__isnull=True),
                name="connections_file_taken_or_kept",
            ),
        ]
        indexes = [models.Index(fields=["territory", "-brought_at"], name="connections_files")]


class Script(models.Model):
    """A decoder in JavaScript that somebody brought; it runs in the sandbox only."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    territory = models.ForeignKey("territory.Territory", models.CASCADE, related_name="+")
    name = models.CharField(max_length=100)
    source = models.TextField()
    created_at = models.DateTimeField()
    changed_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["territory", "name"], name="connections_script_name_once")
        ]


class Reader(models.Model):
    """How the uplinks of a device are read: a model of the catalogue, or a script."""

    device = models.OneToOneField("twin.Device", models.CASCADE, primary_key=True, related_name="+")
    model = models.CharField(max_length=60, blank=True)
    script = models.ForeignKey(Script, models.PROTECT, null=True, related_name="readers")

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=(~Q(model="") & Q(script__isnull=True)) | Q(model="", script__isnull=False),
                name="connections_one_reader",
            )
        ]


class Route(models.Model):
    """By which connection a device was heard, so that commands find the way down.

    `user`: its name on the bus (`territory.device`); `base`: of its topics at the broker, "" where the server
    only calls us.
    """

    id = models.BigAutoField(primary_key=True)
    user = models.CharField(max_length=160)
    connection = models.ForeignKey(Connection, models.CASCADE, related_name="routes")
    base = models.CharField(max_length=300, blank=True)
    heard_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["user", "connection"], name="connections_route_once"),
        ]


class PassedOn(models.Model):
    """A command that a network server was given, and what it said of it; kept while it may be asked again."""

    command_id = models.UUIDField(primary_key=True)
    user = models.CharField(max_length=160)
    at = models.DateTimeField(db_index=True)
    answer = models.CharField(max_length=10, blank=True)  # as a device answers
    words = models.CharField(max_length=300, blank=True)
