"""Incidents that are like one. PostgreSQL runs the same tests: test_search_postgresql.py."""

from typing import Any

import pytest

from accounts.models import User
from incidents.models import ActionItem, Incident, RootCause, Tag
from incidents.queries.similar import list_similar
from tests.factories import make_incident, make_service, make_user


@pytest.fixture
def user(db: None) -> User:
    return make_user("reader")


@pytest.fixture
def incident(user: User) -> Incident:
    for n in range(12):
        make_incident(user, f"Checkout is slow {n}")
    return make_incident(user, "Turbopump of the checkout stopped")


def references(user: User, incident: Incident) -> list[int]:
    return [one.incident.number for one in list_similar(user, incident)]


def test_rare_words_weigh_more_than_common_ones(user: User, incident: Incident) -> None:
    rare = make_incident(user, "The turbopump again")
    assert references(user, incident)[0] == rare.number


def test_it_says_why(user: User, incident: Incident) -> None:
    other = make_incident(user, "The Turbopump again")
    for one in (incident, other):
        one.services.add(make_service("engine"))
        one.tags.add(Tag.objects.get_or_create(name="cold")[0])
        RootCause.objects.create(incident=one, statement="Ice", category="hardware")
    found = list_similar(user, incident)[0]
    assert (found.words, found.services, found.tags, found.categories) == (
        *(["turbopump"], ["engine"], ["cold"], ["Hardware"]),
    )


def test_services_and_tags_alone_make_incidents_alike(user: User) -> None:
    incident, other = make_incident(user, "Nobody answers"), make_incident(user, "Something else")
    for one in (incident, other):
        one.services.add(make_service("engine"))
        one.tags.add(Tag.objects.get_or_create(name="cold")[0])
    assert references(user, incident) == [other.number]


@pytest.mark.parametrize("shared", ["services", "tags"])
def test_one_service_or_tag_is_reason_enough_where_there_is_little_else(user: User, shared: str) -> None:
    common = make_service("engine") if shared == "services" else Tag.objects.create(name="cold")
    others = [make_incident(user, f"Something {n}") for n in range(8)]
    rare, incident = make_incident(user, "Turbopump"), make_incident(user, "The turbopump again")
    for one in (incident, *others):
        getattr(one, shared).add(common)
    assert references(user, incident) == [rare.number, *(one.number for one in others[:-5:-1])]


def test_words_that_tell_little_do_not_crowd_out_a_shared_service(user: User) -> None:
    other = make_incident(user, "Something else")
    for n in range(120):
        make_incident(user, f"Slow {n}")
    incident = make_incident(user, "Slow")
    for one in (incident, other):
        one.services.add(make_service("engine"))
    assert other.number in references(user, incident)


def test_thai_is_compared_in_pieces(user: User, incident: Incident) -> None:
    first, second = make_incident(user, "ฐานข้อมูลล่มเพราะดิสก์เต็ม"), make_incident(user, "พบว่าฐานข้อมูลล่มอีกครั้ง")
    found = list_similar(user, second)
    assert [one.incident for one in found] == [first]
    assert found[0].words == ["ฐานข้อมูลล่ม"]


def test_what_is_still_owed_is_shown_and_what_is_done_is_not(user: User, incident: Incident) -> None:
    other = make_incident(user, "The turbopump again")
    owed = ActionItem.objects.create(incident=other, title="Buy another", status="blocked")
    for status in ("done", "not_doing"):
        ActionItem.objects.create(incident=other, title="Over", status=status, reason="It was.")
    assert list_similar(user, incident)[0].open_items == [owed]


def test_restricted_incidents_are_like_none_for_outsiders(user: User, incident: Incident) -> None:
    hidden = make_incident(user, "The turbopump again")
    Incident.objects.filter(pk=hidden.pk).update(visibility="restricted")
    assert hidden.number not in references(user, incident)


def test_duplicates_and_the_incident_itself_are_left_out(user: User, incident: Incident) -> None:
    Incident.objects.filter(pk=make_incident(user, "The turbopump again").pk).update(duplicate_of=incident)
    assert all("urbopump" not in one.incident.title for one in list_similar(user, incident))


def test_as_many_queries_for_many_as_for_few(user: User, incident: Incident, django_assert_num_queries: Any) -> None:
    for count in (1, 30):
        for _ in range(count):
            other = make_incident(user, "The turbopump again")
            ActionItem.objects.create(incident=other, title="Buy another", owner_person=user)
        with django_assert_num_queries(10):
            list_similar(user, incident)
