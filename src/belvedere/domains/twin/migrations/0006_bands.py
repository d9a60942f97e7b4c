"""The few that say a very great or very small number are found by its band (`documents.bands`).

The band is a column and not an expression of the index: PostgreSQL then sees that it stayed, and a value that
does not leave its band changes no index.
"""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("twin", "0005_kinds_of_ngsi_ld")]
    operations = [
        migrations.RunSQL(
            sql="""
                ALTER TABLE twin_attribute ADD COLUMN band int GENERATED ALWAYS AS (
                    CASE
                        WHEN abs(number) < 1e-6 THEN 0
                        WHEN number IS NOT NULL
                            THEN sign(number)::int * (320 + floor(16 * ln(abs(number)) / ln(2::float8))::int)
                        WHEN jsonb_typeof(value) IN ('array', 'object', 'number') THEN 2147483647
                    END
                ) STORED;
                CREATE INDEX twin_attribute_band ON twin_attribute (name, band) WHERE band IS NOT NULL
            """,
            reverse_sql="ALTER TABLE twin_attribute DROP COLUMN band",
        ),
    ]
