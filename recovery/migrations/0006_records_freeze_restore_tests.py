"""Back come the triggers of evidence; and a signed record, and the test it is of, can no longer be altered either."""

from importlib import import_module

from django.db import migrations

frozen = import_module("recovery.migrations.0002_evidence_freezes_restore_tests")

WRITTEN_ONCE = "A record is written once; it can be neither altered nor deleted."
RECORDED = "This restore test has a signed record and can no longer be altered or deleted."

SQLITE = {
    "test_record_is_not_altered": f"""
        CREATE TRIGGER test_record_is_not_altered BEFORE UPDATE ON recovery_testrecord
        BEGIN SELECT RAISE(ABORT, '{WRITTEN_ONCE}'); END
    """,
    "test_record_stays": f"""
        CREATE TRIGGER test_record_stays BEFORE DELETE ON recovery_testrecord
        BEGIN SELECT RAISE(ABORT, '{WRITTEN_ONCE}'); END
    """,
    # REPLACE deletes the row that is in its way without a word to the triggers of DELETE.
    "test_record_is_not_replaced": f"""
        CREATE TRIGGER test_record_is_not_replaced BEFORE INSERT ON recovery_testrecord
        WHEN EXISTS (
            SELECT 1 FROM recovery_testrecord WHERE id = NEW.id OR restore_test_id = NEW.restore_test_id
                OR (database_id = NEW.database_id AND sequence = NEW.sequence)
        )
        BEGIN SELECT RAISE(ABORT, '{WRITTEN_ONCE}'); END
    """,
    "restore_test_recorded_update": f"""
        CREATE TRIGGER restore_test_recorded_update BEFORE UPDATE ON recovery_restoretest
        WHEN EXISTS (SELECT 1 FROM recovery_testrecord WHERE restore_test_id = OLD.number)
        BEGIN SELECT RAISE(ABORT, '{RECORDED}'); END
    """,
    "restore_test_recorded_delete": f"""
        CREATE TRIGGER restore_test_recorded_delete BEFORE DELETE ON recovery_restoretest
        WHEN EXISTS (SELECT 1 FROM recovery_testrecord WHERE restore_test_id = OLD.number)
        BEGIN SELECT RAISE(ABORT, '{RECORDED}'); END
    """,
    "restore_test_recorded_replace": f"""
        CREATE TRIGGER restore_test_recorded_replace BEFORE INSERT ON recovery_restoretest
        WHEN EXISTS (SELECT 1 FROM recovery_testrecord WHERE restore_test_id = NEW.number)
        BEGIN SELECT RAISE(ABORT, '{RECORDED}'); END
    """,
    "evidence_keeps_its_content": """
        CREATE TRIGGER evidence_keeps_its_content
        BEFORE UPDATE OF kind, file_name, file_sha256, file_type, file_bytes, url ON recovery_evidence
        BEGIN SELECT RAISE(ABORT, 'Evidence can be withdrawn, not rewritten.'); END
    """,
}

POSTGRESQL_UP = f"""
    CREATE FUNCTION refuse_altered_record() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
        RAISE EXCEPTION '{WRITTEN_ONCE}' USING ERRCODE = 'integrity_constraint_violation';
    END $$;
    CREATE TRIGGER test_record_stays BEFORE UPDATE OR DELETE ON recovery_testrecord
        FOR EACH ROW EXECUTE FUNCTION refuse_altered_record();
    CREATE FUNCTION refuse_truncated_records() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
        IF EXISTS (SELECT 1 FROM recovery_testrecord) THEN
            RAISE EXCEPTION '{WRITTEN_ONCE}' USING ERRCODE = 'integrity_constraint_violation';
        END IF;
        RETURN NULL;
    END $$;
    CREATE TRIGGER test_records_are_not_truncated BEFORE TRUNCATE ON recovery_testrecord
        FOR EACH STATEMENT EXECUTE FUNCTION refuse_truncated_records();
    CREATE FUNCTION refuse_altered_recorded_test() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
        IF EXISTS (SELECT 1 FROM recovery_testrecord WHERE restore_test_id = OLD.number) THEN
            RAISE EXCEPTION '{RECORDED}' USING ERRCODE = 'integrity_constraint_violation';
        END IF;
        RETURN CASE TG_OP WHEN 'DELETE' THEN OLD ELSE NEW END;
    END $$;
    CREATE TRIGGER restore_test_recorded BEFORE UPDATE OR DELETE ON recovery_restoretest
        FOR EACH ROW EXECUTE FUNCTION refuse_altered_recorded_test();
    CREATE TRIGGER evidence_keeps_its_content
        BEFORE UPDATE OF kind, file_name, file_sha256, file_type, file_bytes, url ON recovery_evidence
        FOR EACH ROW EXECUTE FUNCTION refuse_altered_evidence();
"""
POSTGRESQL_DOWN = """
    DROP TRIGGER evidence_keeps_its_content ON recovery_evidence;
    DROP TRIGGER restore_test_recorded ON recovery_restoretest;
    DROP FUNCTION refuse_altered_recorded_test();
    DROP TRIGGER test_records_are_not_truncated ON recovery_testrecord;
    DROP FUNCTION refuse_truncated_records();
    DROP TRIGGER test_record_stays ON recovery_testrecord;
    DROP FUNCTION refuse_altered_record();
"""


def add_triggers(apps, schema_editor):
    frozen.add_triggers(apps, schema_editor)
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
    frozen.remove_triggers(apps, schema_editor)


class Migration(migrations.Migration):
    dependencies = [("recovery", "0005_checks_records_and_watching")]
    operations = [migrations.RunPython(add_triggers, remove_triggers)]
