"""Who may see a restricted incident."""

from django.conf import settings
from django.db import models
from django.db.models import Q

from accounts.models import Team
from incidents.models.incident import Incident
from incidents.models.stamps import Stamped


class IncidentGrant(Stamped):
    """One person or one team that sees a restricted incident. It says nothing while the incident is open to all."""

    incident = models.ForeignKey(Incident, models.CASCADE, related_name="grants")
    person = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, null=True, blank=True, related_name="+")
    team = models.ForeignKey(Team, models.CASCADE, null=True, blank=True, related_name="+")
    # None: the system, or somebody at the command line.
    granted_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+")

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.CheckConstraint(
                name="incident_grant_is_for_a_person_or_a_team",
                condition=Q(person=None, team__isnull=False) | Q(person__isnull=False, team=None),
            ),
            models.UniqueConstraint(name="incident_grant_names_a_person_once", fields=["incident", "person"]),
            models.UniqueConstraint(name="incident_grant_names_a_team_once", fields=["incident", "team"]),
        ]

    def __str__(self) -> str:
        return f"{self.incident.reference}: {self.person or self.team}"


def who_sees(incident: Incident) -> Q:
    """A condition on people: those who can see the incident, as `IncidentQuerySet.visible_to` has it the other way."""
    if not incident.is_restricted:
        return Q()
    grants = IncidentGrant.objects.filter(incident=incident).order_by()
    named = Q(pk__in=grants.filter(person__isnull=False).values("person"))
    return named | Q(pk__in=grants.filter(team__isnull=False).values("team__members"))
