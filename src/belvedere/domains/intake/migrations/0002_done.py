from django.db import migrations

# Numbers come in order: the set is one range, or a few after a redelivery. Tables that every batch writes
# leave room on their pages, so that an update stays where the row is.
FORWARD = """
ALTER TABLE intake_progress ADD COLUMN done int8multirange NOT NULL DEFAULT '{}';
ALTER TABLE intake_progress SET (fillfactor = 50);
ALTER TABLE intake_pace SET (fillfactor = 60);
ALTER TABLE intake_received SET (fillfactor = 70);
ALTER TABLE intake_ledger SET (fillfactor = 70);
"""


class Migration(migrations.Migration):
    dependencies = [("intake", "0001_initial")]
    operations = [migrations.RunSQL(FORWARD, "ALTER TABLE intake_progress DROP COLUMN done")]
