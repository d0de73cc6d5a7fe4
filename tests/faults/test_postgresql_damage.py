"""A standby that is damaged, or is none, never passes for a healthy one."""

import os
from pathlib import Path

import pytest

from recovery.errors import RestoreFailed
from tests.faults.postgresql import (
    ALL_ROWS,
    ROWS,
    Machine,
    Outcome,
    Pair,
    lag_of,
)

pytestmark = pytest.mark.xdist_group("postgresql_streaming")


def restore_still(copied: Pair) -> Outcome:
    """A restore test of the copy, which leaves every file of it as it was."""
    copied.standby.set_up_still()
    before = copied.standby.digest()
    try:
        return copied.restore_test(copied.backup(primary_dsn=None))
    finally:
        assert copied.standby.digest() == before


def path_of(machine: Machine, relation: str) -> Path:
    machine.start()
    path = machine.path_of(relation)
    machine.stop()
    return path


def test_a_standby_of_another_system_is_refused(pair: Pair, copied: Pair) -> None:
    copied.standby.set_up_still()
    mixed = copied.backup(primary_dsn=pair.primary.dsn)
    with pytest.raises(RestoreFailed, match="another system"):
        copied.restore_test(mixed)
    found = lag_of(copied, primary_dsn=pair.primary.dsn)
    assert (found.seconds, "another system" in found.reason) == (None, True)


def test_a_promoted_standby_is_refused(copied: Pair) -> None:
    copied.standby.start()
    with pytest.raises(RestoreFailed, match="was promoted"):
        copied.restore_test(copied.backup(primary_dsn=None))


def test_a_tablespace_is_copied_into_the_scratch_folder(copied: Pair) -> None:
    elsewhere = (copied.standby.data / "pg_tblspc").glob("*")
    before = {str(path): path.stat().st_mtime_ns for link in elsewhere for path in link.resolve().rglob("*")}
    outcome = restore_still(copied)
    assert len(outcome.planned.tablespaces) == 1
    assert outcome.found.row_counts == ALL_ROWS | {"far": 1}
    assert outcome.found.integrity.is_ok is True
    assert before == {path: Path(path).stat().st_mtime_ns for path in before}


both = pytest.mark.parametrize("copied", [True, False], indirect=True, ids=["checksums", "none"])


@both
def test_a_flipped_byte_in_a_row_is_found(copied: Pair) -> None:
    path = path_of(copied.standby, "users")
    raw = bytearray(path.read_bytes())
    raw[raw.index(b"user 77")] ^= 1
    path.write_bytes(raw)
    check_damage_is_found(copied)


@both
@pytest.mark.parametrize("at", [100, 5000])
def test_a_page_of_garbage_is_found(copied: Pair, at: int) -> None:
    path = path_of(copied.standby, "users")
    raw = bytearray(path.read_bytes())
    raw[at : at + 64] = bytes(range(64))
    path.write_bytes(raw)
    check_damage_is_found(copied)


@both
def test_a_table_whose_file_is_missing_is_found(copied: Pair) -> None:
    path_of(copied.standby, "users").unlink()
    check_damage_is_found(copied)


@both
def test_a_table_cut_short_is_found(copied: Pair) -> None:
    path = path_of(copied.standby, "users")
    os.truncate(path, path.stat().st_size - 8192)
    check_damage_is_found(copied)


def check_damage_is_found(copied: Pair) -> None:
    """The copy is refused where pages have checksums; else the restored tables and indexes show it."""
    try:
        problems = restore_still(copied).found.integrity.problems
    except RestoreFailed as error:
        problems = (error.message,)
    assert problems


def test_an_index_that_lacks_a_row_is_found(copied: Pair) -> None:
    copied.standby.start()
    change = "UPDATE pg_index SET indisready = {0}, indisvalid = {0} WHERE indexrelid = 'users_name'::regclass"
    row = "INSERT INTO users SELECT max(id) + 1, 'not in the index' FROM users"
    copied.standby.execute(change.format("false"), row, change.format("true"))
    copied.standby.stop()
    found = restore_still(copied).found
    assert found.row_counts["users"] == ROWS + 1
    assert found.integrity.is_ok is False
    assert any("users_name" in line for line in found.integrity.problems)


def test_rows_that_refer_to_nothing_are_found(copied: Pair) -> None:
    copied.standby.start()
    copied.standby.execute(
        "CREATE TABLE lines (user_id int REFERENCES users)",
        "SET session_replication_role = replica; INSERT INTO lines VALUES (1), (-1), (-2)",
        "ALTER TABLE empty ADD FOREIGN KEY (id) REFERENCES users NOT VALID",
    )
    copied.standby.stop()
    found = restore_still(copied).found
    assert (found.foreign_keys.violations, found.foreign_keys.tables) == (2, ("lines",))
    assert "empty.empty_id_fkey" in found.integrity.note


@both
def test_a_cluster_without_checksums_says_so(copied: Pair, request: pytest.FixtureRequest) -> None:
    note = restore_still(copied).found.integrity.note
    assert ("no data checksums" in note) == (request.node.callspec.params["copied"] is False)


def test_settings_of_the_copy_are_not_followed(copied: Pair) -> None:
    copied.standby.start()
    copied.standby.execute(
        "ALTER ROLE boss SET session_preload_libraries = 'not_here'",
        "ALTER ROLE boss SET default_transaction_read_only = on",
        "ALTER ROLE ALL SET statement_timeout = '2s'",
        "ALTER DATABASE postgres SET default_transaction_isolation = 'serializable'",
        "ALTER ROLE debrief SET statement_timeout = 0",
    )
    copied.standby.stop()
    copied.standby.set_up_still()
    with (copied.standby.data / "postgresql.conf").open("a") as file:
        file.write("shared_preload_libraries = 'not_here'\ninclude '/not/here'\narchive_command = 'touch archived'\n")
    found = copied.restore_test(copied.backup(primary_dsn=None)).found
    assert (found.integrity.is_ok, found.row_counts["users"]) == (True, ROWS)
