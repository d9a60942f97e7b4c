"""Every kind of attribute that NGSI-LD has, and things found by their types."""

import django.contrib.postgres.indexes
from django.db import migrations, models

import belvedere.domains.twin.states

KINDS = [
    "property",
    "relationship",
    "geo",
    "language",
    "json",
    "vocab",
    "list",
    "list_relationship",
]


class Migration(migrations.Migration):
    dependencies = [("twin", "0004_meters_stay_private")]

    operations = [
        migrations.RemoveConstraint(model_name="attribute", name="twin_attribute_kind_known"),
        migrations.AlterField(
            model_name="attribute",
            name="kind",
            field=models.CharField(
                default=belvedere.domains.twin.states.AttributeKind["PROPERTY"], max_length=20
            ),
        ),
        migrations.AddConstraint(
            model_name="attribute",
            constraint=models.CheckConstraint(
                condition=models.Q(("kind__in", KINDS)), name="twin_attribute_kind_known"
            ),
        ),
        migrations.AddIndex(
            model_name="entity",
            index=django.contrib.postgres.indexes.GinIndex(fields=["types"], name="twin_entity_types"),
        ),
    ]
