"""What a section said before, and who wrote in it."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.utils.translation import gettext as _

from accounts.models import User
from incidents.errors import IncidentError
from incidents.models import Postmortem, PostmortemSection, SectionVersion

# Whoever pauses for longer begins anew.
SITTING = timedelta(minutes=10)


@dataclass(frozen=True)
class Sitting:
    """What one person wrote in one go: the text before it and after it, from the version `first` to `last`."""

    author: User
    origin: str
    first: int
    last: int
    began_at: datetime
    ended_at: datetime
    before: str
    after: str

    @property
    def is_remarkable(self) -> bool:
        """True where it came about otherwise than by typing."""
        return self.origin != SectionVersion.Origin.TYPED

    @property
    def origin_label(self) -> str:
        """How it came about, in words."""
        return str(SectionVersion.Origin(self.origin).label)


def text_at(section: PostmortemSection, number: int) -> str:
    """The section's text as the version `number` left it, found by walking back from what it says now.

    Raises IncidentError where there is no such version, or where the history begins later.
    """
    if not 1 <= number <= section.version:
        raise IncidentError(_("There is no version %(number)d of this section. Reload the page.") % {"number": number})
    body, reached = section.body, section.version
    # One by one: each may hold as much as a section does.
    for version in section.versions.filter(number__gt=number).order_by("-number").iterator(chunk_size=50):
        if version.number != reached:
            break
        body, reached = take_back(body, version), reached - 1
    if reached != number:
        words = _("The history of this section begins after version %(number)d; choose a later one.")
        raise IncidentError(words % {"number": number})
    return body


def take_back(text: str, version: SectionVersion) -> str:
    """The text as it was before this version."""
    return text[: version.start] + version.removed + text[version.start + len(version.added) :]


def list_authors_since(section: PostmortemSection, number: int) -> list[User]:
    """Those who saved the section after this version, each once, the latest first."""
    later = section.versions.filter(number__gt=number).order_by("-number").select_related("author")
    later = later.defer("removed", "added")
    return list(dict.fromkeys(version.author for version in later))


def list_sittings(
    section: PostmortemSection, *, is_each: bool = False, before_version: int = 0, most: int | None = None
) -> list[Sitting]:
    """How the section came to say what it says, the newest first; at most so many, older than `before_version`.

    Saves of one person without a pause are one, unless `is_each` asks for them apart.
    """
    found: list[Sitting] = []
    after = section.body
    # Of each both texts are held, so no more is read than is asked for.
    for version in section.versions.order_by("-number").select_related("author").iterator(chunk_size=50):
        before = take_back(after, version)
        if before_version and version.number >= before_version:
            after = before
            continue
        if found and not is_each and _is_same(version, found[-1]):
            newest = found.pop()
            found.append(
                Sitting(
                    **vars(newest) | {"first": version.number, "began_at": version.saved_at, "before": before},
                )
            )
        else:
            if len(found) == most:
                break
            instants = version.saved_at, version.saved_at
            found.append(
                Sitting(version.author, version.origin, version.number, version.number, *instants, before, after)
            )
        after = before
    return found


def _is_same(version: SectionVersion, later: Sitting) -> bool:
    typed = (SectionVersion.Origin.TYPED, SectionVersion.Origin.MERGED)
    if version.author != later.author or later.began_at - version.saved_at > SITTING:
        return False
    # What was brought back stands by itself, so that it can be undone by itself.
    return version.origin == later.origin or (version.origin in typed and later.origin in typed)


def oldest_version(section: PostmortemSection) -> int:
    """The version that its history begins with: the one it was begun with, unless that is from before histories."""
    oldest = section.versions.order_by("number").values_list("number", flat=True).first()
    return oldest - 1 if oldest else section.version


def list_versions(postmortem: Postmortem) -> dict[str, int]:
    """The version of each section, by its key, in order."""
    return dict(postmortem.sections.values_list("key", "version"))


def has_written_since(section: PostmortemSection, number: int, person: User) -> bool:
    """True where this person saved the section after this version."""
    return section.versions.filter(number__gt=number, author=person).exists()
