"""The history of the installation, of an incident and of a record: who reads what of it, in pages and files."""

import csv
import io
import json
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.contrib.contenttypes.models import ContentType
from django.db import connection
from django.http import HttpResponse
from django.test import Client
from django.test.utils import CaptureQueriesContext

from accounts.audit import Door, changes_by
from accounts.models import Change, User
from incidents.models import Incident, IncidentGrant, IncidentLink, Visibility
from tests.conftest import signed_in
from tests.factories import NOW, make_channel, make_event, make_incident, make_team, make_user

SECRET = "Salaries were public"


@pytest.fixture
def incident(responder: User) -> Incident:
    return make_incident(responder)


@pytest.fixture
def restricted(responder: User) -> Incident:
    """Named in it: the responder alone."""
    made = make_incident(responder, SECRET)
    made.visibility = Visibility.RESTRICTED
    made.save(update_fields=["visibility"])
    IncidentGrant.objects.create(incident=made, person=responder)
    return made


def record_of(record: Any) -> str:
    return f"/audit/{str(record._meta.verbose_name).replace(' ', '-')}/{record.pk}/"


def file_of(response: HttpResponse) -> str:
    assert response.status_code == 200
    return b"".join(response.streaming_content).decode()


def subjects(response: HttpResponse) -> list[str]:
    assert response.status_code == 200
    return [change.subject for change in response.context["changes"]]


def make_change(about: Any, **facts: Any) -> Change:
    kind = ContentType.objects.get_for_model(about)
    known = {"object_pk": str(about.pk), "object_repr": str(about), "action": Change.Action.UPDATE}
    return Change.objects.create(content_type=kind, **(known | {"changes": {"name": ["a", "b"]}} | facts))


def test_the_installations_history_is_for_administrators(
    incident: Incident, as_administrator: Client, as_responder: Client, as_viewer: Client
) -> None:
    assert str(incident) in subjects(as_administrator.get("/audit/"))
    assert [client.get("/audit/").status_code for client in (as_responder, as_viewer)] == [403, 403]
    assert as_viewer.get("/audit/", {"format": "csv"}).status_code == 403
    # Who wanted to read is told about reading.
    assert "Only administrators may read this." in as_viewer.get("/audit/").content.decode()


def test_an_incidents_history_holds_all_that_belongs_to_it(incident: Incident, as_viewer: Client) -> None:
    event = make_event(incident)
    make_team()
    page = as_viewer.get(f"/incidents/{incident.number}/audit/")
    assert subjects(page)[0] == str(event)
    assert {change.incident_number for change in page.context["changes"]} == {incident.number}


def test_a_records_history_holds_nothing_else(incident: Incident, as_viewer: Client) -> None:
    event = make_event(incident)
    make_event(incident, "Something else")
    assert subjects(as_viewer.get(record_of(event))) == [str(event)]


def test_other_records_are_for_administrators(as_administrator: Client, as_responder: Client) -> None:
    for record in (make_team(), make_channel(), make_user("anna")):
        assert as_administrator.get(record_of(record)).status_code == 200
        assert as_responder.get(record_of(record)).status_code == 404


def test_what_is_not_there_has_no_history(as_administrator: Client) -> None:
    missing = ["/audit/incident/999/", "/audit/incident/x/", "/audit/delivery/1/", f"/audit/incident/{10**30}/"]
    assert [as_administrator.get(path).status_code for path in missing] == [404] * 4


def test_a_record_from_before_the_audit_has_an_empty_history(as_administrator: Client) -> None:
    from incidents.models import SeverityLevel

    page = as_administrator.get(record_of(SeverityLevel.objects.get(level=1)))
    assert subjects(page) == []
    assert "No change was written down." in page.content.decode()


def test_a_deleted_record_keeps_its_page(incident: Incident, as_viewer: Client) -> None:
    link = IncidentLink.objects.create(incident=incident, url="https://example.org/", title="Dashboard")
    path = f"/audit/{'incident-link'}/{link.pk}/"
    link.delete()
    page = as_viewer.get(path)
    assert subjects(page) == ["Dashboard", "Dashboard"]
    assert "Deleted" in page.content.decode()


