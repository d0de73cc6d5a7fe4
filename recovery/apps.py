"""Databases, replicas, restore tests, and the evidence they give."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class RecoveryConfig(AppConfig):
    """Adds its evidence to the documents of incidents, and to what closing one asks for."""

    name = "recovery"
    verbose_name = _("Recovery")

    def ready(self) -> None:
        from incidents.closing import register_requirement
        from incidents.documents.contributions import register
        from recovery.closing import require_restore_test
        from recovery.documents import SECTION, evidence_blocks

        register(SECTION, evidence_blocks)
        self._add_to_timeline()
        register_requirement(require_restore_test)
        self._watch_changes()
        self._add_to_search()
        self._keep_teams()
        self._stand_behind_references()
        self._measure_claims()

    def _keep_teams(self) -> None:
        from accounts.queries import register_team_use
        from recovery.queries.owners import teams_in_use

        register_team_use(teams_in_use)

    def _measure_claims(self) -> None:
        from incidents import completeness
        from recovery.completeness import RULE

        completeness.register(RULE)

    def _stand_behind_references(self) -> None:
        from incidents.documents.references import register
        from recovery.queries.references import find_evidence, find_tests, offer_figures

        register("RT", find_tests, offer=offer_figures)
        register("EV", find_evidence)

    def _add_to_search(self) -> None:
        from incidents.queries import completions
        from incidents.queries.destinations import register_finder, register_reference
        from recovery.queries.completions import complete_evidence, complete_restore_test
        from recovery.queries.destinations import find_databases, find_evidence, find_restore_test

        register_reference("RT", find_restore_test)
        register_reference("EV", find_evidence)
        register_finder(find_databases)
        completions.register("RT", complete_restore_test)
        completions.register("EV", complete_evidence)

    def _add_to_timeline(self) -> None:
        from incidents.queries.event_chips import ChipSource, register
        from recovery.queries.event_evidence import find_chips

        register(ChipSource(find_chips, route="recovery:event_evidence_edit", label=_("Evidence")))

    def _watch_changes(self) -> None:
        from django_celery_beat.models import PeriodicTask

        from accounts.audit import watch
        from recovery.models import Check, Database, EventEvidence, Evidence, Replica

        watch(Check)
        watch(Database)
        watch(EventEvidence)
        watch(Evidence)
        # What the watch sees is a measurement, once a minute.
        watch(Replica, leave_out=["checked_at", "newest_at", "lag_seconds", "lag_reason", "size_bytes"])
        # Of what else it holds, beat writes down each run.
        watch(PeriodicTask, only=["name", "crontab", "enabled"])
