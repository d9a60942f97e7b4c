"""What a round ended with cannot be rewritten or taken away: the database refuses it, whoever asks."""

from django.db import migrations

FORBID = """
CREATE FUNCTION reporting_is_append_only() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION '% is append-only: what a closed round froze stays', TG_TABLE_NAME;
END $$;
CREATE TRIGGER reporting_append_only BEFORE UPDATE OR DELETE ON reporting_roundsnapshot
    FOR EACH ROW EXECUTE FUNCTION reporting_is_append_only();
CREATE TRIGGER reporting_append_only BEFORE UPDATE OR DELETE ON reporting_roundsnapshotline
    FOR EACH ROW EXECUTE FUNCTION reporting_is_append_only();
"""
ALLOW = """
DROP TRIGGER reporting_append_only ON reporting_roundsnapshot;
DROP TRIGGER reporting_append_only ON reporting_roundsnapshotline;
DROP FUNCTION reporting_is_append_only();
"""


class Migration(migrations.Migration):
    dependencies = [("reporting", "0001_initial")]
    operations = [migrations.RunSQL(FORBID, ALLOW)]
