"""Makes SQLite files with one thing wrong with them."""

import sqlite3
from contextlib import closing
from pathlib import Path


def make_database(path: Path, *scripts: str) -> Path:
    with closing(sqlite3.connect(path)) as connection:
        connection.executescript("\n".join(scripts))
    return path


def add_row_behind_index(path: Path, table: str, index: str) -> None:
    """Leave a row of `table` out of `index`: quick_check and every count stay content."""
    with closing(sqlite3.connect(path)) as connection:
        kept = connection.execute("SELECT * FROM sqlite_master WHERE name = ?", (index,)).fetchone()
        connection.execute("PRAGMA writable_schema = ON")
        connection.execute("DELETE FROM sqlite_master WHERE name = ?", (index,))
        connection.commit()
    with closing(sqlite3.connect(path)) as connection:
        connection.execute(f"INSERT INTO {table} (name) VALUES ('not in the index')")  # noqa: S608 (a test's own name)
        connection.commit()
        connection.execute("PRAGMA writable_schema = ON")
        connection.execute("INSERT INTO sqlite_master VALUES (?, ?, ?, ?, ?)", kept)
        connection.commit()
