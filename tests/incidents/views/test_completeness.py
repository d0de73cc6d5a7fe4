"""The panel that says what a post-mortem still lacks."""

from django.test import Client
from django.urls import reverse

from incidents.models import Incident
from tests.incidents.conftest import Scene


def address(scene: Scene) -> str:
    return reverse("incidents:completeness", args=[scene.incident.number])


def test_writers_are_led_to_where_it_is_put_right(as_responder: Client, scene: Scene) -> None:
    page = as_responder.get(address(scene)).content.decode()
    assert '<meter min="0" max="10"' in page
    for route in ("impact_edit", "milestones_edit"):
        assert f'href="{reverse(f"incidents:{route}", args=[scene.incident.number])}"' in page
    panel = as_responder.get(address(scene), headers={"HX-Request": "true"}).content.decode()
    assert panel.lstrip().startswith('<section class="panel completeness"')


def test_readers_see_it_without_links(as_viewer: Client, scene: Scene) -> None:
    page = as_viewer.get(address(scene)).content.decode()
    assert "is not written yet." in page
    assert "/impact/" not in page


def test_the_document_asks_for_it(as_viewer: Client, scene: Scene) -> None:
    assert address(scene) in as_viewer.get(scene.section.postmortem.get_absolute_url()).content.decode()


def test_of_a_hidden_incident_there_is_none(as_responder: Client, scene: Scene) -> None:
    Incident.objects.update(visibility="restricted")
    assert as_responder.get(address(scene)).status_code == 404
    assert as_responder.post(address(scene)).status_code == 405
