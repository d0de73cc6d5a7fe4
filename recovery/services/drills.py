"""Incident drills: restore to just before the impact began, and say what that would have lost."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import User
from incidents.models import Incident, TimelineEvent
from incidents.services.timeline import record
from lib.queue import send_after_commit
from recovery.models import Replica, RestoreTest
from recovery.services.claims import TASK
from recovery.services.restore_tests import create_restore_test


def moment_before(incident: Incident) -> datetime:
    """The earliest moment at which the incident is known to have been under way; a restore ends strictly before it."""
    return min(filter(None, (incident.impact_started_at, incident.detected_at, incident.declared_at)))


@transaction.atomic
def queue_drill(replica: Replica, *, incident: Incident, actor: User, now: datetime) -> RestoreTest:
    """A test that restores to just before the incident's impact, and goes before all others; the timeline says so."""
    test = create_restore_test(
        replica, actor=actor, now=now, at=moment_before(incident), trigger="incident", incident=incident
    )
    words = {"test": test.reference, "replica": str(test.replica), "moment": f"{test.target_at:%Y-%m-%d %H:%M:%S}"}
    text = _("%(test)s: drill asked for, restoring %(replica)s to just before %(moment)s UTC.") % words
    record(incident, TimelineEvent.Kind.ACTION, text, actor=actor, at=now)
    send_after_commit(TASK, test.number)
    return test
