"""Why it happened."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from incidents.models.incident import Incident
from incidents.models.stamps import Stamped


class RootCause(Stamped):
    """One statement about the system that explains the incident; never a person."""

    class Kind(models.TextChoices):
        """The part it played."""

        TRIGGER = "trigger", _("Trigger")
        ROOT_CAUSE = "root_cause", _("Root cause")
        CONTRIBUTING_FACTOR = "contributing_factor", _("Contributing factor")
        MITIGATOR = "mitigator", _("Mitigator")
        RISK = "risk", _("Risk")

    class Category(models.TextChoices):
        """The part of the system it lies in."""

        CAPACITY = "capacity", _("Capacity")
        CHANGE = "change", _("Change")
        CONFIGURATION = "configuration", _("Configuration")
        DEPENDENCY = "dependency", _("Dependency")
        HARDWARE = "hardware", _("Hardware")
        PROCESS = "process", _("Process")
        SOFTWARE = "software", _("Software")
        THIRD_PARTY = "third_party", _("Third party")
        UNKNOWN = "unknown", _("Unknown")

    incident = models.ForeignKey(Incident, models.CASCADE, related_name="root_causes")
    kind = models.CharField(_("kind"), max_length=30, choices=Kind, default=Kind.ROOT_CAUSE)
    category = models.CharField(_("category"), max_length=20, choices=Category, default=Category.UNKNOWN)
    statement = models.TextField(_("statement"))
    # Why it was so, why that was so, and so on: up to ten sentences.
    whys = models.JSONField(_("five whys"), default=list, blank=True)
    # What it made possible or worse; a mitigator points to what it softened.
    leads_to = models.ManyToManyField("self", symmetrical=False, blank=True, related_name="led_by")

    class Meta:
        ordering = ["pk"]
        constraints = [models.CheckConstraint(name="root_cause_statement_is_not_empty", condition=~Q(statement=""))]

    def __str__(self) -> str:
        return self.statement[:80]
