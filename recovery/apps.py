"""Databases, replicas, restore tests, and the evidence they give."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class RecoveryConfig(AppConfig):
    """Adds its evidence to the documents of incidents."""

    name = "recovery"
    verbose_name = _("Recovery")

    def ready(self) -> None:
        from incidents.documents.contributions import register
        from recovery.documents import SECTION, evidence_blocks

        register(SECTION, evidence_blocks)
