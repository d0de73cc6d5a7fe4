"""Saying that somebody has a section open for writing."""

from datetime import datetime, timedelta

from django.db import transaction

from accounts.models import User
from incidents.models import PostmortemSection, SectionPresence

# An editor says so more often than this is written down.
OFTEN = timedelta(seconds=9)
FORGOTTEN_AFTER = timedelta(days=1)


@transaction.atomic
def note_presence(section: PostmortemSection, *, actor: User, now: datetime) -> None:
    """This person is known to write in the section now; what is known of others a day ago is forgotten."""
    known = SectionPresence.objects.filter(section=section, person=actor, seen_at__gt=now - OFTEN, seen_at__lte=now)
    if known.exists():
        return
    SectionPresence.objects.filter(section=section, seen_at__lt=now - FORGOTTEN_AFTER).delete()
    SectionPresence.objects.update_or_create(section=section, person=actor, defaults={"seen_at": now})


def leave_section(section: PostmortemSection, *, actor: User) -> None:
    """This person is not known to write in the section any more."""
    SectionPresence.objects.filter(section=section, person=actor).delete()
