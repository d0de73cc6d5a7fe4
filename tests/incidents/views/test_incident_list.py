import csv
import io
import json
import re
from datetime import UTC, datetime, timedelta
from http import HTTPStatus
from typing import Any

import pytest
from django.test import Client

from accounts.models import User
from incidents.models import ActionItem, Incident, IncidentGrant, RoleAssignment, Service
from incidents.queries.filtering import IncidentFilter
from incidents.queries.incidents import walk_incidents
from incidents.services.drafts import start_postmortem
from incidents.services.status import change_status
from incidents.services.timeline import next_revision
from tests.conftest import signed_in
from tests.factories import make_incident, make_team, make_user
from tests.incidents.conftest import THEN

LIST, CSV, JSON = "/incidents/", "/incidents/incidents.csv", "/incidents/incidents.json"


def shown(client: Client, query: str = "") -> list[str]:
    """The titles on the page, in order."""
    content = client.get(f"{LIST}?{query}").content.decode()
    return [title.strip() for title in re.findall(r'<span class="ref">INC-\d+</span> ([^<]+)</a>', content)]


def read(response: Any) -> str:
    return b"".join(response.streaming_content).decode()


@pytest.fixture
def several(responder: User) -> dict[str, Incident]:
    """Four incidents that differ in everything one can filter by."""
    other = make_user("other")
    service = Service.objects.create(name="checkout", team=make_team("Shop"))
    one = make_incident(responder, "One", now=THEN, severity_id=1, impact_started_at=THEN - timedelta(hours=5))
    one.services.add(service)
    two = make_incident(other, "Two", now=THEN + timedelta(days=1), severity_id=2, mode="drill", summary="Ọ OÉ")
    RoleAssignment.objects.create(incident=two, role="commander", person=responder, taken_at=THEN)
    three = make_incident(other, "Three", now=THEN + timedelta(days=2), severity_id=3, tags=["kafka"], summary="A %_ b")
    ActionItem.objects.create(incident=three, title="Mend", owner_person=responder)
    change_status(three, status="resolved", actor=other, now=THEN + timedelta(days=3))
    start_postmortem(three, actor=other)
    four = make_incident(other, "Four", now=THEN + timedelta(days=4), severity_id=4)
    Incident.objects.filter(pk=four.pk).update(visibility="restricted")
    IncidentGrant.objects.create(incident=four, person=responder)
    return {"One": one, "Two": two, "Three": three, "Four": four}


@pytest.mark.parametrize(
    ("query", "titles"),
    [
        ("", ["Four", "Three", "Two", "One"]),
        ("status=ongoing", ["Four", "Two", "One"]),
        ("status=resolved&status=closed", ["Three"]),
        ("severity=1&severity=4", ["Four", "One"]),
        ("service=checkout", ["One"]),
        ("team=Shop", ["One"]),
        ("team=Unknown", []),
        ("tag=kafka", ["Three"]),
        ("mode=drill", ["Two"]),
        ("visibility=restricted", ["Four"]),
        ("visibility=open", ["Three", "Two", "One"]),
        ("postmortem=none", ["Four", "Two", "One"]),
        ("postmortem=draft", ["Three"]),
        ("postmortem=draft&postmortem=none&severity=1", ["One"]),
        ("person=responder", ["Three", "Two", "One"]),
        ("person=responder&part=commander", ["Two"]),
        ("person=responder&part=declared", ["One"]),
        ("person=responder&part=action", ["Three"]),
        ("since=2024-03-12", ["Four", "Three"]),
        ("since=2024-03-11&until=2024-03-12", ["Three", "Two"]),
        ("q=%25_", ["Three"]),
        ("q=tw", ["Two"]),
        ("q=THR%C3%89E", ["Three"]),
        ("q=three+%25_", ["Three"]),
        ("q=%22a+three%22", []),
        ("q=%C3%B6%C3%A9", ["Two"]),
        ("q=-%C3%B6%C3%A9", ["Four", "Three", "One"]),
        ("q=three+-summary", ["Three"]),
        ("q=three+-%25_", []),
        ("q=-three", ["Four", "Two", "One"]),
        ("sort=severity", ["One", "Two", "Three", "Four"]),
        ("sort=-duration&status=resolved", ["Three"]),
        ("sort=-status", ["Three", "Four", "Two", "One"]),
        ("sort=duration&status=ongoing", ["One", "Two", "Four"]),
        ("sort=nonsense&after=nonsense", ["Four", "Three", "Two", "One"]),
        ("severity=SEV2", ["Two"]),
        ("severity=sev1&severity=4", ["Four", "One"]),
    ],
)
def test_the_address_says_what_is_shown(as_responder: Client, several: Any, query: str, titles: list[str]) -> None:
    assert shown(as_responder, query) == titles
    named = json.loads(read(as_responder.get(f"{JSON}?{query}")))
    assert [one["title"] for one in named] == titles


