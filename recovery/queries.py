"""What pages read, each in a fixed number of queries."""

from datetime import datetime

from django.db.models import OuterRef, Prefetch, QuerySet, Subquery

from incidents.models import Incident
from recovery.models import Database, Evidence, Replica, RestoreTest

HISTORY = 50


def list_databases() -> QuerySet[Database]:
    """All databases with their replicas, each replica with its newest finished test as `latest_tests`."""
    newest = (
        RestoreTest.objects.filter(replica=OuterRef("replica"), finished_at__isnull=False)
        .order_by("-number")
        .values("number")[:1]
    )
    tests = RestoreTest.objects.filter(number=Subquery(newest))
    replicas = Replica.objects.prefetch_related(Prefetch("restore_tests", tests, to_attr="latest_tests"))
    return Database.objects.select_related("team").prefetch_related(Prefetch("replicas", replicas)).order_by("name")


def list_restore_tests(database: Database) -> QuerySet[RestoreTest]:
    """The newest tests of all replicas of a database."""
    tests = RestoreTest.objects.filter(replica__database=database).select_related("replica", "requested_by")
    return tests.order_by("-number")[:HISTORY]


def list_evidence(incident: Incident) -> QuerySet[Evidence]:
    """What is attached to an incident, withdrawn evidence left out."""
    return (
        Evidence.objects.filter(incident=incident, withdrawn_at=None)
        .select_related("restore_test__replica__database", "attached_by")
        .order_by("attached_at", "pk")
    )


def list_attachable_tests(incident: Incident) -> QuerySet[RestoreTest]:
    """The newest finished tests that are not attached to this incident."""
    attached = Evidence.objects.filter(incident=incident, withdrawn_at=None).values("restore_test")
    tests = RestoreTest.objects.filter(finished_at__isnull=False).exclude(pk__in=attached)
    return tests.select_related("replica__database").order_by("-number")[:HISTORY]


def list_incidents_without(test: RestoreTest) -> QuerySet[Incident]:
    """The newest incidents that this test is not attached to."""
    attached = Evidence.objects.filter(restore_test=test, withdrawn_at=None).values("incident")
    return Incident.objects.exclude(pk__in=attached).order_by("-number")[:200]


def list_evidence_of(test: RestoreTest) -> QuerySet[Evidence]:
    """The incidents a test speaks for."""
    return Evidence.objects.filter(restore_test=test, withdrawn_at=None).select_related("incident", "attached_by")


def previous_passed(test: RestoreTest) -> RestoreTest | None:
    """The last test of the same replica's latest state that passed before this one.

    A restore to a point in time is none: its older data would say nothing about what must be there now.
    """
    return RestoreTest.objects.filter(
        replica_id=test.replica_id, status=RestoreTest.Status.PASSED, number__lt=test.number, target_at=None
    ).first()


def newest_evidence_change(incident: Incident) -> datetime | None:
    """When evidence of this incident was last attached or withdrawn."""
    instants = Evidence.objects.filter(incident=incident).values_list("attached_at", "withdrawn_at")
    return max((instant for pair in instants for instant in pair if instant), default=None)
