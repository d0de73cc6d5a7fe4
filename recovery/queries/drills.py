"""Drills of incidents."""

from django.db.models import QuerySet

from incidents.models import Incident
from recovery.models import Replica, RestoreTest


def list_drills(incident: Incident) -> QuerySet[RestoreTest]:
    """The drills asked for from this incident, the newest first."""
    drills = RestoreTest.objects.filter(incident=incident, trigger=RestoreTest.Trigger.INCIDENT)
    return drills.select_related("replica__database").order_by("-number")


def list_drillable_replicas() -> QuerySet[Replica]:
    """The replicas that Debrief reaches, that are ready and that can go back to a moment."""
    ready = Replica.objects.reached().filter(status=Replica.Status.READY)
    ready = ready.exclude(method=Replica.Method.POSTGRESQL_STREAMING)
    return ready.select_related("database").order_by("database__name", "name")
