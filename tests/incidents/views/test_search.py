"""The search page, the palette's suggestions and the panel of similar incidents."""

import re
from html import unescape
from typing import Any
from urllib.parse import quote

import pytest
from django.test import Client
from django.urls import reverse

from accounts.models import Team, User
from incidents.models import ActionItem, Incident
from incidents.services.drafts import start_postmortem
from recovery.services.evidence import attach_evidence
from tests.factories import NOW, make_database, make_event, make_incident, make_restore_test, make_service, make_user

SEARCH = reverse("incidents:search")
SUGGESTIONS = reverse("incidents:suggestions")


@pytest.fixture
def incident(responder: User) -> Incident:
    return make_incident(responder, "The turbopump <b>failed</b>")


def ask(client: Client, address: str = SEARCH, **words: object) -> str:
    response = client.get(address, words)
    assert response.status_code == 200
    return response.content.decode()


def hide(incident: Incident) -> None:
    Incident.objects.filter(pk=incident.pk).update(visibility="restricted")


def test_what_is_found_is_marked_and_escaped(as_viewer: Client, incident: Incident) -> None:
    event = make_event(incident, "<script>alert(1)</script> turbopump **again**")
    page = ask(as_viewer, q="turbopump")
    assert "<span>The <mark>turbopump</mark> &lt;b&gt;failed&lt;/b&gt;</span>" in page
    assert "&lt;script&gt;alert(1)&lt;/script&gt; <mark>turbopump</mark> again" in page
    assert f'href="{incident.get_absolute_url()}#timeline-event-{event.pk}"' in page


def test_what_was_typed_is_escaped_and_stays_in_the_field(as_viewer: Client, incident: Incident) -> None:
    page = ask(as_viewer, q='"><script>alert(1)</script>')
    assert "<script>alert(1)" not in page
    assert 'value="&quot;&gt;&lt;script&gt;' in page
    assert "Nothing was found." in page


def test_each_kind_has_an_address_of_its_own(as_viewer: Client, incident: Incident) -> None:
    ActionItem.objects.create(incident=incident, title="Buy a turbopump")
    page = ask(as_viewer, q="turbopump")
    assert "?q=turbopump&amp;kind=action" in page
    assert "#action-" in ask(as_viewer, q="turbopump", kind="action")
    assert "#action-" not in ask(as_viewer, q="turbopump", kind="incident")
    assert "#action-" in ask(as_viewer, q="turbopump", kind="nonsense")


def test_references_lead_there(as_viewer: Client, incident: Incident, responder: User) -> None:
    item = ActionItem.objects.create(incident=incident, title="Buy another")
    test = make_restore_test()
    evidence = attach_evidence(test, incident=incident, caption="It came back", actor=responder, now=NOW)
    page = incident.get_absolute_url()
    for typed, address in (
        (f"inc-{incident.number}", page),
        (f"ACT-{item.number}", f"{page}#action-{item.number}"),
        (f"RT-{test.number}", reverse("recovery:restore_test", args=[test.number])),
        (f"EV-{evidence.pk}", f"{reverse('recovery:evidence_list', args=[incident.number])}#evidence-{evidence.pk}"),
    ):
        response = as_viewer.get(SEARCH, {"q": typed})
        assert (response.status_code, response.headers.get("Location")) == (302, address), typed
    # In quotation marks it is a text like others.
    assert as_viewer.get(SEARCH, {"q": f'"INC-{incident.number}"'}).status_code == 200


def test_references_to_what_is_restricted_lead_nowhere(as_viewer: Client, incident: Incident, responder: User) -> None:
    item = ActionItem.objects.create(incident=incident, title="Buy a turbopump")
    evidence = attach_evidence(make_restore_test(), incident=incident, caption="x", actor=responder, now=NOW)
    hide(incident)
    for typed in (f"INC-{incident.number}", f"ACT-{item.number}", f"EV-{evidence.pk}", str(incident.number)):
        nowhere = ask(as_viewer, q=typed.replace(str(incident.number), "999999").replace(str(item.number), "999999"))
        assert "turbopump" not in ask(as_viewer, q=typed)
        assert "Nothing was found." in nowhere
        assert "turbopump" not in ask(as_viewer, SUGGESTIONS, q=typed, incident=incident.number)


