"""What others say about a post-mortem before it is published."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from incidents.models.postmortem import Postmortem, PostmortemSection
from incidents.models.removal import Removable
from incidents.models.stamps import Stamped


class Review(Stamped):
    """One person who was asked to read a post-mortem, and what they decided."""

    class Decision(models.TextChoices):
        """What the reviewer says."""

        PENDING = "pending", _("Asked")
        APPROVED = "approved", _("Approved")
        CHANGES_REQUESTED = "changes_requested", _("Asks for changes")

    postmortem = models.ForeignKey(Postmortem, models.CASCADE, related_name="reviews")
    reviewer = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="reviews")
    asked_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    asked_at = models.DateTimeField()
    decision = models.CharField(_("decision"), max_length=20, choices=Decision, default=Decision.PENDING)
    note = models.TextField(_("note"), blank=True)
    decided_at = models.DateTimeField(null=True, blank=True)
    # The content that was decided on, by its SHA-256: an approval of an older text is shown as such.
    content_sha256 = models.CharField(max_length=64, blank=True)

    class Meta:
        ordering = ["asked_at", "pk"]
        constraints = [
            models.UniqueConstraint(name="review_is_one_a_reviewer", fields=["postmortem", "reviewer"]),
            models.CheckConstraint(
                name="review_decided_iff_decided_at",
                condition=Q(decision="pending", decided_at=None)
                | (~Q(decision="pending") & Q(decided_at__isnull=False)),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.reviewer}: {self.get_decision_display()}"


class SectionComment(Stamped, Removable):
    """What somebody says about a section, or about the passage `quote` of it; an answer has a `parent`.

    `quote_before` are the words in front of the passage, where it stands more than once.
    """

    section = models.ForeignKey(PostmortemSection, models.CASCADE, related_name="comments")
    parent = models.ForeignKey("self", models.CASCADE, null=True, blank=True, related_name="answers")
    quote = models.CharField(_("passage"), max_length=500, blank=True)
    quote_before = models.CharField(max_length=60, blank=True)
    text = models.TextField(_("comment"))
    edited_at = models.DateTimeField(null=True, blank=True)
    author = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    resolved_at = models.DateTimeField(null=True, blank=True)
    resolved_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+")

    class Meta:
        ordering = ["created_at", "pk"]
        constraints = [
            models.CheckConstraint(name="section_comment_text_is_not_empty", condition=~Q(text="")),
            models.CheckConstraint(
                name="section_comment_resolved_at_iff_by",
                condition=Q(resolved_at=None, resolved_by=None)
                | Q(resolved_at__isnull=False, resolved_by__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return self.text[:80]


class ChecklistAnswer(Stamped):
    """The answer to one question of the checklist that stands before a publication, and counts for that one alone."""

    class Answer(models.TextChoices):
        """What was found."""

        MET = "met", _("Yes")
        NOT_APPLICABLE = "not_applicable", _("Does not apply")

    postmortem = models.ForeignKey(Postmortem, models.CASCADE, related_name="checklist_answers")
    question = models.SlugField(max_length=60)
    answer = models.CharField(_("answer"), max_length=20, choices=Answer)
    reason = models.CharField(_("reason"), max_length=300, blank=True)
    # The number of the version that it was given for.
    for_version = models.PositiveIntegerField(default=1)
    answered_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(name="checklist_answer_is_one_a_question", fields=["postmortem", "question"]),
            models.CheckConstraint(
                name="checklist_answer_not_applicable_has_reason",
                condition=~Q(answer="not_applicable") | ~Q(reason=""),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.question}: {self.get_answer_display()}"
