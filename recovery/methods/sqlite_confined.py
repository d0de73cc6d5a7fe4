"""Lets a connection read rows and nothing else, whatever is asked through it."""

import sqlite3
from collections.abc import Collection

# Values longer than this are not read into memory.
LONGEST_VALUE = 32 * 1024 * 1024
_LIMITS = {
    sqlite3.SQLITE_LIMIT_LENGTH: LONGEST_VALUE,
    sqlite3.SQLITE_LIMIT_SQL_LENGTH: 100_000,
    sqlite3.SQLITE_LIMIT_EXPR_DEPTH: 200,
    sqlite3.SQLITE_LIMIT_COMPOUND_SELECT: 50,
    sqlite3.SQLITE_LIMIT_ATTACHED: 0,
    # A pattern of many wildcards is the one thing whose matching no interrupt ends.
    sqlite3.SQLITE_LIMIT_LIKE_PATTERN_LENGTH: 100,
    sqlite3.SQLITE_LIMIT_TRIGGER_DEPTH: 10,
    sqlite3.SQLITE_LIMIT_WORKER_THREADS: 0,
}
_ALLOWED = frozenset({sqlite3.SQLITE_SELECT, sqlite3.SQLITE_READ, sqlite3.SQLITE_FUNCTION, sqlite3.SQLITE_RECURSIVE})
# Functions that reach outside the database, or hand out what only C code should see.
_FORBIDDEN_FUNCTIONS = frozenset({"load_extension", "fts3_tokenizer", "readfile", "writefile", "edit"})
_CACHE_KIB = 4_000


def confine(connection: sqlite3.Connection, hidden: Collection[str]) -> None:
    """From now on the connection runs SELECT alone, and reads none of the tables named in `hidden`.

    No pragma, ATTACH, transaction, write or loading of code gets past it; a refusal is a sqlite3.DatabaseError.
    """
    names = frozenset(name.lower() for name in hidden)

    def authorize(action: int, first: str | None, second: str | None, _database: str | None, _by: str | None) -> int:
        if action not in _ALLOWED:
            return sqlite3.SQLITE_DENY
        if action == sqlite3.SQLITE_READ and (first or "").lower() in names:
            return sqlite3.SQLITE_DENY
        if action == sqlite3.SQLITE_FUNCTION and (second or "").lower() in _FORBIDDEN_FUNCTIONS:
            return sqlite3.SQLITE_DENY
        return sqlite3.SQLITE_OK

    # Rows are read once and in order, which a large cache does not speed up.
    connection.execute(f"PRAGMA cache_size=-{_CACHE_KIB}")
    for category, limit in _LIMITS.items():
        connection.setlimit(category, limit)
    connection.set_authorizer(authorize)
