"""What a row of the list of incidents shows. Plain values: rows that show the same are rendered once."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.safestring import SafeString

from incidents.durations import Duration
from incidents.lifecycle import Status
from incidents.models import Incident, Mode, Postmortem
from incidents.queries.incidents import Summary
from lib.fragments import remembered


@dataclass(frozen=True)
class Row:
    """One row, in words where looking for them in the template would take longer."""

    address: str
    reference: str
    title: str
    is_drill: bool
    is_retrospective: bool
    is_duplicate: bool
    is_restricted: bool
    services: tuple[str, ...]
    level: int
    tone: str
    severity: str
    definition: str
    state: str
    status: str
    commander: str
    began_at: datetime
    length: Duration
    updated_at: datetime
    postmortem: str
    open_action_count: int


def render_rows(summaries: Iterable[Summary]) -> list[SafeString]:
    """The rows of a page of the list."""
    statuses = {status.value: str(status.label) for status in Status}
    postmortems = {status.value: str(status.label) for status in Postmortem.Status}
    # Asked for once: finding an address by its route takes longer than all else that a row needs.
    address = reverse("incidents:incident_list")
    return [
        _render(
            _row(
                summary,
                address=f"{address}{summary.incident.number}/",
                status=statuses[summary.incident.status],
                postmortem=_postmortem(summary.incident, postmortems),
            )
        )
        for summary in summaries
    ]


@remembered
def _render(row: Row) -> SafeString:
    return render_to_string("incidents/incident/_row.html", {"row": row})


def _row(summary: Summary, *, address: str, status: str, postmortem: str) -> Row:
    incident, severity = summary.incident, summary.incident.severity
    return Row(
        address=address,
        reference=incident.reference,
        title=incident.title,
        is_drill=incident.is_drill,
        is_retrospective=incident.mode == Mode.RETROSPECTIVE,
        is_duplicate=incident.duplicate_of_id is not None,
        is_restricted=incident.is_restricted,
        services=summary.services,
        level=severity.level,
        tone=severity.tone,
        severity=severity.name,
        definition=severity.definition,
        state=incident.status,
        status=status,
        commander=summary.commander,
        began_at=incident.impact_started_at or incident.declared_at,
        length=incident.time_to_resolve,
        updated_at=incident.updated_at,
        postmortem=postmortem,
        open_action_count=incident.open_action_count,  # type: ignore[attr-defined]  # annotated
    )


def _postmortem(incident: Incident, words: dict[str, str]) -> str:
    return words[incident.postmortem.status] if hasattr(incident, "postmortem") else ""
