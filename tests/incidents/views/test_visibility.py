"""The panel that says who may see an incident."""

import pytest
from django.test import Client
from django.urls import reverse

from accounts.models import User
from incidents.models import Incident, RoleAssignment
from tests.factories import NOW, make_incident, make_user
from tests.incidents.entries import seen


@pytest.fixture
def gone(responder: User) -> User:
    return make_user("gone")


def leave(person: User) -> None:
    person.is_active = False
    person.save(update_fields=["is_active"])


def named(incident: Incident) -> set[str]:
    return {str(grant.person) for grant in incident.grants.all()}


def test_who_may_not_sign_in_any_more_stays_named_until_they_are_taken_out(
    as_responder: Client, responder: User, viewer: User, gone: User
) -> None:
    incident = make_incident(responder, visibility="restricted", people=[gone])
    leave(gone)
    edit = reverse("incidents:visibility_edit", args=[incident.pk])
    sent = {"visibility": "restricted", "people": [responder.pk, gone.pk, viewer.pk]}
    assert f'value="{gone.pk}"' in as_responder.get(edit).content.decode()
    assert as_responder.post(edit, sent | seen(as_responder, edit)).status_code == 302
    assert named(incident) == {"responder", "gone", "viewer"}
    sent["people"] = [responder.pk]
    assert as_responder.post(edit, sent | seen(as_responder, edit)).status_code == 302
    assert named(incident) == {"responder"}
    sent["people"] = [responder.pk, gone.pk]
    assert as_responder.post(edit, sent | seen(as_responder, edit)).status_code == 422


def test_who_holds_a_role_can_be_named_although_they_left(as_responder: Client, responder: User, gone: User) -> None:
    incident = make_incident(responder)
    RoleAssignment.objects.create(incident=incident, role="scribe", person=gone, taken_at=NOW)
    leave(gone)
    edit = reverse("incidents:visibility_edit", args=[incident.pk])
    sent = {"visibility": "restricted", "people": [responder.pk]}
    refused = as_responder.post(edit, sent | seen(as_responder, edit))
    assert "gone would not see this incident any more" in refused.content.decode()
    sent["people"] = [responder.pk, gone.pk]
    assert as_responder.post(edit, sent | seen(as_responder, edit)).status_code == 302
    assert named(incident) == {"responder", "gone"}
