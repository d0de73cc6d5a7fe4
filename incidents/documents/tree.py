"""The post-mortem as a tree of plain values. Every output is a view of it, so none can say what another does not."""

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import ClassVar, Literal

from lib.pdf.attachments import Attachment
from lib.time_axis import Axis

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
class Picture:
    """A picture that the document may show: the address that text refers to it with, and where its file lies."""

    address: str
    sha256: str
    media_type: str
    size: int
    folder: Path


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


@dataclass(frozen=True)
class Phases:
    """The course of the incident: the same picture for wide and for narrow outputs, and a table that says it all."""

    title: str
    description: str
    axes: tuple[Axis, ...]
    table: Table
    template: ClassVar[str] = "incidents/documents/_phases.html"


@dataclass(frozen=True)
class Figure:
    """One of the document's pictures, and what it shows."""

    address: str
    caption: str
    template: ClassVar[str] = "incidents/documents/_figure.html"


Block = Prose | Facts | Table | Gap | Phases | Figure


@dataclass(frozen=True)
class Section:
    """A heading and what stands under it."""

    key: str
    title: str
    blocks: tuple[Block, ...]


@dataclass(frozen=True)
class Document:
    """A whole post-mortem. `modified_at` is the newest change of anything in it; all times are in `zone`.

    `attachments` are the files that its PDF carries, `pictures` those that its text may show.
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
    severity_colour: str
    key_figures: tuple[Fact, ...]
    sections: tuple[Section, ...]
    attachments: tuple[Attachment, ...] = ()
    pictures: tuple[Picture, ...] = ()
