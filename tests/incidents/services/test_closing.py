"""Closing an incident, or not."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from accounts.models import User
from incidents.errors import IncidentError
from incidents.models import Incident, SeverityLevel
from incidents.services.status import change_status
from tests.factories import make_incident
from tests.incidents.conftest import THEN
from tests.incidents.published import make_publication

END = THEN + timedelta(hours=1)
BOTH = (
    "A post-mortem is required at SEV1 and has not been published. "
    "Data was lost, and no restore test that passed is attached as evidence."
)


@pytest.fixture
def resolved(responder: User) -> Incident:
    incident = make_incident(responder, now=THEN, severity=SeverityLevel.objects.get(level=1))
    incident.data_loss = "lost"
    incident.save()
    return change_status(incident, status="resolved", actor=responder, now=END)


def test_closing_is_refused_with_all_the_reasons_at_once(
    resolved: Incident, responder: User, administrator: User, stored: Callable[[], Any]
) -> None:
    known = stored()
    for actor in (responder, administrator):
        with pytest.raises(IncidentError) as refusal:
            change_status(resolved, status="closed", actor=actor, now=END)
        assert str(refusal.value) == f"This incident cannot be closed yet. {BOTH}"
    assert stored() == known


def test_only_an_administrator_closes_in_spite_of_it(
    resolved: Incident, responder: User, stored: Callable[[], Any]
) -> None:
    known = stored()
    with pytest.raises(IncidentError, match="Only an administrator closes") as refusal:
        change_status(resolved, status="closed", override="I want to", actor=responder, now=END)
    assert refusal.value.field == "override"
    assert stored() == known


def test_an_override_is_recorded_with_what_it_overrides(resolved: Incident, administrator: User) -> None:
    before = resolved.events.count()
    closed = change_status(resolved, status="closed", override="The customer left.", actor=administrator, now=END)
    assert (closed.status, closed.closed_at) == ("closed", END)
    event = closed.events.order_by("pk").last()
    assert closed.events.count() == before + 1
    assert event
    assert event.author == administrator
    assert event.text == (
        "Resolved → Closed. Closed by an administrator in spite of this: " + BOTH + " Reason: The customer left."
    )


def test_what_stands_in_no_way_needs_no_override(resolved: Incident, responder: User) -> None:
    Incident.objects.filter(pk=resolved.pk).update(data_loss="none")
    make_publication(resolved, responder)
    closed = change_status(resolved, status="closed", actor=responder, now=END)
    assert closed.closed_at == END
    reopened = change_status(closed, status="investigating", actor=responder, now=END)
    assert reopened.closed_at is None
