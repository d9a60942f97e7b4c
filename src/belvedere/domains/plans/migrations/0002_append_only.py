"""An estimate is never overwritten: the database refuses it, whoever asks."""

from django.db import migrations

FORBID = """
CREATE FUNCTION plans_estimate_is_append_only() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'plans_costestimate is append-only: record a new version instead';
END $$;
CREATE TRIGGER plans_estimate_append_only BEFORE UPDATE ON plans_costestimate
    FOR EACH ROW EXECUTE FUNCTION plans_estimate_is_append_only();
"""
ALLOW = """
DROP TRIGGER plans_estimate_append_only ON plans_costestimate;
DROP FUNCTION plans_estimate_is_append_only();
"""


class Migration(migrations.Migration):
    dependencies = [("plans", "0001_initial")]
    operations = [migrations.RunSQL(FORBID, ALLOW)]
