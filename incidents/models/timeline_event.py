"""What happened when."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from incidents.models.incident import Incident
from incidents.models.stamps import Stamped


class TimelineEvent(Stamped):
    """One entry of an incident's timeline; time and text can both be corrected. `version` counts the corrections."""

    class Kind(models.TextChoices):
        """What sort of thing happened."""

        ALERT = "alert", _("Alert")
        DETECTION = "detection", _("Detection")
        ACKNOWLEDGEMENT = "acknowledgement", _("Acknowledgement")
        ESCALATION = "escalation", _("Escalation")
        DECISION = "decision", _("Decision")
        ACTION = "action", _("Action")
        OBSERVATION = "observation", _("Observation")
        COMMUNICATION = "communication", _("Communication")
        MITIGATION = "mitigation", _("Mitigation")
        RECOVERY = "recovery", _("Recovery")
        STATUS_CHANGE = "status_change", _("Status change")
        OTHER = "other", _("Other")

    class Source(models.TextChoices):
        """Where the entry came from."""

        PERSON = "person", _("Person")
        ALERTMANAGER = "alertmanager", _("Alertmanager")
        GRAFANA = "grafana", _("Grafana")
        PAGERDUTY = "pagerduty", _("PagerDuty")
        API = "api", _("API")
        IMPORT = "import", _("Import")
        RESTORE_TEST = "restore_test", _("Restore test")
        SYSTEM = "system", _("System")

    class Grading(models.TextChoices):
        """How the time and the text are known."""

        MEASURED = "measured", _("Measured")
        REPORTED = "reported", _("Reported")
        RECOLLECTED = "recollected", _("Recollected")

    incident = models.ForeignKey(Incident, models.CASCADE, related_name="events")
    occurred_at = models.DateTimeField(_("when"))
    ended_at = models.DateTimeField(_("until"), null=True, blank=True)
    # The timezone the time was typed in; empty where nobody typed it.
    time_zone = models.CharField(_("timezone"), max_length=64, blank=True)
    kind = models.CharField(_("kind"), max_length=20, choices=Kind, default=Kind.OBSERVATION)
    text = models.TextField(_("what happened"))
    source = models.CharField(_("source"), max_length=20, choices=Source, default=Source.PERSON)
    grading = models.CharField(_("known by"), max_length=20, choices=Grading, default=Grading.REPORTED)
    author = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    is_pinned = models.BooleanField(_("in the post-mortem"), default=True)
    is_hidden = models.BooleanField(_("hidden"), default=False)
    version = models.PositiveIntegerField(default=1)
    # The incident's revision when this event last changed: what somebody who saw an earlier one has yet to see.
    revision = models.PositiveBigIntegerField(default=0)
    # Chosen by the browser or program that sent it, so that sending it twice makes one event.
    submission_key = models.CharField(max_length=64, blank=True)
    # The incident it was written down in, before that was merged into this one.
    merged_from = models.ForeignKey(Incident, models.PROTECT, null=True, blank=True, related_name="+")

    class Meta:
        ordering = ["occurred_at", "pk"]
        constraints = [
            models.CheckConstraint(name="timeline_event_text_is_not_empty", condition=~Q(text="")),
            models.CheckConstraint(
                name="timeline_event_ends_after_it_begins",
                condition=Q(ended_at=None) | Q(ended_at__gte=F("occurred_at")),
            ),
            models.UniqueConstraint(
                name="timeline_event_is_sent_once",
                fields=["incident", "submission_key"],
                condition=~Q(submission_key=""),
            ),
        ]
        indexes = [
            # The timeline of one incident in order.
            models.Index(F("incident"), F("occurred_at"), F("id"), name="timeline_event_in_order"),
            # What changed since a watcher last asked.
            models.Index(fields=["incident", "revision"], name="timeline_event_by_revision"),
        ]

    @property
    def kind_label(self) -> str:
        """The kind in words; `get_kind_display` does the same, twenty times slower, and a page shows hundreds."""
        return str(self.Kind(self.kind).label)

    def __str__(self) -> str:
        return f"{self.occurred_at:%Y-%m-%d %H:%M} {self.text[:60]}"
