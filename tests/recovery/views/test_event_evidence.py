"""Events of the timeline that point to evidence."""

from html import unescape
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from accounts.models import User
from incidents.models import Incident, TimelineEvent
from recovery.models import EventEvidence, Evidence
from recovery.services.event_evidence import link_evidence
from recovery.services.evidence import attach_evidence, withdraw_evidence
from tests.conftest import signed_in
from tests.factories import NOW, make_event, make_file_evidence, make_incident, make_restore_test, make_user


@pytest.fixture
def event(responder: User) -> TimelineEvent:
    return make_event(make_incident(responder))


@pytest.fixture
def test(event: TimelineEvent, responder: User) -> Evidence:
    facts = {"incident": event.incident, "caption": "It came back", "actor": responder, "now": NOW}
    return attach_evidence(make_restore_test(), **facts)


@pytest.fixture
def file(event: TimelineEvent) -> Evidence:
    return make_file_evidence(event.incident)


def address_of(event: TimelineEvent) -> str:
    return reverse("recovery:event_evidence_edit", args=[event.incident_id, event.pk])


def opened(client: Client, event: TimelineEvent, *chosen: Evidence) -> dict[str, Any]:
    seen = client.get(address_of(event)).context["form"]["seen"].value()
    return {"seen": seen, "evidence": [each.pk for each in chosen]}


def linked(event: TimelineEvent) -> set[Evidence]:
    return {link.evidence for link in EventEvidence.objects.filter(event=event)}


@pytest.mark.parametrize("is_htmx", [True, False])
def test_an_event_points_to_what_is_chosen_and_shows_it(
    as_responder: Client,
    event: TimelineEvent,
    test: Evidence,
    file: Evidence,
    htmx: dict[str, str],
    is_htmx: bool,
) -> None:
    headers = htmx if is_htmx else None
    page = unescape(as_responder.get(address_of(event), headers=headers).content.decode())
    assert ("<!doctype html>" in page) != is_htmx
    assert f"EV-{file.pk} · app.log · What the log says" in page
    response = as_responder.post(address_of(event), opened(as_responder, event, test, file), headers=headers)
    assert response.status_code == (200 if is_htmx else 302)
    assert linked(event) == {test, file}
    page = unescape(as_responder.get(event.incident.get_absolute_url()).content.decode())
    row = page.partition(f'id="timeline-event-{event.pk}"')[2].partition("</li>\n\n")[0]
    assert f'href="{test.test.get_absolute_url()}"' in row
    assert f"{test.test.reference} · It came back" in row
    assert "Passed" in row
    assert f'href="#evidence-{file.pk}"' in row
    as_responder.post(address_of(event), opened(as_responder, event, file))
    assert linked(event) == {file}


def test_who_watches_is_shown_the_event_anew_unless_nothing_changed(
    as_responder: Client, event: TimelineEvent, test: Evidence
) -> None:
    for is_changed in (True, False):
        before = TimelineEvent.objects.get(pk=event.pk).revision
        as_responder.post(address_of(event), opened(as_responder, event, test))
        assert (TimelineEvent.objects.get(pk=event.pk).revision > before) is is_changed
    assert TimelineEvent.objects.get(pk=event.pk).version == 1


def test_what_somebody_else_chose_meanwhile_is_not_undone(
    as_responder: Client, administrator: User, event: TimelineEvent, test: Evidence, file: Evidence
) -> None:
    mine = opened(as_responder, event, test)
    link_evidence(event, evidence=[file], actor=administrator, now=NOW)
    response = as_responder.post(address_of(event), mine)
    page = unescape(response.content.decode())
    assert response.status_code == 422
    assert "Somebody saved this while you were writing." in page
    assert f"Evidence: EV-{file.pk}" in page
    assert linked(event) == {file}
    again = mine | {"seen": response.context["form"]["seen"].value()}
    assert as_responder.post(address_of(event), again).status_code == 302
    assert linked(event) == {test}


def test_withdrawn_evidence_shows_no_more_and_is_back_when_it_is_put_back(
    as_responder: Client, responder: User, event: TimelineEvent, file: Evidence
) -> None:
    link_evidence(event, evidence=[file], actor=responder, now=NOW)
    withdraw_evidence(file, actor=responder, now=NOW)
    chip = f'class="chip" href="#evidence-{file.pk}"'
    assert chip not in as_responder.get(event.incident.get_absolute_url()).content.decode()
    Evidence.objects.filter(pk=file.pk).update(withdrawn_at=None, withdrawn_by=None)
    assert chip in as_responder.get(event.incident.get_absolute_url()).content.decode()


def test_evidence_of_another_incident_can_neither_be_chosen_nor_shown(
    as_responder: Client, responder: User, event: TimelineEvent, test: Evidence
) -> None:
    elsewhere = make_file_evidence(make_incident(responder, "Elsewhere"), "A secret")
    assert "A secret" not in as_responder.get(address_of(event)).content.decode()
    for key in (elsewhere.pk, 4711, 10**30, "x"):
        sent = opened(as_responder, event) | {"evidence": [key]}
        assert as_responder.post(address_of(event), sent).status_code == 422
    EventEvidence.objects.create(event=event, evidence=elsewhere, linked_by=responder, linked_at=NOW)
    assert "A secret" not in as_responder.get(event.incident.get_absolute_url()).content.decode()


def test_where_nothing_is_attached_the_form_says_where_to_begin(
    as_responder: Client, event: TimelineEvent, htmx: dict[str, str]
) -> None:
    page = unescape(as_responder.get(address_of(event), headers=htmx).content.decode())
    assert "Nothing is attached to this incident yet." in page
    cancelled = as_responder.get(address_of(event), {"cancel": ""}, headers=htmx).content.decode()
    assert 'class="event"' in cancelled


def test_who_may_not_write_or_not_see_chooses_nothing(
    as_viewer: Client, client: Client, event: TimelineEvent, test: Evidence
) -> None:
    assert as_viewer.post(address_of(event), {"evidence": [test.pk]}).status_code == 403
    assert client.post(address_of(event), {"evidence": [test.pk]}).status_code in (302, 401)
    Incident.objects.filter(pk=event.incident_id).update(visibility="restricted")
    assert signed_in(make_user("outsider")).get(address_of(event)).status_code == 404
    assert linked(event) == set()


def test_a_timeline_full_of_evidence_takes_no_more_queries(
    as_responder: Client, responder: User, event: TimelineEvent, file: Evidence, django_assert_num_queries: Any
) -> None:
    address = reverse("incidents:event_create", args=[event.incident_id])
    as_responder.get(address)
    link_evidence(event, evidence=[file], actor=responder, now=NOW)
    with django_assert_num_queries(8):
        as_responder.get(address)
    for n in range(20):
        other = make_event(event.incident, f"Event {n}")
        evidence = make_file_evidence(event.incident, f"Caption {n}", file_sha256=f"{n:064}")
        link_evidence(other, evidence=[evidence, file], actor=responder, now=NOW)
    with django_assert_num_queries(8):
        page = as_responder.get(address).content.decode()
    assert page.count('class="chip"') == 41
