"""The database itself refuses to alter or delete a restore test that is, or has been, evidence."""

from django.db import migrations

SQLITE = {
    "restore_test_frozen_update": """
        CREATE TRIGGER restore_test_frozen_update BEFORE UPDATE ON recovery_restoretest
        WHEN EXISTS (SELECT 1 FROM recovery_evidence WHERE restore_test_id = OLD.number)
        BEGIN SELECT RAISE(ABORT, 'This restore test is evidence and can no longer be altered.'); END
    """,
    "restore_test_frozen_delete": """
        CREATE TRIGGER restore_test_frozen_delete BEFORE DELETE ON recovery_restoretest
        WHEN EXISTS (SELECT 1 FROM recovery_evidence WHERE restore_test_id = OLD.number)
        BEGIN SELECT RAISE(ABORT, 'This restore test is evidence and can no longer be deleted.'); END
    """,
    "evidence_stays": """
        CREATE TRIGGER evidence_stays BEFORE DELETE ON recovery_evidence
        BEGIN SELECT RAISE(ABORT, 'Evidence is withdrawn, never deleted.'); END
    """,
    "evidence_keeps_its_subject": """
        CREATE TRIGGER evidence_keeps_its_subject
        BEFORE UPDATE OF incident_id, restore_test_id, caption, attached_by_id, attached_at ON recovery_evidence
        BEGIN SELECT RAISE(ABORT, 'Evidence can be withdrawn, not rewritten.'); END
    """,
    # REPLACE deletes the row that is in its way without a word to the triggers of DELETE.
    "restore_test_frozen_replace": """
        CREATE TRIGGER restore_test_frozen_replace BEFORE INSERT ON recovery_restoretest
        WHEN EXISTS (SELECT 1 FROM recovery_evidence WHERE restore_test_id = NEW.number)
        BEGIN SELECT RAISE(ABORT, 'This restore test is evidence and can no longer be altered.'); END
    """,
    "restore_test_frozen_renumber": """
        CREATE TRIGGER restore_test_frozen_renumber BEFORE UPDATE OF number ON recovery_restoretest
        WHEN EXISTS (SELECT 1 FROM recovery_evidence WHERE restore_test_id = NEW.number)
        BEGIN SELECT RAISE(ABORT, 'This restore test is evidence and can no longer be altered.'); END
    """,
    "evidence_is_not_replaced": """
        CREATE TRIGGER evidence_is_not_replaced BEFORE INSERT ON recovery_evidence
        WHEN EXISTS (
            SELECT 1 FROM recovery_evidence WHERE id = NEW.id OR (
                incident_id = NEW.incident_id AND restore_test_id = NEW.restore_test_id
                AND withdrawn_at IS NULL AND NEW.withdrawn_at IS NULL
            )
        )
        BEGIN SELECT RAISE(ABORT, 'Evidence can be withdrawn, not rewritten.'); END
    """,
    "evidence_keeps_its_number": """
        CREATE TRIGGER evidence_keeps_its_number BEFORE UPDATE OF id ON recovery_evidence
        BEGIN SELECT RAISE(ABORT, 'Evidence can be withdrawn, not rewritten.'); END
    """,
    "evidence_is_not_pushed_out": """
        CREATE TRIGGER evidence_is_not_pushed_out BEFORE UPDATE OF withdrawn_at ON recovery_evidence
        WHEN NEW.withdrawn_at IS NULL AND EXISTS (
            SELECT 1 FROM recovery_evidence WHERE id <> NEW.id AND incident_id = NEW.incident_id
                AND restore_test_id = NEW.restore_test_id AND withdrawn_at IS NULL
        )
        BEGIN SELECT RAISE(ABORT, 'This restore test is attached already.'); END
    """,
}

POSTGRESQL_UP = """
    CREATE FUNCTION refuse_altered_restore_test() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
        IF EXISTS (SELECT 1 FROM recovery_evidence WHERE restore_test_id = OLD.number) THEN
            RAISE EXCEPTION 'This restore test is evidence and can no longer be altered or deleted.'
                USING ERRCODE = 'integrity_constraint_violation';
        END IF;
        RETURN CASE TG_OP WHEN 'DELETE' THEN OLD ELSE NEW END;
    END $$;
    CREATE TRIGGER restore_test_frozen BEFORE UPDATE OR DELETE ON recovery_restoretest
        FOR EACH ROW EXECUTE FUNCTION refuse_altered_restore_test();
    CREATE FUNCTION refuse_altered_evidence() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
        RAISE EXCEPTION 'Evidence can be withdrawn, not rewritten or deleted.'
            USING ERRCODE = 'integrity_constraint_violation';
    END $$;
    CREATE TRIGGER evidence_stays BEFORE DELETE ON recovery_evidence
        FOR EACH ROW EXECUTE FUNCTION refuse_altered_evidence();
    CREATE TRIGGER evidence_keeps_its_subject
        BEFORE UPDATE OF incident_id, restore_test_id, caption, attached_by_id, attached_at ON recovery_evidence
        FOR EACH ROW EXECUTE FUNCTION refuse_altered_evidence();
    CREATE FUNCTION refuse_truncated_evidence() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
        IF EXISTS (SELECT 1 FROM recovery_evidence) THEN
            RAISE EXCEPTION 'Evidence is withdrawn, never deleted.'
                USING ERRCODE = 'integrity_constraint_violation';
        END IF;
        RETURN NULL;
    END $$;
    CREATE TRIGGER evidence_is_not_truncated BEFORE TRUNCATE ON recovery_evidence
        FOR EACH STATEMENT EXECUTE FUNCTION refuse_truncated_evidence();
    CREATE TRIGGER evidence_keeps_its_number BEFORE UPDATE OF id ON recovery_evidence
        FOR EACH ROW EXECUTE FUNCTION refuse_altered_evidence();
"""
POSTGRESQL_DOWN = """
    DROP TRIGGER evidence_is_not_truncated ON recovery_evidence;
    DROP TRIGGER evidence_keeps_its_number ON recovery_evidence;
    DROP FUNCTION refuse_truncated_evidence();
    DROP TRIGGER restore_test_frozen ON recovery_restoretest;
    DROP TRIGGER evidence_stays ON recovery_evidence;
    DROP TRIGGER evidence_keeps_its_subject ON recovery_evidence;
    DROP FUNCTION refuse_altered_restore_test();
    DROP FUNCTION refuse_altered_evidence();
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
    dependencies = [("recovery", "0001_initial")]
    operations = [migrations.RunPython(add_triggers, remove_triggers)]
