"""An incident with one of everything, and what the database holds."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import pytest
from django.apps import apps

from accounts.models import User
from incidents.models import (
    ActionItem,
    Improvement,
    Incident,
    IncidentLink,
    PostmortemSection,
    RootCause,
    TimelineEvent,
)
from incidents.services.drafts import start_postmortem
from tests.factories import make_event, make_incident

# Before any clock that runs these tests.
THEN = datetime(2024, 3, 10, 14, 0, tzinfo=UTC)


@dataclass
class Scene:
    """One incident with one of everything."""

    incident: Incident
    event: TimelineEvent
    cause: RootCause
    item: ActionItem
    improvement: Improvement
    section: PostmortemSection
    link: IncidentLink


def make_scene(actor: User) -> Scene:
    incident = make_incident(actor, now=THEN)
    cause = RootCause.objects.create(incident=incident, statement="The disk filled up")
    return Scene(
        incident=incident,
        event=make_event(incident, occurred_at=THEN),
        cause=cause,
        item=ActionItem.objects.create(incident=incident, title="Add an alert", root_cause=cause),
        improvement=Improvement.objects.create(incident=incident, metric="MTTR", before="25 min", after="5 min"),
        link=IncidentLink.objects.create(incident=incident, title="Graphs", url="https://example.org/graphs"),
        section=start_postmortem(incident, actor=actor).sections.get(key="lessons"),
    )


@pytest.fixture
def scene(responder: User) -> Scene:
    return make_scene(responder)


@pytest.fixture
def stored(db: None) -> Callable[[], dict[str, list[dict[str, Any]]]]:
    """Everything that these apps keep in the database, to compare before and after."""

    def read() -> dict[str, list[dict[str, Any]]]:
        models = [*apps.get_app_config("incidents").get_models(), *apps.get_app_config("accounts").get_models()]
        return {model.__name__: list(model._default_manager.order_by("pk").values()) for model in models}

    return read
