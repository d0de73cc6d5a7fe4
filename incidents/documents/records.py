"""What a document was made of, as plain values: enough to make the same records again in another installation.

Of the timeline only what the document shows. People and teams are named; whether they are known is asked on the way in.
"""

from dataclasses import dataclass
from datetime import date, datetime


@dataclass(frozen=True)
class PersonRecord:
    """Somebody with an account where the document was made."""

    username: str
    name: str = ""


@dataclass(frozen=True)
class IncidentRecord:
    """The facts of the incident; an instant that is missing is unknown."""

    status: str
    declared_at: datetime
    mode: str = "live"
    visibility: str = "open"
    summary: str = ""
    time_zone: str = ""
    services: tuple[str, ...] = ()
    tags: tuple[str, ...] = ()
    impact_started_at: datetime | None = None
    detected_at: datetime | None = None
    acknowledged_at: datetime | None = None
    mitigated_at: datetime | None = None
    resolved_at: datetime | None = None
    closed_at: datetime | None = None
    impact: str = ""
    customers_affected: int | None = None
    requests_failed: int | None = None
    data_loss: str = "unknown"
    data_lost: str = ""
    cost: str = ""


@dataclass(frozen=True)
class EventRecord:
    """One entry of the timeline."""

    occurred_at: datetime
    kind: str
    text: str
    ended_at: datetime | None = None
    time_zone: str = ""
    grading: str = "reported"


@dataclass(frozen=True)
class CauseRecord:
    """One cause; `leads_to` are the places of others in the list of causes, counted from 0."""

    kind: str
    category: str
    statement: str
    whys: tuple[str, ...] = ()
    leads_to: tuple[int, ...] = ()


@dataclass(frozen=True)
class ActionRecord:
    """One action item; `cause` is the place of the cause it addresses, `number` what it was called by."""

    number: int
    title: str
    kind: str
    status: str
    reason: str = ""
    person: PersonRecord | None = None
    team: str = ""
    due_date: date | None = None
    completed_at: datetime | None = None
    cause: int | None = None


@dataclass(frozen=True)
class ImprovementRecord:
    """A figure before and after."""

    metric: str
    before: str
    after: str
    before_source: str = ""
    after_source: str = ""


@dataclass(frozen=True)
class RoleRecord:
    """Who held a role, from when to when."""

    role: str
    person: PersonRecord
    taken_at: datetime
    released_at: datetime | None = None


@dataclass(frozen=True)
class SectionRecord:
    """A section: the prose is the first block of the section with this key where it is written.

    What its author is asked is no part of a document: where it is brought back, the question of its kind is asked.
    """

    key: str
    is_written: bool = False


@dataclass(frozen=True)
class Records:
    """All of them."""

    incident: IncidentRecord
    postmortem_status: str
    sections: tuple[SectionRecord, ...]
    reason: str = ""
    published_at: datetime | None = None
    events: tuple[EventRecord, ...] = ()
    causes: tuple[CauseRecord, ...] = ()
    action_items: tuple[ActionRecord, ...] = ()
    improvements: tuple[ImprovementRecord, ...] = ()
    roles: tuple[RoleRecord, ...] = ()
