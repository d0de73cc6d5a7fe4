"""Links, related incidents and duplicates on the incident's page."""

import re
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from accounts.models import User
from incidents.models import Incident, IncidentGrant, IncidentLink
from incidents.services.merging import merge_incident
from tests.factories import make_event, make_incident, make_service, make_user
from tests.incidents.conftest import THEN, Scene

Stored = Callable[[], dict[str, Any]]


def page_of(client: Client, incident: Incident) -> str:
    return client.get(incident.get_absolute_url()).content.decode()


def address(name: str, incident: Incident, *rest: Any) -> str:
    return reverse(f"incidents:{name}", args=[incident.number, *rest])


@pytest.fixture
def other(responder: User) -> Incident:
    return make_incident(responder, "The other one", now=THEN)


@pytest.fixture
def hidden(db: None) -> Incident:
    incident = make_incident(make_user("stranger"), "The secret one", now=THEN)
    Incident.objects.filter(pk=incident.pk).update(visibility="restricted")
    incident.refresh_from_db()
    return incident


@pytest.mark.parametrize("typed", ["{0}", "INC-{0}", " inc-{0} "])
def test_relating_shows_each_on_the_page_of_the_other(
    as_responder: Client, scene: Scene, other: Incident, htmx: dict[str, str], typed: str
) -> None:
    sent = {"other": typed.format(other.number)}
    answer = as_responder.post(address("relation_create", scene.incident), sent, headers=htmx)
    assert "The other one" in answer.content.decode()
    assert "The other one" in page_of(as_responder, scene.incident)
    assert scene.incident.title in page_of(as_responder, other)
    removal = address("relation_removal", other, scene.incident.number)
    assert "The other one" not in as_responder.post(removal, headers=htmx).content.decode()
    assert "The other one" not in page_of(as_responder, scene.incident)


@pytest.mark.parametrize("route", ["relation_create", "duplicate_create"])
def test_what_cannot_be_named_is_refused_in_the_same_words_as_what_is_not_there(
    as_responder: Client, scene: Scene, hidden: Incident, stored: Stored, route: str
) -> None:
    known, field = stored(), "other" if route == "relation_create" else "duplicate_of"
    here = address(route, scene.incident)
    for typed in (hidden.reference, str(hidden.number), "INC-4711", "x", "9" * 30, "INC-", "-1"):
        answer = as_responder.post(here, {field: typed})
        page = answer.content.decode()
        assert answer.status_code == 422
        assert "There is no such incident. Enter a number or a reference such as INC-42." in page
        assert "secret" not in page
        assert f'value="{typed}"' in page
    assert as_responder.post(here, {field: scene.incident.reference}).status_code == 422
    assert as_responder.post(here, {field: ""}).status_code == 422
    assert stored() == known


def test_what_is_related_but_hidden_is_not_named(as_responder: Client, scene: Scene, hidden: Incident) -> None:
    scene.incident.related.add(hidden)
    Incident.objects.filter(pk=hidden.pk).update(duplicate_of=scene.incident)
    page = page_of(as_responder, scene.incident)
    assert hidden.title not in page
    assert hidden.reference not in page
    removal = address("relation_removal", scene.incident, hidden.number)
    assert as_responder.post(removal).status_code == 404
    assert scene.incident.related.count() == 1


def test_merging_and_taking_it_back_in_a_browser(as_responder: Client, scene: Scene, other: Incident) -> None:
    form = as_responder.get(address("duplicate_create", other)).content.decode()
    assert "Merge INC-" in form
    answer = as_responder.post(address("duplicate_create", other), {"duplicate_of": scene.incident.reference})
    assert (answer.status_code, answer["Location"]) == (302, other.get_absolute_url())
    page = page_of(as_responder, other)
    assert f"Merged into {scene.incident.reference}" in page
    assert re.search(r'class="mark">Duplicate<', page)
    assert "The other one" in page_of(as_responder, scene.incident)
    listed = as_responder.get(reverse("incidents:incident_list")).content.decode()
    assert listed.count(">Duplicate<") == 1
    as_responder.post(address("duplicate_removal", other))
    assert 'class="notice"' not in page_of(as_responder, other)
    assert Incident.objects.get(pk=other.pk).duplicate_of is None


def test_what_came_from_a_duplicate_says_so(
    as_responder: Client, responder: User, scene: Scene, other: Incident
) -> None:
    make_event(other, "Seen by another team", occurred_at=THEN)
    merge_incident(other, duplicate_of=scene.incident, actor=responder, now=THEN)
    page = page_of(as_responder, scene.incident)
    assert "Seen by another team" in page
    assert other.reference in page[page.index("timeline-panel") : page.index("Seen by another team")]


