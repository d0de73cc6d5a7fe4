"""Which tables a SQLite file has, and which of them are the application's own."""

import hashlib
import sqlite3

from recovery.methods.inspection import Schema
from recovery.methods.sqlite_reading import Reading

# The endings of the tables that SQLite's own virtual tables keep their data in (fts3, fts4, fts5, rtree).
_SHADOW_ENDINGS = frozenset(
    {"config", "content", "data", "docsize", "idx", "node", "parent", "rowid", "segdir", "segments", "stat"}
)


def read_schema(reading: Reading) -> Schema:
    """The schema of the file; raises sqlite3.DatabaseError if it cannot be read."""
    found = list(reading.rows("SELECT type, name, tbl_name, rootpage, sql FROM sqlite_master ORDER BY type, name"))
    own = [row for row in found if not is_internal(row[1]) and not is_internal(row[2])]
    tables = {name: rootpage for kind, name, _, rootpage, _ in own if kind == "table"}
    # A virtual table has no page of its own.
    virtual = {name for name, rootpage in tables.items() if not rootpage}
    uncounted = {name for name in tables if name in virtual or _is_shadow(name, virtual)}
    digest = hashlib.sha256()
    for kind, name, table, _, sql in own:
        digest.update("\0".join((kind, name, table, sql or "")).encode("utf-8", "surrogatepass") + b"\0\n")
    return Schema(tuple(sorted(tables.keys() - uncounted)), tuple(sorted(uncounted)), digest.hexdigest())


def read_identity(reading: Reading) -> dict[str, str]:
    """Whose database it is: the `application_id` that its application gave it, in decimal, 0 where it gave none.

    What a migration or a VACUUM may change, such as user_version and page_size, says nothing about that.
    """
    return {"application_id": str(next(reading.rows("PRAGMA application_id"))[0])}


def count_rows(reading: Reading, tables: tuple[str, ...]) -> tuple[dict[str, int], dict[str, str]]:
    """The rows of each table, and for those that cannot be counted what SQLite says."""
    counts: dict[str, int] = {}
    uncountable: dict[str, str] = {}
    for table in tables:
        try:
            counts[table] = next(reading.rows(f"SELECT count(*) FROM {quote_name(table)}"))[0]  # noqa: S608 (quoted)
        except sqlite3.DatabaseError as error:
            uncountable[table] = str(error)
    return counts, uncountable


def quote_name(name: str) -> str:
    """The name as it stands in SQL, whatever characters are in it."""
    return '"' + name.replace('"', '""') + '"'


def is_internal(name: str) -> bool:
    """Whether SQLite or Litestream made the thing of that name for itself."""
    return name.lower().startswith(("sqlite_", "_litestream_"))


def _is_shadow(name: str, virtual: set[str]) -> bool:
    owner, _, ending = name.rpartition("_")
    return owner in virtual and ending in _SHADOW_ENDINGS
