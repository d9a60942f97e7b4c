"""Tables of imports: saved mappings, remembered words, drafts with their rows, traces for undoing."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from belvedere.kernel.identifiers import new_id


class ImportState(models.TextChoices):
    DRAFT = "draft"
    TAKING = "taking"
    TAKEN = "taken"
    UNDONE = "undone"


class SheetMapping(models.Model):
    """How the columns of a sheet are read, saved under a name."""

    territory = models.ForeignKey("territory.Territory", models.CASCADE, related_name="+")
    name = models.CharField(max_length=120)
    content = models.JSONField(default=dict)
    updated_at = models.DateTimeField(auto_now=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["territory", "name"], name="sheet_mapping_name_once_a_territory"),
        ]


class SheetWord(models.Model):
    """What a word of a sheet was decided to mean, for the next imports."""

    territory = models.ForeignKey("territory.Territory", models.CASCADE, related_name="+")
    field = models.CharField(max_length=20)  # owner, funder, category, plan, place
    word = models.CharField(max_length=300)  # folded
    target = models.CharField(max_length=60)  # an identifier, or the code of a category or plan

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["territory", "field", "word"], name="sheet_word_once_a_territory"
            ),
        ]


class SheetImport(models.Model):
    """A file on its way in: a draft until it is taken. The file itself lies in the home's folder."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    territory = models.ForeignKey("territory.Territory", models.CASCADE, related_name="+")
    by_id = models.UUIDField(null=True)  # the person, null for the platform
    file_name = models.CharField(max_length=255)
    sha256 = models.CharField(max_length=64)
    size = models.PositiveIntegerField()
    sheet = models.CharField(max_length=120, blank=True)
    description = models.JSONField(default=dict)  # what was read: headers, lines, sheets, encoding
    mapping_name = models.CharField(max_length=120, blank=True)
    mapping = models.JSONField(default=dict)
    decisions = models.JSONField(default=dict)
    state = models.CharField(max_length=12, choices=ImportState.choices, default=ImportState.DRAFT)
    counts = models.JSONField(default=dict)  # verdict -> rows
    totals = models.JSONField(default=dict)
    message = models.JSONField(default=dict)  # why the last act failed: msgid and data
    checked_at = models.DateTimeField(null=True)
    created_at = models.DateTimeField(auto_now_add=True)
    taken_at = models.DateTimeField(null=True)
    undone_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [models.Index(fields=["territory", "-created_at"], name="sheet_import_recent")]


class SheetProgress(models.Model):
    """How far the job is that takes an import. No foreign key: the act holds a lock on the import."""

    import_id = models.UUIDField(primary_key=True)
    percent = models.PositiveSmallIntegerField(default=0)


class SheetRow(models.Model):
    """A row of a draft and its verdict."""

    sheet_import = models.ForeignKey(SheetImport, models.CASCADE, related_name="rows")
    line = models.PositiveIntegerField()
    lines = models.JSONField(default=list)  # all lines of the measure, where it has several
    verdict = models.CharField(max_length=12)
    taken = models.BooleanField(default=False)
    key = models.CharField(max_length=120, blank=True)
    title = models.CharField(max_length=500, blank=True)
    search = models.TextField(blank=True)
    problems = models.JSONField(default=list)
    changes = models.JSONField(default=list)
    groups = models.JSONField(default=list)  # of its problems, to apply one decision to all alike
    measure_id = models.UUIDField(null=True)
    version = models.PositiveIntegerField(null=True)  # of the measure when it was compared

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["sheet_import", "line"], name="sheet_row_line_once"),
        ]
        indexes = [models.Index(fields=["sheet_import", "verdict", "line"], name="sheet_row_verdict")]


class SheetTrace(models.Model):
    """What an import did to a measure, so that it can be undone."""

    sheet_import = models.ForeignKey(SheetImport, models.CASCADE, related_name="traces")
    measure_id = models.UUIDField()
    line = models.PositiveIntegerField()
    created = models.BooleanField()
    version = models.PositiveIntegerField()  # of the measure after the import
    before = models.JSONField(null=True)  # the record before; null: it was created
    undone = models.BooleanField(default=False)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(created=True, before__isnull=True) | Q(created=False, before__isnull=False),
                name="sheet_trace_before_if_changed",
            ),
        ]
