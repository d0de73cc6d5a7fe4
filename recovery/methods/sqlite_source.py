"""Reads a live SQLite source without changing a byte of it or of its folder.

The file is opened by SQLite alone. A plain open() and close() in the process that has the database open, as Debrief's
own, would drop the locks that keep other processes from damaging it.
"""

import sqlite3
import stat
import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import AbstractContextManager, contextmanager, suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from django.utils.translation import gettext

from recovery.errors import RestoreTimedOut
from recovery.methods.backup import SourceState
from recovery.methods.deadline import Deadline, do_nothing
from recovery.methods.inspection import Answer, Question, Schema
from recovery.methods.sqlite_questions import answer_questions
from recovery.methods.sqlite_reading import Reading, open_untrusted, read_in_parallel
from recovery.methods.sqlite_schema import count_rows, read_identity, read_schema

SOURCE_SECONDS = 120.0
_BUSY_SECONDS = 2.0
_ATTEMPTS = 3
_PAUSE_SECONDS = 0.3
# The clock of a file system stands still for so long: two writes within it may leave the same time.
_CLOCK_STEP_SECONDS = 0.05
# Somebody has the database open, so the index of its log is there. It is only read: no mark of a reader is set in it.
_BESIDE_OTHERS = "mode=ro&readonly_shm=1"
_ALONE = "mode=ro&immutable=1"


@dataclass(frozen=True)
class SourceContent:
    """What is in the source now, all of one moment; with `problem` the sentence why that cannot be said."""

    schema: Schema | None = None
    row_counts: Mapping[str, int] = field(default_factory=dict)
    uncountable: Mapping[str, str] = field(default_factory=dict)
    identity: Mapping[str, str] = field(default_factory=dict)
    answers: Mapping[str, Answer] = field(default_factory=dict)
    seconds: float = 0.0
    problem: str = ""


def read_content(
    path: Path,
    *,
    deadline: Deadline,
    on_tick: Callable[[], None] = do_nothing,
    questions: Sequence[Question] = (),
    seconds: float = SOURCE_SECONDS,
) -> SourceContent:
    """Schema, rows and answers of the live database at `path`, within `seconds` and never beyond the deadline.

    Where it cannot be read without leaving a trace, or is changed meanwhile, each answer has the problem instead.
    Raises RestoreTimedOut at the deadline alone.
    """
    started = time.monotonic()
    own = Deadline(min(seconds, deadline.remaining))
    problem = ""
    for attempt in range(_ATTEMPTS):
        if attempt:
            time.sleep(min(_PAUSE_SECONDS, own.remaining))
            on_tick()
        try:
            found, problem = _attempt(path, questions, own, on_tick)
        except RestoreTimedOut:
            deadline.check()
            problem = gettext(
                "Reading the source {path} took longer than the {seconds:g} seconds it is allowed."
            ).format(path=path, seconds=seconds)
            break
        if not problem:
            return SourceContent(**found, seconds=time.monotonic() - started)
    answers = {question.key: Answer(problem=problem) for question in questions}
    return SourceContent(answers=answers, seconds=time.monotonic() - started, problem=problem)


def read_last_write(path: Path) -> SourceState:
    """When the source or its write-ahead log was last written to."""
    try:
        times = [path.stat().st_mtime_ns]
    except OSError as error:
        reason = gettext("The source {path} cannot be read from here ({reason}).")
        return SourceState(None, reason.format(path=path, reason=error.strerror))
    # Absent once the last connection is closed, which may be now; empty where somebody only reads.
    with suppress(OSError):
        log = _beside(path, "-wal").stat()
        times += [log.st_mtime_ns] if log.st_size else []
    return SourceState(datetime.fromtimestamp(max(times) / 1e9, tz=UTC))


def _attempt(
    path: Path, questions: Sequence[Question], deadline: Deadline, on_tick: Callable[[], None]
) -> tuple[dict[str, Any], str]:
    """What was found, or a problem. Only the second can be given together with changes under way."""
    try:
        before = path.stat()
    except OSError as error:
        reason = gettext("The source {path} cannot be read from here ({reason}).")
        return {}, reason.format(path=path, reason=error.strerror)
    if not stat.S_ISREG(before.st_mode) or not before.st_size:
        return {}, gettext("The source {path} is no file with a database in it. Check its path.").format(path=path)
    is_shared = _beside(path, "-wal").exists() and _beside(path, "-shm").exists()
    problem = "" if is_shared else _describe_company(path)
    if problem:
        return {}, problem
    found: dict[str, Any] = {}
    # So that a write that follows is seen by its time.
    time.sleep(max(0.0, min(_CLOCK_STEP_SECONDS, _CLOCK_STEP_SECONDS - (time.time() - before.st_mtime))))
    try:
        read_in_parallel(
            path,
            [lambda reading: _read(reading, questions, deadline, found)],
            deadline,
            on_tick,
            _opener(_BESIDE_OTHERS if is_shared else _ALONE),
        )
    except sqlite3.DatabaseError as error:
        return {}, gettext("The source {path} could not be read ({error}).").format(path=path, error=error)
    return found, "" if is_shared else _describe_change(path, before)


def _read(reading: Reading, questions: Sequence[Question], deadline: Deadline, found: dict[str, Any]) -> None:
    # One transaction, so that rows and answers are of one moment.
    list(reading.rows("BEGIN"))
    schema = found["schema"] = read_schema(reading)
    found["identity"] = read_identity(reading)
    found["row_counts"], found["uncountable"] = count_rows(reading, schema.tables)
    found["answers"] = answer_questions(reading, questions, deadline)


def _opener(mode: str) -> Callable[[Path], AbstractContextManager[sqlite3.Connection]]:
    @contextmanager
    def opened(path: Path) -> Any:
        with open_untrusted(path, mode, busy_seconds=_BUSY_SECONDS) as connection:
            yield connection

    return opened


def _describe_company(path: Path) -> str:
    """Why the file alone does not say what is in the database, or an empty text."""
    if _has_content(_beside(path, "-wal")):
        return gettext(
            "The source {path} has a write-ahead log without its index, and reading it would make one. "
            "Start the application that uses it."
        ).format(path=path)
    if _has_hot_journal(path):
        return gettext("The source {path} is in the middle of a transaction. Run the test again.").format(path=path)
    return ""


def _describe_change(path: Path, before: Any) -> str:
    try:
        after = path.stat()
    except OSError:
        after = None
    kept = ("st_ino", "st_size", "st_mtime_ns")
    if after and all(getattr(before, name) == getattr(after, name) for name in kept) and not _has_hot_journal(path):
        return ""
    return gettext("The source {path} was written to while it was read. Run the test again at a quieter time.").format(
        path=path
    )


def _has_hot_journal(path: Path) -> bool:
    """Whether a transaction is under way or was broken off; a journal kept for reuse begins with zeros."""
    try:
        with _beside(path, "-journal").open("rb") as file:
            return any(file.read(8))
    except FileNotFoundError:
        return False
    except OSError:
        return True


def _has_content(path: Path) -> bool:
    try:
        return path.stat().st_size > 0
    except OSError:
        return False


def _beside(path: Path, ending: str) -> Path:
    return path.with_name(f"{path.name}{ending}")
