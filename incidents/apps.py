"""Incidents, their timeline, causes, action items and post-mortem."""

from django.apps import AppConfig
from django.db import connections
from django.db.models.signals import post_migrate  # noqa: TID251
from django.utils.translation import gettext_lazy as _


class IncidentsConfig(AppConfig):
    """Registers the app under its plain name."""

    name = "incidents"
    verbose_name = _("Incidents")

    def ready(self) -> None:
        from accounts.audit import watch
        from accounts.queries import register_team_use
        from accounts.services.membership import register_membership_check
        from incidents import models
        from incidents.queries.services import teams_in_use
        from incidents.services.audience import find_kept_out

        watch(models.Incident, many=["services", "tags", "related"], leave_out=["example"])
        watch(models.PostmortemSection, leave_out=["body"])
        watch(models.RootCause, many=["leads_to"])
        watch(models.Publication, leave_out=["content", "external_content"])
        watch(models.TimelineEvent, leave_out=["submission_key"])
        for model in (
            *(models.ActionItem, models.Attachment, models.Improvement, models.IncidentGrant, models.IncidentLink),
            *(models.Postmortem, models.RoleAssignment),
            *(models.Service, models.SeverityLevel),
            *(models.PostmortemTemplate, models.TemplateSection, models.WordingRule, models.WordingDismissal),
            *(models.Review, models.SectionComment, models.ChecklistAnswer),
        ):
            watch(model)
        register_team_use(teams_in_use)
        register_membership_check(find_kept_out)
        # Not a model's signal: a table that a migration remade has lost its triggers.
        post_migrate.connect(self.restore_search, sender=self)

    @staticmethod
    def restore_search(using: str, **_about: object) -> None:
        """The search index is kept again by triggers, whatever was migrated."""
        from incidents.search.index import restore_triggers

        restore_triggers(connections[using])
