"""Drills of an incident: to just before its impact, with what that would have lost."""

from datetime import timedelta

import pytest
from django.utils import timezone

from accounts.models import User
from incidents.models import Incident
from recovery.errors import RecoveryError
from recovery.models import Replica, RestoreTest
from recovery.services.drill_reports import describe_drill
from recovery.services.drills import moment_before, queue_drill
from recovery.services.restore_runs import run_restore_test
from tests.factories import NOW, make_database, make_incident, make_replica, make_restore_test, make_user
from tests.faults.backup import Backup
from tests.recovery.runs import header_of, run


@pytest.fixture
def actor(db: None) -> User:
    return make_user("commander")


def incident_at(actor: User, **milestones: object) -> Incident:
    incident = make_incident(actor)
    incident.declared_at = timezone.now()
    for name, instant in milestones.items():
        setattr(incident, name, instant)
    incident.save()
    return incident


def test_a_drill_goes_back_to_the_earliest_moment_that_is_known(actor: User) -> None:
    declared, detected, began = NOW, NOW - timedelta(minutes=3), NOW - timedelta(minutes=20)
    assert moment_before(incident_at(actor, declared_at=declared)) == declared
    assert moment_before(incident_at(actor, declared_at=declared, detected_at=detected)) == detected
    assert moment_before(incident_at(actor, detected_at=detected, impact_started_at=began)) == began


def run_drill(replica: Replica, incident: Incident, actor: User) -> RestoreTest:
    waiting = queue_drill(replica, incident=incident, actor=actor, now=timezone.now())
    test = run_restore_test(waiting.number, now=timezone.now())
    assert test is not None
    return test


def test_a_drill_restores_to_just_before_and_counts_what_came_after(
    replica: Replica, backup: Backup, actor: User
) -> None:
    second = header_of(backup.files()[1])
    incident = incident_at(actor, impact_started_at=header_of(backup.files()[2]).at)
    backup.write(7)
    before = backup.digest()
    test = run_drill(replica, incident, actor)
    assert (test.status, test.trigger, test.incident) == ("passed", "incident", incident)
    assert (test.restored_to, test.tables) == (second.at, {"users": 300})
    assert test.loss["compared_with"] == "source"
    assert test.loss["tables"] == {"users": {"restored": 300, "compared": 607}}
    assert "would have lost 307 rows" in describe_drill(test)
    assert backup.digest() == before
    texts = [event.text for event in incident.events.filter(source="system").order_by("pk")]
    assert texts[-2].startswith(f"{test.reference}: drill asked for, restoring shop/local to just before")
    assert texts[-1] == describe_drill(test)


def test_without_its_source_a_drill_is_compared_with_the_last_passing_test(
    replica: Replica, backup: Backup, actor: User
) -> None:
    latest = run(replica)
    incident = incident_at(actor, impact_started_at=header_of(backup.files()[2]).at)
    backup.source.unlink()
    test = run_drill(replica, incident, actor)
    assert test.loss["compared_with"] == latest.reference
    assert "would have lost 300 rows" in describe_drill(test)


def test_a_drill_to_before_all_backups_says_so_on_the_timeline(replica: Replica, backup: Backup, actor: User) -> None:
    incident = incident_at(actor, impact_started_at=header_of(backup.files()[0]).at - timedelta(seconds=5))
    test = run_drill(replica, incident, actor)
    assert (test.status, test.loss) == ("failed", {})
    assert "nothing from before" in incident.events.order_by("-pk")[0].text


def test_one_row_is_one_row(actor: User) -> None:
    loss = {"since": "", "compared_with": "source", "tables": {"users": {"restored": 2, "compared": 3}}}
    assert "would have lost 1 row written since." in describe_drill(make_restore_test(loss=loss))
    gone = {**loss, "tables": {"users": {"restored": 5, "compared": 3}}}
    other = make_replica(make_database("other"))
    assert "would have lost 0 rows" in describe_drill(make_restore_test(other, loss=gone))
    third = make_replica(make_database("third"))
    assert "is not known" in describe_drill(make_restore_test(third))


def test_a_standby_has_no_moments(actor: User) -> None:
    database = make_database(kind="postgresql", path="", dsn="host=db user=debrief dbname=shop")
    standby = make_replica(database, "host=db2 user=debrief dbname=shop", method="postgresql_streaming")
    with pytest.raises(RecoveryError, match="only its latest state"):
        queue_drill(standby, incident=make_incident(actor), actor=actor, now=NOW)
    assert not RestoreTest.objects.exists()
