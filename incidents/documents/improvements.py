"""Figures before and after, for the document and for pages: typed, or read from what was measured."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.utils.translation import gettext as _

from incidents.documents.references import Found, find_records, refer
from incidents.documents.tree import Block, Cell, Gap, ImprovementRow, Improvements
from incidents.models import Improvement, Incident
from lib.duration_text import parse_duration

# A bar shorter than this could not be seen.
LEAST_SHARE = 0.8


@dataclass(frozen=True)
class Side:
    """One of the two figures: how it is shown, and how many seconds it is (None: it is no duration)."""

    cell: Cell
    seconds: float | None


def improvement_block(improvements: list[Improvement], incident: Incident) -> Block:
    """All of them, in a fixed number of queries."""
    rows = improvement_rows(improvements, incident)
    return Improvements(rows) if rows else Gap(_("No improvement has been recorded yet."))


def improvement_rows(improvements: Iterable[Improvement], incident: Incident) -> tuple[ImprovementRow, ...]:
    """Each with its two figures as they are now, and bars where both are durations."""
    improvements = list(improvements)
    sources = {source for each in improvements for source in (each.before_source, each.after_source) if source}
    found = find_records(sources, incident) if sources else {}
    return tuple(
        _row(
            each.metric,
            _side(each.before, each.before_source, found),
            _side(each.after, each.after_source, found),
        )
        for each in improvements
    )


def _row(metric: str, before: Side, after: Side) -> ImprovementRow:
    row = ImprovementRow(metric, before.cell, after.cell)
    if before.seconds is None or after.seconds is None:
        return row
    longest = max(before.seconds, after.seconds)
    if not longest:
        return row
    shares = [
        max(round(100 * side.seconds / longest, 1), LEAST_SHARE) for side in (before, after) if side.seconds is not None
    ]
    return ImprovementRow(metric, before.cell, after.cell, *shares)


def _side(typed: str, source: str, found: dict[str, Found]) -> Side:
    if not source:
        return Side(Cell(typed) if typed else _unknown(), parse_duration(typed))
    record = found.get(source)
    reference = refer(source, record) if record else None
    if record is None or reference is None or reference.value is None:
        return Side(_unknown(), None)
    seconds = None if record.caution else record.figures[source.partition(".")[2]]
    return Side(Cell(source, "markdown", references=(reference,)), seconds)


def _unknown() -> Cell:
    return Cell(_("unknown"), state="unknown")
