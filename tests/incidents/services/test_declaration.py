"""Declaring: what is left out, what is over already, what is an exercise, and what is sent twice."""

from datetime import timedelta
from typing import Any

import pytest
from django.db import IntegrityError

from accounts.models import User
from incidents.errors import IncidentError
from incidents.models import Incident, IncidentGrant, Service, SeverityLevel, Tag
from incidents.services.declaration import declare_incident
from lib.errors import DomainError
from tests.factories import make_incident, make_team, make_user
from tests.incidents.conftest import THEN

LATER = THEN + timedelta(hours=2)


def declare(actor: User, **facts: Any) -> Incident:
    return declare_incident(**{"title": "It is down", "actor": actor, "now": LATER} | facts)


def test_a_title_is_enough(responder: User) -> None:
    incident = declare(responder)
    assert (incident.severity.level, incident.mode, incident.status) == (3, "live", "investigating")
    assert (incident.declared_at, incident.impact_started_at, incident.resolved_at) == (LATER, None, None)
    assert (incident.customers_affected, incident.requests_failed, incident.data_loss) == (None, None, "unknown")
    assert (incident.time_zone, incident.submission_key) == ("", "")
    assert incident.events.get().text == "Incident declared."


def test_everything_can_be_said_at_once(responder: User) -> None:
    shop = Service.objects.create(name="shop")
    worst = SeverityLevel.objects.get(level=1)
    told: dict[str, Any] = {
        "severity": worst,
        "summary": "All of it",
        "impact_started_at": THEN,
        "detected_at": THEN + timedelta(minutes=1),
        "acknowledged_at": THEN + timedelta(minutes=2),
        "impact": "No sales",
        "customers_affected": 0,
        "requests_failed": 7,
        "data_loss": "lost",
        "data_lost": "three orders",
        "cost": "EUR 3,000",
        "time_zone": "Europe/Oslo",
    }
    incident = declare(responder, services=[shop], tags=["Black  Friday", "black friday", "checkout"], **told)
    incident.refresh_from_db()
    assert {name: getattr(incident, name) for name in told} == told
    assert [service.name for service in incident.services.all()] == ["shop"]
    assert [tag.name for tag in incident.tags.all()] == ["black friday", "checkout"]


def test_the_incident_is_in_the_timezone_of_whoever_declared_it(responder: User) -> None:
    responder.time_zone = "Asia/Bangkok"
    assert declare(responder).time_zone == "Asia/Bangkok"
    assert declare(responder, time_zone="Europe/Oslo").time_zone == "Europe/Oslo"


def test_what_is_over_already_is_resolved_from_the_start(responder: User) -> None:
    end = THEN + timedelta(minutes=25)
    incident = declare(responder, mode="retrospective", impact_started_at=THEN, resolved_at=end)
    assert (incident.status, incident.impact_started_at, incident.resolved_at) == ("resolved", THEN, end)
    # Nobody said when it was mitigated or closed.
    assert (incident.mitigated_at, incident.closed_at) == (None, None)
    event = incident.events.get()
    assert (event.text, event.kind, event.is_pinned) == ("Written down afterwards.", "other", False)


def test_when_it_began_may_be_unknown_even_afterwards(responder: User) -> None:
    assert declare(responder, mode="retrospective", resolved_at=THEN).impact_started_at is None


@pytest.mark.parametrize("resolved_at", [None, THEN])
def test_a_drill_says_that_it_is_one(responder: User, resolved_at: Any) -> None:
    incident = declare(responder, mode="drill", resolved_at=resolved_at)
    assert incident.is_drill
    assert incident.is_over == (resolved_at is not None)
    assert incident.events.get().text == ("Written down afterwards." if resolved_at else "Drill declared.")


def test_figures_leave_out_drills_and_duplicates(responder: User) -> None:
    counted = declare(responder)
    declare(responder, mode="drill")
    duplicate = declare(responder)
    Incident.objects.filter(pk=duplicate.pk).update(duplicate_of=counted)
    assert list(Incident.objects.for_figures()) == [counted]


@pytest.mark.parametrize(
    ("facts", "field"),
    [
        ({"mode": "retrospective"}, "resolved_at"),
        ({"mode": "live", "resolved_at": THEN}, "resolved_at"),
        ({"mode": "retrospective", "impact_started_at": LATER, "resolved_at": THEN}, "resolved_at"),
        ({"mode": "retrospective", "resolved_at": LATER + timedelta(hours=1)}, "resolved_at"),
        ({"impact_started_at": LATER + timedelta(hours=1)}, "impact_started_at"),
    ],
)
def test_times_that_cannot_be_are_refused(responder: User, facts: dict[str, Any], field: str) -> None:
    with pytest.raises(DomainError) as refusal:
        declare(responder, **facts)
    assert isinstance(refusal.value, IncidentError)
    assert (refusal.value.field, str(refusal.value)[-1]) == (field, ".")
    assert not Incident.objects.exists()


def test_the_same_form_sent_twice_makes_one_incident(responder: User) -> None:
    first = declare(responder, submission_key="a", tags=["x"])
    again = declare(responder, submission_key="a", title="Something else", tags=["y"])
    assert (again.pk, again.title) == (first.pk, "It is down")
    assert first.events.count() == Incident.objects.count() == Tag.objects.count() == 1


def test_keys_are_each_persons_own_and_none_is_no_key(responder: User) -> None:
    made = [declare(responder, submission_key="a"), declare(make_user("other"), submission_key="a")]
    made += [declare(responder), declare(responder), declare(responder, submission_key="b")]
    assert len({incident.pk for incident in made}) == 5


def test_what_the_database_refuses_for_another_reason_is_no_second_sending(responder: User) -> None:
    make_incident(responder, submission_key="a", now=THEN)
    with pytest.raises(IntegrityError, match="title"):
        declare(responder, title="", submission_key="b")


def test_one_that_is_restricted_is_seen_by_the_named_and_by_whoever_declares_it(
    responder: User, administrator: User, viewer: User
) -> None:
    team = make_team("Legal")
    team.members.add(viewer)
    incident = declare(responder, visibility="restricted", people=[make_user("named")], teams=[team])
    seeing = [user.username for user in User.objects.all() if incident in Incident.objects.visible_to(user)]
    assert sorted(seeing) == ["named", "responder", "viewer"]
    assert [event.text for event in incident.events.order_by("pk")] == [
        "Incident declared.",
        "Restricted: seen by Legal, named, responder alone.",
    ]
    assert {grant.granted_by for grant in incident.grants.all()} == {responder}


def test_a_restricted_one_is_there_with_its_audience_or_not_at_all(
    responder: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    def break_off(*_arguments: Any, **_facts: Any) -> None:
        assert Incident.objects.get().is_restricted
        raise RuntimeError

    monkeypatch.setattr(IncidentGrant.objects, "create", break_off)
    with pytest.raises(RuntimeError):
        declare(responder, visibility="restricted", people=[], teams=[])
    assert not Incident.objects.exists()


def test_restricting_what_was_sent_open_is_refused_and_not_believed(responder: User) -> None:
    first = declare(responder, submission_key="the same")
    with pytest.raises(IncidentError, match=f"declared before, as {first.reference}, which is open to everyone"):
        declare(responder, submission_key="the same", visibility="restricted")
    restricted = declare(responder, submission_key="another", visibility="restricted")
    assert declare(responder, submission_key="another", visibility="restricted") == restricted
    assert IncidentGrant.objects.count() == 1
