"""Telling people and machines what happened."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class NotificationsConfig(AppConfig):
    """Registers the app under its plain name."""

    name = "notifications"
    verbose_name = _("Notifications")

    def ready(self) -> None:
        from accounts.audit import watch
        from notifications.models import Channel

        # Where its secret is read from, never the secret itself.
        watch(Channel)
