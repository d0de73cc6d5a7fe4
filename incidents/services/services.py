"""What users depend on: adding services, and saying who owns them."""

from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import Team
from incidents.errors import IncidentError
from incidents.models import Service
from lib.edits import check_unchanged, values_of


def service_values(service: Service) -> dict[str, Any]:
    """What a form over the service is filled with."""
    return values_of(service, ("name", "description", "team"))


@transaction.atomic
def add_service(*, name: str, description: str = "", team: Team | None = None) -> Service:
    """A new service."""
    _check_name(name, None)
    return Service.objects.create(name=name, description=description, team=team)


@transaction.atomic
def change_service(
    service: Service, *, name: str, description: str, team: Team | None, seen: str | None = None
) -> Service:
    """The service with these facts.

    Raises EditConflict when somebody changed it since it was `seen`.
    """
    service = Service.objects.select_for_update(of=("self",)).select_related("team").get(pk=service.pk)
    check_unchanged(service_values(service), seen)
    _check_name(name, service)
    service.name, service.description, service.team = name, description, team
    service.save(update_fields=["name", "description", "team", "updated_at"])
    return service


def _check_name(name: str, service: Service | None) -> None:
    others = Service.objects.filter(name__iexact=name)
    if (others.exclude(pk=service.pk) if service else others).exists():
        sentence = _("There is already a service with this name; choose another, or use that one.")
        raise IncidentError(sentence, field="name")
