"""What a section says: every change of its text, each kept as what it replaced."""

from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import User
from incidents.errors import IncidentError, MergeConflict
from incidents.models import PostmortemSection, SectionVersion
from incidents.queries.section_versions import list_authors_since, text_at
from lib.merging import merge_texts

Origin = SectionVersion.Origin
__all__ = ["SavedSection", "restore_section", "save_section", "take_back_section", "text_at"]


@dataclass(frozen=True)
class SavedSection:
    """The section as it stands after a save.

    `is_changed` is False where it said so already; `is_merged` is True where it says more than what was sent, and
    `merged_with` are those whose changes that is, without whoever saved.
    """

    section: PostmortemSection
    is_changed: bool
    is_merged: bool = False
    merged_with: tuple[str, ...] = ()


@transaction.atomic
def save_section(
    section: PostmortemSection,
    *,
    body: str,
    actor: User,
    now: datetime,
    base_version: int | None = None,
    origin: str = Origin.TYPED,
) -> SavedSection:
    """The section with this text, one version later unless nothing changed.

    `base_version` is the one over which the text was written; None is whoever has seen none, and nothing is compared.
    What others saved since is merged in. Raises MergeConflict where they changed the same words.
    """
    section = _lock(section)
    if base_version is None or base_version == section.version:
        return SavedSection(section, _write(section, body, origin, actor=actor, now=now))
    merged, others = _merge(section, body, base_version, actor)
    is_changed = _write(section, merged, origin if merged == body else Origin.MERGED, actor=actor, now=now)
    return SavedSection(section, is_changed, is_merged=merged != body, merged_with=others)


@transaction.atomic
def restore_section(section: PostmortemSection, *, number: int, actor: User, now: datetime) -> SavedSection:
    """The section with the text of an earlier version, which is a version of its own: it can be undone in its turn.

    Raises IncidentError where there is no such version, or the history begins later.
    """
    section = _lock(section)
    is_changed = _write(section, text_at(section, number), Origin.RESTORED, actor=actor, now=now)
    return SavedSection(section, is_changed)


@transaction.atomic
def take_back_section(section: PostmortemSection, *, number: int, actor: User, now: datetime) -> SavedSection:
    """The section without what this person saved after the version `number`; what others saved since stays.

    Raises IncidentError where others changed the same words.
    """
    section = _lock(section)
    before = body = text_at(section, number)
    for version in section.versions.filter(number__gt=number).order_by("number"):
        after = before[: version.start] + version.added + before[version.start + len(version.removed) :]
        if version.author_id != actor.pk:
            merged = merge_texts(before, body, after)
            if merged is None:
                raise IncidentError(
                    _("Others have changed the same words since. Open the history and bring back a version from there.")
                )
            body = merged
        before = after
    is_changed = _write(section, body, Origin.RESTORED, actor=actor, now=now)
    return SavedSection(section, is_changed)


@transaction.atomic
def choose_theirs(
    section: PostmortemSection, *, body: str, base_version: int, actor: User, now: datetime
) -> SavedSection:
    """The section as others left it in version `base_version`; the text that was typed instead is in the history.

    Raises MergeConflict or IncidentError where others changed the same words since, and then nothing is saved.
    """
    save_section(section, body=body, actor=actor, now=now, base_version=base_version)
    return take_back_section(section, number=base_version, actor=actor, now=now)


def _lock(section: PostmortemSection) -> PostmortemSection:
    sections = PostmortemSection.objects.select_related("postmortem").select_for_update(of=("self",))
    locked = sections.filter(pk=section.pk).first()
    if locked is None:
        raise IncidentError(_("This section was removed meanwhile. Bring it back under “Sections”, then save again."))
    return locked


def _merge(section: PostmortemSection, mine: str, base_version: int, actor: User) -> tuple[str, tuple[str, ...]]:
    """Both texts in one, and whose changes came in."""
    authors = list_authors_since(section, base_version)
    others = tuple(str(author) for author in authors if author != actor)
    if mine == section.body:
        return mine, others
    try:
        base = text_at(section, base_version)
    except IncidentError:
        # Of a database that was brought back, or of a time without a history: nothing is known to be the same.
        base, merged = "", None
    else:
        merged = merge_texts(base, mine, section.body)
    if merged is not None:
        return merged, others
    words = _("%(names)s changed the same words while you were writing. Choose what this section shall say.")
    message = words % {"names": ", ".join(others) or _("Somebody")}
    raise MergeConflict(message, base=base, mine=mine, theirs=section.body, version=section.version)


def _write(section: PostmortemSection, body: str, origin: str, *, actor: User, now: datetime) -> bool:
    """True where the text became another one; the section's lock is held."""
    if section.body == body:
        return False
    start, tail = _count_shared(section.body, body)
    section.versions.create(
        number=section.version + 1,
        author=actor,
        origin=origin,
        start=start,
        removed=section.body[start : len(section.body) - tail],
        added=body[start : len(body) - tail],
        saved_at=now,
    )
    section.body, section.edited_by = body, actor
    section.version += 1
    section.save(update_fields=["body", "edited_by", "version", "updated_at"])
    return True


def _count_shared(one: str, other: str) -> tuple[int, int]:
    """How many characters both begin with, and with how many of the rest both end."""
    head = _count_head(one, other)
    return head, _count_head(one[head:][::-1], other[head:][::-1])


def _count_head(one: str, other: str) -> int:
    # By halves: comparing slices is quicker than asking for each character.
    low, high = 0, min(len(one), len(other))
    while low < high:
        middle = (low + high + 1) // 2
        if one[low:middle] == other[low:middle]:
            low = middle
        else:
            high = middle - 1
    return low
