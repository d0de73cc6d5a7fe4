from datetime import timedelta
from itertools import product

from django.db import connection

from accounts.models import User
from incidents.durations import DurationState
from incidents.models import Incident
from incidents.queries.durations import list_invalid_durations
from tests.factories import NOW, make_incident

NAMES = ("impact_started_at", "detected_at", "acknowledged_at", "mitigated_at")


def test_the_database_finds_what_the_incidents_themselves_call_invalid(responder: User) -> None:
    choices = (None, NOW - timedelta(minutes=5), NOW)
    made = [make_incident(responder) for _ in range(len(choices) ** len(NAMES))]
    for incident, instants in zip(made, product(choices, repeat=len(NAMES)), strict=True):
        Incident.objects.filter(pk=incident.pk).update(**dict(zip(NAMES, instants, strict=True)))
    everything = Incident.objects.order_by("-number")
    wrong = [one for one in everything if any(d.state is DurationState.INVALID for d in one.durations)]
    assert 0 < len(wrong) < len(made)
    assert list(list_invalid_durations(responder)) == wrong


def test_what_a_person_may_not_see_is_not_listed(responder: User, viewer: User) -> None:
    incident = make_incident(responder)
    Incident.objects.filter(pk=incident.pk).update(detected_at=NOW, acknowledged_at=NOW - timedelta(1))
    assert list(list_invalid_durations(viewer)) == [incident]
    Incident.objects.filter(pk=incident.pk).update(visibility="restricted")
    assert list(list_invalid_durations(viewer)) == []


def test_all_other_incidents_are_not_looked_at(responder: User) -> None:
    if connection.vendor == "postgresql":
        # It reads tables as small as this one from end to end.
        connection.cursor().execute("SET LOCAL enable_seqscan = off")
    assert "incident_with_invalid_duration" in list_invalid_durations(responder).explain()
