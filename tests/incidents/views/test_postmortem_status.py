from django.test import Client
from django.urls import reverse

from accounts.models import User
from incidents.models import Incident, Postmortem
from tests.factories import make_incident
from tests.incidents.published import make_publication


def address(incident: Incident) -> str:
    return reverse("incidents:postmortem_status_edit", args=[incident.number])


def test_what_is_published_is_taken_back(as_responder: Client, responder: User) -> None:
    postmortem = make_publication(make_incident(responder), responder).postmortem
    for status in ("draft",):
        assert f'value="{status}"' in as_responder.get(address(postmortem.incident)).content.decode()
        answer = as_responder.post(address(postmortem.incident), {"status": status})
        assert (answer.status_code, answer["Location"]) == (302, postmortem.get_absolute_url())
        postmortem.refresh_from_db()
        assert postmortem.status == status


def test_where_none_was_begun_it_is_said_not_to_be_required(as_responder: Client, responder: User) -> None:
    incident = make_incident(responder)
    assert "No post-mortem has been begun." in as_responder.get(address(incident)).content.decode()
    refused = as_responder.post(address(incident), {"status": "not_required", "reason": ""})
    assert refused.status_code == 422
    assert "Say why no post-mortem is required" in refused.content.decode()
    assert not Postmortem.objects.exists()
    answer = as_responder.post(address(incident), {"status": "not_required", "reason": "A known test"})
    assert (answer.status_code, answer["Location"]) == (302, incident.get_absolute_url())
    assert Postmortem.objects.get().reason == "A known test"


def test_a_review_is_not_set_by_hand_and_readers_set_nothing(
    as_responder: Client, as_viewer: Client, responder: User
) -> None:
    incident = make_incident(responder)
    assert as_responder.post(address(incident), {"status": "in_review"}).status_code == 422
    assert as_viewer.get(address(incident)).status_code == 403
    assert as_viewer.post(address(incident), {"status": "published"}).status_code == 403
    assert not Postmortem.objects.exists()