@pytest.mark.parametrize(
    "words",
    [
        {},
        {"q": ""},
        {"q": "a\x00b"},
        {"q": "-x"},
        {"q": "x" * 5000},
        {"q": "x", "page": "-1"},
        {"q": "x", "page": "9" * 50},
    ],
)
def test_whatever_is_asked_is_answered(as_viewer: Client, incident: Incident, words: dict[str, str]) -> None:
    ask(as_viewer, **words)
    ask(as_viewer, SUGGESTIONS, incident="99999999999999999999", **words)


def test_short_words_are_said_to_be_searched_less(as_viewer: Client, incident: Incident) -> None:
    assert "Too short for the index" in ask(as_viewer, q="tu")
    assert "Too short for the index" not in ask(as_viewer, q="turbopump")


def test_pages_keep_what_was_asked(as_viewer: Client, responder: User) -> None:
    for n in range(25):
        make_incident(responder, f"ฐานข้อมูลล่ม {n}")
    page = ask(as_viewer, q="ฐานข้อมูล", kind="incident")
    assert f"?q={quote('ฐานข้อมูล')}&amp;kind=incident&amp;page=2" in page
    assert "1 / 2" in page


@pytest.mark.parametrize("address", [SEARCH, SUGGESTIONS])
def test_searching_changes_nothing_and_asks_for_an_account(client: Client, as_viewer: Client, address: str) -> None:
    assert client.get(address).status_code == 302
    assert as_viewer.post(address).status_code == 405


def test_suggestions_begin_with_what_goes_on_and_what_can_be_done(as_responder: Client, incident: Incident) -> None:
    options = ask(as_responder, SUGGESTIONS)
    for said in ("turbopump", "Declare an incident", "My action items", "Databases"):
        assert said in options
    assert "Search for" not in options


def test_suggestions_on_an_incident_are_about_it(as_responder: Client, as_viewer: Client, incident: Incident) -> None:
    for said in ("Change the status", "Add an event to the timeline", "Post-mortem"):
        assert said in ask(as_responder, SUGGESTIONS, incident=incident.number)
    assert "Change the status" not in ask(as_viewer, SUGGESTIONS, incident=incident.number)
    assert "Post-mortem" in ask(as_viewer, SUGGESTIONS, incident=incident.number)


@pytest.mark.parametrize(
    ("typed", "name"),
    [
        *(("audit", "incidents:audit"), ("history", "incidents:audit"), ("slack", "notifications:channel_list")),
        *(
            ("settings", "incidents:severity_list"),
            ("settings", "incidents:service_list"),
            ("users", "accounts:person_list"),
        ),
        *(("people", "accounts:person_list"), ("severity", "incidents:severity_list"), ("teams", "accounts:team_list")),
        *(("tags", "incidents:tag_list"), ("insights", "incidents:insights"), ("metrics", "incidents:insights")),
        *(("recovery", "recovery:database_list"), ("restore tests", "recovery:restore_test_list")),
    ],
)
def test_pages_are_found_by_their_names_and_by_words_of_the_same_meaning(
    as_administrator: Client, typed: str, name: str
) -> None:
    assert f'href="{reverse(name)}"' in ask(as_administrator, SUGGESTIONS, q=typed)


@pytest.mark.parametrize("typed", ["audit", "history", "settings", "notifications", "tokens"])
def test_pages_that_may_not_be_opened_are_not_suggested(as_responder: Client, typed: str) -> None:
    options = ask(as_responder, SUGGESTIONS, q=typed)
    for address in set(re.findall(r'href="(/[^"]*)"', options)):
        assert as_responder.get(unescape(address)).status_code == 200, address
    assert "/audit/" not in options


def test_the_list_of_keys_is_suggested(as_viewer: Client) -> None:
    assert 'href="#shortcuts"' in ask(as_viewer, SUGGESTIONS, q="shortcuts")


