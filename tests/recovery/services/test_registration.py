"""Registering databases and replicas, and what is refused."""

import os
import shutil
from pathlib import Path

import pytest
from pytest_django.fixtures import DjangoAssertNumQueries, Settings

from recovery.errors import RecoveryError
from recovery.models import Database, Replica, RestoreTest
from recovery.services.registration import change_database, register_database
from recovery.services.replica_registration import add_replica, change_replica
from tests.factories import NOW, make_database, make_replica, make_restore_test, make_team
from tests.recovery.methods.sqlite_files import make_database as make_file

pytestmark = pytest.mark.django_db
USERS = "CREATE TABLE users (id); INSERT INTO users VALUES (1);"


@pytest.fixture
def folder(tmp_path: Path, settings: Settings) -> Path:
    """The only folder that recovery may read."""
    allowed = tmp_path / "allowed"
    (allowed / "backup" / "ltx").mkdir(parents=True)
    make_file(allowed / "shop.db", USERS)
    settings.RECOVERY_ROOTS = [allowed]
    return allowed


def refusal(path: str | Path, name: str = "shop") -> RecoveryError:
    with pytest.raises(RecoveryError) as caught:
        register_database(name=name, path=str(path))
    assert str(caught.value).endswith((".", ")."))
    assert str(path) not in Database.objects.values_list("path", flat=True)
    return caught.value


def replica_refusal(destination: str | Path, name: str = "local") -> RecoveryError:
    with pytest.raises(RecoveryError) as caught:
        add_replica(Database.objects.first() or make_database(), name=name, destination=str(destination))
    return caught.value


def test_a_sqlite_file_is_registered_with_its_objectives(folder: Path) -> None:
    team = make_team()
    database = register_database(
        name="shop", path=str(folder / "shop.db"), team=team, rpo_objective_seconds=5, rto_objective_seconds=60
    )
    database.refresh_from_db()
    assert (database.path, database.team) == (str(folder / "shop.db"), team)
    assert (database.rpo_objective_seconds, database.rto_objective_seconds) == (5, 60)


def test_what_is_no_sqlite_file_is_refused_with_its_reason(folder: Path) -> None:
    (folder / "text").write_text("hello " * 100)
    (folder / "empty").touch()
    os.mkfifo(folder / "pipe")
    wanted = {"text": "is not a SQLite database", "empty": "is empty", "pipe": "not an ordinary file",
              "gone": "There is no file", "": "is a folder", "x" * 300: "cannot be read"}  # fmt: skip
    for name, words in wanted.items():
        error = refusal(folder / name)
        assert words in str(error)
        assert error.field == "path"


@pytest.mark.parametrize("path", ["shop.db", "./shop.db", "-shop.db", "file:///shop.db", "javascript:alert(1)", ""])
def test_a_path_that_does_not_begin_at_the_root_is_refused(folder: Path, path: str) -> None:
    assert "beginning with “/”" in str(refusal(path))


def test_a_path_outside_the_allowed_folders_is_refused(folder: Path, tmp_path: Path) -> None:
    outside = make_file(tmp_path / "outside.db", USERS)
    for path in (outside, folder / ".." / "outside.db", tmp_path / "allowed-not", Path("/etc/passwd")):
        assert "DEBRIEF_RECOVERY_ROOTS" in str(refusal(path))


def test_a_link_counts_as_what_it_leads_to(folder: Path, tmp_path: Path) -> None:
    outside = make_file(tmp_path / "outside.db", USERS)
    (folder / "innocent.db").symlink_to(outside)
    (folder / "sub").symlink_to(tmp_path)
    (folder / "loop").symlink_to("loop")
    assert "DEBRIEF_RECOVERY_ROOTS" in str(refusal(folder / "innocent.db"))
    assert "DEBRIEF_RECOVERY_ROOTS" in str(refusal(folder / "sub" / "outside.db"))
    assert refusal(folder / "loop").field == "path"
    (tmp_path / "way-in").symlink_to(folder)
    assert register_database(name="shop", path=str(tmp_path / "way-in" / "shop.db")).path == str(folder / "shop.db")


