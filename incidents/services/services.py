"""What users depend on: adding services, and saying who owns them."""

from datetime import datetime
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
    """A new service; one that was retired or removed under this name comes back."""
    retired = Service.objects.select_for_update(of=("self",)).filter(name__iexact=name).exclude(retired_at=None).first()
    if retired is None:
        _check_name(name, None)
    service = retired or Service()
    service.name, service.description, service.team, service.retired_at = name, description, team, None
    service.save()
    return service


@transaction.atomic
def retire_service(service: Service, *, now: datetime | None) -> Service:
    """The service can be chosen no more since `now`, and stays where it is named; None: it can be chosen again.

    Also what nothing refers to is kept: deleting it would tell that nothing does, which a restricted incident may.
    """
    service = Service.objects.select_for_update(of=("self",)).get(pk=service.pk)
    service.retired_at = now and (service.retired_at or now)
    service.save(update_fields=["retired_at", "updated_at"])
    return service


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
    other = (others.exclude(pk=service.pk) if service else others).first()
    if other is None:
        return
    sentence = _("There is already a service with this name; choose another, or use that one.")
    if other.retired_at:
        sentence = _("A service with this name was retired or removed; choose another, or add that one again.")
    raise IncidentError(sentence, field="name")
