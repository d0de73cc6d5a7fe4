"""The page on which an incident is declared."""

import re

import pytest
from django.test import Client
from django.urls import reverse

from accounts.models import User
from incidents.models import Incident, SeverityLevel, Tag
from tests.factories import make_incident, make_service, make_user
from tests.incidents.conftest import THEN

NEW = "/incidents/new/"


def page_of(client: Client, address: str = NEW) -> str:
    return client.get(address).content.decode()


def test_one_field_is_enough(as_responder: Client) -> None:
    response = as_responder.post(NEW, {"title": "It is down"})
    incident = Incident.objects.get()
    assert (response.status_code, response["Location"]) == (302, incident.get_absolute_url())
    assert (incident.title, incident.severity.level, incident.mode) == ("It is down", 3, "live")


def test_every_definition_is_there_to_choose_by_and_what_follows(as_responder: Client) -> None:
    SeverityLevel.objects.filter(level=1).update(name="P1 – Critical", definition="All is down", postmortem_days=2)
    page = page_of(as_responder)
    assert "P1 – Critical" in page
    assert "All is down" in page
    assert "Post-mortem due in 2 working days; action items in 30 days." in page
    assert page.count('type="radio" name="severity"') + page.count('name="severity"\n') == 5
    assert re.search(r'value="3"\s+id="id_severity_2"\s+checked', page)


def test_the_rest_is_folded_away_until_it_is_asked_for(as_responder: Client) -> None:
    folded = re.compile(r'<details class="more"\s*>')
    assert folded.search(page_of(as_responder))
    assert folded.search(page_of(as_responder, f"{NEW}?mode=nothing"))
    for mode in ("retrospective", "drill"):
        page = page_of(as_responder, f"{NEW}?mode={mode}")
        assert not folded.search(page)
        assert re.search(rf'value="{mode}"[^>]*checked', page)


def test_another_mode_keeps_what_was_typed_and_declares_nothing(as_responder: Client) -> None:
    service = make_service("Checkout")
    typed = {"title": "", "tags": "a, b", "impact_started_at": "-10m", "services": [service.pk], "is_restricted": "on"}
    response = as_responder.post(
        NEW, typed | {"summary": "All of it", "submission_key": "k1", "switch": "retrospective"}
    )
    page = response.content.decode()
    assert response.status_code == 200
    assert not Incident.objects.exists()
    assert "errorlist" not in page
    for shown in ('value="a, b"', 'value="-10m"', "All of it", 'value="k1"'):
        assert shown in page
    assert re.search(rf'name="services"[^>]*value="{service.pk}"[^>]*checked', page)
    assert re.search(r'name="is_restricted"[^>]*checked', page)
    assert re.search(r'value="retrospective"[^>]*checked', page)


def test_what_is_wrong_under_more_is_not_hidden(as_responder: Client) -> None:
    sent = {"title": "It was down", "mode": "retrospective", "tags": "a, b"}
    response = as_responder.post(NEW, sent)
    page = response.content.decode()
    assert response.status_code == 422
    assert "A retrospective incident is over. Enter when it was resolved, or declare it as live." in page
    assert re.search(r'<details class="more" open', page)
    assert 'value="a, b"' in page
    assert not Tag.objects.exists()


def test_a_missing_title_alone_unfolds_nothing(as_responder: Client) -> None:
    assert re.search(r'<details class="more"\s*>', as_responder.post(NEW, {"title": ""}).content.decode())


def test_an_incident_that_is_over_is_declared_so(as_responder: Client) -> None:
    times = {"impact_started_at": "2024-03-10T14:00:00", "resolved_at": "2024-03-10T14:25:00"}
    as_responder.post(NEW, {"title": "It was down", "mode": "retrospective", "customers_affected": "0"} | times)
    incident = Incident.objects.get()
    assert (incident.status, incident.customers_affected) == ("resolved", 0)
    page = page_of(as_responder, incident.get_absolute_url())
    assert "Retrospective" in page
    assert "25 min" in page


