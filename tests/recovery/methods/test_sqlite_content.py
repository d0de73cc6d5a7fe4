import sqlite3
from collections.abc import Iterable
from contextlib import closing
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from recovery.methods.sqlite_content import hash_rows
from tests.recovery.methods.sqlite_files import make_database

Value = str | int | float | bytes | None
values = st.one_of(
    st.none(), st.integers(-(2**63), 2**63 - 1), st.floats(allow_nan=False), st.text(), st.binary(max_size=20)
)


def content(rows: Iterable[tuple[Value, ...]], *, column: str = "", up_to: str | int | float | None = None) -> str:
    with closing(sqlite3.connect(":memory:")) as connection:
        connection.execute("CREATE TABLE t (a, b)")
        connection.executemany("INSERT INTO t VALUES (?, ?)", [[*row, None][:2] for row in rows])
        column = column if up_to is None else "a"
        return hash_rows(connection, "t", column=column, up_to=up_to, check=lambda: None)


def test_it_stays_the_same_for_ever() -> None:
    rows = [(1, "ก"), (None, b"\x00"), (-0.5, "")]
    assert content(rows) == "6d55df95038af5252383b1815c425b61b3034014da533696fc6c642db7c6fc1d"


def test_values_of_other_types_differ() -> None:
    alike: list[Value] = [1, "1", b"1", 1.5, "1.5", None, "", b"", 0, "NULL", "\x001"]
    assert len({content([(value,)]) for value in alike}) == len(alike)


def test_neither_columns_nor_rows_run_into_each_other() -> None:
    tables: list[list[tuple[Value, ...]]] = [
        [],
        [("ab", "c")],
        [("a", "bc")],
        [("a", "b"), ("c", None)],
        [("a", "b")],
        [("a", "b"), ("a", "b")],
        [("b", "a")],
    ]
    assert len({content(rows) for rows in tables}) == len(tables)


@given(st.lists(st.tuples(values, values), max_size=8), st.randoms())
@settings(deadline=None)
def test_the_order_does_not_matter(rows: list[tuple[Value, ...]], chance: object) -> None:
    shuffled = list(rows)
    chance.shuffle(shuffled)  # type: ignore[attr-defined]
    assert content(rows) == content(shuffled)


@given(st.lists(st.tuples(values, values), min_size=1, max_size=8), values)
@settings(deadline=None)
def test_another_value_is_seen(rows: list[tuple[Value, ...]], other: Value) -> None:
    # SQLite keeps 1.0 apart from 1, and -0.0 as 0.0.
    was = rows[0][0]
    is_same = other == was and type(other) is type(was)
    assert (content([(other, rows[0][1]), *rows[1:]]) == content(rows)) is is_same


def test_up_to_a_value_leaves_the_rest_out() -> None:
    rows = [(1, "a"), (2, "b"), (3, "c"), (None, "d")]
    assert content(rows, up_to=2) == content(rows[:2]) != content(rows[:3])
    dates = [("2026-01-01", 1), ("2026-01-02", 2)]
    assert content(dates, up_to="2026-01-01") == content(dates[:1])


def test_text_that_is_not_utf_8_is_hashed_as_it_is(tmp_path: Path) -> None:
    def hash_of(name: str, raw: bytes) -> str:
        path = make_database(tmp_path / name, "CREATE TABLE t (x); INSERT INTO t VALUES ('ก');")
        with closing(sqlite3.connect(path)) as connection:
            connection.execute("INSERT INTO t VALUES (CAST(? AS TEXT))", [raw])
            return hash_rows(connection, "t", column="", up_to=None, check=lambda: None)

    assert hash_of("a", b"\xff") == hash_of("b", b"\xff") != hash_of("c", b"\xfe")


def test_it_is_the_same_after_a_vacuum_and_with_other_row_numbers(tmp_path: Path) -> None:
    path = make_database(tmp_path / "a.db", "CREATE TABLE t (x TEXT); INSERT INTO t VALUES ('a'), ('b'), ('c');")
    with closing(sqlite3.connect(path, isolation_level=None)) as connection:
        connection.execute("DELETE FROM t WHERE x = 'a'")
        before = hash_rows(connection, "t", column="", up_to=None, check=lambda: None)
        connection.execute("VACUUM")
        connection.execute("UPDATE t SET rowid = rowid + 100")
        assert hash_rows(connection, "t", column="", up_to=None, check=lambda: None) == before


def test_a_column_that_is_not_there_is_no_text(tmp_path: Path) -> None:
    path = make_database(tmp_path / "a.db", "CREATE TABLE t (x); INSERT INTO t VALUES ('a');")
    with closing(sqlite3.connect(path)) as connection, pytest.raises(sqlite3.OperationalError, match="no such column"):
        hash_rows(connection, "t", column="gone", up_to="z", check=lambda: None)


def test_rows_without_a_value_in_the_column_are_left_out_with_a_limit_or_without() -> None:
    rows: list[tuple[Value, ...]] = [(1, "a"), (2, "b")]
    assert content([*rows, (None, "c")], column="a") == content(rows) == content([*rows, (None, "c")], up_to=2)
