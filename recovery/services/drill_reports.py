"""What a drill found, in words, on its incident's timeline."""

from datetime import datetime

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from incidents.models import TimelineEvent
from incidents.services.timeline import record
from recovery.models import RestoreTest
from recovery.services.loss import count_lost_rows


def report_drill(test: RestoreTest, *, now: datetime) -> None:
    """The incident's timeline says how its drill ended; of other tests nothing is said."""
    if test.incident is None or test.requested_by is None:
        return
    record(test.incident, TimelineEvent.Kind.RECOVERY, describe_drill(test), actor=test.requested_by, at=now)


def describe_drill(test: RestoreTest) -> str:
    """The drill's result in two sentences."""
    words = {"test": test.reference, "status": test.get_status_display().lower()}
    if test.restored_to is None:
        return _("%(test)s: the drill ended: %(status)s. %(reason)s") % {**words, "reason": " ".join(test.reasons)}
    words["moment"] = f"{test.restored_to:%Y-%m-%d %H:%M:%S}"
    sentence = _("%(test)s: the drill %(status)s; the data came back as of %(moment)s UTC.") % words
    return f"{sentence} {describe_loss(test)}"


def describe_loss(test: RestoreTest) -> str:
    """What restoring to the drill's moment would have lost; why it did not come back; nothing before its end."""
    if not test.is_finished:
        return ""
    if test.restored_to is None:
        return " ".join(test.reasons)
    if not test.loss:
        return _("What would have been lost is not known: the source cannot be read, and no other test passed yet.")
    rows = count_lost_rows(test.loss)
    sentence = ngettext(
        "Restoring to it would have lost %(rows)s row written since.",
        "Restoring to it would have lost %(rows)s rows written since.",
        rows,
    )
    return sentence % {"rows": f"{rows:,}"}
