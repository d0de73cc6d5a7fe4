"""The post-mortem as a tree of plain values. Every output is a view of it, so none can say what another does not."""

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import ClassVar, Literal

from incidents.documents.cause_picture import draw_map, is_owed, led_to
from incidents.documents.records import Records
from lib.charts import Frame, Tick
from lib.flow_picture import Flow
from lib.markdown_references import Reference
from lib.pdf.attachments import Attachment
from lib.time_axis import Axis

CellStyle = Literal["text", "markdown", "code", "number", "state"]
Variant = Literal["internal", "external"]


@dataclass(frozen=True)
class Cell:
    """One value of a table. `state` is a machine word that colours it (never colour alone: the text says it too)."""

    text: str
    style: CellStyle = "text"
    state: str = ""
    # What the references in Markdown stand for.
    references: tuple[Reference, ...] = ()


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
    """Markdown that a person wrote, and what the references in it stand for."""

    markdown: str
    references: tuple[Reference, ...] = ()
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
    """Rows of cells; `caption` says what they are, where the section's title does not.

    `is_tasks`: each row is something to do, its reference and its words first.
    """

    caption: str
    columns: tuple[Column, ...]
    rows: tuple[tuple[Cell, ...], ...]
    is_tasks: bool = False
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


@dataclass(frozen=True)
class CauseAction:
    """An action item where it is named beside a cause; `status` is a machine word that colours `label`."""

    reference: str
    title: str
    status: str
    label: str


@dataclass(frozen=True)
class CauseNode:
    """A cause: why it was so, why that was so, and so on, and the places in the map of those that it led to."""

    kind: str
    kind_label: str
    category: str
    statement: Cell
    whys: tuple[Cell, ...] = ()
    leads_to: tuple[int, ...] = ()
    actions: tuple[CauseAction, ...] = ()

    @property
    def led_to(self) -> str:
        """The same places in words, counted from 1."""
        return led_to(self)

    @property
    def is_unaddressed(self) -> bool:
        """True where an action item should address it and none does."""
        return is_owed(self)


@dataclass(frozen=True)
class CauseMap:
    """What led to the incident, as a picture and as an outline; `loose` are action items that address none of it."""

    title: str
    incident: str
    nodes: tuple[CauseNode, ...]
    loose: tuple[CauseAction, ...] = ()
    template: ClassVar[str] = "incidents/documents/_cause_map.html"

    @property
    def pictures(self) -> tuple[Flow, Flow]:
        """The same for wide and for narrow outputs."""
        return draw_map(self)


@dataclass(frozen=True)
class ImprovementRow:
    """A figure before and after; the shares, in percent of the longer one, where both are durations, else 0."""

    metric: str
    before: Cell
    after: Cell
    before_share: float = 0.0
    after_share: float = 0.0


@dataclass(frozen=True)
class Improvements:
    """What got better."""

    rows: tuple[ImprovementRow, ...]
    template: ClassVar[str] = "incidents/documents/_improvements.html"


@dataclass(frozen=True)
class Chart:
    """What was measured over time against what is asked for, as a drawing and in words; `key` is unique in a document.

    Its paths are in the units of its frame, as SVG writes them: a line, a dot at each value, a cross without one.
    """

    key: str
    title: str
    description: str
    frame: Frame
    x_ticks: tuple[Tick, ...]
    y_ticks: tuple[Tick, ...]
    line: str
    dots: str
    crosses: str = ""
    limit: Tick | None = None
    # The limit lies so far above everything measured that it is only named.
    is_limit_beyond: bool = False
    template: ClassVar[str] = "incidents/documents/_chart.html"

    @property
    def limit_shift(self) -> int:
        """How far below its line the words of the limit stand: above it, unless they would leave the drawing."""
        return 14 if self.limit and self.limit.at < self.frame.top + 14 else -5


Block = Prose | Facts | Table | Gap | Phases | Figure | CauseMap | Improvements | Chart


@dataclass(frozen=True)
class Section:
    """A heading and what stands under it."""

    key: str
    title: str
    blocks: tuple[Block, ...]


@dataclass(frozen=True)
class PublishedAs:
    """Which version a document is, and the SHA-256 by which it is known; a copy for readers outside has none."""

    version: int
    published_at: datetime
    sha256: str = ""


@dataclass(frozen=True)
class Document:
    """A whole post-mortem. `modified_at` is the newest change of anything in it; all times are in `zone`.

    `attachments` are the files that its PDF carries, `pictures` those that its text may show. `records` are what its
    blocks were made of, for reading it back; an external document never has them: they name people. `publication`
    is put beside a version that is taken away, and is no part of what its SHA-256 is of.
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
    variant: Variant = "internal"
    records: Records | None = None
    publication: PublishedAs | None = None

    def __post_init__(self) -> None:
        if self.variant == "external":
            # The one way to set a field of a frozen value; whoever makes a document external cannot forget them.
            object.__setattr__(self, "records", None)

    @property
    def is_external(self) -> bool:
        """True where people are roles."""
        return self.variant == "external"