def test_of_a_restricted_incident_nobody_else_learns_anything(
    restricted: Incident, responder: User, as_administrator: Client, as_viewer: Client
) -> None:
    event = make_event(restricted, "The file with all salaries")
    link = IncidentLink.objects.create(incident=restricted, url="https://example.org/", title="All salaries")
    gone = record_of(link)
    link.delete()
    for client in (as_administrator, as_viewer):
        for path in (f"/incidents/{restricted.number}/audit/", record_of(restricted), record_of(event), gone):
            assert client.get(path).status_code == 404
            assert client.get(path, {"format": "json"}).status_code == 404
    for text in (
        as_administrator.get("/audit/").content.decode(),
        file_of(as_administrator.get("/audit/", {"format": "csv"})),
        file_of(as_administrator.get("/audit/", {"format": "json"})),
    ):
        assert "alaries" not in text
        assert restricted.reference not in text
    assert str(event) in subjects(signed_in(responder).get(f"/incidents/{restricted.number}/audit/"))


def test_another_incidents_history_does_not_name_it(
    incident: Incident, restricted: Incident, responder: User, as_administrator: Client
) -> None:
    incident.related.add(restricted)
    incident.duplicate_of = restricted
    incident.save(update_fields=["duplicate_of"])
    path = f"/incidents/{incident.number}/audit/"
    assert signed_in(responder).get(path).content.decode().count(restricted.reference) == 2
    page = as_administrator.get(path).content.decode()
    assert restricted.reference not in page
    assert page.count("a restricted incident") == 2
    for asked in ("csv", "json"):
        text = file_of(as_administrator.get(path, {"format": asked}))
        assert restricted.reference not in text
        assert text.count("a restricted incident") == 2


def test_an_event_that_came_from_a_restricted_incident_keeps_that_part_hidden(
    incident: Incident, restricted: Incident, as_administrator: Client
) -> None:
    event = make_event(restricted, "The file with all salaries")
    event.text, event.incident, event.merged_from = "It was closed", incident, restricted
    event.save(update_fields=["text", "incident", "merged_from"])
    page = as_administrator.get(record_of(event)).content.decode()
    assert restricted.reference not in page
    assert "It was closed" in page


def test_whoever_sees_a_restricted_incident_later_sees_its_past(
    restricted: Incident, administrator: User, as_administrator: Client
) -> None:
    IncidentGrant.objects.create(incident=restricted, person=administrator)
    assert SECRET in as_administrator.get("/audit/").content.decode()


def test_filters_stand_in_the_address(incident: Incident, administrator: User, as_administrator: Client) -> None:
    with changes_by(administrator, door=Door.IMPORT):
        team = make_team("Storage")
    asked = {"person": "administrator", "door": "import", "kind": "team"}
    page = as_administrator.get("/audit/", asked)
    assert subjects(page) == [str(team)]
    assert "person=administrator&amp;door=import&amp;kind=team&amp;format=csv" in page.content.decode()
    for name, other in (("person", "responder"), ("door", "api"), ("kind", "channel")):
        assert subjects(as_administrator.get("/audit/", asked | {name: other})) == []


def test_days_are_the_readers_and_both_count(as_administrator: Client, administrator: User) -> None:
    administrator.time_zone = "Asia/Bangkok"
    administrator.save(update_fields=["time_zone"])
    team = make_team()
    for hour in (16, 17):
        make_change(team, object_repr=f"{hour}:00", timestamp=datetime(2024, 3, 10, hour, tzinfo=UTC))
    assert subjects(as_administrator.get("/audit/", {"since": "2024-03-10", "until": "2024-03-10"})) == ["16:00"]
    assert subjects(as_administrator.get("/audit/", {"since": "2024-03-11", "until": "2024-03-11"})) == ["17:00"]


def test_a_filter_that_is_none_is_left_out(as_administrator: Client, incident: Incident) -> None:
    everything = subjects(as_administrator.get("/audit/"))
    for nonsense in ({"since": "yesterday"}, {"door": "window"}, {"person": "0 OR 1"}, {"kind": "delivery"}):
        assert subjects(as_administrator.get("/audit/", nonsense)) == everything
    for place in ("x", "1~2~3", "2024-03-10T00:00:00Z~x", "-"):
        assert subjects(as_administrator.get("/audit/", {"after": place})) == everything


