"""Steps of interventions can be added and read; only the name of a person who is erased can be taken out."""

from django.db import migrations

FORBID = """
CREATE FUNCTION interventions_steps_stay() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'UPDATE' AND NEW.person_id IS NULL AND (NEW.id, NEW.intervention_id, NEW.at, NEW.known_at,
        NEW.act, NEW.before, NEW.after, NEW.note, NEW.data) IS NOT DISTINCT FROM (OLD.id,
        OLD.intervention_id, OLD.at, OLD.known_at, OLD.act, OLD.before, OLD.after, OLD.note, OLD.data)
    THEN
        RETURN NEW;
    END IF;
    RAISE EXCEPTION 'The timeline of an intervention is only added to: % is refused.', TG_OP
        USING ERRCODE = 'restrict_violation', HINT = 'Add a step that corrects the old one.';
END $$;
CREATE TRIGGER interventions_steps_stay BEFORE UPDATE OR DELETE ON interventions_step
    FOR EACH ROW EXECUTE FUNCTION interventions_steps_stay();
"""
ALLOW = """
DROP TRIGGER interventions_steps_stay ON interventions_step;
DROP FUNCTION interventions_steps_stay();
"""


class Migration(migrations.Migration):
    dependencies = [("interventions", "0001_initial")]
    operations = [migrations.RunSQL(FORBID, ALLOW)]
