"""Says everything there is to say about a restored SQLite file, without changing it."""

import hashlib
import sqlite3
import stat
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from django.utils.translation import gettext

from recovery.errors import RestoreFailed
from recovery.methods.deadline import Deadline, do_nothing
from recovery.methods.inspection import ForeignKeys, Inspection, Question
from recovery.methods.process import Bounds
from recovery.methods.sqlite_integrity import check_integrity
from recovery.methods.sqlite_questions import answer_questions
from recovery.methods.sqlite_reading import Reading, read_in_parallel
from recovery.methods.sqlite_schema import count_rows, read_identity, read_schema

_MAGIC = b"SQLite format 3\x00"
# The header alone; SQLite never writes a shorter file but an empty one.
_HEADER_BYTES = 100
_PIECE = 256 * 1024


def inspect(
    path: Path,
    *,
    expected_bytes: int | None,
    deadline: Deadline,
    on_tick: Callable[[], None] = do_nothing,
    questions: Sequence[Question] = (),
) -> Inspection:
    """Everything about the file at `path`, which nobody else may be writing to, with an answer to each question.

    Damage within the file is part of the answer, and so is a question that cannot be answered. Raises RestoreFailed if
    it is no SQLite file or its schema cannot be read, RestoreInconclusive if the integrity check breaks off, and
    RestoreTimedOut at the deadline.
    """
    problem = describe_problem(path)
    if problem:
        raise RestoreFailed(f"What came back is not a usable database: {problem}")
    found = _Findings(questions, deadline)
    jobs = [found.check_integrity, found.check_rows, found.compute_hash, *([found.answer] if questions else [])]
    try:
        read_in_parallel(path, jobs, deadline, on_tick)
    except sqlite3.DatabaseError as error:
        raise RestoreFailed(
            gettext(
                "The list of tables in the restored database cannot be read ({error}). Take a new "
                "snapshot of the source."
            ).format(error=error)
        ) from error
    return Inspection(size_bytes=path.stat().st_size, expected_bytes=expected_bytes, **found.answers)


def describe_problem(path: Path) -> str | None:
    """Why the file at `path` is no SQLite database, as a sentence, or None if it looks like one. Opens no database."""
    try:
        mode = path.stat().st_mode
        if stat.S_ISDIR(mode):
            return gettext("{path} is a folder. Give the path of the database file in it.").format(path=path)
        if not stat.S_ISREG(mode):
            return gettext("{path} is not an ordinary file. Give the path of the database file.").format(path=path)
        with path.open("rb") as file:
            header = file.read(_HEADER_BYTES)
    except (FileNotFoundError, NotADirectoryError):
        return gettext("There is no file {path}. Check the path, and that this machine can see it.").format(path=path)
    except OSError as error:
        return gettext(
            "The file {path} cannot be read ({reason}). Give the application's user read access to it."
        ).format(path=path, reason=error.strerror)
    if not header:
        return gettext("The file {path} is empty. Give the path of a database that has something in it.").format(
            path=path
        )
    if not header.startswith(_MAGIC) or len(header) < _HEADER_BYTES:
        return gettext(
            "The file {path} is not a SQLite database, or is encrypted. Give the path of a plain SQLite database."
        ).format(path=path)
    return None


class _Findings:
    """What four threads find out, each under its own keys."""

    def __init__(self, questions: Sequence[Question], deadline: Deadline) -> None:
        self._questions = questions
        self._deadline = deadline
        self.seconds: dict[str, float] = {}
        self.answers: dict[str, Any] = {"seconds": self.seconds}

    def check_integrity(self, reading: Reading) -> None:
        with self._timed("integrity"):
            bounds = Bounds(folder=reading.path.parent, deadline=self._deadline, on_tick=reading.check)
            self.answers["integrity"] = check_integrity(reading.path, bounds)

    def check_rows(self, reading: Reading) -> None:
        schema = self.answers["schema"] = read_schema(reading)
        self.answers["identity"] = read_identity(reading)
        with self._timed("foreign_keys"):
            self.answers["foreign_keys"] = _check_foreign_keys(reading, schema.tables)
        with self._timed("counts"):
            self.answers["row_counts"], self.answers["uncountable"] = count_rows(reading, schema.tables)

    def answer(self, reading: Reading) -> None:
        with self._timed("checks"):
            self.answers["answers"] = answer_questions(reading, self._questions, self._deadline)

    def compute_hash(self, reading: Reading) -> None:
        with self._timed("hash"):
            self.answers["sha256"] = _hash(reading)

    @contextmanager
    def _timed(self, phase: str) -> Iterator[None]:
        started = time.monotonic()
        yield
        self.seconds[phase] = time.monotonic() - started


def _check_foreign_keys(reading: Reading, tables: tuple[str, ...]) -> ForeignKeys:
    violations: dict[str, int] = {}
    unchecked: dict[str, str] = {}
    for table in tables:
        try:
            count = sum(1 for _ in reading.rows("SELECT 1 FROM pragma_foreign_key_check(?)", (table,)))
        except sqlite3.DatabaseError as error:
            unchecked[table] = str(error)
        else:
            violations |= {table: count} if count else {}
    return ForeignKeys(sum(violations.values()), tuple(violations), unchecked)


def _hash(reading: Reading) -> str:
    digest, piece = hashlib.sha256(), memoryview(bytearray(_PIECE))
    with reading.path.open("rb", buffering=0) as file:
        while count := file.readinto(piece):
            reading.check()
            digest.update(piece[:count])
    return digest.hexdigest()
