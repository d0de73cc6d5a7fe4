"""The same commands, and the same refusals, with a real PostgreSQL in place of SQLite."""

import json

import psycopg
import pytest

from tests.incidents import postmortems_at_once
from tests.incidents.at_once import COMMANDING, DECLARING, EDITING, EDITING_FACTS, JOINING, MERGING, REMOVING
from tests.incidents.imports_at_once import IMPORTING
from tests.recovery.management.installation import Installation

TABLES = ("recovery_restoretest", "recovery_evidence", "recovery_testrecord")
REFUSED = [
    "UPDATE recovery_restoretest SET rpo_seconds = 0",
    "UPDATE recovery_restoretest SET number = number",
    "DELETE FROM recovery_restoretest",
    "UPDATE recovery_evidence SET caption = 'nothing'",
    "UPDATE recovery_evidence SET restore_test_id = restore_test_id",
    "UPDATE recovery_evidence SET id = id + 1",
    "DELETE FROM recovery_evidence",
    "TRUNCATE recovery_evidence CASCADE",
    "TRUNCATE recovery_restoretest CASCADE",
    "UPDATE recovery_testrecord SET envelope = '{}'",
    "UPDATE recovery_testrecord SET sequence = sequence",
    "DELETE FROM recovery_testrecord",
    "TRUNCATE recovery_testrecord",
    "INSERT INTO recovery_testrecord TABLE recovery_testrecord ON CONFLICT (id) DO UPDATE SET sha256 = 'none'",
    "INSERT INTO recovery_restoretest TABLE recovery_restoretest ON CONFLICT (number) DO UPDATE SET status = 'failed'",
]
FINAL = [
    "UPDATE accounts_change SET actor_id = NULL",
    "UPDATE accounts_change SET id = id + 1000",
    "DELETE FROM accounts_change",
    "TRUNCATE accounts_change",
    "TRUNCATE accounts_user CASCADE",
    "INSERT INTO accounts_change TABLE accounts_change ON CONFLICT (id) DO UPDATE SET door = 'api'",
]
COUNTED = """
    SELECT door, actor_id IS NOT NULL, incident_number IS NOT NULL, count(*) FROM accounts_change
    GROUP BY 1, 2, 3 ORDER BY 1, 2, 3
"""
ATTACH = """
from django.utils import timezone
from accounts.services.people import first_administrator
from incidents.models import Incident
from recovery.models import RestoreTest
from recovery.services.evidence import attach_evidence
from recovery.services.records import write_record
write_record(RestoreTest.objects.get(), now=timezone.now())
incident = Incident.objects.get(example="sqlite-corruption")
attach_evidence(RestoreTest.objects.get(), incident=incident, caption="All is there",
                actor=first_administrator(), now=timezone.now())
"""
# A result is being written, which begins an alarm, while somebody asks for the next test of the replica.
AT_THE_SAME_TIME = """
from threading import Thread
from django.db import connection, transaction
from django.utils import timezone
from recovery.models import Alarm, Database, Replica
from recovery.services.alarms import open_alarm
from recovery.services.restore_tests import create_restore_test
replica, asked = Replica.objects.select_related("database").get(), []
def ask():
    with transaction.atomic():
        asked.append(create_restore_test(replica, actor=None, now=timezone.now()))
        transaction.set_rollback(True)
    connection.close()
with transaction.atomic():
    Database.objects.select_for_update().get()
    asking = Thread(target=ask)
    asking.start()
    asking.join(timeout=3)
    about = {"database": replica.database, "replica": replica, "subject": "x", "reason": "It is damaged."}
    open_alarm(Alarm.Kind.FAILED, now=timezone.now(), **about)
    # As the commit does, which is taken back here.
    connection.check_constraints()
    transaction.set_rollback(True)
asking.join()
assert asked
"""
# One server for all of them, however many processes run the tests.
pytestmark = pytest.mark.xdist_group("postgresql")


@pytest.fixture(scope="module")
def url(postgresql_url: str) -> str:
    return postgresql_url


@pytest.fixture(scope="module")
def installation(url: str, tmp_path_factory: pytest.TempPathFactory) -> Installation:
    return Installation(tmp_path_factory.mktemp("data"), url)


@pytest.fixture(scope="module")
def answer(installation: Installation) -> dict[str, object]:
    """What a restore test of the example printed, which is then recorded and attached to the incident."""
    printed = ""
    for command in (["migrate"], ["load_example"], ["restore_test", "app", "--json"], ["shell", "-c", ATTACH]):
        done = installation.manage(*command)
        assert done.code == 0, done.err
        printed = done.out if command[0] == "restore_test" else printed
    assert not [*installation.data.glob("scratch/*")]
    assert not [*installation.data.glob("*.sqlite3")]
    found: dict[str, object] = json.loads(printed)
    return found


