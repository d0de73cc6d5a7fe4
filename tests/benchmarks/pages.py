"""Server time of pages, among thousands of incidents."""

from datetime import timedelta
from typing import Any

from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from incidents.models import ActionItem, Incident, RootCause, TimelineEvent
from tests.benchmarks.figures import figure, milliseconds
from tests.conftest import signed_in
from tests.factories import NOW, make_incident, make_user

INCIDENTS = 5_000
EVENTS = 200
ROUNDS = 40


def measure_pages() -> list[dict[str, Any]]:
    """The incident page with 200 events, and the list, with 5,000 incidents of five events in the database."""
    user = make_user("bench")
    _fill(user)
    big, small = make_incident(user, "Busy"), make_incident(user, "Quiet")
    add_events(big, EVENTS)
    add_learning(big, 10)
    add_learning(small, 1)
    client = signed_in(user)
    time_of_big = milliseconds(lambda: _open(client, big.get_absolute_url()), rounds=ROUNDS)
    time_of_list = milliseconds(lambda: _open(client, "/incidents/"), rounds=ROUNDS)
    queries = {incident.title: _count_queries(client, incident.get_absolute_url()) for incident in (big, small)}
    return [
        figure("incident page, 200 events", time_of_big, "ms", at_most=50),
        figure("incident page, queries with 200 events", queries["Busy"], "queries", at_most=queries["Quiet"]),
        figure("incident page, queries with 1 event", queries["Quiet"], "queries"),
        figure("list of 50 among 5,000 incidents", time_of_list, "ms"),
    ]


def _fill(user: Any) -> None:
    first = make_incident(user, "First")
    facts = {"severity_id": 3, "declared_by": user, "declared_at": NOW}
    Incident.objects.bulk_create(Incident(title=f"Incident {n}", **facts) for n in range(INCIDENTS - 1))
    TimelineEvent.objects.bulk_create(
        TimelineEvent(incident_id=number, occurred_at=NOW, text="Something happened", author=user)
        for number in range(first.number, first.number + INCIDENTS)
        for _event in range(5)
    )


def add_learning(incident: Incident, count: int) -> None:
    """So many causes, each with an action item."""
    for number in range(count):
        cause = RootCause.objects.create(incident=incident, statement=f"Cause {number} of the **outage**")
        ActionItem.objects.create(incident=incident, title=f"Mend cause {number}", root_cause=cause)


def add_events(incident: Incident, count: int) -> None:
    """So many events more, a minute apart."""
    TimelineEvent.objects.bulk_create(
        TimelineEvent(
            incident=incident,
            occurred_at=NOW + timedelta(minutes=n),
            text=f"Step {n}: `restart` of **node-{n}** did not help, see https://example.org/{n}",
            author=incident.declared_by,
        )
        for n in range(count)
    )


def _open(client: Client, address: str) -> None:
    response = client.get(address)
    assert response.status_code == 200, response.status_code


def _count_queries(client: Client, address: str) -> int:
    with CaptureQueriesContext(connection) as queries:
        _open(client, address)
    return len(queries)
