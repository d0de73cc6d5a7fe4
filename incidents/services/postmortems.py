"""Beginning a post-mortem and writing its sections."""

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import User
from incidents.documents.outline import DEFAULT_SECTIONS
from incidents.models import Incident, Postmortem, PostmortemSection
from lib.errors import EditConflict


@transaction.atomic
def start_postmortem(incident: Incident, *, actor: User, author_line: str = "") -> Postmortem:
    """The incident's post-mortem with the default sections; the one that stands, where it was begun before."""
    postmortem, is_new = Postmortem.objects.get_or_create(
        incident=incident, defaults={"author": actor, "author_line": author_line}
    )
    if is_new:
        PostmortemSection.objects.bulk_create(
            PostmortemSection(postmortem=postmortem, key=key, title=str(title), position=position)
            for position, (key, title) in enumerate(DEFAULT_SECTIONS.items(), start=1)
        )
    return postmortem


@transaction.atomic
def save_section(section: PostmortemSection, *, version: int, body: str, actor: User) -> PostmortemSection:
    """The section with this text; its version is one higher, unless nothing changed.

    Raises EditConflict when somebody saved it since `version`.
    """
    section = PostmortemSection.objects.select_for_update().get(pk=section.pk)
    if section.version != version:
        raise EditConflict(
            _("Somebody saved this section while you were writing. Compare both texts and save again to keep yours."),
            theirs=section.body,
            version=section.version,
        )
    if section.body != body:
        section.body, section.edited_by = body, actor
        section.version += 1
        section.save(update_fields=["body", "edited_by", "version", "updated_at"])
    return section
