"""What the result of a restore test tells people."""

from datetime import timedelta
from typing import Any

import pytest

from notifications.models import Notification
from recovery.models import Alarm, Replica
from recovery.services.alarms import database_subject, open_alarm
from recovery.services.results import report_result, summarize
from tests.factories import NOW, make_database, make_replica, make_restore_test

pytestmark = pytest.mark.django_db
EARLIER = NOW - timedelta(hours=3)
DAMAGED = [{"name": "integrity", "passed": False, "message": "The restored database is damaged."}]


@pytest.fixture
def replica(db: None) -> Replica:
    return make_replica()


def report(replica: Replica, status: str, **facts: Any) -> None:
    checks = {} if status == "passed" else {"checks": DAMAGED}
    report_result(make_restore_test(replica, status, **{**checks, **facts}), now=NOW)


def told() -> list[str]:
    return list(Notification.objects.order_by("pk").values_list("level", flat=True))


def test_a_failure_is_told_once_and_so_is_the_next_pass(replica: Replica) -> None:
    for status in ("failed", "failed", "timed_out", "passed", "passed"):
        report(replica, status)
    assert told() == ["critical", "recovered", "news"]
    assert Alarm.objects.get().closed_at == NOW


@pytest.mark.parametrize("status", ["failed", "timed_out"])
def test_what_failed_is_said_with_its_reasons(replica: Replica, status: str) -> None:
    report(replica, status)
    found = Notification.objects.get()
    assert (found.level, found.title) == ("critical", "A restore test failed: shop/local")
    assert found.text.endswith("did not pass. The restored database is damaged.")


def test_a_pass_is_news_with_what_was_measured(replica: Replica) -> None:
    report(replica, "passed")
    found = Notification.objects.get()
    assert (found.level, found.title) == ("news", "Recovery test passed: shop/local")
    assert found.text.endswith("passed: 150,000 rows, integrity ok, RTO 8.5 s, RPO 400 ms.")
    assert found.path.startswith("/recovery/tests/")


def test_what_is_unknown_is_called_so(replica: Replica) -> None:
    test = make_restore_test(replica, rpo_seconds=None, rto_seconds=None, integrity="")
    assert summarize(test) == "150,000 rows, integrity unknown, RTO unknown, RPO unknown."


def test_an_inconclusive_test_neither_begins_nor_ends_anything(replica: Replica) -> None:
    report(replica, "inconclusive")
    assert told() == []
    report(replica, "failed")
    report(replica, "inconclusive")
    assert told() == ["critical"]


def test_each_replica_has_its_own_trouble(replica: Replica) -> None:
    report(replica, "failed")
    report(make_replica(replica.database, name="other"), "passed")
    assert told() == ["critical", "news"]
    assert Alarm.objects.filter(closed_at=None).count() == 1


def test_a_pass_ends_a_lapse_at_once(replica: Replica) -> None:
    subject = database_subject(replica.database)
    open_alarm(
        Alarm.Kind.LAPSED, database=replica.database, replica=None, subject=subject, reason="Long ago.", now=EARLIER
    )
    report(replica, "passed")
    assert told() == ["critical", "recovered"]


def test_points_in_time_have_a_trouble_of_their_own(replica: Replica) -> None:
    report(replica, "failed", trigger="schedule", target_at=EARLIER)
    report(replica, "passed")
    assert told() == ["critical", "news"]
    assert Alarm.objects.get().closed_at is None


def test_a_point_that_passes_says_nothing_about_one_of_its_run_that_failed(replica: Replica) -> None:
    facts = {"trigger": "schedule", "target_at": EARLIER}
    for status in ("failed", "passed", "passed"):
        report(replica, status, requested_at=EARLIER, **facts)
    assert told() == ["critical"]
    report(replica, "passed", requested_at=NOW, **facts)
    assert told() == ["critical", "recovered"]


def test_points_are_over_when_the_last_one_of_a_run_has_passed(replica: Replica) -> None:
    facts = {"trigger": "schedule", "target_at": EARLIER}
    report(replica, "failed", requested_at=EARLIER, **facts)
    waiting = make_restore_test(replica, "pending", requested_at=NOW, **facts)
    report(replica, "passed", requested_at=NOW, **facts)
    assert told() == ["critical"]
    waiting.delete()
    report(replica, "passed", requested_at=NOW, **facts)
    assert told() == ["critical", "recovered"]


@pytest.mark.parametrize("trigger", ["person", "incident", "command", "api"])
@pytest.mark.parametrize("status", ["failed", "passed"])
def test_points_that_somebody_asked_for_tell_nobody_else(replica: Replica, trigger: str, status: str) -> None:
    report(replica, status, trigger=trigger, target_at=EARLIER)
    assert told() == []


@pytest.mark.parametrize("status", ["failed", "passed"])
def test_demonstration_data_tells_nobody(status: str) -> None:
    report(make_replica(make_database(is_demonstration=True)), status)
    assert told() == []


@pytest.mark.parametrize(("age", "is_over"), [(timedelta(days=1), True), (timedelta(days=30), False)])
def test_a_pass_that_an_agent_kept_for_long_is_no_recent_proof(replica: Replica, age: timedelta, is_over: bool) -> None:
    about = {"database": replica.database, "replica": None, "reason": "It is old.", "now": EARLIER}
    alarm = open_alarm(Alarm.Kind.LAPSED, subject=database_subject(replica.database), **about)
    report(replica, "passed", finished_at=NOW - age)
    alarm.refresh_from_db()
    assert (alarm.closed_at is not None) == is_over
