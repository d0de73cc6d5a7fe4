"""The database itself refuses to alter a published version, and to delete one unless an example goes as a whole.

A migration that remakes this table on SQLite drops the triggers and has to put them back.
"""

from django.db import migrations

ALTERED = "A published version is never altered."
DELETED = "A published version is never deleted."
OF_EXAMPLE = """
    EXISTS (SELECT 1 FROM incidents_postmortem JOIN incidents_incident
        ON incidents_incident.number = incidents_postmortem.incident_id
        WHERE incidents_postmortem.id = OLD.postmortem_id AND incidents_incident.example <> '')
"""
SQLITE = {
    "publication_is_not_altered": f"""
        CREATE TRIGGER publication_is_not_altered BEFORE UPDATE ON incidents_publication
        BEGIN SELECT RAISE(ABORT, '{ALTERED}'); END
    """,
    "publication_is_not_deleted": f"""
        CREATE TRIGGER publication_is_not_deleted BEFORE DELETE ON incidents_publication
        WHEN NOT {OF_EXAMPLE}
        BEGIN SELECT RAISE(ABORT, '{DELETED}'); END
    """,
    # REPLACE deletes the row that is in its way without a word to the triggers of DELETE.
    "publication_is_not_replaced": f"""
        CREATE TRIGGER publication_is_not_replaced BEFORE INSERT ON incidents_publication
        WHEN EXISTS (SELECT 1 FROM incidents_publication
            WHERE id = NEW.id OR (postmortem_id = NEW.postmortem_id AND number = NEW.number))
        BEGIN SELECT RAISE(ABORT, '{ALTERED}'); END
    """,
}
POSTGRESQL_UP = f"""
    CREATE FUNCTION refuse_altered_publication() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
        IF TG_OP = 'UPDATE' THEN
            RAISE EXCEPTION '{ALTERED}' USING ERRCODE = 'integrity_constraint_violation';
        END IF;
        IF NOT {OF_EXAMPLE} THEN
            RAISE EXCEPTION '{DELETED}' USING ERRCODE = 'integrity_constraint_violation';
        END IF;
        RETURN OLD;
    END $$;
    CREATE TRIGGER publication_is_final BEFORE UPDATE OR DELETE ON incidents_publication
        FOR EACH ROW EXECUTE FUNCTION refuse_altered_publication();
    CREATE FUNCTION refuse_truncated_publications() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
        IF EXISTS (SELECT 1 FROM incidents_publication) THEN
            RAISE EXCEPTION '{DELETED}' USING ERRCODE = 'integrity_constraint_violation';
        END IF;
        RETURN NULL;
    END $$;
    CREATE TRIGGER publication_is_not_truncated BEFORE TRUNCATE ON incidents_publication
        FOR EACH STATEMENT EXECUTE FUNCTION refuse_truncated_publications();
"""
POSTGRESQL_DOWN = """
    DROP TRIGGER publication_is_not_truncated ON incidents_publication;
    DROP TRIGGER publication_is_final ON incidents_publication;
    DROP FUNCTION refuse_truncated_publications();
    DROP FUNCTION refuse_altered_publication();
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
    dependencies = [("incidents", "0011_removed_sections")]
    operations = [migrations.RunPython(add_triggers, remove_triggers)]
