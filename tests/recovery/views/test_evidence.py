"""Evidence, from an incident and from a restore test."""

import re

import pytest
from django.test import Client
from django.urls import reverse

from accounts.models import User
from incidents.models import Incident
from incidents.services.visibility import change_visibility
from recovery.models import Evidence, RestoreTest
from recovery.services.evidence import attach_evidence, withdraw_evidence
from tests.factories import NOW, make_incident, make_restore_test


@pytest.fixture
def incident(responder: User) -> Incident:
    return make_incident(responder)


@pytest.fixture
def test(db: None) -> RestoreTest:
    return make_restore_test()


@pytest.fixture
def evidence(incident: Incident, test: RestoreTest, responder: User) -> Evidence:
    return attach_evidence(test, incident=incident, caption="All is there", actor=responder, now=NOW)


def list_of(incident: Incident) -> str:
    return reverse("recovery:evidence_list", args=[incident.number])


def create_of(incident: Incident) -> str:
    return reverse("recovery:evidence_create", args=[incident.number])


def create_from(test: RestoreTest) -> str:
    return reverse("recovery:test_evidence_create", args=[test.number])


def withdrawal_of(evidence: Evidence) -> str:
    return reverse("recovery:evidence_withdrawal", args=[evidence.pk])


def test_everybody_reads_the_evidence(as_viewer: Client, evidence: Evidence, htmx: dict[str, str]) -> None:
    address = list_of(evidence.incident)
    page, fragment = as_viewer.get(address).content.decode(), as_viewer.get(address, headers=htmx).content.decode()
    assert "<html" in page
    assert fragment.lstrip().startswith('<section class="panel" id="evidence-panel"')
    for text in (page, fragment):
        assert "All is there" in text
        assert "Withdraw" not in text
        assert "Attach" not in text


def test_a_test_is_attached_from_the_incident(
    as_responder: Client, responder: User, incident: Incident, test: RestoreTest, htmx: dict[str, str]
) -> None:
    sent = {"restore_test": str(test.pk), "caption": "All is there"}
    response = as_responder.post(create_of(incident), sent, headers=htmx)
    assert response.status_code == 200
    assert "All is there" in response.content.decode()
    other = make_restore_test(test.replica)
    response = as_responder.post(create_of(incident), sent | {"restore_test": str(other.pk)})
    assert response.url == f"{incident.get_absolute_url()}#evidence-panel"
    assert [item.attached_by for item in Evidence.objects.all()] == [responder, responder]


def test_a_test_is_attached_from_its_own_page(as_responder: Client, incident: Incident, test: RestoreTest) -> None:
    response = as_responder.post(create_from(test), {"incident": str(incident.pk), "caption": "All is there"})
    assert response.url == f"{incident.get_absolute_url()}#evidence-panel"
    assert Evidence.objects.get().restore_test == test
    assert "can no longer be altered or deleted" in as_responder.get(test.get_absolute_url()).content.decode()


@pytest.mark.parametrize("caption", ["", "   ", "x" * 301, "a\0b"])
def test_a_caption_that_is_none_comes_back(
    as_responder: Client, incident: Incident, test: RestoreTest, htmx: dict[str, str], caption: str
) -> None:
    for headers in ({}, htmx):
        for response in (
            as_responder.post(create_of(incident), {"restore_test": str(test.pk), "caption": caption}, headers=headers),
            as_responder.post(create_from(test), {"incident": str(incident.pk), "caption": caption}, headers=headers),
        ):
            assert response.status_code == 422
            assert caption.strip().replace("\0", "") in response.content.decode().replace("\0", "")
    assert not Evidence.objects.exists()


@pytest.mark.parametrize("chosen", ["", "99", "abc", str(10**20), "<script>alert(1)</script>"])
def test_a_choice_that_is_none_comes_back_with_the_caption(
    as_responder: Client, incident: Incident, test: RestoreTest, chosen: str
) -> None:
    for response in (
        as_responder.post(create_of(incident), {"restore_test": chosen, "caption": "Typed with care"}),
        as_responder.post(create_from(test), {"incident": chosen, "caption": "Typed with care"}),
    ):
        page = response.content.decode()
        assert response.status_code == 422
        assert "Typed with care" in page
        assert "<script>alert" not in page


def test_attaching_twice_says_so_and_keeps_the_caption(as_responder: Client, evidence: Evidence) -> None:
    incident, test = evidence.incident, evidence.restore_test
    # What can be chosen again, so that the form is shown
    make_restore_test(test.replica)
    make_incident(evidence.attached_by)
    for response in (
        as_responder.post(create_of(incident), {"restore_test": str(test.pk), "caption": "Typed again"}),
        as_responder.post(create_from(test), {"incident": str(incident.pk), "caption": "Typed again"}),
    ):
        page = response.content.decode()
        assert response.status_code == 422
        assert f"{test.reference} is already attached to {incident.reference}." in page
        assert 'value="Typed again"' in page
    assert Evidence.objects.count() == 1


