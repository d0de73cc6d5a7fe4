"""What a browser sends with each form of the incidents app."""

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from django.test import Client
from django.urls import reverse

from incidents.models import (
    ActionItem,
    Improvement,
    Incident,
    IncidentLink,
    PostmortemSection,
    RootCause,
    TimelineEvent,
)
from tests.incidents.conftest import Scene


def seen(client: Client, address: str) -> dict[str, str]:
    """What the form at this address carries unseen."""
    found = re.search(r'name="seen" value="(\w+)"', client.get(address).content.decode())
    return {"seen": found[1]} if found else {}


@dataclass(frozen=True)
class Entry:
    """One form: where it is sent, what is in it, which of it is free text, and one way to get it wrong."""

    route: str
    valid: dict[str, str]
    wrong: dict[str, str]
    sentence: str
    texts: tuple[str, ...]
    of: Callable[[Scene], list[Any]] = lambda _scene: []
    is_page_replaced: bool = False
    # The text of several lines that is limited to `limit` characters.
    long: str = ""
    limit: int = 20_000
    model: Any = field(default=Incident)

    def address(self, scene: Scene) -> str:
        number = [] if self.route == "incident_create" else [scene.incident.number]
        return reverse(f"incidents:{self.route}", args=[*number, *self.of(scene)])

    def sent(self, client: Client, scene: Scene, **typed: str) -> dict[str, str]:
        """What is sent after opening the form and typing."""
        return seen(client, self.address(scene)) | self.valid | typed


NEXT_YEAR = "2999-01-01T00:00:00"
EVENT = {"text": "It broke", "kind": "alert", "occurred_at": "2024-03-10T14:05:00", "is_pinned": "on"}
CAUSE = {"statement": "The disk filled up", "kind": "trigger", "category": "capacity"}
ITEM = {"title": "Add an alert", "owner": "", "due_date": "2024-03-20", "status": "open", "kind": "detect"}
ITEM |= {"root_cause": "", "reason": ""}
NOT_DOING = {"status": "not_doing", "reason": ""}
METRIC = {"metric": "RTO", "before": "25 min", "after": "2 min"}
LINK = {"title": "Dashboard", "url": "https://example.org/d/1"}
NO_ADDRESS = "Enter an address that begins with https:// or http://."
NO_EVENT = "Write what happened; a few words are enough."
NO_CAUSE = "Describe the cause in a sentence about the system."
NO_REASON = "Say why this is not being done, so that others can follow."
REQUIRED = "This field is required."

ENTRIES = {
    entry.route: entry
    for entry in [
        Entry(
            "incident_create",
            {
                "title": "It is down",
                "severity": "2",
                "impact_started_at": "",
                "summary": "All of it",
                "mode": "live",
                "tags": "Checkout, black friday",
                "submission_key": "chosen by the form",
            },
            {"title": ""},
            "Say in a few words what is happening; the rest can follow.",
            ("title", "summary"),
            is_page_replaced=True,
            long="summary",
        ),
        Entry(
            "facts_edit",
            {
                "title": "It is down",
                "summary": "All of it",
                "severity": "1",
                "mode": "drill",
                "tags": "checkout",
                "time_zone": "Asia/Bangkok",
            },
            {"title": "  "},
            REQUIRED,
            ("title", "summary"),
            long="summary",
        ),
        Entry(
            "impact_edit",
            {
                "impact": "No sales",
                "customers_affected": "7",
                "requests_failed": "500",
                "data_loss": "lost",
                "data_lost": "three orders",
                "cost": "1",
            },
            {"requests_failed": "99999999999999999999"},
            "Ensure this value is less than or equal to 9223372036854775807.",
            ("impact", "data_lost", "cost"),
            long="impact",
        ),
        Entry(
            "milestones_edit",
            {"impact_started_at": "2024-03-10T13:00:00", "declared_at": "2024-03-10T14:00:00"},
            {"detected_at": "2024-03-10T12:59:59"},
            "“Detected” is before “Impact started”.",
            (),
        ),
        Entry(
            "status_edit",
            {"status": "resolved", "at": "2024-03-10T14:25:00", "note": "Restored"},
            {"at": NEXT_YEAR},
            "“Since” lies in the future. Check the date and the timezone.",
            ("note",),
            is_page_replaced=True,
        ),
        Entry("event_create", EVENT, {"text": ""}, NO_EVENT, ("text",), long="text", model=TimelineEvent),
        Entry(
            "event_edit",
            EVENT,
            {"text": ""},
            NO_EVENT,
            ("text",),
            lambda scene: [scene.event.pk],
            long="text",
            model=TimelineEvent,
        ),
        Entry("cause_create", CAUSE, {"statement": " "}, NO_CAUSE, ("statement",), long="statement", model=RootCause),
        Entry(
            "cause_edit",
            CAUSE,
            {"statement": ""},
            NO_CAUSE,
            ("statement",),
            lambda scene: [scene.cause.pk],
            long="statement",
            model=RootCause,
        ),
        Entry("action_item_create", ITEM, NOT_DOING, NO_REASON, ("title", "reason"), model=ActionItem),
        Entry(
            "action_item_edit",
            ITEM | {"status": "done"},
            NOT_DOING,
            NO_REASON,
            ("title", "reason"),
            lambda scene: [scene.item.number],
            model=ActionItem,
        ),
        Entry("link_create", LINK, {"url": "javascript:alert(1)"}, NO_ADDRESS, ("title",), model=IncidentLink),
        Entry(
            "link_edit",
            LINK,
            {"url": "ftp://example.org/"},
            NO_ADDRESS,
            ("title",),
            lambda scene: [scene.link.pk],
            model=IncidentLink,
        ),
        Entry("improvement_create", METRIC, {"metric": ""}, REQUIRED, tuple(METRIC), model=Improvement),
        Entry(
            "improvement_edit",
            METRIC,
            {"after": ""},
            "Type the figure, or choose what it was measured by.",
            tuple(METRIC),
            lambda scene: [scene.improvement.pk],
            model=Improvement,
        ),
        Entry(
            "section_edit",
            {"body": "What was learnt"},
            {"seen": "something else"},
            "Somebody changed the same words while you were writing. Choose what this section shall say.",
            ("body",),
            lambda scene: [scene.section.key],
            long="body",
            limit=100_000,
            model=PostmortemSection,
        ),
    ]
}
