"""The post-mortem as a tree of plain values. Every output is a view of it, so none can say what another does not."""

from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar, Literal

from lib.pdf.attachments import Attachment

CellStyle = Literal["text", "markdown", "code", "number", "state"]


@dataclass(frozen=True)
class Cell:
    """One value of a table. `state` is a machine word that colours it (never colour alone: the text says it too)."""

    text: str
    style: CellStyle = "text"
    state: str = ""


@dataclass(frozen=True)
class Fact:
    """A named value."""

    label: str
    value: Cell


@dataclass(frozen=True)
class Prose:
    """Markdown that a person wrote."""

    markdown: str
    template: ClassVar[str] = "incidents/documents/_prose.html"


@dataclass(frozen=True)
class Facts:
    """Named values under an optional title."""

    items: tuple[Fact, ...]
    title: str = ""
    template: ClassVar[str] = "incidents/documents/_facts.html"


@dataclass(frozen=True)
class Column:
    """A column's heading and its share of the width, in twelfths. Numbers stand to the right."""

    title: str
    width: int
    is_numeric: bool = False


@dataclass(frozen=True)
class Table:
    """Rows of cells; `caption` says what they are, where the section's title does not."""

    caption: str
    columns: tuple[Column, ...]
    rows: tuple[tuple[Cell, ...], ...]
    template: ClassVar[str] = "incidents/documents/_table.html"


@dataclass(frozen=True)
class Gap:
    """A sentence that says what is not known or not there."""

    text: str
    template: ClassVar[str] = "incidents/documents/_gap.html"


Block = Prose | Facts | Table | Gap


@dataclass(frozen=True)
class Section:
    """A heading and what stands under it."""

    key: str
    title: str
    blocks: tuple[Block, ...]


@dataclass(frozen=True)
class Document:
    """A whole post-mortem. `modified_at` is the newest change of anything in it; all times are in `zone`.

    `attachments` are the files that its PDF carries.
    """

    reference: str
    title: str
    language: str
    zone: str
    created_at: datetime
    modified_at: datetime
    author: str
    status: str
    severity: str
    severity_level: int
    key_figures: tuple[Fact, ...]
    sections: tuple[Section, ...]
    attachments: tuple[Attachment, ...] = ()
