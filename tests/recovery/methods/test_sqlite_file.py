import hashlib
import os
import sqlite3
from pathlib import Path

import pytest

from recovery.errors import RestoreFailed, RestoreInconclusive, RestoreTimedOut
from recovery.methods.deadline import Deadline
from recovery.methods.inspection import Inspection
from recovery.methods.sqlite_file import describe_problem, inspect
from tests.recovery.methods.sqlite_files import add_row_behind_index, make_database

USERS = "CREATE TABLE users (id INTEGER PRIMARY KEY, name TEXT); INSERT INTO users (name) VALUES ('a'), ('b'), ('c');"


def look_at(path: Path, expected_bytes: int | None = None) -> Inspection:
    before = sorted(path.parent.iterdir())
    found = inspect(path, expected_bytes=expected_bytes, deadline=Deadline(30))
    assert sorted(path.parent.iterdir()) == before
    return found


def test_a_sound_file_is_told_in_full(tmp_path: Path) -> None:
    path = make_database(tmp_path / "a.db", USERS)
    found = look_at(path, path.stat().st_size)
    assert found.integrity.is_ok is True
    assert found.foreign_keys.violations == 0
    assert found.row_counts == {"users": 3}
    assert found.is_expected_size is True
    assert found.sha256 == hashlib.sha256(path.read_bytes()).hexdigest()
    assert set(found.seconds) == {"integrity", "foreign_keys", "counts", "hash"}


def test_a_file_in_wal_mode_gets_no_companions(tmp_path: Path) -> None:
    path = make_database(tmp_path / "a.db", "PRAGMA journal_mode = WAL;", USERS)
    assert look_at(path).row_counts == {"users": 3}


def test_another_size_than_announced_is_seen(tmp_path: Path) -> None:
    path = make_database(tmp_path / "a.db", USERS)
    assert look_at(path, path.stat().st_size + 4096).is_expected_size is False
    assert look_at(path).is_expected_size is None


def test_a_row_missing_from_an_index_is_found(tmp_path: Path) -> None:
    path = make_database(tmp_path / "a.db", USERS, "CREATE INDEX users_name ON users (name);")
    add_row_behind_index(path, "users", "users_name")
    found = look_at(path)
    assert found.integrity.is_ok is False
    assert any("missing from index users_name" in line for line in found.integrity.problems)


def test_an_overwritten_page_is_found(tmp_path: Path) -> None:
    path = make_database(tmp_path / "a.db", USERS)
    with path.open("r+b") as file:
        file.seek(4096)
        file.write(b"\x07" * 4096)
    found = look_at(path)
    assert found.integrity.is_ok is False
    assert "users" in found.uncountable
    assert found.row_counts == {}


def test_rows_without_a_parent_are_counted(tmp_path: Path) -> None:
    path = make_database(
        tmp_path / "a.db",
        USERS,
        """CREATE TABLE orders (id INTEGER PRIMARY KEY, user_id INTEGER REFERENCES users);
        INSERT INTO orders (user_id) VALUES (1), (77), (78), (NULL);
        CREATE TABLE notes (body TEXT REFERENCES nowhere (id)); INSERT INTO notes VALUES ('x');""",
    )
    found = look_at(path).foreign_keys
    assert (found.violations, found.tables) == (3, ("notes", "orders"))


def test_a_reference_without_a_key_to_meet_is_told_apart(tmp_path: Path) -> None:
    script = "CREATE TABLE orders (name TEXT REFERENCES users (name)); INSERT INTO orders VALUES ('a');"
    found = look_at(make_database(tmp_path / "a.db", USERS, script)).foreign_keys
    assert found.violations == 0
    assert "mismatch" in found.unchecked["orders"]


@pytest.mark.parametrize(
    "name", ['quo"te', "it's", "ไทย ภาษา", "new\nline", "semi; DROP TABLE users; --", "[x]", "ß_%"]
)
def test_any_name_of_a_table_is_counted(tmp_path: Path, name: str) -> None:
    quoted = '"' + name.replace('"', '""') + '"'
    path = make_database(tmp_path / "a.db", USERS, f"CREATE TABLE {quoted} (x REFERENCES users);")
    with sqlite3.connect(path) as connection:
        connection.execute(f"INSERT INTO {quoted} VALUES (99)")  # noqa: S608 (quoted)
    connection.close()
    found = look_at(path)
    assert found.row_counts == {name: 1, "users": 3}
    assert found.foreign_keys.tables == (name,)


