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
        IMPORT = "import", _("Import")
        SYSTEM = "system", _("System")

    incident = models.ForeignKey(Incident, models.CASCADE, related_name="events")
    occurred_at = models.DateTimeField(_("when"))
    kind = models.CharField(_("kind"), max_length=20, choices=Kind, default=Kind.OBSERVATION)
    text = models.TextField(_("what happened"))
    source = models.CharField(_("source"), max_length=20, choices=Source, default=Source.PERSON)
    author = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    is_pinned = models.BooleanField(_("in the post-mortem"), default=True)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        ordering = ["occurred_at", "pk"]
        constraints = [
            models.CheckConstraint(name="timeline_event_text_is_not_empty", condition=~Q(text="")),
        ]
        indexes = [
            # The timeline of one incident in order.
            models.Index(F("incident"), F("occurred_at"), F("id"), name="timeline_event_in_order"),
        ]

    @property
    def kind_label(self) -> str:
        """The kind in words; `get_kind_display` does the same, twenty times slower, and a page shows hundreds."""
        return str(self.Kind(self.kind).label)

    def __str__(self) -> str:
        return f"{self.occurred_at:%Y-%m-%d %H:%M} {self.text[:60]}"
