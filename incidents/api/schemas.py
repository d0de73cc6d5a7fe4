"""What is sent and what is answered about incidents, as OpenAPI describes it. What is not named here is refused."""

from typing import Annotated, Any, Literal

from ninja import Schema
from pydantic import AfterValidator, BaseModel, ConfigDict, Field, StringConstraints

from incidents.lengths import LONG_TEXT
from lib.api_fields import Day, Instant, PlainText, SubmissionKey, plain

StatusName = Literal["investigating", "identified", "monitoring", "resolved", "closed"]
StatusWord = Literal["ongoing", "investigating", "identified", "monitoring", "resolved", "closed"]
ModeName = Literal["live", "retrospective", "drill"]
KindName = Literal[
    "alert",
    "detection",
    "acknowledgement",
    "escalation",
    "decision",
    "action",
    "observation",
    "communication",
    "mitigation",
    "recovery",
    "status_change",
    "other",
]
SourceName = Literal["person", "alertmanager", "grafana", "pagerduty", "api", "import", "restore_test", "system"]
PostmortemName = Literal["draft", "in_review", "published", "not_required"]
PostmortemWord = Literal["none", "draft", "in_review", "published", "not_required"]

# Blanks go first, so that nothing but blanks is nothing.
Line = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=200), AfterValidator(plain)]
Name = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=120), AfterValidator(plain)]
Word = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=50), AfterValidator(plain)]
# Marks of direction have their place in a longer text; what no database can hold has not.
NO_NUL = "^[^\x00]*$"
Text = Annotated[str, StringConstraints(strip_whitespace=True, max_length=LONG_TEXT, pattern=NO_NUL)]
Passage = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=LONG_TEXT, pattern=NO_NUL)]
Level = Annotated[int, Field(ge=1, le=5)]
Names = Annotated[list[PlainText], Field(max_length=20)]


class IncidentIn(Schema):
    """A new incident: a title is enough. A severity is a level from 1, the worst, to 5, or its name.

    One that is restricted is seen by whoever made the token, and by `people` (user names) and `teams` (names) alone.
    """

    model_config = ConfigDict(extra="forbid")

    title: Line
    severity: Level | Name | None = None
    services: Annotated[list[Name], Field(max_length=50)] = []
    tags: Annotated[list[Word], Field(max_length=50)] = []
    mode: ModeName = "live"
    summary: Text = ""
    visibility: Literal["open", "restricted"] = "open"
    people: Annotated[list[Annotated[PlainText, Field(max_length=150)]], Field(max_length=200)] = []
    teams: Annotated[list[Name], Field(max_length=50)] = []
    impact_started_at: Instant | None = None
    resolved_at: Instant | None = None
    submission_key: SubmissionKey | None = None


class EventIn(Schema):
    """What happened; now, where no time is given."""

    model_config = ConfigDict(extra="forbid")

    text: Passage
    occurred_at: Instant | None = None
    ended_at: Instant | None = None
    kind: KindName = "observation"
    is_pinned: Annotated[bool, Field(strict=True)] = False
    submission_key: SubmissionKey | None = None


class IncidentQuery(Schema):
    """Which incidents are asked for: of several values of one thing any will do, different things must all hold."""

    model_config = ConfigDict(extra="forbid")

    status: list[StatusWord] = []
    severity: list[Level] = []
    mode: list[ModeName] = []
    service: Names = []
    team: Names = []
    tag: Names = []
    postmortem: list[PostmortemWord] = []
    person: Annotated[PlainText, Field(max_length=200)] = ""
    part: Literal["", "commander", "role", "declared", "action"] = ""
    visibility: Literal["", "open", "restricted"] = ""
    since: Day | None = None
    until: Day | None = None
    q: Annotated[PlainText, Field(max_length=200)] = ""
    sort: Annotated[str, Field(pattern="^-?(number|began|severity|status|updated|duration)$")] = "-number"
    after: Annotated[PlainText, Field(max_length=100)] = ""
    before: Annotated[PlainText, Field(max_length=100)] = ""


class EventQuery(Schema):
    """Where a page of a timeline begins."""

    model_config = ConfigDict(extra="forbid")

    after: Annotated[PlainText, Field(max_length=100)] = ""
    before: Annotated[PlainText, Field(max_length=100)] = ""


class SeverityOut(BaseModel):
    """A level from 1, the worst, to 5, and what it is called here."""

    level: int
    name: str


class DurationOut(BaseModel):
    """A time between two milestones in seconds; null unless the state is `recorded`."""

    state: Literal["recorded", "pending", "not_applicable", "invalid"]
    seconds: float | None


class ImpactOut(BaseModel):
    """What the incident did; null is unknown."""

    description: str | None
    customers_affected: int | None
    requests_failed: int | None
    data_loss: Literal["none", "lost"] | None
    data_lost: str | None
    cost: str | None


class PostmortemOut(BaseModel):
    """How far the post-mortem is, and by when it is due."""

    status: PostmortemName | None
    due: str | None
    published_at: str | None


class ActionItemsOut(BaseModel):
    """How many action items there are."""

    total: int
    open: int


class IncidentOut(BaseModel):
    """An incident: durations in seconds, instants in RFC 3339, people by user name, null for unknown."""

    model_config = ConfigDict(extra="forbid")

    number: int
    reference: str
    path: str
    title: str
    summary: str
    severity: SeverityOut
    status: StatusName
    mode: ModeName
    visibility: Literal["open", "restricted"]
    services: list[str]
    tags: list[str]
    declared_by: str
    roles: dict[str, list[str]]
    milestones: dict[str, str | None]
    durations: dict[str, DurationOut]
    impact: ImpactOut
    postmortem: PostmortemOut
    action_items: ActionItemsOut
    duplicate_of: int | None
    created_at: str
    updated_at: str


class IncidentPage(BaseModel):
    """Up to 50 incidents; `next` and `previous` are what to send as `after` and `before`, null where there is no page.

    `count` is exact unless `is_count_exact` is false: then there are more.
    """

    count: int
    is_count_exact: bool
    next: str | None
    previous: str | None
    results: list[IncidentOut]


class EventOut(BaseModel):
    """One entry of a timeline; `text` is markdown."""

    model_config = ConfigDict(extra="forbid")

    id: int
    incident: int
    occurred_at: str
    ended_at: str | None
    kind: KindName
    text: str
    source: SourceName
    grading: Literal["measured", "reported", "recollected"]
    author: str
    is_pinned: bool
    is_hidden: bool
    version: int
    created_at: str
    updated_at: str


class EventPage(BaseModel):
    """Up to 100 entries, the earliest first; `next` and `previous` are what to send as `after` and `before`."""

    next: str | None
    previous: str | None
    results: list[EventOut]


Answer = dict[str, Any]
