"""An index on the bounding boxes of boundaries: "which places lie at this point" without reading them all."""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("territory", "0001_initial")]
    operations = [
        migrations.RunSQL(
            sql="""
                CREATE INDEX boundary_box ON territory_placeboundary
                USING gist (box(point(east, north), point(west, south)))
            """,
            reverse_sql="DROP INDEX boundary_box",
        ),
    ]
