"""The prose of a post-mortem that was written elsewhere, in the sections of its own."""

from datetime import datetime

from django.utils.translation import gettext as _

from accounts.models import User
from incidents.errors import IncidentError
from incidents.lengths import SECTION_TEXT
from incidents.models import Postmortem, SectionVersion
from incidents.readers.document import ReadPostmortem, ReadSection
from incidents.services.outline import add_section
from incidents.services.section_order import MOST_SECTIONS
from incidents.services.sections import save_section

LONGEST_TITLE = 120


def write_sections(
    postmortem: Postmortem, read: ReadPostmortem, *, longer_items: list[str], actor: User, now: datetime
) -> None:
    """Every section that was read stands where it belongs, or in one of its own, in the order of the document.

    What is longer than a section may be goes on in others, behind the last. `longer_items` are action items that say
    more than their records hold.
    """
    known = {section.key: section for section in postmortem.sections.all()}
    fitting, own = _sort(read, {key: section.title for key, section in known.items()})
    if longer_items:
        fitting.setdefault("action_items", []).append("\n".join(f"- {item}" for item in longer_items))
    origin = SectionVersion.Origin.IMPORTED
    for key, parts in fitting.items():
        standing = known.get(key)
        if standing is None:
            title = next((section.title for section in read.sections if section.key == key), _("Action items"))
            standing = add_section(postmortem, title=title[:LONGEST_TITLE] or _("Summary"), kind=key)
        first, *others = _cut("\n\n".join(parts))
        own += [(standing.title, other) for other in others]
        save_section(standing, body=first, actor=actor, now=now, origin=origin)
    # What is more than a document may have stands in the last one.
    room = max(MOST_SECTIONS - postmortem.sections.filter(removed_at=None).count(), 1)
    parted = [(title, part) for title, body in own for part in _cut(body)]
    for title, body in _fitted(parted, room):
        added = add_section(postmortem, title=(title or _("More"))[:LONGEST_TITLE])
        save_section(added, body=body, actor=actor, now=now, origin=origin)


def _sort(read: ReadPostmortem, titles: dict[str, str]) -> tuple[dict[str, list[str]], list[tuple[str, str]]]:
    """The prose of the sections of the outline, by their keys, and titles with the prose of all others.

    `titles` are those that stand above the outline's sections, by their keys.
    """
    fitting: dict[str, list[str]] = {}
    own: list[tuple[str, str]] = []
    for section in read.sections:
        if section.key and section.body:
            said = {"", read.title.casefold(), titles.get(section.key, "").casefold()}
            fitting.setdefault(section.key, []).append(_with_title(section, said))
        elif section.body:
            own.append((section.title, section.body))
    if read.particulars:
        own.append((_("Particulars"), "\n".join(f"- **{label}:** {value}" for label, value in read.particulars)))
    return fitting, own


def _with_title(section: ReadSection, said: set[str]) -> str:
    """The prose, under its heading where that is not said anyhow."""
    return section.body if section.title.casefold() in said else f"# {section.title}\n\n{section.body}"


def _fitted(own: list[tuple[str, str]], room: int) -> list[tuple[str, str]]:
    """These sections as at most so many, the last ones joined where they are more."""
    kept = len(own) if len(own) <= room else room - 1
    while kept >= 0:
        joined = "\n\n".join(f"# {title}\n\n{body}" if title else body for title, body in own[kept:])
        more = [(_("More"), part) for part in _cut(joined)] if joined else []
        if kept + len(more) <= room:
            return [*own[:kept], *more]
        kept -= 1
    raise IncidentError(_("This document is too long for one post-mortem. Import it in parts."))


def _cut(body: str) -> list[str]:
    """The text in parts that a section holds, each ending where a paragraph or a line does."""
    parts = []
    while len(body) > SECTION_TEXT:
        ends = (body.rfind(gap, SECTION_TEXT // 2, SECTION_TEXT) for gap in ("\n\n", "\n", " "))
        end = next((place for place in ends if place > 0), SECTION_TEXT)
        parts.append(body[:end])
        body = body[end:].lstrip("\n")
    return [*parts, body]
