"""Beginning a post-mortem and writing its sections."""

from typing import Any

from django.db import transaction

from accounts.models import User
from incidents.documents.outline import DEFAULT_SECTIONS
from incidents.models import Incident, Postmortem, PostmortemSection
from incidents.services.timeline import next_revision
from lib.edits import check_unchanged, values_of


@transaction.atomic
def start_postmortem(incident: Incident, *, actor: User, author_line: str = "") -> Postmortem:
    """The incident's post-mortem with the default sections; the one that stands, where it was begun before."""
    postmortem, is_new = Postmortem.objects.get_or_create(
        incident=incident, defaults={"author": actor, "author_line": author_line}
    )
    if is_new:
        # The incident's page leads to it from now on.
        next_revision(incident)
        # One by one, so that the history of each begins.
        for position, (key, title) in enumerate(DEFAULT_SECTIONS.items(), start=1):
            PostmortemSection.objects.create(postmortem=postmortem, key=key, title=str(title), position=position)
    return postmortem


def section_values(section: PostmortemSection) -> dict[str, Any]:
    """What a form over the section is filled with."""
    return values_of(section, ("body",))


@transaction.atomic
def save_section(section: PostmortemSection, *, body: str, actor: User, seen: str | None = None) -> PostmortemSection:
    """The section with this text; its version is one higher, unless nothing changed.

    Raises EditConflict when somebody saved it since it was `seen`.
    """
    section = PostmortemSection.objects.select_for_update().get(pk=section.pk)
    check_unchanged(section_values(section), seen)
    if section.body != body:
        section.body, section.edited_by = body, actor
        section.version += 1
        section.save(update_fields=["body", "edited_by", "version", "updated_at"])
    return section
