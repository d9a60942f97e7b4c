"""Steps of commands can be added and read; only the name of a person who is erased can be taken out."""

from django.db import migrations

FORBID = """
CREATE FUNCTION commands_steps_stay() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'UPDATE' AND NEW.person_id IS NULL AND (NEW.id, NEW.command_id, NEW.at, NEW.act, NEW.before,
        NEW.after, NEW.note) IS NOT DISTINCT FROM (OLD.id, OLD.command_id, OLD.at, OLD.act,
        OLD.before, OLD.after, OLD.note)
    THEN
        RETURN NEW;
    END IF;
    RAISE EXCEPTION 'The course of a command is only added to: % is refused.', TG_OP
        USING ERRCODE = 'restrict_violation', HINT = 'Add a step that corrects the old one.';
END $$;
CREATE TRIGGER commands_steps_stay BEFORE UPDATE OR DELETE ON commands_commandstep
    FOR EACH ROW EXECUTE FUNCTION commands_steps_stay();
"""
ALLOW = """
DROP TRIGGER commands_steps_stay ON commands_commandstep;
DROP FUNCTION commands_steps_stay();
"""


class Migration(migrations.Migration):
    dependencies = [("commands", "0001_initial")]
    operations = [migrations.RunSQL(FORBID, ALLOW)]
