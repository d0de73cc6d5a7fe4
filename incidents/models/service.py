"""What users depend on and incidents disturb."""

from django.db import models
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from accounts.models import Team
from incidents.models.stamps import Stamped


class Service(Stamped):
    """One service, and the team that owns it."""

    name = models.CharField(_("name"), max_length=120, unique=True)
    description = models.TextField(_("description"), blank=True)
    # Since when it can be chosen no more; incidents that name it keep it.
    retired_at = models.DateTimeField(_("retired"), null=True, blank=True)
    team = models.ForeignKey(Team, models.SET_NULL, null=True, blank=True, related_name="services")

    class Meta:
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        """The service's page."""
        return reverse("incidents:service", args=[self.pk])
