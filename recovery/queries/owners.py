"""Who owns databases."""

from django.db.models import Q

from accounts.models import User
from recovery.models import Database


def teams_in_use(_user: User) -> Q:
    """The teams that own a database, which everybody sees."""
    return Q(pk__in=Database.objects.exclude(team=None).values("team"))
