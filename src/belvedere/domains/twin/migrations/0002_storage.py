"""The index of the map's window, room on the pages that messages write, and the one row of the version."""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("twin", "0001_initial")]
    operations = [
        migrations.RunSQL(
            sql="""
                CREATE INDEX twin_entity_box ON twin_entity
                USING gist (box(point(east, north), point(west, south)))
            """,
            reverse_sql="DROP INDEX twin_entity_box",
        ),
        migrations.RunSQL(
            sql="""
                ALTER TABLE twin_entity SET (fillfactor = 90, autovacuum_vacuum_scale_factor = 0.02);
                ALTER TABLE twin_heard SET (fillfactor = 60, autovacuum_vacuum_scale_factor = 0.05);
                ALTER TABLE twin_attribute SET (fillfactor = 70, autovacuum_vacuum_scale_factor = 0.05);
                ALTER TABLE twin_device SET (fillfactor = 70, autovacuum_vacuum_scale_factor = 0.05)
            """,
            reverse_sql="""
                ALTER TABLE twin_heard RESET (fillfactor, autovacuum_vacuum_scale_factor);
                ALTER TABLE twin_entity RESET (fillfactor, autovacuum_vacuum_scale_factor);
                ALTER TABLE twin_attribute RESET (fillfactor, autovacuum_vacuum_scale_factor);
                ALTER TABLE twin_device RESET (fillfactor, autovacuum_vacuum_scale_factor)
            """,
        ),
        migrations.RunSQL(
            sql="INSERT INTO twin_feedsversion (id, number) VALUES (1, 1)",
            reverse_sql="DELETE FROM twin_feedsversion",
        ),
    ]
