"""One trouble is told of twice: when it begins and when it is over."""

from datetime import timedelta

import pytest
from django.db import transaction

from notifications.channels.message import Message
from notifications.models import Notification
from recovery.models import Alarm, Replica
from recovery.services.alarms import (
    close_alarm,
    database_subject,
    dedup_key,
    disk_subject,
    list_open_subjects,
    open_alarm,
    points_subject,
    replica_subject,
)
from tests.factories import NOW, make_database, make_replica

pytestmark = pytest.mark.django_db
Kind = Alarm.Kind


def opened(replica: Replica, reason: str = "It is far behind.", kind: Kind = Kind.LAGGING) -> Alarm:
    return open_alarm(
        kind,
        database=replica.database,
        replica=replica,
        subject=replica_subject(replica),
        reason=reason,
        now=NOW,
    )


def closed(replica: Replica, kind: Kind = Kind.LAGGING) -> bool:
    return close_alarm(kind, subject=replica_subject(replica), reason="It is back.", now=NOW + timedelta(hours=1))


def told() -> list[tuple[str, str, str]]:
    return list(Notification.objects.order_by("pk").values_list("level", "title", "text"))


def test_the_beginning_and_the_end_are_told_once() -> None:
    replica = make_replica()
    for _ in range(5):
        opened(replica)
    assert [closed(replica), closed(replica)] == [True, False]
    assert told() == [
        ("warning", "The replica is behind, or nobody can tell: shop/local", "It is far behind."),
        ("recovered", "shop/local: the replica is up to date again", "It is back."),
    ]
    alarm = Alarm.objects.get()
    assert (alarm.opened_at, alarm.closed_at) == (NOW, NOW + timedelta(hours=1))
    assert {one.dedup_key for one in Notification.objects.all()} == {dedup_key(alarm)}
    assert {one.path for one in Notification.objects.all()} == {replica.database.get_absolute_url()}


@pytest.mark.parametrize(
    ("kind", "headline"),
    [
        (Kind.FAILED, "Recovered: shop/local: restore tests pass again"),
        (Kind.LAPSED, "Recovered: shop/local: proven restorable again"),
        (Kind.LAGGING, "Recovered: shop/local: the replica is up to date again"),
    ],
)
def test_every_channel_says_the_end_in_words_that_go_with_its_level(kind: Kind, headline: str) -> None:
    replica = make_replica()
    opened(replica, kind=kind)
    closed(replica, kind=kind)
    assert Message.of(Notification.objects.get(level="recovered")).headline == headline


def test_the_same_trouble_a_second_time_is_a_new_alarm_under_the_same_key() -> None:
    replica = make_replica()
    opened(replica)
    closed(replica)
    opened(replica)
    assert [level for level, *_rest in told()] == ["warning", "recovered", "warning"]
    assert Alarm.objects.count() == 2
    assert len({one.dedup_key for one in Notification.objects.all()}) == 1


def test_what_ends_nothing_tells_nothing() -> None:
    assert not closed(make_replica())
    assert told() == []


def test_a_new_reason_is_kept_and_not_told() -> None:
    replica = make_replica()
    opened(replica)
    opened(replica, "It is further behind.")
    assert [alarm.reason for alarm in Alarm.objects.all()] == ["It is further behind."]
    assert len(told()) == 1


def test_troubles_of_other_kinds_and_replicas_are_others() -> None:
    one = make_replica()
    other = make_replica(one.database, name="other")
    opened(one)
    opened(other)
    opened(one, kind=Kind.FAILED)
    assert closed(one)
    assert list_open_subjects(Kind.LAGGING) == {replica_subject(other)}
    assert [level for level, *_rest in told()] == ["warning", "warning", "critical", "recovered"]


def test_neither_the_alarm_nor_the_news_outlives_a_change_that_is_taken_back() -> None:
    replica = make_replica()

    @transaction.atomic
    def change() -> None:
        opened(replica)
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        change()
    assert (told(), Alarm.objects.count()) == ([], 0)


def test_keys_outlast_a_new_name_and_fit_every_channel() -> None:
    replica = make_replica()
    subjects = [
        replica_subject(replica),
        points_subject(replica),
        database_subject(replica.database),
        disk_subject("/"),
        disk_subject("/mnt/" + "ก" * 300),
        disk_subject("/mnt/" + "ก" * 301),
    ]
    keys = [dedup_key(Alarm(kind=Kind.DISK, subject=subject)) for subject in subjects]
    assert len(set(keys)) == len(subjects)
    assert all(len(key.encode()) <= 200 for key in keys)
    replica.name = replica.database.name = "renamed"
    assert replica_subject(replica) == subjects[0]


def test_a_disk_is_called_by_where_it_is() -> None:
    open_alarm(
        Kind.DISK,
        database=make_database(),
        replica=None,
        subject=disk_subject("/data"),
        reason="Full.",
        now=NOW,
    )
    assert told() == [("warning", "The disk is nearly full: /data", "Full.")]