@pytest.mark.parametrize(
    ("query", "sentence"),
    [
        ("severity=SEV9&status=ongoing", "“Severity” leaves nothing out, because “SEV9” was not understood."),
        ("status=Open", "“Status” leaves nothing out, because “Open” was not understood."),
        ("since=soon", "“Began on or after” leaves nothing out, because “soon” was not understood."),
        ("severity=SEV2&status=ongoing&since=2024-03-01", None),
    ],
)
def test_a_filter_that_is_not_understood_is_told(
    as_responder: Client, several: Any, query: str, sentence: str | None
) -> None:
    page = as_responder.get(f"{LIST}?{query}").content.decode()
    assert sentence in page if sentence else "not understood" not in page


def test_a_day_begins_where_the_reader_is(as_responder: Client, responder: User) -> None:
    make_incident(responder, "Late", now=datetime(2024, 3, 9, 20, 0, tzinfo=UTC))
    assert shown(as_responder, "since=2024-03-10") == []
    responder.time_zone = "Asia/Bangkok"
    responder.save()
    assert shown(as_responder, "since=2024-03-10") == ["Late"]


def test_what_is_restricted_is_nowhere_for_others(as_viewer: Client, several: Any) -> None:
    several["Four"].tags.create(name="secret-tag")
    for query in ("", "visibility=restricted", "q=Four", "person=other", "severity=4", "tag=secret-tag"):
        assert "Four" not in shown(as_viewer, query)
        for file in (CSV, JSON):
            assert "Four" not in read(as_viewer.get(f"{file}?{query}"))
    assert "3 incidents" in as_viewer.get(LIST).content.decode()
    assert "secret-tag" not in as_viewer.get("/incidents/names/").content.decode()


def test_suggestions_name_what_the_reader_knows(as_responder: Client, several: Any) -> None:
    several["Four"].tags.create(name="secret-tag")
    content = as_responder.get("/incidents/names/").content.decode()
    for name in ("checkout", "Shop", "kafka", "secret-tag", "responder"):
        assert f'value="{name}"' in content


def test_each_value_is_a_chip_that_can_be_left_out(as_responder: Client, several: Any) -> None:
    content = as_responder.get(f"{LIST}?status=resolved&status=closed&tag=kafka&sort=began").content.decode()
    links = re.findall(r'class="chip" href="([^"]+)"', content)
    assert [link.replace("&amp;", "&") for link in links] == [
        f"{LIST}?status=closed&tag=kafka&sort=began",
        f"{LIST}?status=resolved&tag=kafka&sort=began",
        f"{LIST}?status=resolved&status=closed&sort=began",
    ]


def test_empty_fields_leave_the_address(as_responder: Client, several: Any) -> None:
    response = as_responder.get(f"{LIST}?q=&status=resolved&person=&tag=&sort=-began")
    assert (response.status_code, response.headers["Location"]) == (302, f"{LIST}?status=resolved&sort=-began")


def test_a_date_that_is_none_is_told_and_what_was_typed_stays(as_responder: Client, several: Any) -> None:
    content = as_responder.get(f"{LIST}?since=yesterday&q=").content.decode()
    assert "Enter a valid date" in content
    assert 'value="yesterday"' in content


def test_pages_lead_to_each_other(as_viewer: Client, responder: User) -> None:
    titles = [make_incident(responder, f"Number {n}", now=THEN).title for n in range(120)][::-1]
    seen, address, queries = [], LIST, []
    while address:
        content = as_viewer.get(address).content.decode()
        seen += re.findall(r"</span> (Number \d+)</a>", content)
        queries.append(content)
        following = re.search(r'rel="next" href="([^"]+)"', content)
        address = f"{LIST}{following[1]}".replace("&amp;", "&") if following else ""
    assert seen == titles
    assert shown(as_viewer, "last=") == titles[-50:]
    previous = re.search(r'rel="prev" href="\?([^"]+)"', queries[1])
    assert previous
    assert shown(as_viewer, previous[1].replace("&amp;", "&")) == titles[:50]


