"""The index of the database in use: whatever changes a text changes the index."""

from collections.abc import Callable

import pytest
from django.db import connection, transaction

from accounts.models import User
from incidents.models import ActionItem, Incident, TimelineEvent
from incidents.queries.search import search
from incidents.search.index import engine
from tests.factories import NOW, make_event, make_incident, make_user


@pytest.fixture
def user(db: None) -> User:
    return make_user("reader")


def found(user: User, word: str) -> int:
    return search(user, word).count


def faults() -> list[str]:
    return list(engine().find_faults(connection))


def execute(statement: str) -> None:
    connection.cursor().execute(statement)


@pytest.mark.parametrize(
    "change",
    [
        lambda event: TimelineEvent.objects.filter(pk=event.pk).update(text="valve"),
        lambda _event: execute("UPDATE incidents_timelineevent SET text = 'valve' WHERE text = 'turbopump'"),
        lambda _one: execute("UPDATE incidents_timelineevent SET id = id + 9, text = 'valve' WHERE text LIKE 'turbo%'"),
        lambda event: TimelineEvent.objects.bulk_update([_with_text(event, "valve")], ["text"]),
    ],
    ids=["update", "sql", "another key", "bulk_update"],
)
def test_a_changed_text_is_found_by_its_new_words_alone(user: User, change: Callable[[TimelineEvent], object]) -> None:
    event = make_event(make_incident(user), "turbopump")
    change(event)
    assert (found(user, "turbopump"), found(user, "valve")) == (0, 1)
    assert faults() == []


def _with_text(event: TimelineEvent, text: str) -> TimelineEvent:
    event.text = text
    return event


def test_what_is_deleted_is_no_longer_indexed(user: User) -> None:
    incident = make_incident(user, "turbopump")
    make_event(incident, "turbopump")
    execute("DELETE FROM incidents_timelineevent")
    ActionItem.objects.create(incident=incident, title="turbopump").delete()
    assert found(user, "turbopump") == 1
    assert faults() == []


def test_rows_added_in_bulk_are_indexed(user: User) -> None:
    Incident.objects.bulk_create(
        Incident(title=f"turbopump {n}", severity_id=3, declared_by=user, declared_at=NOW) for n in range(3)
    )
    assert found(user, "turbopump") == 3


def test_what_is_taken_back_is_not_indexed(user: User) -> None:
    with transaction.atomic():
        make_incident(user, "turbopump")
        transaction.set_rollback(True)
    assert found(user, "turbopump") == 0
    assert faults() == []


def test_long_texts_in_every_letter_are_indexed(user: User) -> None:
    make_event(make_incident(user), "ฐานข้อมูล é Ł \u0301 x" * 5_000 + " turbopump")
    assert found(user, "turbopump") == 1
    assert found(user, '"ฐานข้อมูล e l"') == 1


def test_taken_away_and_made_again_it_holds_what_is_there(user: User) -> None:
    make_incident(user, "turbopump")
    # PostgreSQL alters no table with checks that are yet to come.
    connection.check_constraints()
    engine().remove(connection)
    assert not engine().is_installed(connection)
    engine().install(connection)
    assert (found(user, "turbopump"), faults()) == (1, [])
