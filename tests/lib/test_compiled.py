"""Queries that are compiled once."""

from typing import Any

import pytest

from incidents.models import Incident, TimelineEvent
from lib.compiled import CompiledRecords
from tests.factories import make_event, make_incident, make_user

pytestmark = pytest.mark.django_db
ANY_NUMBER = -102


def test_records_are_what_the_query_gives_with_other_values_each_time(django_assert_num_queries: Any) -> None:
    author = make_user("author")
    first, second = make_incident(author, "First"), make_incident(author, "Second")
    for incident in (first, second):
        make_event(incident, f"Of {incident.title}", author=author)
    events = CompiledRecords[TimelineEvent](
        lambda: TimelineEvent.objects.filter(incident=ANY_NUMBER).select_related("author", "incident__severity")
    )
    for incident in (first, second, first):
        expected = list(TimelineEvent.objects.filter(incident=incident))
        with django_assert_num_queries(1):
            found = events.fetch({ANY_NUMBER: incident.pk})
            assert [str(event.author) for event in found] == ["author"] * len(expected)
            assert {event.incident.severity.level for event in found} == {3}
        assert [vars(event) | {"_state": None} for event in _bare(found)] == [
            vars(event) | {"_state": None} for event in expected
        ]


def test_records_can_be_saved() -> None:
    incident = make_incident()
    found = CompiledRecords[Incident](lambda: Incident.objects.filter(pk=ANY_NUMBER)).fetch({ANY_NUMBER: incident.pk})[
        0
    ]
    found.title = "Another"
    found.save(update_fields=["title"])
    assert Incident.objects.get().title == "Another"


def test_nothing_is_found_where_nothing_is() -> None:
    assert CompiledRecords[Incident](lambda: Incident.objects.filter(pk=ANY_NUMBER)).fetch({ANY_NUMBER: 1}) == []


def _bare(events: list[TimelineEvent]) -> list[TimelineEvent]:
    for event in events:
        event._state.fields_cache.clear()
    return events