@pytest.mark.parametrize("mode", ["drill", "retrospective"])
def test_what_is_not_live_is_marked_on_its_page_and_in_the_list(as_responder: Client, mode: str) -> None:
    incident = make_incident(mode=mode, now=THEN, resolved_at=THEN)
    for address in (incident.get_absolute_url(), reverse("incidents:incident_list")):
        assert re.search(rf'class="mark"[^>]*>{mode.capitalize()}<', page_of(as_responder, address))


def test_sending_the_form_twice_makes_one_incident(as_responder: Client) -> None:
    found = re.search(r'name="submission_key" value="(\w+)"', page_of(as_responder))
    assert found
    sent = {"title": "It is down", "submission_key": found[1]}
    answers = [as_responder.post(NEW, sent) for _ in range(2)]
    assert Incident.objects.count() == 1
    assert {answer["Location"] for answer in answers} == {Incident.objects.get().get_absolute_url()}


def test_going_back_and_declaring_something_else_makes_another(as_responder: Client) -> None:
    for title in ("It is down", "The other one is down too"):
        as_responder.post(NEW, {"title": title, "submission_key": "the same"})
    assert Incident.objects.count() == 2


def test_a_form_that_was_refused_keeps_its_key(as_responder: Client) -> None:
    page = as_responder.post(NEW, {"title": "", "submission_key": "kept"}).content.decode()
    assert 'name="submission_key" value="kept"' in page
    assert 'value="kept"' not in page_of(as_responder)


def test_the_timezone_of_whoever_declares_is_the_incidents(as_responder: Client, responder: User) -> None:
    responder.time_zone = "Asia/Bangkok"
    responder.save()
    as_responder.post(NEW, {"title": "It was down", "mode": "drill", "impact_started_at": "2024-03-10T21:00"})
    incident = Incident.objects.get()
    assert incident.time_zone == "Asia/Bangkok"
    assert incident.impact_started_at == THEN


def test_tags_are_suggested_from_incidents_that_are_seen(as_responder: Client, responder: User) -> None:
    make_incident(responder, now=THEN, tags=["checkout"])
    hidden = make_incident(make_user("other"), now=THEN, tags=["breach"])
    Incident.objects.filter(pk=hidden.pk).update(visibility="restricted")
    page = page_of(as_responder)
    assert '<option value="checkout">' in page
    assert "breach" not in page


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ("x" * 51, "is too long for a tag; at most 50 characters fit."),
        (",".join(map(str, range(21))), "These are more than 20 tags; keep the ones that help finding."),
    ],
)
def test_tags_have_limits_that_a_sentence_tells(as_responder: Client, typed: str, sentence: str) -> None:
    response = as_responder.post(NEW, {"title": "x", "tags": typed})
    assert response.status_code == 422
    assert sentence in response.content.decode()


def test_tags_are_words_between_commas(as_responder: Client) -> None:
    as_responder.post(NEW, {"title": "x", "tags": " Black   Friday,,checkout, CHECKOUT "})
    assert sorted(Incident.objects.get().tags.values_list("name", flat=True)) == ["black friday", "checkout"]


def test_services_are_chosen(as_responder: Client) -> None:
    shop = make_service("shop")
    as_responder.post(NEW, {"title": "x", "services": [shop.pk]})
    assert list(Incident.objects.get().services.all()) == [shop]


@pytest.mark.parametrize("key", ["4711", "99999999999999999999", "9" * 5000, "x"])
@pytest.mark.parametrize("field", ["severity", "services"])
def test_a_choice_that_is_not_there_is_refused(as_responder: Client, field: str, key: str) -> None:
    assert as_responder.post(NEW, {"title": "x", field: key}).status_code == 422
    assert not Incident.objects.exists()


def test_the_way_there_is_on_every_page_for_those_who_write(as_responder: Client, viewer: User, client: Client) -> None:
    link = re.compile(r'href="/incidents/new/"\s+aria-keyshortcuts="c"')
    for address in ("/", "/databases/", "/services/"):
        if as_responder.get(address).status_code == 200:
            assert link.search(page_of(as_responder, address))
    client.force_login(viewer, backend="allauth.account.auth_backends.AuthenticationBackend")
    assert not link.search(page_of(client, "/"))
