import time
from pathlib import Path

import pytest

from recovery.methods.deadline import Deadline
from recovery.methods.inspection import Answer, Inspection, Question
from recovery.methods.sqlite_file import inspect
from tests.recovery.methods.sqlite_files import make_database

ENDLESS = "WITH RECURSIVE c (x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM c) SELECT count(*) FROM c"
TABLES = """PRAGMA application_id = 4711; PRAGMA user_version = 3;
CREATE TABLE users (id INTEGER PRIMARY KEY, name TEXT, seen REAL);
INSERT INTO users (name, seen) VALUES ('ก', 1.5), ('b', 2.5), (NULL, NULL);
CREATE TABLE bare (x);
CREATE VIRTUAL TABLE docs USING fts5 (body); INSERT INTO docs VALUES ('hello');"""


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return make_database(tmp_path / "a.db", TABLES)


def look_at(path: Path, *questions: Question, seconds: float = 30) -> Inspection:
    before = [(entry.name, entry.stat().st_mtime_ns) for entry in sorted(path.parent.iterdir())]
    found = inspect(path, expected_bytes=None, deadline=Deadline(seconds), questions=questions)
    assert [(entry.name, entry.stat().st_mtime_ns) for entry in sorted(path.parent.iterdir())] == before
    return found


def ask(path: Path, sql: str, seconds: float = 30) -> Answer:
    return look_at(path, Question("it", "scalar", sql=sql, seconds=seconds)).answers["it"]


@pytest.mark.parametrize(
    ("sql", "value"),
    [
        ("SELECT count(*) FROM users", 3),
        ("SELECT name FROM users WHERE id = 1", "ก"),
        ("SELECT max(seen), 9 FROM users", 2.5),
        ("SELECT NULL", None),
        ("WITH RECURSIVE c (x) AS (VALUES (1) UNION SELECT x + 1 FROM c WHERE x < 9) SELECT sum(x) FROM c", 45),
        ("SELECT count(*) FROM sqlite_master WHERE name = 'users'", 1),
        ("SELECT CAST(x'ff41' AS TEXT)", "\ufffdA"),
    ],
)
def test_a_query_gives_its_one_value(path: Path, sql: str, value: object) -> None:
    assert ask(path, sql) == Answer(value)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    "question",
    [
        Question("it", "newest", table="Or ders", column="at"),
        Question("it", "content", table="Or ders"),
        Question("it", "scalar", sql='SELECT count(*) FROM users, "Or ders"'),
        Question("it", "scalar", sql='SELECT count(*) FROM main."Or ders"'),
    ],
)
def test_a_table_that_is_not_there_is_named(path: Path, question: Question) -> None:
    assert look_at(path, question).answers["it"].missing_table == "Or ders"


def test_another_problem_names_no_table(path: Path) -> None:
    for sql in ("SELECT nothing FROM users", "SELECT count(*) FROM docs", "SELECT 'no such table: users', nothing"):
        answer = ask(path, sql)
        assert (bool(answer.problem), answer.missing_table) == (True, "")


@pytest.mark.parametrize(
    "sql",
    [
        "DELETE FROM users",
        "INSERT INTO users (name) VALUES ('x')",
        "CREATE TABLE t (x)",
        "CREATE TEMP TABLE t (x)",
        "ATTACH 'other.db' AS other",
        "VACUUM INTO 'other.db'",
        "PRAGMA trusted_schema = ON",
        "PRAGMA application_id",
        "SELECT * FROM pragma_table_info('users')",
        "BEGIN",
        "SELECT load_extension('x')",
        "SELECT count(*) FROM docs",
        "SELECT count(*) FROM docs_content",
        "SELECT count(*) FROM DOCS_DATA",
        "SELECT fts3_tokenizer('simple')",
    ],
)
def test_whatever_is_more_than_reading_is_refused(path: Path, sql: str) -> None:
    answer = ask(path, sql)
    assert answer.value is None
    assert answer.problem.startswith("SQLite could not answer: ")


@pytest.mark.parametrize(
    ("sql", "problem"),
    [
        ("SELECT 1 WHERE 0", "gave no row"),
        ("SELECT id FROM users", "more than one row"),
        ("SELECT x'00'", "hex()"),
        ("SELECT 9e999", "infinite"),
        ("SELECT hex(zeroblob(9000))", "more than 4000 characters"),
        ("SELECT 1; SELECT 2", "one statement at a time"),
        ("SELECT ?", "bindings"),
        ("SELECT gone FROM users", "no such column"),
        ("SELEC", "syntax error"),
        ("SELECT '\0'", "null character"),
        ("SELECT '\ud800'", "surrogates"),
        ("SELECT length(zeroblob(999999999))", "too big"),
        ("", "gave no row"),
    ],
)
def test_a_question_without_an_answer_says_why(path: Path, sql: str, problem: str) -> None:
    answer = ask(path, sql)
    assert answer.value is None
    assert problem in answer.problem


def test_an_endless_query_is_stopped_and_breaks_nothing_else(path: Path) -> None:
    questions = [
        Question("endless", "scalar", sql=ENDLESS, seconds=0.2),
        Question("next", "scalar", sql="SELECT 7"),
    ]
    found = look_at(path, *questions)
    assert "longer than the 0.2 seconds" in found.answers["endless"].problem
    assert found.answers["next"] == Answer(7)
    assert found.integrity.is_ok is True
    assert found.row_counts == {"bare": 0, "users": 3}
    assert found.seconds["checks"] > 0


def test_no_question_takes_the_time_of_the_whole(path: Path) -> None:
    started = time.monotonic()
    found = look_at(
        path,
        Question("endless", "scalar", sql=ENDLESS, seconds=60),
        Question("late", "scalar", sql="SELECT 1"),
        seconds=1.5,
    )
    assert time.monotonic() - started < 15
    assert "No time was left" in found.answers["endless"].problem
    assert found.integrity.is_ok is True


def test_the_newest_value_of_a_column(path: Path) -> None:
    found = look_at(
        path,
        Question("seen", "newest", table="users", column="seen"),
        Question("empty", "newest", table="bare", column="x"),
        Question("no_column", "newest", table="users", column="gone"),
        Question("no_table", "newest", table="gone", column="seen"),
        Question("inside", "newest", table='users" --', column="seen"),
    ).answers
    assert found["seen"] == Answer(2.5)
    assert found["empty"] == Answer(None)
    assert "no such column" in found["no_column"].problem
    assert "no such table" in found["no_table"].problem
    assert "no such table" in found["inside"].problem


def test_it_is_told_whose_database_it_is(path: Path) -> None:
    assert look_at(path).identity == {"application_id": "4711"}


def test_questions_on_damaged_pages_have_a_problem(path: Path) -> None:
    raw = bytearray(path.read_bytes())
    raw[4096:] = b"\x07" * (len(raw) - 4096)
    path.write_bytes(raw)
    found = look_at(path, Question("hash", "content", table="users"), Question("one", "scalar", sql="SELECT 1"))
    assert "malformed" in found.answers["hash"].problem
    assert found.answers["one"] == Answer(1)
    assert found.integrity.is_ok is False
