"""Fewer indexes on what is written most: the ones left begin with the same column."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("territory", "0003_networks"),
        ("twin", "0007_things_of_a_type"),
    ]

    operations = [
        migrations.AlterField(
            model_name="attribute",
            name="device",
            field=models.ForeignKey(
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.SET_NULL,
                related_name="+",
                to="twin.device",
            ),
        ),
        migrations.AlterField(
            model_name="attribute",
            name="entity",
            field=models.ForeignKey(
                db_index=False,
                on_delete=django.db.models.deletion.CASCADE,
                related_name="attributes",
                to="twin.entity",
            ),
        ),
        migrations.AlterField(
            model_name="entity",
            name="territory",
            field=models.ForeignKey(
                db_index=False,
                on_delete=django.db.models.deletion.CASCADE,
                related_name="+",
                to="territory.territory",
            ),
        ),
        migrations.AlterField(
            model_name="passage",
            name="entity",
            field=models.ForeignKey(
                db_index=False,
                on_delete=django.db.models.deletion.CASCADE,
                related_name="passages",
                to="twin.entity",
            ),
        ),
        migrations.AddIndex(
            model_name="attribute",
            index=models.Index(
                condition=models.Q(("device__isnull", False)),
                fields=["device"],
                name="twin_attribute_of_device",
            ),
        ),
    ]
