"""Choosing what a post-mortem begins from."""

import re
from html import unescape

from django.test import Client
from django.urls import reverse

from accounts.models import User
from incidents.models import Incident, Postmortem, PostmortemTemplate, SeverityLevel
from tests.factories import make_incident


def address(incident: Incident) -> str:
    return reverse("incidents:draft_create", args=[incident.number])


def test_the_template_of_the_severity_is_chosen_until_another_is(as_responder: Client, responder: User) -> None:
    incident = make_incident(responder)
    page = unescape(as_responder.get(address(incident)).content.decode())
    assert re.findall(r'type="radio"[^>]*value="(\d+)"[^>]*checked', page) == [
        str(PostmortemTemplate.objects.get(name="Complete").pk)
    ]
    assert page.count('type="radio"') == 6
    assert "Follows one effect back to its causes" in page
    chosen = PostmortemTemplate.objects.get(name="Five whys")
    answer = as_responder.post(address(incident), {"template": chosen.pk})
    begun = Postmortem.objects.get()
    assert (answer["Location"], begun.template, begun.author) == (begun.get_absolute_url(), chosen, responder)
    # Who comes later is led to what was begun.
    assert as_responder.get(address(incident))["Location"] == begun.get_absolute_url()
    assert as_responder.post(address(incident), {"template": 1})["Location"] == begun.get_absolute_url()


def test_without_a_choice_it_is_that_of_the_severity(as_responder: Client, responder: User) -> None:
    lightweight = PostmortemTemplate.objects.get(name="Lightweight")
    SeverityLevel.objects.update(postmortem_template=lightweight)
    as_responder.post(address(make_incident(responder)))
    assert Postmortem.objects.get().template == lightweight


def test_what_was_removed_cannot_be_chosen(as_responder: Client, responder: User) -> None:
    gone = PostmortemTemplate.objects.get(name="Lightweight")
    PostmortemTemplate.objects.filter(pk=gone.pk).update(removed_at="2026-01-01T00:00Z")
    incident = make_incident(responder)
    for key in (gone.pk, 4711, "x", 10**30):
        assert as_responder.post(address(incident), {"template": key}).status_code == 422
    assert not Postmortem.objects.exists()


def test_readers_begin_nothing(as_viewer: Client, responder: User) -> None:
    incident = make_incident(responder)
    assert as_viewer.get(address(incident)).status_code == 403
    assert as_viewer.post(address(incident)).status_code == 403
    assert "Choose a template" not in as_viewer.get(incident.get_absolute_url()).content.decode()
