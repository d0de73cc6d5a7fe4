"""What is read from a post-mortem that others wrote."""

from dataclasses import dataclass
from datetime import date, datetime


@dataclass(frozen=True)
class Line:
    """A line of the source with its number (the first is 1). What stands in fenced code means nothing to readers."""

    number: int
    text: str
    is_code: bool = False

    @property
    def is_blank(self) -> bool:
        """True where nothing stands in it."""
        return not self.text or self.text.isspace()


@dataclass(frozen=True)
class ReadEvent:
    """One entry of the timeline; `written` is its time as it stands there."""

    occurred_at: datetime
    ended_at: datetime | None
    text: str
    line: int
    written: str


@dataclass(frozen=True)
class ReadCause:
    """One statement of why it happened; `kind` is one of a root cause's kinds."""

    statement: str
    kind: str
    line: int


@dataclass(frozen=True)
class ReadItem:
    """One action item: `title` is plain text, `group` the heading it stands under, `kind` empty where none is told."""

    title: str
    line: int
    owner: str = ""
    due_date: date | None = None
    is_done: bool = False
    kind: str = ""
    group: str = ""


@dataclass(frozen=True)
class ReadSection:
    """A part of the document: the key of the outline that it fits, or empty; what of it stayed prose."""

    key: str
    title: str
    body: str
    line: int


@dataclass(frozen=True)
class Remark:
    """What somebody should look at: a sentence, and the line it speaks of (0: the whole document)."""

    sentence: str
    line: int = 0


@dataclass(frozen=True)
class ReadPostmortem:
    """All of a document: every sentence of it is in one of these at least.

    `severity` is 1 to 5. `time_zone` is what the document names for its times, empty where it names none.
    `particulars` are labels with their values, as front matter and lines such as `Status: final` have them.
    """

    title: str
    date: date | None
    severity: int | None
    authors: str
    status: str
    time_zone: str
    events: tuple[ReadEvent, ...]
    causes: tuple[ReadCause, ...]
    items: tuple[ReadItem, ...]
    sections: tuple[ReadSection, ...]
    particulars: tuple[tuple[str, str], ...]
    warnings: tuple[Remark, ...]