def test_an_allowed_folder_may_itself_be_a_link(folder: Path, tmp_path: Path, settings: Settings) -> None:
    (tmp_path / "link").symlink_to(folder)
    settings.RECOVERY_ROOTS = [tmp_path / "link"]
    assert register_database(name="shop", path=str(folder / "shop.db")).path == str(folder / "shop.db")


def test_a_path_too_long_for_its_row_is_refused(folder: Path) -> None:
    deep = folder / "/".join(["d" * 200] * 5)
    deep.mkdir(parents=True)
    path = deep / "shop.db"
    path.write_bytes(b"SQLite format 3\x00" + bytes(100))
    (folder / "short").symlink_to(path)
    assert "too long" in str(refusal(folder / "short"))


def test_a_name_that_is_no_text_is_refused(folder: Path) -> None:
    shutil.copy(folder / "shop.db", os.fsencode(folder) + b"/\xff.db")
    (folder / "link").symlink_to(os.fsdecode(os.fsencode(folder) + b"/\xff.db"))
    assert "cannot be followed" in str(refusal(folder / "link"))
    assert "cannot be followed" in str(refusal(f"{folder}/a\0b"))


def test_a_name_is_given_once(folder: Path) -> None:
    register_database(name="shop", path=str(folder / "shop.db"))
    with pytest.raises(RecoveryError, match="already a database with this name") as caught:
        register_database(name="shop", path=str(folder / "shop.db"))
    assert caught.value.field == "name"


def test_a_name_that_would_hide_the_page_is_refused(folder: Path) -> None:
    assert refusal(folder / "shop.db", name="new").field == "name"


def test_a_replica_is_a_folder_that_litestream_wrote(folder: Path) -> None:
    database = make_database(path=folder / "shop.db")
    replica = add_replica(database, name="local", destination=str(folder / "backup"))
    (folder / "old" / "generations").mkdir(parents=True)
    add_replica(database, name="old", destination=str(folder / "old"))
    assert (replica.status, replica.destination) == (Replica.Status.READY, str(folder / "backup"))


def test_what_is_no_replica_is_refused(folder: Path, tmp_path: Path) -> None:
    (tmp_path / "outside" / "ltx").mkdir(parents=True)
    (folder / "link").symlink_to(tmp_path / "outside")
    wanted = {"gone": "There is no folder", "shop.db": "There is no folder", ".": "is not a Litestream replica",
              "link": "DEBRIEF_RECOVERY_ROOTS", "x" * 300: "There is no folder"}  # fmt: skip
    for name, words in wanted.items():
        error = replica_refusal(folder / name)
        assert words in str(error)
        assert error.field == "destination"
    assert "beginning with “/”" in str(replica_refusal("backup"))
    assert not Replica.objects.exists()


def test_a_replicas_name_is_given_once_a_database(folder: Path) -> None:
    shop, other = make_database("shop"), make_database("other")
    make_replica(other, "/nowhere/else")
    add_replica(shop, name="local", destination=str(folder / "backup"))
    with pytest.raises(RecoveryError, match="already has a replica with this name") as caught:
        add_replica(shop, name="local", destination=str(folder / "backup"))
    assert caught.value.field == "name"


def test_changed_objectives_leave_finished_tests_as_they_were() -> None:
    test = make_restore_test(rpo_objective_seconds=1, rto_objective_seconds=10)
    team = make_team()
    known = test.replica.database
    database = change_database(known, path=known.path, team=team, rpo_objective_seconds=7, rto_objective_seconds=None)
    test.refresh_from_db()
    assert (database.team, database.rpo_objective_seconds, database.rto_objective_seconds) == (team, 7, None)
    assert (test.rpo_objective_seconds, test.rto_objective_seconds) == (1, 10)


