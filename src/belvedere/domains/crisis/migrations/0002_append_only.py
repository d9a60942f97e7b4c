"""The timeline and the situation points are added to and read, nothing else; only the name of a person erased
goes. Crises, roles and tasks are never deleted: their timeline names them."""

from django.db import migrations

_TABLES = {"crisis_fact": ("person_id", "other_id"), "crisis_situationpoint": ("person_id",)}
_KEPT = ("crisis_crisis", "crisis_crisisrole", "crisis_task")

FORBID = (
    """
CREATE FUNCTION crisis_is_append_only() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    name text;
BEGIN
    IF TG_OP = 'UPDATE' AND to_jsonb(NEW) - TG_ARGV = to_jsonb(OLD) - TG_ARGV THEN
        FOREACH name IN ARRAY TG_ARGV LOOP
            IF to_jsonb(NEW) ->> name IS NOT NULL AND to_jsonb(NEW) -> name <> to_jsonb(OLD) -> name THEN
                RAISE EXCEPTION 'The timeline of a crisis is append-only: nobody becomes its author.'
                    USING ERRCODE = 'restrict_violation';
            END IF;
        END LOOP;
        RETURN NEW;
    END IF;
    RAISE EXCEPTION 'The timeline of a crisis is append-only: % of % is refused.', TG_OP, TG_TABLE_NAME
        USING ERRCODE = 'restrict_violation', HINT = 'Write a new line, or a situation point that strikes it.';
END $$;
CREATE FUNCTION crisis_is_kept() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'A crisis is kept: DELETE of % is refused.', TG_TABLE_NAME
        USING ERRCODE = 'restrict_violation';
END $$;
"""
    + "".join(
        f"CREATE TRIGGER {table}_append_only BEFORE UPDATE OR DELETE ON {table} "
        f"FOR EACH ROW EXECUTE FUNCTION crisis_is_append_only({', '.join(repr(one) for one in names)});\n"
        for table, names in _TABLES.items()
    )
    + "".join(
        f"CREATE TRIGGER {table}_kept BEFORE DELETE ON {table} FOR EACH ROW EXECUTE FUNCTION crisis_is_kept();\n"
        for table in _KEPT
    )
)
ALLOW = (
    "".join(f"DROP TRIGGER {table}_append_only ON {table};\n" for table in _TABLES)
    + "".join(f"DROP TRIGGER {table}_kept ON {table};\n" for table in _KEPT)
    + "DROP FUNCTION crisis_is_append_only();\nDROP FUNCTION crisis_is_kept();\n"
)


class Migration(migrations.Migration):
    dependencies = [("crisis", "0001_initial")]
    operations = [migrations.RunSQL(FORBID, ALLOW)]
