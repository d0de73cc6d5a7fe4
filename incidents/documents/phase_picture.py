"""The course of an incident as a picture and in words: which phase it was in from when to when."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, tzinfo

from django.utils.translation import gettext as _

from incidents.documents.blocks import format_instant, is_utc
from incidents.documents.tree import Cell, Column, Phases, Table
from incidents.lifecycle import MILESTONES
from incidents.models import Incident
from incidents.phases import BOUNDARIES, Phase, divide
from lib.durations import format_duration, format_ongoing
from lib.time_axis import Axis, Stretch, draw_axis

# The least widths, in pixels, that the wide and the narrow picture are shown at.
PAGE_WIDTHS = (840, 300)
PAPER_WIDTHS = (600, 300)
LONG = timedelta(minutes=10)
# A phase's colours on paper, its ground and its edge; the page has its own, by day and by night.
COLOURS = {
    "undetected": ("#fbe6e6", "#a3262b"),
    "unacknowledged": ("#fcf0d9", "#7d4e00"),
    "being_mitigated": ("#e2f1f2", "#0b6870"),
    "being_resolved": ("#e1f3e7", "#1c6b3c"),
    "mixed": ("#f3f5f7", "#536170"),
}


@dataclass(frozen=True)
class PhaseRow:
    """A phase in words, for who cannot see the picture, and for one too short to be named in it. `number` is in both.

    `end` None: it goes on.
    """

    number: int
    key: str
    label: str
    seconds: float
    length: str
    start: datetime
    end: datetime | None
    is_one_day: bool


@dataclass(frozen=True)
class PhasePicture:
    """The pictures, wide and narrow, and the rows that say the same; `gap` is why there is none."""

    axes: tuple[Axis, ...]
    rows: tuple[PhaseRow, ...]
    title: str
    description: str
    gap: str = ""


def draw_phases(
    incident: Incident, *, now: datetime, zone: tzinfo, widths: tuple[int, ...] = PAGE_WIDTHS, now_label: str = ""
) -> PhasePicture:
    """The incident's phases up to its resolution, or while it goes on up to `now`, with times in `zone`."""
    phases = divide(incident.milestones, incident.status, is_over=incident.is_over)
    title = _("Course of the incident")
    if phases is None:
        return PhasePicture((), (), title, "", _("The milestones are out of order. Correct them to see the course."))
    if not phases:
        return PhasePicture((), (), title, "", _("Too little is known. Enter the milestones to see the course."))
    rows = tuple(_row(number, phase, now, zone) for number, phase in enumerate(phases, start=1))
    end = max(now, phases[-1].start) if phases[-1].end is None else phases[-1].end
    stretches = [
        Stretch(row.key, COLOURS[row.key], row.start, row.end or end, _labels(row), is_open=row.end is None)
        for row in rows
    ]
    moments = _moments(incident, phases, end, zone)
    if phases[-1].end is None:
        moments.append((end, now_label or _("now")))
    axes = tuple(draw_axis(stretches, moments, width=width) for width in widths)
    description = "; ".join(f"{row.label}: {row.length}" for row in rows) + "."
    return PhasePicture(axes, rows, title, description)


def _row(number: int, phase: Phase, now: datetime, zone: tzinfo) -> PhaseRow:
    seconds = phase.seconds(now)
    length = format_duration(seconds)
    if phase.end is None:
        length = _("%(length)s so far") % {"length": format_ongoing(seconds)}
    is_one_day = bool(phase.end) and _is_one_day(phase.start, phase.end or phase.start, zone)
    return PhaseRow(number, phase.key, phase.label, seconds, length, phase.start, phase.end, is_one_day)


def _labels(row: PhaseRow) -> tuple[str, ...]:
    # Longest first. A number alone is explained by the row that has it.
    return (f"{row.number} · {row.label} · {row.length}", f"{row.number} · {row.length}", str(row.number))


def _moments(incident: Incident, phases: list[Phase], end: datetime, zone: tzinfo) -> list[tuple[datetime, str]]:
    """The known milestones within the picture, those of one instant together."""
    first = phases[0].start
    at: dict[datetime, list[str]] = {}
    for name in (*BOUNDARIES, "declared_at"):
        instant = incident.milestones[name]
        if instant and first <= instant <= end:
            at.setdefault(instant.astimezone(UTC), []).append(str(MILESTONES[name]))
    # Of what took hours, no second tells anything.
    clock = "%H:%M" if end - first >= LONG else "%H:%M:%S"
    pattern = clock if _is_one_day(first, end, zone) else f"%-d %b {clock}"
    moments = [(instant, f"{_join(names)} {instant.astimezone(zone):{pattern}}") for instant, names in at.items()]
    return sorted(moments, key=lambda moment: moment[0])


def phase_blocks(incident: Incident, zone: tzinfo, *, now: datetime) -> tuple[Phases, ...]:
    """The same for a document; nothing where there is nothing to draw."""
    as_of = _("as of %(time)s") % {"time": format_instant(now, zone)}
    picture = draw_phases(incident, now=now, zone=zone, widths=PAPER_WIDTHS, now_label=as_of)
    if not picture.rows:
        return ()
    # What goes on has more words in its last column.
    first = 2 if picture.rows[-1].end is None and is_utc(zone) else 3
    columns = (
        Column("#", 1),
        Column(_("Phase"), 3),
        Column(_("Length"), 2),
        Column(_("From"), first),
        Column(_("To"), 6 - first),
    )
    rows = tuple(
        (
            Cell(str(row.number)),
            Cell(row.label),
            Cell(row.length),
            Cell(format_instant(row.start, zone), "code"),
            Cell(format_instant(row.end, zone), "code") if row.end else Cell(as_of),
        )
        for row in picture.rows
    )
    return (Phases(picture.title, picture.description, picture.axes, Table("", columns, rows)),)


def _join(names: list[str]) -> str:
    return ", ".join([names[0], *(name.lower() for name in names[1:])])


def _is_one_day(first: datetime, last: datetime, zone: tzinfo) -> bool:
    return first.astimezone(zone).date() == last.astimezone(zone).date()
