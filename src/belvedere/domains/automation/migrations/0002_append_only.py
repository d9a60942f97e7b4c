"""Steps of alarms can be added and read; only the name of a person who is erased can be taken out."""

from django.db import migrations

FORBID = """
CREATE FUNCTION automation_steps_stay() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'UPDATE' AND NEW.person_id IS NULL AND (NEW.id, NEW.alarm_id, NEW.at, NEW.act, NEW.before,
        NEW.after, NEW.note, NEW.data) IS NOT DISTINCT FROM (OLD.id, OLD.alarm_id, OLD.at, OLD.act,
        OLD.before, OLD.after, OLD.note, OLD.data)
    THEN
        RETURN NEW;
    END IF;
    RAISE EXCEPTION 'The timeline of an alarm is only added to: % is refused.', TG_OP
        USING ERRCODE = 'restrict_violation', HINT = 'Add a step that corrects the old one.';
END $$;
CREATE TRIGGER automation_steps_stay BEFORE UPDATE OR DELETE ON automation_alarmstep
    FOR EACH ROW EXECUTE FUNCTION automation_steps_stay();
"""
ALLOW = """
DROP TRIGGER automation_steps_stay ON automation_alarmstep;
DROP FUNCTION automation_steps_stay();
"""


class Migration(migrations.Migration):
    dependencies = [("automation", "0001_initial")]
    operations = [migrations.RunSQL(FORBID, ALLOW)]
