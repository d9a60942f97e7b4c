"""A line of the log book is added and read, nothing else; only the name of a person erased goes."""

from django.db import migrations

FORBID = """
CREATE FUNCTION logbook_is_append_only() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'UPDATE' AND NEW.person_id IS NULL
            AND to_jsonb(NEW) - 'person_id' = to_jsonb(OLD) - 'person_id' THEN
        RETURN NEW;
    END IF;
    RAISE EXCEPTION 'The log book is append-only: % of logbook_entry is refused.', TG_OP
        USING ERRCODE = 'restrict_violation', HINT = 'Write a new entry that strikes the old one.';
END $$;
CREATE TRIGGER logbook_entry_append_only BEFORE UPDATE OR DELETE ON logbook_entry
    FOR EACH ROW EXECUTE FUNCTION logbook_is_append_only();
"""
ALLOW = """
DROP TRIGGER logbook_entry_append_only ON logbook_entry;
DROP FUNCTION logbook_is_append_only();
"""


class Migration(migrations.Migration):
    dependencies = [("logbook", "0001_initial")]
    operations = [migrations.RunSQL(FORBID, ALLOW)]
