"""Where else something is said of an incident."""

from typing import Any

from django.db import transaction

from incidents.models import Incident, IncidentLink
from incidents.services.timeline import next_revision
from lib.edits import check_unchanged, values_of


def link_values(link: IncidentLink) -> dict[str, Any]:
    """What a form over the link is filled with."""
    return values_of(link, ("title", "url"))


@transaction.atomic
def add_link(incident: Incident, *, title: str, url: str) -> IncidentLink:
    """A new link of the incident."""
    next_revision(incident)
    return IncidentLink.objects.create(incident=incident, title=title, url=url)


@transaction.atomic
def change_link(link: IncidentLink, *, title: str, url: str, seen: str | None = None) -> IncidentLink:
    """The link with this title and address.

    Raises EditConflict when somebody changed it since it was `seen`.
    """
    link = IncidentLink.objects.select_for_update().get(pk=link.pk)
    check_unchanged(link_values(link), seen)
    link.title, link.url = title, url
    next_revision(link.incident)
    link.save(update_fields=["title", "url", "updated_at"])
    return link


@transaction.atomic
def remove_link(link: IncidentLink) -> IncidentLink:
    """The link, no longer there; adding it once more undoes it."""
    next_revision(link.incident)
    link.delete()
    return link
