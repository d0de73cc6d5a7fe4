"""The button that loads the example."""

from django.test import Client
from django.urls import reverse
from pytest_django.fixtures import DjangoCaptureOnCommitCallbacks

from incidents.models import Incident
from incidents.services.example import EXAMPLE
from recovery.models import Replica
from recovery.services import example
from tests.recovery.messages import drain

ADDRESS = reverse("recovery:example_create")


def test_the_incident_is_there_at_once_and_a_worker_makes_the_rest(
    as_administrator: Client, django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks
) -> None:
    with django_capture_on_commit_callbacks(execute=True):
        response = as_administrator.post(ADDRESS)
    replica = Replica.objects.get()
    assert response.url == Incident.objects.get(example=EXAMPLE).get_absolute_url()
    assert replica.status == Replica.Status.PREPARING
    assert drain("default") == [(example.TASK, [replica.pk])]
    assert "Being prepared" in as_administrator.get(replica.database.get_absolute_url()).content.decode()


def test_only_administrators_load_it(as_viewer: Client, as_responder: Client) -> None:
    for client in (as_viewer, as_responder):
        assert client.post(ADDRESS).status_code == 403
    assert not Replica.objects.exists()


def test_nobody_loads_it_without_signing_in(client: Client, db: None) -> None:
    assert client.post(ADDRESS).url.startswith(reverse("account_login"))


def test_reading_its_address_is_405(as_administrator: Client) -> None:
    assert as_administrator.get(ADDRESS).status_code == 405