@pytest.mark.parametrize(
    ("typed", "name"),
    [("close", "status_edit"), ("resolve", "status_edit"), ("severity", "facts_edit"), ("history", "incident_audit")],
)
def test_what_is_done_on_an_incident_is_found_by_words_of_the_same_meaning(
    as_responder: Client, as_viewer: Client, incident: Incident, typed: str, name: str
) -> None:
    address = f'href="{reverse(f"incidents:{name}", args=[incident.number])}"'
    assert address in ask(as_responder, SUGGESTIONS, q=typed, incident=incident.number)
    assert address not in ask(as_responder, SUGGESTIONS, q=typed)
    is_for_readers = name == "incident_audit"
    assert (address in ask(as_viewer, SUGGESTIONS, q=typed, incident=incident.number)) == is_for_readers


def test_names_lead_to_their_pages(as_administrator: Client, as_viewer: Client, viewer: User) -> None:
    service, team = make_service("Payments"), Team.objects.create(name="Payments people")
    make_database("payments")
    User.objects.filter(pk=viewer.pk).update(name="Paymaster")
    options = ask(as_administrator, SUGGESTIONS, q="pay")
    for address in (
        reverse("incidents:service", args=[service.pk]),
        reverse("incidents:team", args=[team.pk]),
        reverse("recovery:database", args=["payments"]),
        viewer.get_absolute_url(),
    ):
        assert f'href="{address}"' in options
    assert "Paymaster" in ask(as_viewer, SUGGESTIONS, q="pay")
    gone = make_user("paying", is_active=False)
    assert gone.get_absolute_url() not in ask(as_viewer, SUGGESTIONS, q="pay")


def test_an_incident_is_suggested_by_number_by_words_and_by_few_letters(as_viewer: Client, incident: Incident) -> None:
    for typed in (str(incident.number), f"inc-{incident.number}", "bopum", "TU", "pump turbo"):
        assert "turbopump" in ask(as_viewer, SUGGESTIONS, q=typed).replace("Search for", ""), typed
    hide(incident)
    for typed in (str(incident.number), f"inc-{incident.number}", "bopum", "TU", ""):
        assert "turbopump &lt;b&gt;" not in ask(as_viewer, SUGGESTIONS, q=typed), typed


def test_suggestions_take_as_many_queries_for_many_as_for_few(
    as_administrator: Client, responder: User, django_assert_num_queries: Any
) -> None:
    for count in (1, 30):
        for n in range(count):
            make_incident(responder, f"turbopump {n}")
            make_service(f"turbopump {count} {n}")
        with django_assert_num_queries(7):
            ask(as_administrator, SUGGESTIONS, q="turbopump")


def test_similar_incidents_come_as_a_panel_or_as_a_page(
    as_viewer: Client, htmx: dict[str, str], incident: Incident, responder: User
) -> None:
    other = make_incident(responder, "A turbopump is late")
    item = ActionItem.objects.create(incident=other, title="Buy another", owner_person=responder)
    address = reverse("incidents:similar_list", args=[incident.number])
    assert f'hx-get="{address}"' in as_viewer.get(incident.get_absolute_url()).content.decode()
    for page in (as_viewer.get(address), as_viewer.get(address, headers=htmx)):
        content = page.content.decode()
        assert f'href="{other.get_absolute_url()}#action-{item.number}"' in content
        assert "turbopump" in content
    assert "<html" not in content


def test_what_is_like_a_restricted_incident_is_not_told(as_viewer: Client, incident: Incident, responder: User) -> None:
    make_incident(responder, "A turbopump is late")
    hide(incident)
    assert as_viewer.get(reverse("incidents:similar_list", args=[incident.number])).status_code == 404


def test_a_section_is_found_where_it_stands(as_viewer: Client, incident: Incident, responder: User) -> None:
    sections = start_postmortem(incident, actor=responder).sections
    sections.filter(key="lessons").update(body="Keep two injectors")
    assert f'href="{reverse("incidents:postmortem", args=[incident.number])}#section-lessons"' in ask(
        as_viewer, q="injectors"
    )
