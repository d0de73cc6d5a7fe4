"""What was learnt, in writing."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from incidents.models.incident import Incident
from incidents.models.postmortem_template import PostmortemTemplate
from incidents.models.removal import Removable
from incidents.models.stamps import Stamped


class Postmortem(Stamped):
    """The post-mortem of one incident. Its prose lives in its sections, its records in the incident."""

    class Status(models.TextChoices):
        """How far the document is."""

        DRAFT = "draft", _("Draft")
        IN_REVIEW = "in_review", _("In review")
        PUBLISHED = "published", _("Published")
        NOT_REQUIRED = "not_required", _("Not required")

    incident = models.OneToOneField(Incident, models.CASCADE, related_name="postmortem")
    status = models.CharField(_("status"), max_length=20, choices=Status, default=Status.DRAFT)
    # Why none is required.
    reason = models.CharField(_("reason"), max_length=300, blank=True)
    published_at = models.DateTimeField(_("published"), null=True, blank=True)
    author_line = models.CharField(_("author"), max_length=200, blank=True)
    author = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="postmortems")
    # Who leads the conversation about it; often not who writes.
    facilitator = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+")
    # What it was begun from; its sections are its own since.
    template = models.ForeignKey(PostmortemTemplate, models.SET_NULL, null=True, blank=True, related_name="postmortems")

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="postmortem_not_required_has_reason", condition=~Q(status="not_required") | ~Q(reason="")
            ),
            models.CheckConstraint(
                name="postmortem_published_iff_published_at",
                condition=Q(status="published", published_at__isnull=False)
                | (~Q(status="published") & Q(published_at=None)),
            ),
        ]
        # Those in one status, and the incidents they are of.
        indexes = [models.Index(fields=["status", "incident"], name="postmortem_by_status")]

    def __str__(self) -> str:
        return f"Post-mortem of {self.incident}"

    def get_absolute_url(self) -> str:
        """The document's page."""
        return reverse("incidents:postmortem", args=[self.incident_id])


class PostmortemSection(Removable, Stamped):
    """One section: a key that says which records belong to it, a title, and prose in markdown.

    `version` grows with each save that changes something; `prompt` is what its author is asked. One that was removed
    keeps its text, its history and its place, and can be brought back.
    """

    postmortem = models.ForeignKey(Postmortem, models.CASCADE, related_name="sections")
    key = models.SlugField(max_length=40)
    title = models.CharField(_("title"), max_length=120)
    position = models.PositiveSmallIntegerField()
    prompt = models.CharField(_("question"), max_length=500, blank=True)
    body = models.TextField(_("text"), blank=True)
    version = models.PositiveIntegerField(default=1)
    edited_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+")

    class Meta:
        ordering = ["position"]
        constraints = [
            models.UniqueConstraint(name="postmortem_section_key_is_unique", fields=["postmortem", "key"]),
            models.UniqueConstraint(name="postmortem_section_position_is_unique", fields=["postmortem", "position"]),
        ]

    def __str__(self) -> str:
        return self.title
