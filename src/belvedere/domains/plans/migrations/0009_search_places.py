"""A measure is found by the names of its sites and of its places too: those of measures that are there."""

from typing import Any

from django.apps.registry import Apps
from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor

from belvedere.kernel.identifiers import fold

LONGEST = 4000
BATCH = 1000


def add_names(apps: Apps, _schema: BaseDatabaseSchemaEditor | None = None) -> None:
    """Only rows that miss a name are written."""
    measures: Any = apps.get_model("plans", "Measure").objects
    sites: Any = apps.get_model("plans", "Site").objects
    linked: Any = apps.get_model("plans", "MeasurePlace").objects
    words: dict[Any, list[str]] = {}
    for measure_id, name in sites.exclude(name="").values_list("measure_id", "name").iterator():
        words.setdefault(measure_id, []).append(name)
    for measure_id, names in linked.values_list("measure_id", "place__names").iterator():
        words.setdefault(measure_id, []).extend(names.values())
    changed = []
    for row in measures.filter(pk__in=list(words)).only("pk", "search"):
        missing = [text for text in dict.fromkeys(map(fold, words[row.pk])) if text not in row.search]
        if missing:
            row.search = " ".join([row.search, *missing])[:LONGEST]
            changed.append(row)
    measures.bulk_update(changed, ["search"], batch_size=BATCH)


class Migration(migrations.Migration):
    dependencies = [
        ("plans", "0008_books_apart"),
        ("territory", "0003_networks"),
    ]

    operations = [
        migrations.RunPython(add_names, migrations.RunPython.noop, elidable=True),
    ]
