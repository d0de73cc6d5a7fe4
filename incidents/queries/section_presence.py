"""Who has which section open for writing."""

from datetime import datetime, timedelta

from accounts.models import User
from incidents.models import Postmortem, SectionPresence

# Whoever was not heard of for longer has gone.
GONE_AFTER = timedelta(seconds=30)


def list_present(postmortem: Postmortem, *, now: datetime, but: User) -> dict[str, list[str]]:
    """The names of those who write in each section now, `but` for one, by the section's key, each list in order."""
    rows = SectionPresence.objects.filter(section__postmortem=postmortem, seen_at__gt=now - GONE_AFTER)
    rows = rows.exclude(person=but)
    present: dict[str, list[str]] = {}
    for row in rows.select_related("person", "section").order_by("person__name", "person__username"):
        present.setdefault(row.section.key, []).append(str(row.person))
    return present
