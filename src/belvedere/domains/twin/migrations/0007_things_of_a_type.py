"""The things of a type in the order of their making, which is that of their pages: found without walking the
others. Almost all have one type; those of several are few and looked at one by one."""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("twin", "0006_bands")]
    operations = [
        migrations.RunSQL(
            sql="""
                CREATE INDEX twin_entity_of_type ON twin_entity (territory_id, (types[1]), id);
                CREATE INDEX twin_entity_of_several ON twin_entity (territory_id, id)
                    WHERE cardinality(types) > 1
            """,
            reverse_sql="DROP INDEX twin_entity_of_type; DROP INDEX twin_entity_of_several",
        ),
    ]