def test_a_corrected_path_follows_the_rules_and_one_that_stays_is_not_looked_at(folder: Path) -> None:
    known = make_database(path="/gone/shop.db")
    objectives = {"team": None, "rpo_objective_seconds": 7, "rto_objective_seconds": None}
    assert change_database(known, path="/gone/shop.db", **objectives).rpo_objective_seconds == 7
    for path in ("/etc/passwd", str(folder / "gone.db")):
        with pytest.raises(RecoveryError) as caught:
            change_database(known, path=path, **objectives)
        assert caught.value.field == "path"
    assert Database.objects.get().path == "/gone/shop.db"
    assert change_database(known, path=str(folder / "shop.db"), **objectives).path == str(folder / "shop.db")


def test_a_corrected_folder_follows_the_rules_and_gives_something_to_test(folder: Path) -> None:
    replica = make_replica(status=Replica.Status.BROKEN, problem="No space left")
    with pytest.raises(RecoveryError, match="There is no folder") as caught:
        change_replica(replica, destination=str(folder / "gone"))
    assert caught.value.field == "destination"
    replica = change_replica(replica, destination=str(folder / "backup"))
    assert (replica.destination, replica.status, replica.problem) == (str(folder / "backup"), Replica.Status.READY, "")


def test_the_disk_is_looked_at_before_the_database_is_held(
    folder: Path, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    replica = make_replica()
    database = replica.database
    with django_assert_num_queries(0):
        refusal_of = [
            lambda: register_database(name="other", path="/gone"),
            lambda: add_replica(database, name="other", destination="/gone"),
            lambda: change_replica(replica, destination="/gone"),
            lambda: change_database(
                database, path="/gone", team=None, rpo_objective_seconds=None, rto_objective_seconds=None
            ),
        ]
        for refused in refusal_of:
            with pytest.raises(RecoveryError):
                refused()


def test_a_replica_of_another_database_is_not_taken(db: None, tmp_path: Path) -> None:
    folder = tmp_path / "replica"
    (folder / "ltx").mkdir(parents=True)
    make_replica(make_database("first"), folder.resolve())
    with pytest.raises(RecoveryError, match="is the replica “first/local” already"):
        add_replica(make_database("second"), name="local", destination=str(folder))
    assert Replica.objects.count() == 1


@pytest.mark.parametrize(
    ("destination", "words"),
    [
        ("sftp://backup:hunter2@db1/backups", "has a password in it"),
        ("nowhere://db1/backups", "of no kind that Litestream knows"),
        ("backups/shop", "beginning with “/”"),
    ],
)
def test_a_place_on_another_host_is_written_as_one_here(destination: str, words: str) -> None:
    make_database(host="db1")
    error = replica_refusal(destination)
    assert (words in str(error), error.field) == (True, "destination")
    assert not Replica.objects.exists()


def test_a_folder_on_another_host_is_not_looked_at() -> None:
    replica = add_replica(make_database(host="db1"), name="local", destination="file:///backups/shop")
    assert replica.destination == "/backups/shop"


@pytest.mark.parametrize("host", ["", "db1"])
def test_a_pattern_of_files_elsewhere_is_refused(folder: Path, host: str) -> None:
    database = make_database(host=host)
    with pytest.raises(RecoveryError, match="does not name files in one folder"):
        add_replica(database, name="n", method="file_copy", destination=str(folder), options={"pattern": "daily/*.db"})


def test_a_replica_stays_where_it_is_while_a_test_of_it_runs(folder: Path) -> None:
    test = make_restore_test(status="running")
    with pytest.raises(RecoveryError, match=f"{test.reference} of this replica is running"):
        change_replica(test.replica, destination=str(folder / "backup"))
    RestoreTest.objects.update(status="passed", finished_at=NOW)
    assert change_replica(test.replica, destination=str(folder / "backup")).destination == str(folder / "backup")


def test_an_address_is_one_place_whichever_machine_its_database_is_on() -> None:
    make_replica(make_database("shop"), "s3://backup/shop")
    with pytest.raises(RecoveryError, match="shop/local"):
        add_replica(make_database("copy", host="db7"), name="s3", destination="s3://backup/shop")