def rows(connection: psycopg.Connection) -> list[object]:
    return [connection.execute(f"SELECT * FROM {table}").fetchall() for table in TABLES]  # noqa: S608


def test_a_restore_test_passes_with_its_row_in_postgresql(answer: dict[str, object]) -> None:
    assert answer["status"] == "passed"
    assert answer["tables"] == {"sessions": 50_000, "users": 150_000}


@pytest.mark.parametrize("statement", REFUSED)
def test_evidence_refuses_to_be_altered(answer: dict[str, object], url: str, statement: str) -> None:
    with psycopg.connect(url, autocommit=True) as connection:
        before = rows(connection)
        assert [len(found) for found in before] == [1, 1, 1]
        with pytest.raises(psycopg.errors.IntegrityConstraintViolation):
            connection.execute(statement)
        assert rows(connection) == before


def test_evidence_can_be_withdrawn_and_its_test_stays_frozen(answer: dict[str, object], url: str) -> None:
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute("UPDATE recovery_evidence SET withdrawn_at = now(), withdrawn_by_id = attached_by_id")
        with pytest.raises(psycopg.errors.IntegrityConstraintViolation):
            connection.execute("DELETE FROM recovery_restoretest")
        connection.execute("UPDATE recovery_evidence SET withdrawn_at = NULL, withdrawn_by_id = NULL")


@pytest.mark.parametrize("statement", FINAL)
def test_what_was_changed_stays_written_down(answer: dict[str, object], url: str, statement: str) -> None:
    read = "SELECT * FROM accounts_change ORDER BY id"
    with psycopg.connect(url, autocommit=True) as connection:
        before = connection.execute(read).fetchall()
        assert len(before) > 20
        with pytest.raises(psycopg.errors.IntegrityConstraintViolation, match="neither altered nor deleted"):
            connection.execute(statement)
        assert connection.execute(read).fetchall() == before


def test_changes_in_postgresql_say_by_whom_and_by_which_door(answer: dict[str, object], url: str) -> None:
    with psycopg.connect(url) as connection:
        counted = connection.execute(COUNTED).fetchall()
    assert [(door, has_actor, has_incident) for door, has_actor, has_incident, count in counted if count > 1] == [
        ("import", True, False),
        ("import", True, True),
        ("system", False, False),
        ("system", False, True),
    ]


def test_a_result_and_a_new_test_do_not_wait_for_each_other(
    answer: dict[str, object], url: str, installation: Installation
) -> None:
    done = installation.manage("shell", "-c", AT_THE_SAME_TIME)
    assert (done.code, done.err) == (0, "")


def test_tampering_with_records_in_postgresql_is_found(
    answer: dict[str, object], url: str, installation: Installation
) -> None:
    done = installation.manage("evidence_verify")
    assert (done.code, done.err) == (0, ""), done.out
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute("ALTER TABLE recovery_restoretest DISABLE TRIGGER USER")
        for value, code in (("'failed'", 1), ("'passed'", 0)):
            connection.execute(f"UPDATE recovery_restoretest SET status = {value}")  # noqa: S608
            assert installation.manage("evidence_verify").code == code
        connection.execute("ALTER TABLE recovery_restoretest ENABLE TRIGGER USER")


@pytest.mark.parametrize(
    "script",
    [COMMANDING, DECLARING, IMPORTING, JOINING, MERGING],
    ids=["commanding", "declaring", "importing", "joining", "merging"],
)
def test_what_is_sent_at_once_happens_once(answer: dict[str, object], installation: Installation, script: str) -> None:
    done = installation.manage("shell", "-c", script)
    assert (done.code, done.err) == (0, "")


@pytest.mark.parametrize("script", [EDITING, EDITING_FACTS, REMOVING], ids=["events", "facts", "removing"])
def test_those_who_edit_do_not_block_each_other(
    answer: dict[str, object], installation: Installation, script: str
) -> None:
    done = installation.manage("shell", "-c", script)
    assert (done.code, done.err) == (0, "")


@pytest.mark.parametrize("name", postmortems_at_once.NAMES)
def test_those_who_work_on_one_postmortem_lose_nothing(
    answer: dict[str, object], installation: Installation, name: str
) -> None:
    done = installation.manage("shell", "-c", getattr(postmortems_at_once, name))
    assert (done.code, done.err) == (0, "")
