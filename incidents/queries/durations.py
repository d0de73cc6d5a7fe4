"""Durations that cannot be right."""

from django.db.models import QuerySet

from accounts.models import User
from incidents.durations import has_invalid_duration
from incidents.models import Incident


def list_invalid_durations(user: User) -> QuerySet[Incident]:
    """The incidents this person sees with a duration that ends before it begins, newest first: to be repaired.

    An index holds just these, so that the number of all others does not matter.
    """
    return Incident.objects.visible_to(user).filter(has_invalid_duration()).order_by("-number")
