"""Which sections a document has, what they are called, and in which order they stand.

What a section says is kept whatever becomes of it: one that is removed can be brought back with its text and history.
"""

from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import QuerySet

from incidents.models import Incident, Postmortem, PostmortemSection
from incidents.services import section_order
from incidents.services.timeline import next_revision
from lib.edits import check_unchanged, values_of


def heading_values(section: PostmortemSection) -> dict[str, Any]:
    """What a form over the section's heading is filled with."""
    return values_of(section, ("title", "prompt"))


@transaction.atomic
def add_section(postmortem: Postmortem, *, title: str, prompt: str = "", kind: str = "") -> PostmortemSection:
    """One more section at the end. `kind` is the key of the records that stand in it; empty for prose alone.

    Where a section of this kind was removed, that one comes back, with its text, under this title.
    """
    _lock(postmortem)
    blank = PostmortemSection(postmortem=postmortem)
    section = section_order.add(blank, _siblings(postmortem), title=title, prompt=prompt, kind=kind)
    _touch(postmortem)
    return section


@transaction.atomic
def change_heading(
    section: PostmortemSection, *, title: str, prompt: str, seen: str | None = None
) -> PostmortemSection:
    """The section with this title and question.

    Raises EditConflict when somebody changed them since they were `seen`.
    """
    section = _locked(section)
    check_unchanged(heading_values(section), seen)
    section.title, section.prompt = title, prompt
    section.save(update_fields=["title", "prompt", "updated_at"])
    _touch(section.postmortem)
    return section


@transaction.atomic
def move_section(section: PostmortemSection, *, direction: str) -> PostmortemSection:
    """The section one place `up` or `down`; where it was, if it is the first or last already."""
    section = _locked(section)
    if section_order.move(section, _siblings(section.postmortem), direction=direction):
        _touch(section.postmortem)
    return section


@transaction.atomic
def remove_section(section: PostmortemSection, *, now: datetime) -> PostmortemSection:
    """The section in no document any more; its text and history are kept, and so is its place."""
    section = _locked(section)
    if section_order.remove(section, _siblings(section.postmortem), now=now):
        _touch(section.postmortem)
    return section


@transaction.atomic
def bring_back_section(section: PostmortemSection) -> PostmortemSection:
    """The section where it stood, with the text it had."""
    section = _locked(section)
    if section_order.bring_back(section, _siblings(section.postmortem)):
        _touch(section.postmortem)
    return section


def _lock(postmortem: Postmortem) -> None:
    # The incident, as everything that changes what belongs to it.
    Incident.objects.select_for_update().get(pk=postmortem.incident_id)


def _locked(section: PostmortemSection) -> PostmortemSection:
    _lock(section.postmortem)
    return PostmortemSection.with_removed.select_related("postmortem__incident").get(pk=section.pk)


def _siblings(postmortem: Postmortem) -> QuerySet[PostmortemSection]:
    return PostmortemSection.with_removed.filter(postmortem=postmortem)


def _touch(postmortem: Postmortem) -> None:
    """The document counts as changed now: what it says is another thing without a section, or in another order."""
    next_revision(postmortem.incident)
    postmortem.save(update_fields=["updated_at"])
