"""What a post-mortem is begun from."""

from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from incidents.models.removal import Removable
from incidents.models.stamps import Stamped


class PostmortemTemplate(Removable, Stamped):
    """A named list of sections. A document that is begun from it takes them along: changing it changes no document."""

    name = models.CharField(_("name"), max_length=80)
    description = models.CharField(_("description"), max_length=300, blank=True)

    class Meta:
        ordering = ["name"]
        constraints = [
            models.CheckConstraint(name="postmortem_template_name_is_not_empty", condition=~Q(name="")),
            models.UniqueConstraint(
                name="postmortem_template_name_is_unique", fields=["name"], condition=Q(removed_at=None)
            ),
        ]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        """Where it is edited."""
        return reverse("incidents:postmortem_template_edit", args=[self.pk])


class TemplateSection(Removable, Stamped):
    """One section of a template: which records belong to it (`key`), its title, and what its author is asked."""

    template = models.ForeignKey(PostmortemTemplate, models.CASCADE, related_name="sections")
    key = models.SlugField(max_length=40)
    title = models.CharField(_("title"), max_length=120)
    prompt = models.CharField(_("question"), max_length=500, blank=True)
    position = models.PositiveSmallIntegerField()

    class Meta:
        ordering = ["position"]
        constraints = [
            models.UniqueConstraint(name="template_section_key_is_unique", fields=["template", "key"]),
            models.UniqueConstraint(name="template_section_position_is_unique", fields=["template", "position"]),
            models.CheckConstraint(name="template_section_title_is_not_empty", condition=~Q(title="")),
        ]

    def __str__(self) -> str:
        return self.title
