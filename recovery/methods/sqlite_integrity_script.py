"""Runs SQLite's full check of one file and prints what it says as JSON. A program of its own, of the standard library.

The file is mapped into memory, which makes the check a third quicker. A mapped file that cannot be read ends the
process that reads it, so this one does nothing else. `cell_size_check` stays off: the full check looks at every cell
itself.
"""

import json
import sqlite3
import sys

_LINE_CHARACTERS = 300
# More than SQLite maps at all, which by default is 2 GB; what is beyond is read as ever.
_MAPPED_BYTES = 1 << 40


def check_integrity(uri: str) -> dict[str, object]:
    """The lines of `PRAGMA integrity_check` for the SQLite URI, and the error that broke it off, or an empty text."""
    lines: list[str] = []
    try:
        connection = sqlite3.connect(uri, uri=True, isolation_level=None)
        connection.execute("PRAGMA trusted_schema=OFF")
        connection.execute(f"PRAGMA mmap_size={_MAPPED_BYTES}")
        lines.extend(str(row[0])[:_LINE_CHARACTERS] for row in connection.execute("PRAGMA integrity_check"))
    except sqlite3.DatabaseError as error:
        return {"lines": lines, "error": str(error)}
    return {"lines": lines, "error": ""}


if __name__ == "__main__":
    json.dump(check_integrity(sys.argv[1]), sys.stdout)
