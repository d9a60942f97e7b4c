"""Equipment is listed as people count: EP-2 before EP-10."""

from __future__ import annotations

from typing import Any

from django.db import migrations, models

from belvedere.kernel.identifiers import natural_key

BATCH = 2000


def write_keys(apps: Any, schema_editor: Any) -> None:
    rows = apps.get_model("equipment", "Equipment").objects.using(schema_editor.connection.alias)
    changed = []
    for row in rows.only("pk", "number").order_by("pk").iterator(chunk_size=BATCH):
        row.sort_key = natural_key(row.number)[:200]
        changed.append(row)
        if len(changed) == BATCH:
            rows.bulk_update(changed, ["sort_key"])
            changed = []
    rows.bulk_update(changed, ["sort_key"])


class Migration(migrations.Migration):
    dependencies = [
        ("equipment", "0002_no_circles"),
        ("territory", "0003_networks"),
        ("twin", "0008_fewer_indexes"),
    ]

    operations = [
        migrations.RemoveIndex(model_name="equipment", name="equipment_in_order"),
        migrations.AddField(
            model_name="equipment",
            name="sort_key",
            field=models.CharField(db_collation="C", default="", max_length=200),
        ),
        migrations.RunPython(write_keys, migrations.RunPython.noop),
        migrations.AddIndex(
            model_name="equipment",
            index=models.Index(fields=["territory", "sort_key", "number", "id"], name="equipment_in_order"),
        ),
    ]
