"""Pages take the same queries for a few rows and for many."""

from collections.abc import Callable

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from accounts.models import User
from incidents.models import Incident
from recovery.models import Alarm, Database, DiskUsage, RestoreTest, SkippedRun
from recovery.services.evidence import attach_evidence, attach_link
from recovery.services.schedules import give_default_schedule
from tests.factories import (
    NOW,
    make_check,
    make_database,
    make_file_evidence,
    make_incident,
    make_replica,
    make_restore_test,
    make_team,
    make_user,
)

ROWS = (2, 7)
FEW = 25


def queries(client: Client, address: str, headers: dict[str, str]) -> int:
    with CaptureQueriesContext(
        connection,
    ) as captured:
        assert client.get(address, headers=headers).status_code == 200
    return len(captured)


def check_growth(client: Client, address: str, add: Callable[[int], object], headers: dict[str, str]) -> None:
    counts = []
    for number in range(ROWS[1]):
        add(number)
        if number + 1 in ROWS:
            counts.append(queries(client, address, headers))
    assert counts[0] == counts[1] < FEW, counts


@pytest.fixture(params=[{}, {"HX-Request": "true"}], ids=["page", "htmx"])
def headers(request: pytest.FixtureRequest) -> dict[str, str]:
    found: dict[str, str] = request.param
    return found


def test_the_list_of_databases(as_administrator: Client, headers: dict[str, str]) -> None:
    def add(number: int) -> None:
        database = make_database(f"shop-{number}", f"/nowhere/{number}.db", team=make_team(f"Team {number}"))
        for name in ("near", "far"):
            for _ in range(2):
                make_restore_test(make_replica(database, name=f"{name}-{make_replica.__name__}-{_}"), status="failed")
        give_default_schedule(database, now=NOW)
        Alarm.objects.create(kind="failed", database=database, subject=str(number), reason="Gone", opened_at=NOW)
        DiskUsage.objects.create(path=database.path, at=timezone.now(), total_bytes=9, used_bytes=1)

    check_growth(as_administrator, reverse("recovery:database_list"), add, headers)


def test_a_database(as_administrator: Client, headers: dict[str, str]) -> None:
    database = make_database()

    def add(number: int) -> RestoreTest:
        SkippedRun.objects.create(database=database, due_at=NOW, reason="Busy")
        Alarm.objects.create(kind="failed", database=database, subject=str(number), reason="Gone", opened_at=NOW)
        make_check(database)
        return make_restore_test(make_replica(database, name=f"r{number}"), requested_by=make_user(f"user{number}"))

    check_growth(as_administrator, database.get_absolute_url(), add, headers)


def test_the_list_of_restore_tests(as_viewer: Client, headers: dict[str, str]) -> None:
    def add(number: int) -> None:
        make_restore_test(make_replica(make_database(f"shop-{number}")), requested_by=make_user(f"user{number}"))

    check_growth(as_viewer, reverse("recovery:restore_test_list"), add, headers)


def test_the_comparison_of_methods(as_viewer: Client, headers: dict[str, str]) -> None:
    def add(number: int) -> None:
        make_restore_test(make_replica(make_database(f"shop-{number}")))

    check_growth(as_viewer, reverse("recovery:method_list"), add, headers)


def test_a_restore_test(as_responder: Client, headers: dict[str, str]) -> None:
    test = make_restore_test()

    def add(number: int) -> None:
        person = make_user(f"user{number}")
        attach_evidence(test, incident=make_incident(person), caption="Here", actor=person, now=NOW)
        make_incident(person)
        make_restore_test(test.replica)

    check_growth(as_responder, test.get_absolute_url(), add, headers)


def test_the_evidence_of_an_incident(as_responder: Client, responder: User, headers: dict[str, str]) -> None:
    incident: Incident = make_incident(responder)

    def add(number: int) -> None:
        person = make_user(f"user{number}")
        replica = make_replica(make_database(f"shop-{number}"))
        attach_evidence(make_restore_test(replica), incident=incident, caption="Here", actor=person, now=NOW)
        make_file_evidence(incident, attached_by=person)
        attach_link(incident, url=f"https://example.org/{number}", caption="There", actor=person, now=NOW)
        make_restore_test(replica)

    check_growth(as_responder, reverse("recovery:evidence_list", args=[incident.number]), add, headers)


def test_a_running_test_that_is_asked_for_every_second(as_responder: Client) -> None:
    test = make_restore_test(status="running", heartbeat_at=NOW)
    assert Database.objects.count() == 1
    assert queries(as_responder, test.get_absolute_url(), {"HX-Request": "true"}) <= 4
