"""What can be found out about restored data, and what can be asked of it, whatever kept it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal


@dataclass(frozen=True)
class Question:
    """One thing a check wants to know of the restored data; `key` finds the answer again.

    * `scalar`: the first column of the only row that `sql` gives, as the database has it.
    * `newest`: the greatest value of `column` in `table`.
    * `content`: a SHA-256 over all rows of `table`, in an order that depends on their content alone; with `column`,
      over those that have a value there, and with `up_to` one that is not greater than it.

    `seconds` is the time one answer may take.
    """

    key: str
    kind: Literal["scalar", "newest", "content"]
    sql: str = ""
    table: str = ""
    column: str = ""
    up_to: str | int | float | None = None
    seconds: float = 30.0


@dataclass(frozen=True)
class Answer:
    """A value (text, number, None for NULL), or with `problem` the sentence why there is none.

    `missing_table` names the table without which there is no answer, where that is the problem.
    """

    value: str | int | float | None = None
    problem: str = ""
    missing_table: str = ""


@dataclass(frozen=True)
class Integrity:
    """The answer of the database's own full check, with at most 100 problems.

    `is_ok` is None when nothing can be said. `notes` are sentences on why, or on what is doubtful about data that is
    sound.
    """

    is_ok: bool | None
    problems: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()

    @property
    def note(self) -> str:
        """The notes in one text, each once."""
        return " ".join(dict.fromkeys(self.notes))


@dataclass(frozen=True)
class ForeignKeys:
    """Rows that refer to rows which are not there, and the tables they are in; `unchecked` has a reason for a table."""

    violations: int
    tables: tuple[str, ...]
    unchecked: Mapping[str, str]


@dataclass(frozen=True)
class Schema:
    """`tables` are the ordinary ones; `uncounted` those left out of counts on purpose. In order of name.

    `fingerprint` is the SHA-256, in hexadecimal, of all definitions but those that the database or the backup tool
    made for itself.
    """

    tables: tuple[str, ...]
    uncounted: tuple[str, ...]
    fingerprint: str


@dataclass(frozen=True)
class Inspection:
    """All that was found. `seconds` has what was timed: integrity, foreign_keys, counts, checks, hash.

    `row_counts` has the ordinary tables that could be counted, `uncountable` the reason for those that could not.
    `identity` says whose database it is: SQLite's application_id, PostgreSQL's system identifier.
    """

    size_bytes: int
    expected_bytes: int | None
    integrity: Integrity
    foreign_keys: ForeignKeys
    schema: Schema
    row_counts: Mapping[str, int]
    uncountable: Mapping[str, str]
    sha256: str
    seconds: Mapping[str, float]
    identity: Mapping[str, str] = field(default_factory=dict)
    answers: Mapping[str, Answer] = field(default_factory=dict)

    @property
    def is_expected_size(self) -> bool | None:
        """Whether the data has exactly the size that the backup announced; None if it announced none."""
        return None if self.expected_bytes is None else self.size_bytes == self.expected_bytes
