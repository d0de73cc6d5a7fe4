"""How bad an incident is."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Colour(models.TextChoices):
    """What a level's label is tinted with; each is legible on light and dark."""

    RED = "red", _("Red")
    ORANGE = "orange", _("Orange")
    YELLOW = "yellow", _("Yellow")
    BLUE = "blue", _("Blue")
    GREY = "grey", _("Grey")
    PURPLE = "purple", _("Purple")
    GREEN = "green", _("Green")


class SeverityLevel(models.Model):
    """One of five levels, 1 the worst. Behaviour hangs on the level and the flags; teams rename the rest."""

    level = models.PositiveSmallIntegerField(_("level"), primary_key=True)
    name = models.CharField(_("name"), max_length=40, unique=True)
    definition = models.CharField(_("definition"), max_length=300)
    # Empty: the level's own, from red for 1 to grey for 5.
    colour = models.CharField(_("colour"), max_length=10, choices=Colour, blank=True)
    is_postmortem_required = models.BooleanField(_("post-mortem required"), default=False)
    postmortem_days = models.PositiveSmallIntegerField(_("working days for the post-mortem"), default=5)
    action_item_days = models.PositiveSmallIntegerField(_("days for action items"), default=30)

    class Meta:
        ordering = ["level"]
        constraints = [
            models.CheckConstraint(name="severity_level_is_1_to_5", condition=models.Q(level__gte=1, level__lte=5))
        ]

    def __str__(self) -> str:
        return self.name