def test_pages_give_each_change_once(as_administrator: Client) -> None:
    team = make_team()
    # Many at one instant: the number decides among them.
    for number in range(119):
        make_change(team, object_repr=f"no. {number}", timestamp=NOW + timedelta(seconds=number // 40))
    address, seen = record_of(team), []
    pages = 0
    while address:
        response = as_administrator.get(address)
        seen += subjects(response)
        after = response.context["page"].after
        address = f"{record_of(team)}?after={after}" if after else ""
        pages += 1
    assert pages == 3
    assert len(seen) == len(set(seen)) == 120
    back = as_administrator.get(record_of(team), {"before": response.context["page"].before})
    assert subjects(back) == seen[50:100]


def test_a_file_holds_everything_that_is_asked_for(
    incident: Incident, administrator: User, as_administrator: Client
) -> None:
    with changes_by(administrator, door=Door.PAGE):
        for number in range(120):
            incident.title = f"Title {number}"
            incident.save(update_fields=["title"])
    asked = {"person": "administrator", "format": "csv"}
    response = as_administrator.get(f"/incidents/{incident.number}/audit/", asked)
    assert response["Content-Disposition"] == 'attachment; filename="changes.csv"'
    rows = [*csv.DictReader(io.StringIO(file_of(response)))]
    assert len(rows) == 120
    newest = rows[0]
    assert newest.pop("at").endswith("Z")
    assert newest == {
        "person": "administrator",
        "name": "administrator",
        "door": "page",
        "action": "changed",
        "kind": "incident",
        "key": str(incident.number),
        "record": f"{incident.reference} Title 119",
        "incident": str(incident.number),
        "field": "Title",
        "before": "Title 118",
        "after": "Title 119",
    }
    items = json.loads(file_of(as_administrator.get(record_of(incident), {"format": "json"})))
    assert len(items) == 121
    assert items[0]["fields"] == [{"label": "Title", "before": "Title 118", "after": "Title 119"}]
    assert {item["incident"] for item in items} == {incident.number}


def test_times_in_a_file_are_utc(incident: Incident, as_administrator: Client) -> None:
    incident.detected_at = datetime(2026, 11, 22, 11, 30, tzinfo=UTC)
    incident.save(update_fields=["detected_at"])
    items = json.loads(file_of(as_administrator.get(record_of(incident), {"format": "json"})))
    assert items[0]["fields"] == [{"label": "Detected", "before": "", "after": "2026-11-22T11:30:00Z"}]


def test_a_spreadsheet_calculates_nothing(incident: Incident, as_administrator: Client) -> None:
    make_event(incident, '=HYPERLINK("https://example.org/","a")')
    text = file_of(as_administrator.get(f"/incidents/{incident.number}/audit/", {"format": "csv"}))
    cells = [cell for row in csv.reader(io.StringIO(text)) for cell in row]
    assert '\'=HYPERLINK("https://example.org/","a")' in cells
    assert not [cell for cell in cells if cell.startswith(("=", "+", "@"))]


def test_an_empty_file_is_still_one(as_administrator: Client) -> None:
    asked = {"since": "2001-01-01", "until": "2001-01-01"}
    assert json.loads(file_of(as_administrator.get("/audit/", asked | {"format": "json"}))) == []
    assert file_of(as_administrator.get("/audit/", asked | {"format": "csv"})).count("\n") == 1


def test_text_is_shown_as_text(incident: Incident, as_administrator: Client) -> None:
    make_event(incident, "<script>alert(1)</script>")
    page = as_administrator.get(f"/incidents/{incident.number}/audit/").content.decode()
    assert "<script>alert" not in page
    assert "&lt;script&gt;alert(1)" in page


def test_nothing_can_be_sent(incident: Incident, as_administrator: Client) -> None:
    for path in ("/audit/", f"/incidents/{incident.number}/audit/", record_of(incident)):
        for method in ("post", "put", "patch", "delete"):
            assert getattr(as_administrator, method)(path).status_code == 405


def test_a_page_of_changes_takes_a_fixed_number_of_queries(incident: Incident, as_administrator: Client) -> None:
    paths = ("/audit/", f"/incidents/{incident.number}/audit/", record_of(incident))

    def count(path: str) -> int:
        with CaptureQueriesContext(
            connection,
        ) as queries:
            assert as_administrator.get(path).status_code == 200
        return len(queries)

    incident.related.add(make_incident(title="One"))
    before = [count(path) for path in paths]
    for number in range(30):
        person = make_user(f"person-{number}")
        with changes_by(person, door=Door.PAGE):
            incident.related.add(make_incident(person, f"Another {number}"))
            make_event(incident, author=person)
    assert [count(path) for path in paths] == before
