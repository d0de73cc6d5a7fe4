"""The drill panel of an incident."""

import pytest
from django.test import Client
from django.urls import reverse

from accounts.models import User
from incidents.models import Incident
from recovery.models import Replica, RestoreTest
from tests.factories import make_database, make_incident, make_replica, make_restore_test


@pytest.fixture
def incident(responder: User) -> Incident:
    return make_incident(responder)


@pytest.fixture
def replica(db: None) -> Replica:
    return make_replica(make_database("shop"))


def list_of(incident: Incident) -> str:
    return reverse("recovery:drill_list", args=[incident.number])


def create_of(incident: Incident) -> str:
    return reverse("recovery:drill_create", args=[incident.number])


def test_the_incidents_page_loads_the_panel(as_viewer: Client, incident: Incident) -> None:
    assert f'hx-get="{list_of(incident)}"' in as_viewer.get(incident.get_absolute_url()).content.decode()


def test_one_button_asks_for_a_drill_and_the_panel_follows_it(
    as_responder: Client, incident: Incident, replica: Replica, htmx: dict[str, str]
) -> None:
    assert "every 2s" not in as_responder.get(list_of(incident), headers=htmx).content.decode()
    response = as_responder.post(create_of(incident), {"replica": str(replica.pk)}, headers=htmx)
    drill = RestoreTest.objects.get()
    assert (drill.trigger, drill.incident, drill.target_at) == ("incident", incident, incident.declared_at)
    panel = response.content.decode()
    assert panel.lstrip().startswith('<section class="panel"')
    assert drill.reference in panel
    assert "every 2s" in panel


def test_without_javascript_it_leads_back_to_the_incident(
    as_responder: Client, incident: Incident, replica: Replica
) -> None:
    response = as_responder.post(create_of(incident), {"replica": str(replica.pk)})
    assert response.url == f"{incident.get_absolute_url()}#drill-panel"


def test_what_would_have_been_lost_is_said(as_viewer: Client, incident: Incident, replica: Replica) -> None:
    loss = {"since": "", "compared_with": "source", "tables": {"users": {"restored": 300, "compared": 607}}}
    make_restore_test(replica, trigger="incident", incident=incident, loss=loss)
    page = as_viewer.get(list_of(incident)).content.decode()
    assert "would have lost 307 rows" in page
    assert "Restore to just before the incident" not in page


def test_a_second_drill_waits_for_the_first(
    as_responder: Client, incident: Incident, replica: Replica, htmx: dict[str, str]
) -> None:
    as_responder.post(create_of(incident), {"replica": str(replica.pk)})
    for headers in ({}, htmx):
        response = as_responder.post(create_of(incident), {"replica": str(replica.pk)}, headers=headers)
        assert response.status_code == 422
        assert "has not finished yet" in response.content.decode()


def test_what_cannot_go_back_is_not_offered(as_responder: Client, incident: Incident) -> None:
    away = make_replica(make_database("away", host="db7"))
    shown = make_replica(make_database("shown", is_demonstration=True))
    for replica in (away, shown):
        assert as_responder.post(create_of(incident), {"replica": str(replica.pk)}).status_code == 422
    assert "Register a database to run a drill" in as_responder.get(list_of(incident)).content.decode()
    assert not RestoreTest.objects.exists()


def test_who_may_not_write_runs_no_drill(as_viewer: Client, incident: Incident, replica: Replica) -> None:
    assert as_viewer.post(create_of(incident), {"replica": str(replica.pk)}).status_code == 403
    assert as_viewer.get(create_of(incident)).status_code == 405
