"""The form of a cause and the form of a figure: fields that grow, choices, refusals that keep what was typed."""

from typing import Any

from django.test import Client
from django.urls import reverse

from incidents.models import Improvement, RootCause
from incidents.services.improvements import improvement_values
from lib.edits import fingerprint
from tests.incidents.conftest import Scene

HTMX = {"HX-Request": "true"}
CAUSE: dict[str, Any] = {"statement": "Nothing removed old files", "kind": "trigger", "category": "capacity"}


def address(scene: Scene, route: str = "cause_create", *more: int) -> str:
    return reverse(f"incidents:{route}", args=[scene.incident.number, *more])


def test_a_cause_is_recorded_with_all_that_belongs_to_it(as_responder: Client, scene: Scene) -> None:
    sent = CAUSE | {"whys_0": " Nobody  asked ", "whys_1": "", "whys_2": "It worked for years"}
    sent |= {"leads_to": [scene.cause.pk], "action_items": [scene.item.pk]}
    page = as_responder.post(address(scene), sent, headers=HTMX).content.decode()
    cause = RootCause.objects.latest("pk")
    assert cause.whys == ["Nobody asked", "It worked for years"]
    assert list(cause.leads_to.all()) == [scene.cause]
    assert list(cause.action_items.all()) == [scene.item]
    assert "It worked for years" in page


def test_the_form_shows_what_is_written_and_room_for_more(as_responder: Client, scene: Scene) -> None:
    RootCause.objects.filter(pk=scene.cause.pk).update(whys=["a", "b", "c", "d"])
    answer = as_responder.get(address(scene, "cause_edit", scene.cause.pk))
    page = answer.content.decode()
    assert [f'name="whys_{n}"' in page for n in range(6)] == [True] * 5 + [False]
    assert 'data-grows="10"' in page
    # It is not offered to lead to itself.
    assert scene.cause not in answer.context["edit_form"].fields["leads_to"].queryset


def test_a_circle_is_refused_and_what_was_typed_stays(as_responder: Client, scene: Scene) -> None:
    last = RootCause.objects.create(incident=scene.incident, statement="The last")
    scene.cause.leads_to.add(last)
    known = as_responder.get(address(scene, "cause_edit", last.pk)).context["edit_form"]
    sent = CAUSE | {"whys_0": "Kept", "leads_to": [scene.cause.pk], "seen": known["seen"].value()}
    answer = as_responder.post(address(scene, "cause_edit", last.pk), sent, headers=HTMX)
    assert answer.status_code == 422
    page = answer.content.decode()
    assert "would close a circle" in page
    assert 'value="Kept"' in page


def test_a_cause_of_another_incident_is_no_choice(as_responder: Client, scene: Scene) -> None:
    answer = as_responder.post(address(scene), CAUSE | {"leads_to": [99_999]}, headers=HTMX)
    assert answer.status_code == 422


def test_a_figure_is_chosen_or_typed(as_responder: Client, scene: Scene) -> None:
    source = f"{scene.incident.reference}.time_to_resolve"
    here = address(scene, "improvement_create")
    page = as_responder.post(here, {"metric": "MTTR", "before": "25 min", "after_source": source}, headers=HTMX)
    assert page.status_code == 200
    improvement = Improvement.objects.latest("pk")
    assert (improvement.before, improvement.after, improvement.after_source) == ("25 min", "unknown", source)
    assert f">{scene.incident.reference}</a>" in page.content.decode()
    refused = as_responder.post(here, {"metric": "MTTR", "before": "25 min"}, headers=HTMX)
    assert refused.status_code == 422
    assert "Type the figure, or choose what it was measured by." in refused.content.decode()
    assert as_responder.post(here, {"metric": "x", "before": "1", "after_source": "RT-1.rto"}).status_code == 422
    both = as_responder.post(here, {"metric": "x", "before": "1", "after": "2", "after_source": source}, headers=HTMX)
    assert both.status_code == 422
    assert "A figure is typed and a measurement chosen" in both.content.decode()
    assert Improvement.objects.latest("pk") == improvement
    # What was measured is no typed figure: the form as it is filled can be sent.
    filled = improvement_values(improvement)
    assert (filled["after"], filled["after_source"]) == ("", source)
    sent = filled | {"seen": fingerprint(filled)}
    assert as_responder.post(f"{here}{improvement.pk}/", sent, headers=HTMX).status_code == 200


def test_items_without_a_cause_say_so(as_responder: Client, scene: Scene) -> None:
    scene.item.root_cause = None
    scene.item.save()
    assert "addresses no cause yet" in as_responder.get(scene.incident.get_absolute_url()).content.decode()
