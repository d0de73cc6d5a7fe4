"""The prose of a post-mortem that was written elsewhere, in the sections of its own."""

import re
from datetime import datetime

from django.utils.translation import gettext as _

from accounts.models import User
from incidents.models import Postmortem, SectionVersion
from incidents.readers.document import ReadPostmortem, ReadSection
from incidents.services.outline import add_section
from incidents.services.sections import save_section

# So many sections of its own a document gets; what comes behind them stands in the last one.
MOST_OWN = 12
LONGEST_TITLE = 120


def write_sections(postmortem: Postmortem, read: ReadPostmortem, *, actor: User, now: datetime) -> None:
    """Every section that was read stands where it belongs, or in one of its own, in the order of the document."""
    fitting: dict[str, list[str]] = {}
    own: list[tuple[str, str]] = []
    for section in read.sections:
        if section.key and section.body:
            fitting.setdefault(section.key, []).append(_with_title(section, is_first=section.key not in fitting))
        elif section.body:
            own.append((section.title, section.body))
    if read.particulars:
        own.append((_("Particulars"), "\n".join(f"- **{label}:** {value}" for label, value in read.particulars)))
    own[MOST_OWN - 1 :] = _joined(own[MOST_OWN - 1 :])
    known = {section.key: section for section in postmortem.sections.all()}
    origin = SectionVersion.Origin.IMPORTED
    for key, parts in fitting.items():
        standing = known.get(key)
        if standing is None or getattr(standing, "removed_at", None):
            title = next(section.title for section in read.sections if section.key == key)
            standing = add_section(postmortem, title=title[:LONGEST_TITLE] or _("Summary"), kind=key)
        save_section(standing, body="\n\n".join(parts), actor=actor, now=now, origin=origin)
    for title, body in own:
        added = add_section(postmortem, title=(title or _("More"))[:LONGEST_TITLE])
        save_section(added, body=body, actor=actor, now=now, origin=origin)


def _with_title(section: ReadSection, *, is_first: bool) -> str:
    """The prose, under its heading where that says more than the section's own."""
    if not section.title or (is_first and not re.search(r"[\d(]", section.title)):
        return section.body
    return f"# {section.title}\n\n{section.body}"


def _joined(own: list[tuple[str, str]]) -> list[tuple[str, str]]:
    if len(own) < 2:
        return own
    return [(_("More"), "\n\n".join(f"# {title}\n\n{body}" if title else body for title, body in own))]
