"""Which incidents there are."""

from django.db.models import Count, OuterRef, QuerySet, Subquery
from django.db.models.functions import Coalesce

from accounts.models import User
from incidents.models import ActionItem, Incident


def list_incidents(user: User) -> QuerySet[Incident]:
    """The incidents this person sees, newest first, with what a row shows."""
    owed = ActionItem.objects.filter(incident=OuterRef("pk")).exclude(status__in=("done", "not_doing")).order_by()
    # Counted for the rows of a page alone; a join would group all incidents first.
    counted = Coalesce(Subquery(owed.values("incident").annotate(count=Count("*")).values("count")), 0)
    incidents = Incident.objects.visible_to(user).select_related("severity", "postmortem")
    return incidents.annotate(open_action_count=counted).order_by("-number")


def count_ongoing(user: User) -> int:
    """How many of the incidents this person sees are not over."""
    return Incident.objects.visible_to(user).ongoing().count()
