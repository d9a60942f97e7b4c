"""Entries can be added and read, nothing else: by no role, the owner of the table and superusers included.

ENABLE ALWAYS: also when a session plays the replica. Whoever removes the triggers still breaks the chain.
"""

from django.db import migrations

FORBID = """
CREATE FUNCTION journal_is_append_only() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'The journal is append-only: % of journal_entry is refused.', TG_OP
        USING ERRCODE = 'restrict_violation', HINT = 'Record a new entry that corrects the old one.';
END $$;
CREATE TRIGGER journal_entry_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON journal_entry
    FOR EACH STATEMENT EXECUTE FUNCTION journal_is_append_only();
ALTER TABLE journal_entry ENABLE ALWAYS TRIGGER journal_entry_append_only;
"""
ALLOW = """
DROP TRIGGER journal_entry_append_only ON journal_entry;
DROP FUNCTION journal_is_append_only();
"""


class Migration(migrations.Migration):
    dependencies = [("journal", "0001_initial")]
    operations = [migrations.RunSQL(FORBID, ALLOW)]
