"""What a program shows to use the API."""

from datetime import datetime

from django.conf import settings
from django.db import models
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy


class Scope(models.TextChoices):
    """What a token allows, and nothing else."""

    REPORT_RESTORE_TESTS = "restore-tests:report", gettext_lazy("Report restore tests (for agents)")
    READ_RESTORE_TESTS = "restore-tests:read", gettext_lazy("Read databases and restore tests")
    READ_INCIDENTS = "incidents:read", gettext_lazy("Read incidents and their timelines")
    WRITE_INCIDENTS = "incidents:write", gettext_lazy("Declare incidents and write on their timelines")


class ApiToken(models.Model):
    """One token of the API. Its text is nowhere: `prefix` is its beginning, `sha256` what it is recognised by."""

    name = models.CharField(gettext_lazy("name"), max_length=120)
    prefix = models.CharField(max_length=20)
    sha256 = models.CharField(max_length=64, unique=True)
    scopes = models.JSONField(default=list)
    created_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    created_at = models.DateTimeField()
    # To the minute: a token in use does not write with each request.
    last_used_at = models.DateTimeField(null=True, blank=True)
    # None: it does not end by itself.
    expires_at = models.DateTimeField(null=True, blank=True)
    revoked_at = models.DateTimeField(null=True, blank=True)
    revoked_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+")

    class Meta:
        ordering = ["-created_at", "-pk"]
        constraints = [
            models.CheckConstraint(
                name="api_token_revoked_by_somebody",
                condition=models.Q(revoked_at=None, revoked_by=None)
                | models.Q(revoked_at__isnull=False, revoked_by__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.name} ({self.prefix}…)"

    @property
    def scope_labels(self) -> list[str]:
        """What it allows, in words."""
        return [str(Scope(scope).label) if scope in Scope.values else scope for scope in self.scopes]

    def refusal(self, now: datetime) -> str:
        """Why it is not taken any more, in a sentence; empty for one that is."""
        if self.revoked_at:
            return _("This token was revoked. Use another one.")
        if not self.created_by.is_active:
            return _("Whoever made this token may no longer sign in. Ask an administrator for a new one.")
        if self.expires_at and self.expires_at <= now:
            return _("This token has expired. Ask an administrator for a new one.")
        return ""
