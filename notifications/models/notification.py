"""Something that was worth telling."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _


class Level(models.TextChoices):
    """What a notification asks of whoever reads it."""

    CRITICAL = "critical", _("Critical")
    WARNING = "warning", _("Warning")
    RECOVERED = "recovered", _("Recovered")
    NEWS = "news", _("News")


class Notification(models.Model):
    """One thing that happened, in words. `dedup_key` joins the beginning of a trouble, its changes and its end."""

    # The kind of thing it is about, such as restore_test.
    topic = models.CharField(max_length=60)
    level = models.CharField(max_length=20, choices=Level)
    dedup_key = models.CharField(max_length=200, blank=True)
    title = models.CharField(max_length=300)
    text = models.TextField(blank=True)
    # Where to read on, within this site: /recovery/tests/12/.
    path = models.CharField(max_length=500)
    # Somebody tried a channel; nothing happened.
    is_test = models.BooleanField(default=False)
    created_at = models.DateTimeField()

    class Meta:
        ordering = ["-pk"]
        constraints = [
            models.CheckConstraint(
                name="notification_level_is_known",
                condition=Q(level__in=("critical", "warning", "recovered", "news")),
            ),
            models.CheckConstraint(name="notification_stays_on_this_site", condition=Q(path__startswith="/")),
        ]
        indexes = [
            # What else is known of the same trouble: who is told of its end, and which message goes first.
            models.Index(fields=["dedup_key", "id"], name="notification_by_trouble"),
        ]

    def __str__(self) -> str:
        return self.title
