"""Services, and what teams owe: always as far as the reader sees the incidents behind it."""

from typing import Any

from django.db.models import Count, Exists, F, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce

from accounts.models import Team, User
from incidents.models import ActionItem, Incident, IncidentGrant, Service, SeverityLevel, Visibility
from incidents.queries.incidents import CLOSED_ITEMS


def list_services(user: User) -> QuerySet[Service]:
    """The services that can be chosen, with their teams and how many visible incidents are going on in each."""
    ongoing = Incident.objects.visible_to(user).ongoing().filter(services=OuterRef("pk")).order_by()
    counted = Subquery(ongoing.values("services").annotate(count=Count("pk")).values("count"))
    services = list_choosable_services().select_related("team")
    return services.annotate(ongoing_count=Coalesce(counted, 0))


def list_choosable_services() -> QuerySet[Service]:
    """The services that an incident may name from now on."""
    return Service.objects.filter(retired_at=None)


def list_retired_services(user: User) -> QuerySet[Service]:
    """The services that are retired and still on an incident that this person sees, by name.

    The others were removed, as far as this person can know: what they do not see may name them still.
    """
    seen = Incident.objects.visible_to(user).filter(services=OuterRef("pk")).order_by()
    return Service.objects.exclude(retired_at=None).filter(Exists(seen))


def teams_in_use(user: User) -> Q:
    """The teams that something of incidents names: services, and, as far as this person sees them, incidents."""
    seen = Incident.objects.visible_to(user).order_by().values("pk")
    owing = ActionItem.objects.filter(incident__in=seen).exclude(owner_team=None).values("owner_team")
    named = IncidentGrant.objects.filter(incident__in=seen, incident__visibility=Visibility.RESTRICTED)
    owning = Service.objects.exclude(team=None).values("team")
    return Q(pk__in=owning) | Q(pk__in=owing) | Q(pk__in=named.exclude(team=None).values("team"))


def list_incidents_of(service: Service, user: User) -> QuerySet[Incident]:
    """The service's incidents that this person sees, newest first."""
    incidents = Incident.objects.visible_to(user).filter(services=service)
    return incidents.select_related("severity").order_by("-number")


def list_open_items(user: User, wanted: Q, among: QuerySet[Any, Any] | None = None) -> QuerySet[ActionItem]:
    """Action items that are still owed, of incidents this person sees, those due first at the top.

    With `among`, of these incidents alone, given as their keys.
    """
    seen = Incident.objects.visible_to(user).order_by().values("pk")
    if among is not None:
        seen = seen.filter(pk__in=among)
    items = ActionItem.objects.filter(wanted, incident__in=seen).exclude(status__in=CLOSED_ITEMS)
    return items.select_related("incident", "owner_person", "owner_team").order_by(
        F("due_date").asc(nulls_last=True), "number"
    )


def list_service_items(service: Service, user: User) -> QuerySet[ActionItem]:
    """What is still owed because of the service's incidents."""
    return list_open_items(user, Q(incident__in=service.incidents.values("pk")))


def list_team_items(team: Team, user: User) -> QuerySet[ActionItem]:
    """What the team still owes."""
    return list_open_items(user, Q(owner_team=team))


def list_services_of(team: Team) -> QuerySet[Service]:
    """The services that the team owns."""
    return Service.objects.filter(team=team, retired_at=None)


def list_severities() -> QuerySet[SeverityLevel]:
    """The five levels, the worst first, with the templates that their post-mortems begin from."""
    return SeverityLevel.objects.select_related("postmortem_template").order_by("level")
