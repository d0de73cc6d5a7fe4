"""A group of people that owns services, databases and action items."""

from django.conf import settings
from django.db import models
from django.urls import reverse
from django.utils.translation import gettext_lazy as _


class Team(models.Model):
    """One team, known by its name."""

    name = models.CharField(_("name"), max_length=120, unique=True)
    # Since when it can be chosen no more; what names it keeps it.
    retired_at = models.DateTimeField(_("retired"), null=True, blank=True)
    members = models.ManyToManyField(settings.AUTH_USER_MODEL, related_name="teams", blank=True)
    created_at = models.DateTimeField(auto_now_add=True)
    updated_at = models.DateTimeField(auto_now=True)

    class Meta:
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        """The team's page, which is among the incidents: it shows what the team owns and owes there."""
        return reverse("incidents:team", args=[self.pk])
