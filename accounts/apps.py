"""People: users, teams, roles, sign-in."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class AccountsConfig(AppConfig):
    """Registers the app under its plain name."""

    name = "accounts"
    verbose_name = _("People")

    def ready(self) -> None:
        from accounts.audit import watch
        from accounts.models import ApiToken, Team, User

        watch(User, leave_out=["last_login"], mask=["password"])
        watch(Team, many=["members"])
        watch(ApiToken, leave_out=["sha256", "last_used_at"])
