"""How bad an incident is."""

from django.db import models
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from incidents.deadlines import describe_promises
from incidents.models.postmortem_template import PostmortemTemplate


class Colour(models.TextChoices):
    """What a level's label is tinted with; each is legible on light and dark."""

    RED = "red", _("Red")
    ORANGE = "orange", _("Orange")
    YELLOW = "yellow", _("Yellow")
    BLUE = "blue", _("Blue")
    GREY = "grey", _("Grey")
    PURPLE = "purple", _("Purple")
    GREEN = "green", _("Green")


# What a level without a colour of its own is tinted with.
COLOUR_OF_LEVEL = {1: Colour.RED, 2: Colour.ORANGE, 3: Colour.YELLOW, 4: Colour.BLUE, 5: Colour.GREY}


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
    # What its post-mortems are begun from; empty: the sections that every installation has.
    postmortem_template = models.ForeignKey(
        PostmortemTemplate, models.SET_NULL, null=True, blank=True, related_name="severity_levels"
    )

    class Meta:
        ordering = ["level"]
        constraints = [
            models.CheckConstraint(name="severity_level_is_1_to_5", condition=models.Q(level__gte=1, level__lte=5))
        ]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        """Where the levels are explained."""
        return reverse("incidents:severity_list")

    @property
    def tone(self) -> str:
        """The colour its label has: its own, or the level's."""
        return self.colour or COLOUR_OF_LEVEL[self.level].value

    @property
    def promises(self) -> str:
        """What follows from choosing it, in a sentence."""
        return describe_promises(self)
