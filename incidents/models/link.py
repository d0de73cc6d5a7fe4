"""Where else something is said of an incident."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from incidents.models.incident import Incident
from incidents.models.stamps import Stamped


class IncidentLink(Stamped):
    """One address on the web (http or https), with what it is called."""

    incident = models.ForeignKey(Incident, models.CASCADE, related_name="links")
    url = models.URLField(_("address"), max_length=2000)
    title = models.CharField(_("title"), max_length=200)

    class Meta:
        ordering = ["pk"]
        constraints = [models.CheckConstraint(name="incident_link_title_is_not_empty", condition=~Q(title=""))]

    def __str__(self) -> str:
        return self.title
