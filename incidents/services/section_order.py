"""Places and keys of sections, the same for documents and for templates.

No two sections of one have the same place, not even for a moment, and one that was removed keeps its own: brought back,
it stands where it stood, unless it was added anew.
"""

from datetime import datetime
from itertools import count
from typing import Any, TypeVar

from django.db.models import Max, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from incidents.documents.outline import in_words
from incidents.errors import IncidentError
from incidents.models import PostmortemSection, TemplateSection

AnySection = TypeVar("AnySection", PostmortemSection, TemplateSection)
MOST_SECTIONS = 40
UP, DOWN = "up", "down"


def add(blank: AnySection, siblings: QuerySet[Any], *, title: str, prompt: str, kind: str) -> AnySection:
    """The new section `blank` among these, at the end; where one of this kind was removed, that one, with what it says.

    `siblings` hold the removed ones as well, here and below; all of this is to be called under their owner's lock.
    """
    _check_room(siblings)
    known = siblings.filter(key=kind).first() if kind else None
    if known and known.removed_at is None:
        words = {"title": in_words(known.title)}
        raise IncidentError(_("These records stand under “%(title)s” already. Rename that one.") % words, field="kind")
    section: AnySection = known or blank
    section.key = section.key or kind or _free_key(siblings)
    section.title, section.prompt, section.removed_at = title, prompt, None
    section.position = _next_position(siblings)
    section.save()
    return section


def move(section: AnySection, siblings: QuerySet[Any], *, direction: str) -> bool:
    """The section before (`up`) or after (`down`) its neighbour; False where it is the first or last already."""
    standing = siblings.filter(removed_at=None)
    if direction == UP:
        neighbour = standing.filter(position__lt=section.position).order_by("-position").first()
    else:
        neighbour = standing.filter(position__gt=section.position).order_by("position").first()
    if neighbour is None:
        return False
    here, there = section.position, neighbour.position
    # Only the one that somebody moved tells it in its history; its neighbour makes room.
    siblings.filter(pk=neighbour.pk).update(position=_next_position(siblings), updated_at=timezone.now())
    section.position = there
    section.save(update_fields=["position", "updated_at"])
    siblings.filter(pk=neighbour.pk).update(position=here)
    return True


def remove(section: AnySection, siblings: QuerySet[Any], *, now: datetime) -> bool:
    """The section removed since `now`; False where it was before. The last one stays."""
    if section.removed_at:
        return False
    if not siblings.filter(removed_at=None).exclude(pk=section.pk).exists():
        raise IncidentError(_("This is the only section. Add another before you remove it."))
    section.removed_at = now
    section.save(update_fields=["removed_at", "updated_at"])
    return True


def bring_back(section: AnySection, siblings: QuerySet[Any]) -> bool:
    """The section where it stood; False where it was never away."""
    if section.removed_at is None:
        return False
    _check_room(siblings)
    section.removed_at = None
    section.save(update_fields=["removed_at", "updated_at"])
    return True


def _next_position(siblings: QuerySet[Any]) -> int:
    return int(siblings.aggregate(last=Max("position"))["last"] or 0) + 1


def _free_key(siblings: QuerySet[Any]) -> str:
    """For a section of prose alone."""
    taken = {*siblings.values_list("key", flat=True)}
    return next(key for number in count(1) if (key := f"own-{number}") not in taken)


def _check_room(siblings: QuerySet[Any]) -> None:
    if siblings.filter(removed_at=None).count() >= MOST_SECTIONS:
        sentence = _("There are %(count)d sections already, which is as many as fit. Remove one first.")
        raise IncidentError(sentence % {"count": MOST_SECTIONS})
