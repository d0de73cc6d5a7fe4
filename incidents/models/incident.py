"""Something went wrong; this is its record."""

from datetime import datetime

from django.conf import settings
from django.db import models
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from incidents.lifecycle import MILESTONES, ONGOING, Duration, Status, measure_durations
from incidents.models.service import Service
from incidents.models.severity import SeverityLevel
from incidents.models.stamps import Stamped


class Mode(models.TextChoices):
    """Whether the incident is happening, over when it was written down, or an exercise."""

    LIVE = "live", _("Live")
    RETROSPECTIVE = "retrospective", _("Retrospective")
    DRILL = "drill", _("Drill")


class IncidentQuerySet(models.QuerySet["Incident"]):
    """Filters that read as sentences."""

    def ongoing(self) -> "IncidentQuerySet":
        """Those that are not over."""
        return self.filter(status__in=ONGOING)


class Incident(Stamped):
    """One incident: its facts, its milestones (each may be unknown), its impact.

    The number is the key: the database hands it out, so two declared at once never share one.
    """

    number = models.BigAutoField(primary_key=True)
    title = models.CharField(_("title"), max_length=200)
    summary = models.TextField(_("summary"), blank=True)
    severity = models.ForeignKey(SeverityLevel, models.PROTECT, related_name="incidents")
    status = models.CharField(_("status"), max_length=20, choices=Status, default=Status.INVESTIGATING)
    mode = models.CharField(_("mode"), max_length=20, choices=Mode, default=Mode.LIVE)
    services = models.ManyToManyField(Service, related_name="incidents", blank=True)
    declared_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")

    impact_started_at = models.DateTimeField(_("impact started"), null=True, blank=True)
    detected_at = models.DateTimeField(_("detected"), null=True, blank=True)
    declared_at = models.DateTimeField(_("declared"))
    acknowledged_at = models.DateTimeField(_("acknowledged"), null=True, blank=True)
    mitigated_at = models.DateTimeField(_("mitigated"), null=True, blank=True)
    resolved_at = models.DateTimeField(_("resolved"), null=True, blank=True)
    closed_at = models.DateTimeField(_("closed"), null=True, blank=True)

    impact = models.TextField(_("impact"), blank=True)
    customers_affected = models.PositiveBigIntegerField(_("customers affected"), null=True, blank=True)
    requests_failed = models.PositiveBigIntegerField(_("requests failed"), null=True, blank=True)
    data_lost = models.CharField(_("data lost"), max_length=200, blank=True)
    cost = models.CharField(_("cost"), max_length=100, blank=True)

    # The example is found again by this name, so that loading it twice changes nothing.
    example = models.CharField(max_length=40, blank=True, default="")

    objects = IncidentQuerySet.as_manager()

    class Meta:
        ordering = ["-number"]
        constraints = [
            models.CheckConstraint(name="incident_status_is_known", condition=models.Q(status__in=Status.values)),
            models.CheckConstraint(name="incident_title_is_not_empty", condition=~models.Q(title="")),
            models.CheckConstraint(
                name="incident_over_iff_resolved_at",
                condition=models.Q(status__in=ONGOING, resolved_at=None)
                | models.Q(status__in=(Status.RESOLVED, Status.CLOSED), resolved_at__isnull=False),
            ),
            models.UniqueConstraint(
                name="incident_example_is_loaded_once", fields=["example"], condition=~models.Q(example="")
            ),
        ]
        indexes = [
            # The list of incidents filtered by status, newest first.
            models.Index(fields=["status", "-number"], name="incident_by_status"),
        ]

    def __str__(self) -> str:
        return f"{self.reference} {self.title}"

    def get_absolute_url(self) -> str:
        """The incident's page."""
        return reverse("incidents:incident", args=[self.number])

    @property
    def reference(self) -> str:
        """The name people say: INC-42."""
        return f"INC-{self.number}"

    @property
    def is_over(self) -> bool:
        """True once it is resolved."""
        return self.status not in ONGOING

    @property
    def milestones(self) -> dict[str, datetime | None]:
        """The seven instants by field name."""
        return {name: getattr(self, name) for name in MILESTONES}

    @property
    def durations(self) -> list[Duration]:
        """The four durations, recorded, pending, not applicable or invalid."""
        return measure_durations(self.milestones, is_over=self.is_over)
