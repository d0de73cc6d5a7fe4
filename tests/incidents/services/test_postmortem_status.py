from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from accounts.models import User
from incidents.errors import IncidentError
from incidents.models import Incident, Postmortem
from incidents.services.postmortem_status import change_postmortem_status
from tests.factories import NOW, make_incident
from tests.incidents.published import make_publication


@pytest.fixture
def incident(responder: User) -> Incident:
    return make_incident(responder)


def last_text(incident: Incident) -> str:
    event = incident.events.order_by("pk").last()
    assert event
    return event.text


def test_what_is_published_goes_back_and_its_version_stays(incident: Incident, responder: User) -> None:
    publication = make_publication(incident, responder)
    draft = change_postmortem_status(incident, status="draft", actor=responder, now=NOW + timedelta(days=1))
    assert (draft.status, draft.published_at) == ("draft", None)
    assert last_text(incident) == "Post-mortem back in draft."
    assert draft.publications.get() == publication


@pytest.mark.parametrize("status", ["published", "in_review"])
def test_reviewing_and_publishing_are_no_status_that_is_set_by_hand(
    incident: Incident, responder: User, stored: Callable[[], Any], status: str
) -> None:
    known = stored()
    with pytest.raises(IncidentError, match="this is not set by hand"):
        change_postmortem_status(incident, status=status, actor=responder, now=NOW)
    assert stored() == known


def test_one_that_is_not_required_says_why_and_has_its_sections_for_later(incident: Incident, responder: User) -> None:
    change_postmortem_status(incident, status="not_required", reason=" A *test* ", actor=responder, now=NOW)
    postmortem = Postmortem.objects.get(incident=incident)
    assert (postmortem.status, postmortem.reason) == ("not_required", "A *test*")
    assert postmortem.sections.count() == 13
    assert last_text(incident) == r"No post-mortem required: A \*test\*"
    again = change_postmortem_status(incident, status="draft", actor=responder, now=NOW)
    assert again.reason == ""


@pytest.mark.parametrize(
    ("status", "reason", "sentence"),
    [
        ("not_required", "  ", "Say why no post-mortem is required"),
        ("draft", "", "The post-mortem is “Draft” already"),
    ],
)
def test_what_says_nothing_changes_nothing(
    incident: Incident, responder: User, stored: Callable[[], Any], status: str, reason: str, sentence: str
) -> None:
    change_postmortem_status(incident, status="not_required", reason="A test", actor=responder, now=NOW)
    change_postmortem_status(incident, status="draft", actor=responder, now=NOW)
    known = stored()
    with pytest.raises(IncidentError, match=sentence):
        change_postmortem_status(incident, status=status, reason=reason, actor=responder, now=NOW)
    assert stored() == known
