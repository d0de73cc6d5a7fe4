"""People: users, teams, roles, sign-in."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class AccountsConfig(AppConfig):
    """Registers the app under its plain name."""

    name = "accounts"
    verbose_name = _("People")
