import json
from typing import Any

import pytest
from django.test import Client

from accounts.models import Role, Scope, User
from incidents.models import Incident, IncidentGrant, Service, TimelineEvent
from incidents.queries.filtering import IncidentFilter
from tests.factories import make_event, make_incident, make_token, make_user

ADDRESS = "/api/v1/incidents/"
pytestmark = pytest.mark.django_db


@pytest.fixture
def maker(administrator: User) -> User:
    return administrator


def bearing(maker: User, *scopes: str) -> Client:
    scopes = scopes or (Scope.READ_INCIDENTS, Scope.WRITE_INCIDENTS)
    text = make_token(*scopes, actor=maker)[1]
    return Client(headers={"Authorization": f"Bearer {text}"}, raise_request_exception=False)


def post(client: Client, body: Any, address: str = ADDRESS) -> Any:
    return client.post(address, body, content_type="application/json")


def restricted(declarer: User, title: str = "Secret") -> Incident:
    incident = make_incident(declarer, title)
    Incident.objects.filter(pk=incident.pk).update(visibility="restricted")
    return incident


def test_a_title_is_enough(maker: User) -> None:
    response = post(bearing(maker), {"title": " Checkout is down "})
    known = response.json()
    assert response.status_code == 201
    assert (known["title"], known["severity"]["level"], known["status"]) == ("Checkout is down", 3, "investigating")
    assert known["milestones"]["impact_started_at"] is None
    assert known["impact"]["customers_affected"] is None
    assert known["declared_by"] == maker.username
    assert bearing(maker).get(f"{ADDRESS}{known['number']}/").json() == known


def test_everything_can_be_said_at_once(maker: User) -> None:
    Service.objects.create(name="checkout")
    sent = {
        "title": "It is down",
        "severity": "sev1",
        "services": ["checkout"],
        "tags": ["Kafka"],
        "mode": "drill",
        "summary": "All of it",
        "impact_started_at": "2026-01-01T12:00:00+07:00",
    }
    known = post(bearing(maker), sent).json()
    assert known["severity"] == {"level": 1, "name": "SEV1"}
    assert (known["services"], known["tags"], known["mode"]) == (["checkout"], ["kafka"], "drill")
    assert known["milestones"]["impact_started_at"] == "2026-01-01T05:00:00Z"


def test_sent_twice_it_is_declared_once(maker: User) -> None:
    sent = {"title": "It is down", "submission_key": "8d1c-0001"}
    first, second = post(bearing(maker), sent), post(bearing(maker), sent)
    assert (first.status_code, second.status_code) == (201, 200)
    assert first.json()["number"] == second.json()["number"]
    assert Incident.objects.count() == 1


def test_a_key_of_what_was_restricted_since_reveals_nothing(maker: User) -> None:
    sent = {"title": "It is down", "submission_key": "8d1c-0001"}
    post(bearing(maker), sent)
    Incident.objects.update(visibility="restricted", title="Secret")
    response = post(bearing(maker), sent)
    assert response.status_code == 409
    assert "Secret" not in response.content.decode()


@pytest.mark.parametrize(
    ("body", "pointer"),
    [
        ({}, "/title"),
        ({"title": "  "}, "/title"),
        ({"title": "x" * 201}, "/title"),
        ({"title": "x", "severity": 6}, "/severity"),
        ({"title": "x", "severity": "unheard of"}, "/severity"),
        ({"title": "x", "services": ["unheard of"]}, "/services/0"),
        ({"title": "x", "mode": "fun"}, "/mode"),
        ({"title": "x", "mode": "retrospective"}, "/resolved_at"),
        ({"title": "x", "submission_key": "short"}, "/submission_key"),
        ({"title": "x", "impact_started_at": "2999-01-01T00:00:00Z"}, "/impact_started_at"),
        ({"title": "x", "impact_started_at": "0001-01-01T00:00:00Z"}, "/impact_started_at"),
        ({"title": "x", "impact_started_at": "0001-01-01T00:00:00+05:00"}, "/impact_started_at"),
        ({"title": "x", "resolved_at": "1899-12-31T00:00:00Z"}, "/resolved_at"),
        ({"title": "x", "number": 7}, "/number"),
        ({"title": "x\u202e"}, "/title"),
    ],
)
def test_what_is_wrong_is_pointed_to(maker: User, body: Any, pointer: str) -> None:
    response = post(bearing(maker), body)
    assert (response.status_code, response["Content-Type"]) == (422, "application/problem+json")
    assert pointer in json.dumps([error["pointer"] for error in response.json()["errors"]])
    assert not Incident.objects.exists()


def test_a_program_does_what_its_scopes_and_its_maker_may(maker: User) -> None:
    incident = make_incident(maker)
    events = f"{ADDRESS}{incident.number}/events/"
    for client, allowed in (
        (bearing(maker, Scope.READ_INCIDENTS), "GET"),
        (bearing(maker, Scope.WRITE_INCIDENTS), "POST"),
    ):
        for address, body in ((ADDRESS, {"title": "x"}), (events, {"text": "x"})):
            assert (client.get(address).status_code == 200) is (allowed == "GET")
            assert (post(client, body, address).status_code == 201) is (allowed == "POST")
    assert Client().get(ADDRESS).status_code == 401
    client = bearing(maker)
    User.objects.update(role=Role.VIEWER)
    assert client.get(ADDRESS).status_code == 200
    assert post(client, {"title": "x"}).status_code == 403
    assert post(client, {"text": "x"}, events).status_code == 403
    assert Incident.objects.count() == 2