def test_a_duplicate_of_what_is_hidden_names_nothing(
    as_responder: Client, scene: Scene, hidden: Incident, stored: Stored
) -> None:
    Incident.objects.filter(pk=scene.incident.pk).update(duplicate_of=hidden)
    page = page_of(as_responder, scene.incident)
    assert "This incident was part of another one" in page
    assert hidden.reference not in page
    assert "/duplicate/removal/" not in page
    known = stored()
    answer = as_responder.post(address("duplicate_removal", scene.incident), follow=True)
    assert "Only those who see both incidents can take this back." in answer.content.decode()
    assert stored() == known


def test_a_refused_merge_says_why_and_keeps_what_was_typed(
    as_responder: Client, responder: User, scene: Scene, hidden: Incident
) -> None:
    IncidentGrant.objects.create(incident=hidden, person=responder)
    answer = as_responder.post(address("duplicate_create", hidden), {"duplicate_of": scene.incident.reference})
    page = answer.content.decode()
    assert answer.status_code == 422
    assert "can be seen by others" in page
    assert f'value="{scene.incident.reference}"' in page


@pytest.mark.parametrize(
    "name", ["relation_create", "relation_removal", "duplicate_create", "duplicate_removal", "link_removal"]
)
def test_viewers_change_none_of_it(as_viewer: Client, scene: Scene, other: Incident, stored: Stored, name: str) -> None:
    known = stored()
    rest = {"relation_removal": [other.number], "link_removal": [scene.link.pk]}.get(name, [])
    here = address(name, scene.incident, *rest)
    assert as_viewer.post(here, {"other": other.number, "duplicate_of": other.number}).status_code == 403
    assert stored() == known
    page = page_of(as_viewer, scene.incident)
    assert all(f"/{part}/" not in page for part in ("related", "duplicate", "links"))


def test_removing_a_link_offers_to_add_it_again(as_responder: Client, scene: Scene, htmx: dict[str, str]) -> None:
    panel = as_responder.post(address("link_removal", scene.incident, scene.link.pk), headers=htmx).content.decode()
    assert "“Graphs” was removed." in panel
    assert not IncidentLink.objects.exists()
    sent = {"title": "Graphs", "url": "https://example.org/graphs"}
    assert all(f'value="{text}"' in panel for text in sent.values())
    as_responder.post(address("link_create", scene.incident), sent, headers=htmx)
    assert IncidentLink.objects.filter(incident=scene.incident, **sent).count() == 1


def test_what_watchers_are_to_see_raises_the_revision(as_responder: Client, scene: Scene, other: Incident) -> None:
    link = {"title": "Graphs", "url": "https://example.org/"}
    steps = [
        ("link_create", [], link),
        ("link_removal", [scene.link.pk], {}),
        ("relation_create", [], {"other": other.number}),
        ("relation_removal", [other.number], {}),
        ("duplicate_create", [], {"duplicate_of": other.number}),
        ("duplicate_removal", [], {}),
    ]
    for name, rest, sent in steps:
        before = Incident.objects.get(pk=scene.incident.pk).revision
        assert as_responder.post(address(name, scene.incident, *rest), sent).status_code == 302
        assert Incident.objects.get(pk=scene.incident.pk).revision > before, name


def test_unknown_impact_is_not_none(as_responder: Client, responder: User) -> None:
    unknown = make_incident(responder, now=THEN)
    none = make_incident(responder, now=THEN, customers_affected=0, requests_failed=0, data_loss="none", cost="0")
    lost = make_incident(responder, now=THEN, data_loss="lost")
    panels = [re.sub(r"\s+", " ", page_of(as_responder, each)) for each in (unknown, none, lost)]
    panels = [panel[panel.index('id="impact-panel"') :].split("</section>")[0] for panel in panels]
    assert panels[0].count('<span class="unknown">unknown</span>') == 4
    assert "unknown" not in panels[1]
    assert panels[1].count("<dd> 0 </dd>") == 3
    assert "yes; how much is unknown" in panels[2]


def test_facts_show_when_it_is_to_be_learnt_from(as_responder: Client, responder: User) -> None:
    incident = make_incident(responder, now=THEN, mode="retrospective", resolved_at=THEN, services=[make_service()])
    page = page_of(as_responder, incident)
    assert "9 May 2024" in page
    assert "Post-mortem: " not in page
    incident.severity_id = 1
    incident.save()
    assert "Post-mortem: 15 Mar 2024" in page_of(as_responder, incident)
