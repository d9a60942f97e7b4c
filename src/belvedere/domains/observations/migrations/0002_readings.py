"""Readings of hot days, partitioned by UTC day, and those of days that are in the lake already.

By hand, since Django knows no partitions. The partitions themselves are made when a day first needs one.
"""

from django.db import migrations

COLUMNS = """
    series_id bigint NOT NULL,
    observed_at timestamptz NOT NULL,
    number double precision,
    value jsonb,
    seq bigint NOT NULL,
    received_at timestamptz NOT NULL,
    PRIMARY KEY (series_id, observed_at)
"""
MAKE = f"""
CREATE TABLE observations_reading ({COLUMNS}) PARTITION BY RANGE (observed_at);
CREATE TABLE observations_late ({COLUMNS});
CREATE INDEX observations_late_at ON observations_late (observed_at);
CREATE SEQUENCE observations_version;
"""
UNMAKE = """
DROP TABLE observations_reading, observations_late;
DROP SEQUENCE observations_version;
"""


class Migration(migrations.Migration):
    dependencies = [("observations", "0001_initial")]
    operations = [migrations.RunSQL(MAKE, UNMAKE)]
