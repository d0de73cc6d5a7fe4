"""The only place that turns user input into records of this app: unknown is 404, read-only is 403."""

from django.shortcuts import get_object_or_404

from accounts.access import check_administrator, check_writer
from accounts.models import User
from incidents.access import get_editable_incident, get_visible_incident
from recovery.models import Check, Database, Evidence, Replica, RestoreTest, TestRecord


def get_visible_database(user: User, name: str) -> Database:  # noqa: ARG001  # restricted databases will ask
    """The database for reading."""
    return get_object_or_404(Database.objects.select_related("team"), name=name)


def get_administered_database(user: User, name: str) -> Database:
    """The database for changing what is protected."""
    database = get_visible_database(user, name)
    check_administrator(user)
    return database


def get_testable_replica(user: User, name: str, replica: str) -> Replica:
    """A replica that this person may restore-test."""
    database = get_visible_database(user, name)
    check_writer(user)
    return get_object_or_404(Replica.objects.select_related("database"), database=database, name=replica)


def get_visible_replica(user: User, name: str, replica: str) -> Replica:
    """A replica for reading."""
    return get_object_or_404(Replica, database=get_visible_database(user, name), name=replica)


def get_administered_replica(user: User, name: str, replica: str) -> Replica:
    """A replica for changing where it is, or for making it again."""
    return get_object_or_404(Replica, database=get_administered_database(user, name), name=replica)


def get_visible_test(user: User, number: int) -> RestoreTest:
    """The restore test for reading; the drill of an incident that this person does not see is not there."""
    tests = RestoreTest.objects.visible_to(user)
    tests = tests.select_related("replica__database", "replica__accepted_by", "requested_by", "incident")
    return get_object_or_404(tests, number=number)


def get_visible_record(user: User, number: int) -> TestRecord:
    """The signed record of a restore test for taking it away."""
    records = TestRecord.objects.select_related("restore_test")
    return get_object_or_404(records, restore_test=get_visible_test(user, number))


def get_attachable_test(user: User, number: int) -> RestoreTest:
    """The restore test for attaching it to an incident."""
    test = get_visible_test(user, number)
    check_writer(user)
    return test


def get_editable_evidence(user: User, pk: int) -> Evidence:
    """Evidence for withdrawing it, or taking that back."""
    evidence = get_object_or_404(Evidence.objects.select_related("incident", "restore_test"), pk=pk)
    get_editable_incident(user, evidence.incident_id)
    return evidence


def get_visible_file(user: User, pk: int) -> Evidence:
    """A file that is evidence of an incident, for reading; one that was withdrawn shows no more."""
    files = Evidence.objects.filter(kind=Evidence.Kind.FILE, withdrawn_at=None).select_related("incident")
    evidence = get_object_or_404(files, pk=pk)
    get_visible_incident(user, evidence.incident.number)
    return evidence


def get_administered_check(user: User, pk: int) -> Check:
    """A check for changing it, or for switching it on or off."""
    check_administrator(user)
    return get_object_or_404(Check.objects.select_related("database"), pk=pk)
