"""Where restore tests, evidence and databases are gone to by name."""

from django.urls import reverse
from django.utils.translation import gettext as _

from accounts.models import User
from incidents.models import Incident
from incidents.queries.destinations import NAMES, Destination
from recovery.models import Database, Evidence, RestoreTest


def find_restore_test(user: User, number: int) -> Destination | None:
    """The page of this restore test, if this person may see that."""
    found = RestoreTest.objects.visible_to(user).select_related("replica__database").filter(number=number).first()
    if found is None:
        return None
    address = reverse("recovery:restore_test", args=[found.number])
    return Destination(str(found.replica.database), address, str(found.get_status_display()), f"RT-{found.number}")


def find_evidence(user: User, number: int) -> Destination | None:
    """The piece of evidence on the page of its incident, if this person may see that."""
    pieces = Evidence.objects.select_related("incident").filter(incident__in=Incident.objects.visible_to(user))
    if (found := pieces.filter(pk=number).first()) is None:
        return None
    address = f"{reverse('recovery:evidence_list', args=[found.incident_id])}#evidence-{found.pk}"
    return Destination(found.caption, address, found.incident.reference, str(found))


def find_databases(_user: User, typed: str) -> list[Destination]:
    """Databases by a part of their name."""
    found = Database.objects.filter(name__icontains=typed.strip()).order_by("name")[:NAMES]
    return [Destination(one.name, reverse("recovery:database", args=[one.name]), _("Database")) for one in found]
