"""Listings of the generation before become successions; what was voted or filed cannot be rewritten."""

from django.db import migrations

FORBID = """
CREATE FUNCTION plans_is_append_only() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION '% is append-only: add a new row instead', TG_TABLE_NAME;
END $$;
CREATE TRIGGER plans_append_only BEFORE UPDATE ON plans_snapshot
    FOR EACH ROW EXECUTE FUNCTION plans_is_append_only();
CREATE TRIGGER plans_append_only BEFORE UPDATE ON plans_snapshotline
    FOR EACH ROW EXECUTE FUNCTION plans_is_append_only();
CREATE TRIGGER plans_append_only BEFORE UPDATE ON plans_variancereason
    FOR EACH ROW EXECUTE FUNCTION plans_is_append_only();
CREATE TRIGGER plans_append_only BEFORE UPDATE ON plans_documentversion
    FOR EACH ROW EXECUTE FUNCTION plans_is_append_only();
CREATE TRIGGER plans_append_only BEFORE UPDATE ON plans_documentcontent
    FOR EACH ROW EXECUTE FUNCTION plans_is_append_only();
"""
ALLOW = """
DROP TRIGGER plans_append_only ON plans_snapshot;
DROP TRIGGER plans_append_only ON plans_snapshotline;
DROP TRIGGER plans_append_only ON plans_variancereason;
DROP TRIGGER plans_append_only ON plans_documentversion;
DROP TRIGGER plans_append_only ON plans_documentcontent;
DROP FUNCTION plans_is_append_only();
"""


def to_successions(apps, schema_editor):
    listing = apps.get_model("plans", "PlanMembership")
    succession = apps.get_model("plans", "Succession")
    succession.objects.bulk_create(
        succession(listing_id=pk, previous_id=previous, relation="same")
        for pk, previous in listing.objects.exclude(previous=None).values_list("pk", "previous_id")
    )


def to_previous(apps, schema_editor):
    listing = apps.get_model("plans", "PlanMembership")
    for link in apps.get_model("plans", "Succession").objects.all():
        listing.objects.filter(pk=link.listing_id).update(previous_id=link.previous_id)


class Migration(migrations.Migration):
    dependencies = [("plans", "0003_complete_model")]
    operations = [
        migrations.RunPython(to_successions, to_previous),
        migrations.RunSQL(FORBID, ALLOW),
    ]
