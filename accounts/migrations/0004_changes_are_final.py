"""The database itself refuses to alter or delete a change that was written down."""

from django.db import migrations

REFUSAL = "What was changed is written down once, and neither altered nor deleted."
SQLITE = {
    "change_is_not_altered": f"""
        CREATE TRIGGER change_is_not_altered BEFORE UPDATE ON accounts_change
        BEGIN SELECT RAISE(ABORT, '{REFUSAL}'); END
    """,
    "change_is_not_deleted": f"""
        CREATE TRIGGER change_is_not_deleted BEFORE DELETE ON accounts_change
        BEGIN SELECT RAISE(ABORT, '{REFUSAL}'); END
    """,
    # REPLACE deletes the row that is in its way without a word to the triggers of DELETE.
    "change_is_not_replaced": f"""
        CREATE TRIGGER change_is_not_replaced BEFORE INSERT ON accounts_change
        WHEN EXISTS (SELECT 1 FROM accounts_change WHERE id = NEW.id)
        BEGIN SELECT RAISE(ABORT, '{REFUSAL}'); END
    """,
}
POSTGRESQL_UP = f"""
    CREATE FUNCTION refuse_altered_change() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
        RAISE EXCEPTION '{REFUSAL}' USING ERRCODE = 'integrity_constraint_violation';
    END $$;
    CREATE TRIGGER change_is_final BEFORE UPDATE OR DELETE ON accounts_change
        FOR EACH ROW EXECUTE FUNCTION refuse_altered_change();
    CREATE FUNCTION refuse_truncated_changes() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
        IF EXISTS (SELECT 1 FROM accounts_change) THEN
            RAISE EXCEPTION '{REFUSAL}' USING ERRCODE = 'integrity_constraint_violation';
        END IF;
        RETURN NULL;
    END $$;
    CREATE TRIGGER change_is_not_truncated BEFORE TRUNCATE ON accounts_change
        FOR EACH STATEMENT EXECUTE FUNCTION refuse_truncated_changes();
"""
POSTGRESQL_DOWN = """
    DROP TRIGGER change_is_not_truncated ON accounts_change;
    DROP TRIGGER change_is_final ON accounts_change;
    DROP FUNCTION refuse_truncated_changes();
    DROP FUNCTION refuse_altered_change();
"""


def add_triggers(apps, schema_editor):
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute(POSTGRESQL_UP)
    else:
        for statement in SQLITE.values():
            schema_editor.execute(statement)


def remove_triggers(apps, schema_editor):
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute(POSTGRESQL_DOWN)
    else:
        for name in SQLITE:
            schema_editor.execute(f"DROP TRIGGER {name}")


class Migration(migrations.Migration):
    dependencies = [("accounts", "0003_recorded_changes")]
    operations = [migrations.RunPython(add_triggers, remove_triggers)]
