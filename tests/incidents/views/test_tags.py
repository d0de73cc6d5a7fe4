"""The tags under Settings: counted and put in order as far as somebody sees the incidents that have them."""

import re
from html import unescape
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from accounts.models import User
from incidents.models import Incident, IncidentGrant, Tag
from tests.changes import list_changes
from tests.conftest import signed_in
from tests.factories import make_incident, make_tag

HERE = "/tags/"


@pytest.fixture
def hidden(responder: User, administrator: User) -> Incident:
    """One that the administrator alone sees."""
    incident = make_incident(administrator, "Hidden", tags=["breach", "checkout"])
    Incident.objects.filter(pk=incident.pk).update(visibility="restricted")
    IncidentGrant.objects.create(incident=incident, person=administrator)
    return incident


@pytest.fixture
def incidents(responder: User, hidden: Incident) -> list[Incident]:
    """Two that everybody sees."""
    return [make_incident(responder, tags=["checkout", "kafka"]), make_incident(responder, tags=["checkout"])]


def tag(name: str) -> Tag:
    return Tag.objects.get(name=name)


def address(page: str, name: str) -> str:
    return reverse(f"incidents:tag_{page}", args=[tag(name).pk])


def names(incident: Incident) -> list[str]:
    return sorted(incident.tags.values_list("name", flat=True))


def counted(client: Client) -> dict[str, str]:
    rows = re.findall(
        r'\?tag=[^"]*">([^<]+)</a>.*?class="number"[^>]*>(\d+)<', client.get(HERE).content.decode(), re.DOTALL
    )
    return dict(rows)


def told(incident: Incident) -> list[tuple[str, str, str]]:
    return [tuple(field) for change in list_changes(incident) for field in change.fields if "Tag" in field.label]


def test_each_is_counted_as_far_as_the_reader_sees_the_incidents(
    as_viewer: Client, administrator: User, incidents: list[Incident]
) -> None:
    assert counted(as_viewer) == {"checkout": "2", "kafka": "1"}
    assert counted(signed_in(administrator)) == {"breach": "1", "checkout": "3", "kafka": "1"}
    assert "breach" not in as_viewer.get(HERE).content.decode()


def test_one_is_renamed_on_all_incidents_that_are_seen_and_on_no_other(
    as_responder: Client, responder: User, incidents: list[Incident], hidden: Incident
) -> None:
    revisions = [incident.revision for incident in Incident.objects.order_by("pk")]
    answer = as_responder.post(address("edit", "checkout"), {"name": "  The  Till "}, follow=True)
    assert "Renamed to “the till”." in unescape(answer.content.decode())
    assert [names(incident) for incident in incidents] == [["kafka", "the till"], ["the till"]]
    assert names(hidden) == ["breach", "checkout"]
    assert counted(as_responder) == {"kafka": "1", "the till": "2"}
    assert told(incidents[1])[:2] == [("Tags removed", "checkout", ""), ("Tags added", "", "the till")]
    assert {(change.actor, change.door) for change in list_changes(incidents[1])[:2]} == {(responder, "page")}
    assert len(told(hidden)) == 1
    grown = [incident.revision for incident in Incident.objects.order_by("pk")]
    assert [after - before for before, after in zip(revisions, grown, strict=True)] == [0, 1, 1]


def test_a_name_that_is_seen_is_taken_and_one_that_is_not_is_not(
    as_responder: Client, incidents: list[Incident], hidden: Incident
) -> None:
    here = address("edit", "kafka")
    answer = as_responder.post(here, {"name": "Checkout"})
    assert answer.status_code == 422
    assert "There is already a tag of this name. Merge this one into it instead." in answer.content.decode()
    assert 'value="Checkout"' in answer.content.decode()
    assert as_responder.post(here, {"name": "breach"}).status_code == 302
    assert names(incidents[0]) == ["breach", "checkout"]
    assert counted(as_responder)["breach"] == "1"


@pytest.mark.parametrize("name", ["", "x" * 51, "a, b"])
def test_what_is_no_tag_is_refused(as_responder: Client, incidents: list[Incident], name: str) -> None:
    assert as_responder.post(address("edit", "kafka"), {"name": name}).status_code == 422
    assert "kafka" in names(incidents[0])


def test_one_is_merged_into_another(as_responder: Client, incidents: list[Incident], hidden: Incident) -> None:
    answer = as_responder.post(address("merger", "kafka"), {"into": tag("checkout").pk}, follow=True)
    assert "“kafka” was merged into “checkout”." in unescape(answer.content.decode())
    assert [names(incident) for incident in incidents] == [["checkout"], ["checkout"]]
    # It had both already, so that nothing was added.
    assert told(incidents[0])[0] == ("Tags removed", "kafka", "")
    assert "kafka" not in counted(as_responder)
    # Somebody may be about to use it.
    assert not tag("kafka").incidents.exists()


def test_only_what_is_seen_can_be_merged_into(as_responder: Client, incidents: list[Incident]) -> None:
    here = address("merger", "kafka")
    assert "breach" not in as_responder.get(here).content.decode()
    for key in (tag("breach").pk, tag("kafka").pk, 4711, "x", 10**30, ""):
        assert as_responder.post(here, {"into": key}).status_code == 422
    assert names(incidents[0]) == ["checkout", "kafka"]


def test_one_is_removed(as_responder: Client, incidents: list[Incident], hidden: Incident) -> None:
    answer = as_responder.post(address("removal", "checkout"), follow=True)
    assert "“checkout” was removed from 2 incidents." in unescape(answer.content.decode())
    assert [names(incident) for incident in (*incidents, hidden)] == [["kafka"], [], ["breach", "checkout"]]
    assert told(incidents[1])[0] == ("Tags removed", "checkout", "")
    assert as_responder.get(address("removal", "kafka")).status_code == 405


@pytest.mark.parametrize("page", ["edit", "merger", "removal"])
def test_what_nobody_may_know_of_is_not_there_and_viewers_only_read(
    as_responder: Client, as_viewer: Client, incidents: list[Incident], page: str
) -> None:
    assert as_responder.post(address(page, "breach"), {"name": "x"}).status_code == 404
    assert as_viewer.post(address(page, "kafka"), {"name": "x"}).status_code == 403
    assert names(incidents[0]) == ["checkout", "kafka"]
    assert "/edit/" not in as_viewer.get(HERE).content.decode()
    assert f'href="{address("edit", "kafka")}"' not in as_viewer.get(HERE).content.decode()
    assert f'href="{address("edit", "kafka")}"' in as_responder.get(HERE).content.decode()


def test_the_page_takes_as_many_queries_for_many_as_for_few(
    as_responder: Client, responder: User, django_assert_num_queries: Any
) -> None:
    for count in (3, 120):
        for number in range(count):
            make_tag(make_incident(responder), f"tag {number}")
        with django_assert_num_queries(4):
            as_responder.get(HERE)
        here = address("edit", "tag 0")
        with django_assert_num_queries(4):
            as_responder.get(here)


def test_without_tags_it_says_where_they_come_from(as_viewer: Client) -> None:
    assert "No tags yet." in as_viewer.get(HERE).content.decode()