def test_a_program_sees_what_its_maker_sees(maker: User) -> None:
    secret = restricted(make_user("else"))
    open_one = make_incident(maker, "Known to all")
    Incident.objects.filter(pk=open_one.pk).update(duplicate_of=secret)
    client = bearing(maker)
    listed = client.get(ADDRESS).json()
    assert ([one["number"] for one in listed["results"]], listed["count"]) == ([open_one.number], 1)
    assert listed["results"][0]["duplicate_of"] is None
    for address in (f"{ADDRESS}{secret.number}/", f"{ADDRESS}{secret.number}/events/"):
        assert client.get(address).status_code == 404
    assert post(client, {"text": "x"}, f"{ADDRESS}{secret.number}/events/").status_code == 404
    IncidentGrant.objects.create(incident=secret, person=maker)
    assert client.get(ADDRESS).json()["count"] == 2
    assert client.get(f"{ADDRESS}{open_one.number}/").json()["duplicate_of"] == secret.number


def test_pages_follow_each_other_to_the_end_and_back(maker: User) -> None:
    numbers = [make_incident(maker, f"Number {n}").number for n in range(51)]
    client = bearing(maker)
    first = client.get(ADDRESS, {"sort": "began"}).json()
    second = client.get(ADDRESS, {"sort": "began", "after": first["next"]}).json()
    assert [one["number"] for one in first["results"] + second["results"]] == numbers
    assert (first["previous"], second["next"], first["count"]) == (None, None, 51)
    back = client.get(ADDRESS, {"sort": "began", "before": second["previous"]}).json()
    assert back["results"] == first["results"]


@pytest.mark.parametrize(
    "query",
    [
        *("status=over", "severity=6", "sort=title", "after=x", "since=x", "nothing=1", "part=x"),
        *("since=0001-01-01", "until=9999-12-31"),
    ],
)
def test_a_slip_in_the_query_is_told(maker: User, query: str) -> None:
    response = bearing(maker).get(f"{ADDRESS}?{query}")
    assert (response.status_code, response["Content-Type"]) == (422, "application/problem+json")


def test_the_filters_are_those_of_the_page() -> None:
    from incidents.api.schemas import IncidentQuery
    from incidents.forms.filtering import FilterForm

    fields = {*IncidentFilter.__dataclass_fields__}
    assert {*IncidentQuery.model_fields} == fields | {"sort", "after", "before"}
    assert {*FilterForm.base_fields} == fields | {"sort"}


def test_an_event_is_written_once_and_says_where_it_came_from(maker: User) -> None:
    incident = make_incident(maker)
    address = f"{ADDRESS}{incident.number}/events/"
    sent = {"text": "Deployed 4.2", "occurred_at": "2026-01-01T05:00:00Z", "submission_key": "8d1c-0001"}
    first, second = post(bearing(maker), sent, address), post(bearing(maker), sent, address)
    assert (first.status_code, second.status_code) == (201, 200)
    assert first.json() == second.json()
    event = TimelineEvent.objects.get(source="api")
    assert (event.text, event.author, first.json()["source"]) == ("Deployed 4.2", maker, "api")
    assert [one["text"] for one in bearing(maker).get(address).json()["results"]] == [
        "Deployed 4.2",
        "Incident declared.",
    ]


@pytest.mark.parametrize("name", ["occurred_at", "ended_at"])
def test_an_event_before_all_calendars_is_refused(maker: User, name: str) -> None:
    incident = make_incident(maker)
    sent = {"text": "x", name: "0001-01-01T00:00:00Z"}
    response = post(bearing(maker), sent, f"{ADDRESS}{incident.number}/events/")
    assert (response.status_code, response.json()["errors"][0]["pointer"]) == (422, f"/{name}")


def test_a_long_timeline_comes_in_pages(maker: User) -> None:
    incident = make_incident(maker)
    for n in range(120):
        make_event(incident, f"Event {n}")
    address = f"{ADDRESS}{incident.number}/events/"
    first = bearing(maker).get(address).json()
    second = bearing(maker).get(address, {"after": first["next"]}).json()
    assert (len(first["results"]), len(second["results"]), second["next"]) == (100, 21, None)
    assert bearing(maker).get(address, {"before": second["previous"]}).json()["results"] == first["results"]


def test_more_incidents_take_no_more_queries(maker: User, django_assert_num_queries: Any) -> None:
    client = bearing(maker)
    for count in (3, 30):
        for n in range(count):
            make_incident(maker, f"Number {n}", services=[Service.objects.get_or_create(name=f"S{n}")[0]], tags=["a"])
        client.get(ADDRESS)
        with django_assert_num_queries(7):
            assert client.get(ADDRESS).json()["results"]


def test_the_description_names_the_routes(client: Client) -> None:
    paths = client.get("/api/v1/openapi.json").json()["paths"]
    assert {*paths[ADDRESS]} == {"get", "post"}
    assert {*paths[f"{ADDRESS}{{number}}/events/"]} == {"get", "post"}
