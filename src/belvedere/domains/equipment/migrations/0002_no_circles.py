"""Nothing stands under itself, whoever writes: the database follows each new parent to the top."""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("equipment", "0001_initial")]
    operations = [
        migrations.RunSQL(
            sql="""
                CREATE FUNCTION equipment_refuse_circles() RETURNS trigger LANGUAGE plpgsql AS $$
                DECLARE
                    here uuid := NEW.parent_id;
                    steps integer := 0;
                BEGIN
                    WHILE here IS NOT NULL LOOP
                        steps := steps + 1;
                        IF here = NEW.id OR steps > 50 THEN
                            RAISE EXCEPTION 'equipment % would stand under itself', NEW.id
                                USING ERRCODE = 'check_violation', CONSTRAINT = 'equipment_no_circles';
                        END IF;
                        SELECT parent_id INTO here FROM equipment_equipment WHERE id = here;
                    END LOOP;
                    RETURN NULL;
                END $$;
                CREATE CONSTRAINT TRIGGER equipment_no_circles
                    AFTER INSERT OR UPDATE OF parent_id ON equipment_equipment
                    FOR EACH ROW WHEN (NEW.parent_id IS NOT NULL)
                    EXECUTE FUNCTION equipment_refuse_circles()
            """,
            reverse_sql="""
                DROP TRIGGER equipment_no_circles ON equipment_equipment;
                DROP FUNCTION equipment_refuse_circles()
            """,
        ),
    ]
