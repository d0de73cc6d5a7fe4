"""A way by which people hear of things."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _


class Channel(models.Model):
    """One place that notifications go to. What a webhook or routing key is stands elsewhere; the row refers to it."""

    class Kind(models.TextChoices):
        """What stands at the other end."""

        EMAIL = "email", _("E-mail")
        SLACK = "slack", _("Slack")
        PAGERDUTY = "pagerduty", _("PagerDuty")

    name = models.CharField(max_length=80, unique=True)
    kind = models.CharField(max_length=20, choices=Kind)
    # E-mail: the recipients, with a comma and a blank between them.
    address = models.CharField(max_length=2000, blank=True)
    # The others: env:NAME or file:/path, where the webhook's address or the routing key is.
    secret = models.CharField(max_length=1000, blank=True)
    is_enabled = models.BooleanField(default=True)
    wants_news = models.BooleanField(default=False)
    created_at = models.DateTimeField()
    updated_at = models.DateTimeField()

    class Meta:
        ordering = ["name"]
        constraints = [
            models.CheckConstraint(name="channel_kind_is_known", condition=Q(kind__in=("email", "slack", "pagerduty"))),
            models.CheckConstraint(
                name="channel_has_address_or_secret",
                condition=(Q(kind="email", secret="") & ~Q(address=""))
                | (~Q(kind="email") & Q(address="") & ~Q(secret="")),
            ),
            models.CheckConstraint(
                name="channel_pagerduty_hears_no_news", condition=~Q(kind="pagerduty", wants_news=True)
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def recipients(self) -> list[str]:
        """The e-mail addresses; empty for other kinds."""
        return [address.strip() for address in self.address.split(",") if address.strip()]
