"""What speaks for an incident, and what a test speaks for."""

from datetime import datetime

from django.db.models import QuerySet

from accounts.models import User
from incidents.models import Incident
from recovery.models import Evidence, RestoreTest
from recovery.queries.history import HISTORY


def list_evidence(incident: Incident) -> QuerySet[Evidence]:
    """What is attached to an incident, withdrawn evidence left out."""
    return (
        Evidence.objects.filter(incident=incident, withdrawn_at=None)
        .select_related("restore_test__replica__database", "restore_test__record", "attached_by")
        .order_by("attached_at", "pk")
    )


def list_attachable_tests(incident: Incident, user: User) -> QuerySet[RestoreTest]:
    """The newest finished tests that this person may know of and that are not attached to this incident."""
    shown = Evidence.objects.filter(incident=incident, withdrawn_at=None)
    # Files and links name no test, and nothing is outside of a list that holds NULL.
    attached = shown.filter(restore_test__isnull=False).values("restore_test")
    visible = RestoreTest.objects.visible_to(user)
    finished = visible.filter(finished_at__isnull=False, replica__database__is_demonstration=False)
    tests = finished.exclude(pk__in=attached)
    return tests.select_related("replica__database").order_by("-number")[:HISTORY]


def list_incidents_without(test: RestoreTest, user: User) -> QuerySet[Incident]:
    """The newest incidents that this person sees and that this test is not attached to.

    None for a test made up for the demonstration.
    """
    if test.replica.database.is_demonstration:
        return Incident.objects.none()
    attached = Evidence.objects.filter(restore_test=test, withdrawn_at=None).values("incident")
    return Incident.objects.visible_to(user).exclude(pk__in=attached).order_by("-number")[:200]


def list_evidence_of(test: RestoreTest, user: User) -> QuerySet[Evidence]:
    """The incidents a test speaks for, those that this person sees."""
    visible = Incident.objects.visible_to(user)
    attached = Evidence.objects.filter(restore_test=test, withdrawn_at=None, incident__in=visible)
    return attached.select_related("incident", "attached_by")


def has_passing_test(incident: Incident) -> bool:
    """Whether a restore test that passed is attached to this incident; withdrawn evidence does not count."""
    shown = Evidence.objects.filter(incident=incident, withdrawn_at=None)
    return shown.filter(restore_test__status=RestoreTest.Status.PASSED).exists()


def newest_evidence_change(incident: Incident) -> datetime | None:
    """When evidence of this incident was last attached or withdrawn."""
    instants = Evidence.objects.filter(incident=incident).values_list("attached_at", "withdrawn_at")
    return max((instant for pair in instants for instant in pair if instant), default=None)
