"""What the guide to blameless wording knows beside its own rules."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from incidents.models.postmortem import PostmortemSection
from incidents.models.removal import Removable
from incidents.models.stamps import Stamped


class WordingRule(Removable, Stamped):
    """A phrase that a team wants to be reminded of, why, and what to write instead."""

    class Language(models.TextChoices):
        """The language that the phrase is of."""

        ENGLISH = "en", _("English")
        THAI = "th", _("Thai")

    language = models.CharField(_("language"), max_length=2, choices=Language, default=Language.ENGLISH)
    phrase = models.CharField(_("phrase"), max_length=120)
    why = models.CharField(_("why"), max_length=300)
    rewrite = models.CharField(_("write instead"), max_length=300)

    class Meta:
        ordering = ["language", "phrase"]
        constraints = [
            models.UniqueConstraint(
                name="wording_rule_is_unique", fields=["language", "phrase"], condition=Q(removed_at=None)
            ),
            models.CheckConstraint(name="wording_rule_phrase_is_not_empty", condition=~Q(phrase="")),
        ]

    def __str__(self) -> str:
        return self.phrase


class WordingDismissal(Stamped):
    """A mark that somebody looked at and left as it is: of this rule, on this phrase, in this section."""

    section = models.ForeignKey(PostmortemSection, models.CASCADE, related_name="wording_dismissals")
    rule = models.CharField(max_length=80)
    phrase = models.CharField(_("phrase"), max_length=300)
    reason = models.CharField(_("reason"), max_length=300)
    dismissed_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(name="wording_dismissal_is_unique", fields=["section", "rule", "phrase"]),
            models.CheckConstraint(name="wording_dismissal_has_reason", condition=~Q(reason="")),
        ]

    def __str__(self) -> str:
        return self.phrase
