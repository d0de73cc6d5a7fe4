"""What every method of backing up can be asked for, whatever tool is behind it."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import ClassVar, Protocol

from recovery.methods.inspection import Inspection, Question
from recovery.methods.process import Bounds


@dataclass(frozen=True)
class Description:
    """What is there now, found out by reading alone.

    `newest_at` is when the newest data in the backup was made (UTC), `oldest_at` the earliest point in time a restore
    can go back to; both None where the backup does not say. `size_bytes` is what the backup takes up, `version` the
    tool's or server's, such as "litestream 0.5.17".
    """

    newest_at: datetime | None
    oldest_at: datetime | None
    size_bytes: int | None
    version: str


@dataclass(frozen=True)
class Plan:
    """What a restore would bring back, found out without writing a database.

    `newest_at` is when the last transaction in it was made or replicated (UTC), `marker` what identifies the state (a
    transaction number, a file's name, a log position), `expected_bytes` the size of the restored data: exact where
    `is_size_exact`, else only good for finding room. Unknown is None. A method may subclass it for its own needs.
    """

    asked_at: datetime | None
    newest_at: datetime | None
    marker: str
    bytes_to_fetch: int
    expected_bytes: int | None
    is_size_exact: bool = True


@dataclass(frozen=True)
class Restored:
    """What a restore did bring back. `path` is a SQLite file, or the data folder of a PostgreSQL server.

    `newest_at`, `marker` and `expected_bytes` (None also where only approximate) as in `Plan`, for what was restored.
    `following_at` is when the transaction after it was replicated, None for unknown. `has_gap`: the backup has newer
    data but has lost what came right after. `seconds` are those of the phases `fetch` and `restore`, where a method
    has both apart. `notes` are sentences on what is doubtful about a backup that came back all the same.
    `age_doubt` is the one of them why the newest transaction may be much older than `newest_at`, empty where it is not.
    """

    path: Path
    marker: str
    newest_at: datetime | None
    expected_bytes: int | None
    seconds: Mapping[str, float]
    log_tail: str = ""
    following_at: datetime | None = None
    has_gap: bool = False
    notes: tuple[str, ...] = ()
    age_doubt: str = ""


@dataclass(frozen=True)
class Lag:
    """How far the backup is behind its source, by the number that tells the truth.

    `seconds` is 0 where everything is in the backup and None where that cannot be known, with `reason` in a sentence.
    """

    seconds: float | None
    reason: str = ""


@dataclass(frozen=True)
class SourceState:
    """The source when a test began: its last write (UTC, None for unknown), and why that is unknown."""

    last_write: datetime | None
    reason: str = ""


@dataclass
class Secrets:
    """Secrets by option name, read when they are needed; never shown: neither repr nor str has them."""

    values: Mapping[str, str] = field(default_factory=dict, repr=False)

    def __getitem__(self, name: str) -> str:
        return self.values[name]

    def get(self, name: str) -> str | None:
        """The secret, or None where none is configured under that name."""
        return self.values.get(name)


class Backup(Protocol):
    """One backup of one database, made by one method. All of it only reads the source and the backup.

    Each function ends at `bounds.deadline` and calls `bounds.on_tick` about every 0.25 s while it waits. They raise
    RestoreFailed (the backup was read and the data is not there), RestoreInconclusive (the surroundings failed: the
    network, a tool, a missing right) or RestoreTimedOut, each with a sentence for people. No process and no thread is
    left behind, and what is written is written in `bounds.folder`.
    """

    can_restore_to_a_moment: ClassVar[bool]

    def tool_version(self) -> str:
        """The tool that restores, such as "litestream 0.5.17" or "pg_basebackup 15.18"."""
        ...

    def describe(self, bounds: Bounds) -> Description:
        """What is there now."""
        ...

    def plan(self, bounds: Bounds, *, at: datetime | None = None) -> Plan:
        """What restoring the latest state, or the newest one strictly before `at`, would bring back."""
        ...

    def restore(self, planned: Plan, bounds: Bounds, *, on_progress: Callable[[int], None]) -> Restored:
        """The data that `planned` describes, in `bounds.folder`; `on_progress` gets the bytes written so far."""
        ...

    def inspect(self, restored: Restored, bounds: Bounds, *, questions: tuple[Question, ...] = ()) -> Inspection:
        """Everything about the restored data, with an answer to each question."""
        ...

    def read_source(self, bounds: Bounds) -> SourceState:
        """What is known of the source now."""
        ...

    def lag(self, bounds: Bounds) -> Lag:
        """How far the backup is behind the source now."""
        ...
