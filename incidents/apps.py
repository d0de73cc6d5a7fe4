"""Incidents, their timeline, causes, action items and post-mortem."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class IncidentsConfig(AppConfig):
    """Registers the app under its plain name."""

    name = "incidents"
    verbose_name = _("Incidents")
