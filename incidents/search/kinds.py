"""What can be found."""

from dataclasses import dataclass

from django.db import models
from django.utils.translation import gettext_lazy as _

# A row of the index is known by its kind's number in the bits above these, and its own key in them.
KEY_BITS = 40


class Kind(models.TextChoices):
    """One kind of record that is searched."""

    INCIDENT = "incident", _("Incidents")
    ACTION_ITEM = "action", _("Action items")
    SECTION = "postmortem", _("Post-mortems")
    EVENT = "event", _("Timeline events")


@dataclass(frozen=True)
class Source:
    """Where the text of a kind stands: table, key, the columns of its title and those of the rest."""

    number: int
    table: str
    key: str
    titles: tuple[str, ...]
    texts: tuple[str, ...]

    @property
    def base(self) -> int:
        """What is added to a key to get the row of the index."""
        return self.number << KEY_BITS

    @property
    def end(self) -> int:
        """The first row of the index that belongs to the next kind."""
        return (self.number + 1) << KEY_BITS


SOURCES: dict[Kind, Source] = {
    Kind.INCIDENT: Source(1, "incidents_incident", "number", ("title",), ("summary", "impact", "data_lost")),
    Kind.EVENT: Source(2, "incidents_timelineevent", "id", (), ("text",)),
    # Its title is one of a dozen, the same in every post-mortem.
    Kind.SECTION: Source(3, "incidents_postmortemsection", "id", (), ("body",)),
    Kind.ACTION_ITEM: Source(4, "incidents_actionitem", "number", ("title",), ("reason",)),
}
