"""Tags, as far as a reader sees the incidents that have them."""

from django.db.models import Count, Exists, OuterRef, QuerySet, Subquery
from django.db.models.functions import Coalesce

from accounts.models import User
from incidents.models import Incident, Tag


def list_seen_tags(user: User) -> QuerySet[Tag]:
    """The tags that are on an incident this person sees, by name: a tag can say what a restricted one is about."""
    return Tag.objects.filter(Exists(_incidents(user))).order_by("name")


def list_counted_tags(user: User) -> QuerySet[Tag]:
    """The same, each with the number of these incidents as `incident_count`."""
    counted = Subquery(_incidents(user).values("tags").annotate(count=Count("pk")).values("count"))
    return list_seen_tags(user).annotate(incident_count=Coalesce(counted, 0))


def find_seen_tag(user: User, name: str) -> Tag | None:
    """The tag of this name; None where no incident that this person sees has it."""
    return list_seen_tags(user).filter(name=name).first()


def _incidents(user: User) -> QuerySet[Incident]:
    return Incident.objects.visible_to(user).filter(tags=OuterRef("pk")).order_by()
