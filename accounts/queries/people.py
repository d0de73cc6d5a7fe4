"""Who there is."""

from django.db.models import QuerySet

from accounts.models import Role, Team, User


def list_people() -> QuerySet[User]:
    """Everyone, with their teams, by user name."""
    return User.objects.prefetch_related("teams").order_by("username")


def list_active_people() -> QuerySet[User]:
    """Those who can own something: everyone who can sign in."""
    return User.objects.filter(is_active=True).order_by("name", "username")


def list_teams() -> QuerySet[Team]:
    """All teams by name."""
    return Team.objects.order_by("name")


def has_administrator_with_password() -> bool:
    """False on a new installation, until the first administrator has chosen a password."""
    administrators = User.objects.filter(role=Role.ADMINISTRATOR, is_active=True)
    return any(user.has_usable_password() for user in administrators.only("password"))
