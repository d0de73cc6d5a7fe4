"""A person who can sign in."""

import zoneinfo

from django.contrib.auth.models import AbstractUser
from django.core.exceptions import ValidationError
from django.db import models
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy


class Role(models.TextChoices):
    """What a person may do everywhere."""

    VIEWER = "viewer", gettext_lazy("Viewer")
    RESPONDER = "responder", gettext_lazy("Responder")
    ADMINISTRATOR = "administrator", gettext_lazy("Administrator")


_RIGHTS = {
    Role.VIEWER: gettext_lazy("Reads, and changes nothing."),
    Role.RESPONDER: gettext_lazy("Declares incidents and works on them."),
    Role.ADMINISTRATOR: gettext_lazy("Works on incidents, and sets up people, teams, databases and notifications."),
}


def validate_time_zone(name: str) -> None:
    """Refuses a name that the timezone database does not have."""
    if name not in zoneinfo.available_timezones():
        raise ValidationError(_("“%(name)s” is not a timezone; use a name such as Asia/Bangkok.") % {"name": name})


class User(AbstractUser):
    """One person: how to address them, what they may do, and the timezone they read times in."""

    first_name = None  # type: ignore[assignment]  # one name field serves every culture
    last_name = None  # type: ignore[assignment]
    name = models.CharField(gettext_lazy("name"), max_length=120, blank=True)
    role = models.CharField(gettext_lazy("role"), max_length=20, choices=Role, default=Role.VIEWER)
    time_zone = models.CharField(gettext_lazy("timezone"), max_length=64, blank=True, validators=[validate_time_zone])

    class Meta:
        ordering = ["username"]
        constraints = [models.CheckConstraint(name="user_role_is_known", condition=models.Q(role__in=Role.values))]

    def __str__(self) -> str:
        return self.name or self.username

    def get_absolute_url(self) -> str:
        """The person's page, which is among the incidents: it shows what they do and owe there."""
        return reverse("incidents:person", args=[self.pk])

    @property
    def rights(self) -> str:
        """What the person may do, in words."""
        return str(_RIGHTS[Role(self.role)])

    @property
    def is_writer(self) -> bool:
        """True for everyone who may change incidents."""
        return self.is_active and self.role in (Role.RESPONDER, Role.ADMINISTRATOR)

    @property
    def is_administrator(self) -> bool:
        """True for those who may change people, databases and replicas."""
        return self.is_active and self.role == Role.ADMINISTRATOR