def test_virtual_tables_and_what_they_keep_are_left_out(tmp_path: Path) -> None:
    path = make_database(
        tmp_path / "a.db",
        USERS,
        """CREATE VIRTUAL TABLE docs USING fts5 (body); INSERT INTO docs VALUES ('hello');
        CREATE VIRTUAL TABLE boxes USING rtree (id, x0, x1); CREATE TABLE docs_archive (x);
        CREATE VIEW seen AS SELECT * FROM users; CREATE TABLE _litestream_seq (id, seq);
        CREATE TABLE counted (id INTEGER PRIMARY KEY AUTOINCREMENT); INSERT INTO counted DEFAULT VALUES;""",
    )
    found = look_at(path)
    assert found.row_counts == {"counted": 1, "docs_archive": 0, "users": 3}
    assert {"docs", "docs_data", "docs_content", "boxes", "boxes_node"} <= set(found.schema.uncounted)
    assert found.integrity.is_ok is True


def test_the_fingerprint_changes_with_the_schema_alone(tmp_path: Path) -> None:
    path = make_database(tmp_path / "a.db", USERS)
    first = look_at(path)
    make_database(path, "INSERT INTO users (name) VALUES ('d'); CREATE TABLE _litestream_lock (id); ANALYZE;")
    second = look_at(path)
    make_database(path, "CREATE INDEX users_name ON users (name);")
    assert first.schema.fingerprint == second.schema.fingerprint != look_at(path).schema.fingerprint
    assert first.sha256 != second.sha256


def make_database_with_own_function(path: Path, definition: str) -> Path:
    with sqlite3.connect(path) as connection:
        connection.create_function("regexp", 2, lambda _pattern, _text: True, deterministic=True)
        connection.execute(f"CREATE TABLE users (name TEXT {definition})")
        connection.execute("INSERT INTO users VALUES ('a')")
        if not definition:
            connection.execute("CREATE INDEX users_match ON users (regexp('a', name))")
    connection.close()
    return path


def test_a_constraint_that_needs_the_application_stops_nothing(tmp_path: Path) -> None:
    found = look_at(make_database_with_own_function(tmp_path / "a.db", "CHECK (name REGEXP 'a')"))
    assert found.integrity.is_ok is True
    assert found.row_counts == {"users": 1}


def test_an_index_only_the_application_can_check_is_no_pass(tmp_path: Path) -> None:
    found = look_at(make_database_with_own_function(tmp_path / "a.db", ""))
    assert found.integrity.is_ok is None
    assert "regexp" in found.integrity.note.lower()


def test_a_check_that_breaks_off_says_nothing_of_the_data(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    script = tmp_path / "script.py"
    script.write_text("import os; os.kill(os.getpid(), 7)")
    monkeypatch.setattr("recovery.methods.sqlite_integrity._SCRIPT", script)
    with pytest.raises(RestoreInconclusive, match="exit code -7"):
        look_at(make_database(tmp_path / "a.db", USERS))


def test_a_check_that_takes_too_long_is_ended(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    script = tmp_path / "script.py"
    script.write_text("import time; time.sleep(600)")
    monkeypatch.setattr("recovery.methods.sqlite_integrity._SCRIPT", script)
    with pytest.raises(RestoreTimedOut):
        inspect(make_database(tmp_path / "a.db", USERS), expected_bytes=None, deadline=Deadline(0.5))


def test_a_schema_that_cannot_be_read_fails(tmp_path: Path) -> None:
    path = make_database(tmp_path / "a.db", USERS)
    raw = bytearray(path.read_bytes())
    raw[100:4096] = b"\x07" * 3996
    path.write_bytes(raw)
    with pytest.raises(RestoreFailed, match="list of tables"):
        look_at(path)


def test_a_file_that_is_no_database_fails(tmp_path: Path) -> None:
    path = tmp_path / "a.db"
    path.write_bytes(os.urandom(9000))
    with pytest.raises(RestoreFailed, match="not a SQLite database"):
        look_at(path)


def test_describing_a_path_that_is_no_database(tmp_path: Path) -> None:
    (tmp_path / "text").write_text("hello" * 100)
    (tmp_path / "empty").touch()
    (tmp_path / "short").write_bytes(b"SQLite format 3\x00")
    os.mkfifo(tmp_path / "pipe")
    (tmp_path / "loop").symlink_to("loop")
    said = {name: describe_problem(tmp_path / name) for name in ("text", "empty", "short", "pipe", "loop", "gone")}
    said |= {"folder": describe_problem(tmp_path), "under": describe_problem(tmp_path / "text" / "x")}
    assert {name: text.split(". ")[0].rpartition(str(tmp_path))[2] for name, text in said.items() if text} == {
        "text": "/text is not a SQLite database, or is encrypted",
        "empty": "/empty is empty",
        "short": "/short is not a SQLite database, or is encrypted",
        "pipe": "/pipe is not an ordinary file",
        "loop": "/loop cannot be read (Too many levels of symbolic links)",
        "gone": "/gone",
        "folder": " is a folder",
        "under": "/text/x",
    }


def test_describing_a_database_finds_nothing(tmp_path: Path) -> None:
    assert describe_problem(make_database(tmp_path / "a.db", USERS)) is None