def test_a_running_test_is_not_attached(as_responder: Client, incident: Incident, test: RestoreTest) -> None:
    running = make_restore_test(test.replica, status="running", heartbeat_at=NOW)
    sent = {"restore_test": str(running.pk), "caption": "Too early"}
    assert as_responder.post(create_of(incident), sent).status_code == 422
    response = as_responder.post(create_from(running), {"incident": str(incident.pk), "caption": "Too early"})
    assert response.status_code == 422
    assert not Evidence.objects.exists()


def test_evidence_is_withdrawn_and_put_back(as_responder: Client, evidence: Evidence, htmx: dict[str, str]) -> None:
    for headers in ({}, htmx):
        gone = as_responder.post(withdrawal_of(evidence), headers=headers)
        assert gone.status_code == 200
        assert "was withdrawn" in gone.content.decode()
        assert "All is there" not in gone.content.decode()
        back = as_responder.post(withdrawal_of(evidence), {"undo": "yes"}, headers=headers)
        assert back.status_code == 200
        assert "All is there" in back.content.decode()
        assert "was withdrawn" not in back.content.decode()


def test_putting_back_what_stands_again_is_refused(as_responder: Client, evidence: Evidence, responder: User) -> None:
    withdraw_evidence(evidence, actor=responder, now=NOW)
    attach_evidence(evidence.restore_test, incident=evidence.incident, caption="Better", actor=responder, now=NOW)
    response = as_responder.post(withdrawal_of(evidence), {"undo": "yes"})
    assert response.status_code == 422
    assert "already attached again" in response.content.decode()
    assert "Better" in response.content.decode()


def test_viewers_change_nothing(as_viewer: Client, evidence: Evidence) -> None:
    for address in (create_of(evidence.incident), create_from(evidence.restore_test), withdrawal_of(evidence)):
        assert as_viewer.post(address, {"caption": "x"}).status_code == 403
    evidence.refresh_from_db()
    assert evidence.withdrawn_at is None


def test_what_there_is_not_is_404(as_responder: Client) -> None:
    for route in ("evidence_create", "test_evidence_create", "evidence_withdrawal"):
        assert as_responder.post(reverse(f"recovery:{route}", args=[99])).status_code == 404
    assert as_responder.get(reverse("recovery:evidence_list", args=[10**20])).status_code == 404


def test_nobody_reads_without_signing_in(client: Client, evidence: Evidence) -> None:
    incident, test = evidence.incident, evidence.restore_test
    for address in (list_of(incident), create_of(incident), create_from(test), withdrawal_of(evidence)):
        for response in (client.get(address), client.post(address)):
            assert response.status_code == 302
            assert response.url.startswith(reverse("account_login"))


def test_wrong_methods_are_405(as_responder: Client, evidence: Evidence) -> None:
    assert as_responder.post(list_of(evidence.incident)).status_code == 405
    for address in (create_of(evidence.incident), create_from(evidence.restore_test), withdrawal_of(evidence)):
        assert as_responder.get(address).status_code == 405


@pytest.fixture
def hidden(administrator: User) -> Incident:
    """An incident that the responder does not see."""
    incident, named = make_incident(administrator, "A leak"), {"people": [administrator], "teams": []}
    return change_visibility(incident, visibility="restricted", actor=administrator, now=NOW, **named)


def test_nothing_is_attached_to_an_incident_out_of_sight(
    as_responder: Client, test: RestoreTest, hidden: Incident
) -> None:
    events = hidden.events.count()
    pages = []
    for number in (hidden.pk, 4_711):
        response = as_responder.post(create_from(test), {"incident": str(number), "caption": "Typed with care"})
        assert response.status_code == 422
        pages.append(re.sub(r'name="csrfmiddlewaretoken" value="[^"]+"|"X-CSRFToken": "[^"]+"', "", response.text))
    # An answer does not tell whether there is such an incident.
    assert pages[0] == pages[1]
    assert not Evidence.objects.exists()
    assert hidden.events.count() == events


def test_a_drill_out_of_sight_is_not_attached(as_responder: Client, incident: Incident, hidden: Incident) -> None:
    drill = make_restore_test(incident=hidden, target_at=NOW, trigger="incident")
    sent = {"restore_test": str(drill.pk), "caption": "Typed with care"}
    response = as_responder.post(create_of(incident), sent)
    assert response.status_code == 422
    assert "is already attached" not in response.text
    assert not Evidence.objects.exists()
