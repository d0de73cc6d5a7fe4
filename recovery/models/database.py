"""What is protected."""

from django.core.validators import RegexValidator
from django.db import models
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from accounts.models import Team

NAME = RegexValidator(
    r"\A[A-Za-z0-9][A-Za-z0-9._-]*\Z",
    _("Use letters, digits, dots, hyphens and underscores, beginning with a letter or digit."),
)


class Database(models.Model):
    """One database and its objectives; None is no objective."""

    class Kind(models.TextChoices):
        """What software keeps it."""

        SQLITE = "sqlite", "SQLite"

    name = models.CharField(_("name"), max_length=80, unique=True, validators=[NAME])
    kind = models.CharField(_("kind"), max_length=20, choices=Kind, default=Kind.SQLITE)
    path = models.CharField(_("path"), max_length=1000)
    team = models.ForeignKey(Team, models.SET_NULL, null=True, blank=True, related_name="databases")
    rpo_objective_seconds = models.PositiveIntegerField(_("RPO objective"), null=True, blank=True)
    rto_objective_seconds = models.PositiveIntegerField(_("RTO objective"), null=True, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)
    updated_at = models.DateTimeField(auto_now=True)

    class Meta:
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        """The database's page."""
        return reverse("recovery:database", args=[self.name])
