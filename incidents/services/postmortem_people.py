"""Who writes a post-mortem, and who leads the conversation about it."""

from typing import Any

from django.db import transaction

from accounts.models import User
from incidents.models import Postmortem
from lib.edits import check_unchanged, values_of


def people_values(postmortem: Postmortem) -> dict[str, Any]:
    """What a form over them is filled with."""
    return values_of(postmortem, ("author", "facilitator"))


@transaction.atomic
def change_postmortem_people(
    postmortem: Postmortem, *, author: User, facilitator: User | None, seen: str | None = None
) -> Postmortem:
    """The post-mortem with this author and this facilitator; an author who is chosen stands in place of a typed name.

    Raises EditConflict when somebody changed either since it was `seen`.
    """
    postmortem = Postmortem.objects.select_for_update().get(pk=postmortem.pk)
    check_unchanged(people_values(postmortem), seen)
    if postmortem.author != author:
        postmortem.author, postmortem.author_line = author, ""
    postmortem.facilitator = facilitator
    postmortem.save(update_fields=["author", "author_line", "facilitator", "updated_at"])
    return postmortem