def test_beyond_a_bound_the_count_says_more_than(
    as_viewer: Client, responder: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    for n in range(53):
        make_incident(responder, f"Number {n}", now=THEN)
    assert "53 incidents" in as_viewer.get(LIST).content.decode()
    monkeypatch.setattr("incidents.queries.incidents.COUNTED_TO", 52)
    assert "more than 52 incidents" in as_viewer.get(LIST).content.decode()


def test_a_file_for_spreadsheets_has_every_column_and_runs_nothing(as_responder: Client, several: Any) -> None:
    Incident.objects.filter(title="One").update(title="=HYPERLINK(1)", customers_affected=None, requests_failed=0)
    response = as_responder.get(f"{CSV}?severity=1")
    assert "attachment" in response.headers["Content-Disposition"]
    row = next(csv.DictReader(io.StringIO(read(response).removeprefix("\ufeff"))))
    assert row["title"] == "'=HYPERLINK(1)"
    assert (row["customers_affected"], row["requests_failed"], row["resolved_at"]) == ("", "0", "")
    assert (row["services"], row["severity"], row["time_to_resolve_state"]) == ("checkout", "SEV1", "pending")
    assert row["impact_started_at"] == "2024-03-10T09:00:00Z"


def test_a_file_for_programs_has_null_for_unknown(as_responder: Client, several: Any) -> None:
    known = json.loads(read(as_responder.get(f"{JSON}?severity=3")))[0]
    assert known["impact"]["customers_affected"] is None
    assert (known["postmortem"]["status"], known["action_items"]) == ("draft", {"total": 1, "open": 1})


def test_a_long_file_is_read_in_pieces(
    as_viewer: Client, responder: User, monkeypatch: pytest.MonkeyPatch, django_assert_num_queries: Any
) -> None:
    monkeypatch.setattr("incidents.queries.incidents.CHUNK", 4)
    for n in range(12):
        make_incident(responder, f"Number {n}", now=THEN)
    response = as_viewer.get(f"{JSON}?sort=began")
    # The numbers, and for each of three pieces who may still be shown, and what is known of them.
    with django_assert_num_queries(16):
        named = json.loads(read(response))
    assert [one["title"] for one in named] == [f"Number {n}" for n in range(12)]


def test_what_is_changed_while_a_file_is_written_is_there_once_and_what_is_hidden_is_not(
    responder: User, viewer: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("incidents.queries.incidents.CHUNK", 2)
    first, second, third, fourth = (make_incident(responder, f"Number {n}", now=THEN) for n in range(4))
    pieces = walk_incidents(viewer, IncidentFilter(), "updated")
    written = next(pieces)
    next_revision(first)
    next_revision(third)
    Incident.objects.filter(pk=fourth.pk).update(visibility="restricted")
    written += [incident for piece in pieces for incident in piece]
    assert written == [first, second, third]


@pytest.mark.parametrize("query", ["until=9999-12-31", "since=0001-01-01", "since=9999-12-31", "until=0001-01-01"])
@pytest.mark.parametrize("time_zone", ["Asia/Bangkok", "America/New_York"])
def test_a_day_at_the_ends_of_the_calendar_is_a_slip(responder: User, query: str, time_zone: str) -> None:
    responder.time_zone = time_zone
    responder.save()
    make_incident(responder)
    page = signed_in(responder).get(f"{LIST}?{query}")
    assert (page.status_code, "Check the year" in page.content.decode()) == (200, True)
    assert signed_in(responder).get(f"{CSV}?{query}").status_code == HTTPStatus.BAD_REQUEST


def test_more_rows_take_no_more_queries(as_viewer: Client, responder: User, django_assert_num_queries: Any) -> None:
    # What fits on one page is not counted again.
    for count, queries in ((20, 8), (40, 9), (30, 9)):
        for n in range(count):
            service = Service.objects.get_or_create(name=f"Service {n}")[0]
            incident = make_incident(responder, f"Number {n}", now=THEN, services=[service])
            person = make_user(f"person {incident.number}")
            RoleAssignment.objects.create(incident=incident, role="commander", person=person, taken_at=THEN)
        with django_assert_num_queries(queries):
            assert "Service 1" in as_viewer.get(LIST).content.decode()


def test_nothing_found_shows_the_way_back(as_viewer: Client, several: Any) -> None:
    content = as_viewer.get(f"{LIST}?q=unheard").content.decode()
    assert "No incident is like this." in content
    assert f'href="{LIST}">Show all incidents' in content


@pytest.mark.parametrize("address", [LIST, CSV, JSON, "/incidents/names/"])
def test_lists_are_for_reading_and_for_those_signed_in(as_viewer: Client, client: Client, address: str) -> None:
    assert as_viewer.post(address).status_code == 405
    assert client.get(address).status_code == 302


@pytest.mark.parametrize("address", [CSV, JSON])
def test_a_file_of_a_filter_that_is_not_understood_is_refused_with_the_sentence(
    as_responder: Client, several: Any, address: str
) -> None:
    response = as_responder.get(f"{address}?since=soon")
    assert response.status_code == HTTPStatus.BAD_REQUEST
    assert "because “soon” was not understood" in response.content.decode()
