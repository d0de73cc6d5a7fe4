"""Telling authors what is due: the working day before, on the day, and when it is overdue."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import islice

from django.conf import settings
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from accounts.models import User
from incidents.closing import owes_postmortem
from incidents.deadlines import add_working_days, day_there, is_working_day
from incidents.models import Incident, Postmortem
from notifications.services.outbox import can_be_mailed, list_sent, notify_person

TOMORROW, TODAY, OVERDUE = "tomorrow", "today", "overdue"
OPEN = (Postmortem.Status.DRAFT, Postmortem.Status.IN_REVIEW)
# So many are read, and asked for, at once.
PART = 500


@dataclass(frozen=True)
class _Reminder:
    """One mail to one person about one stage."""

    postmortem: Postmortem
    person: User
    stage: str
    due: date
    today: date

    @property
    def key(self) -> str:
        """The same for all that would say the same."""
        return f"postmortem-{self.postmortem.pk}-{self.stage}-{self.due.isoformat()}-{self.person.pk}"


def remind_of_postmortems(*, now: datetime) -> None:
    """Author and facilitator of every post-mortem that is due are mailed, once for each stage and due day.

    Nothing is sent for drills, duplicates, and where none is required, and nothing on days on which nobody works. Of an
    incident the mail names the number alone.
    """
    owed = Postmortem.objects.filter(status__in=OPEN, incident__severity__is_postmortem_required=True)
    owed = owed.exclude(incident__resolved_at=None).select_related("incident__severity", "author", "facilitator")
    every = (one for postmortem in owed.order_by("pk").iterator(PART) for one in _list_reminders(postmortem, now))
    while part := [*islice(every, PART)]:
        # What is overdue stays so for long: all that was told before is found at once.
        sent = list_sent([reminder.key for reminder in part])
        for reminder in part:
            if reminder.key not in sent:
                _remind(reminder, now)


def stage_of(due: date | None, today: date) -> str:
    """How pressing it is; empty where it is not, or where nobody works today. “Tomorrow” is the next working day."""
    if due is None or not is_working_day(today, settings.HOLIDAYS):
        return ""
    if due > today:
        return TOMORROW if due <= add_working_days(today, 1, settings.HOLIDAYS) else ""
    return TODAY if due == today else OVERDUE


def _list_reminders(postmortem: Postmortem, now: datetime) -> Iterator[_Reminder]:
    """What is to be told by now, sent already or not, to those who can be told."""
    incident = postmortem.incident
    due, today = incident.postmortem_due, day_there(now, incident.time_zone)
    stage = stage_of(due, today)
    if not due or not stage or not owes_postmortem(incident):
        return
    for person in {one.pk: one for one in (postmortem.author, postmortem.facilitator) if one}.values():
        if can_be_mailed(person):
            yield _Reminder(postmortem, person, stage, due, today)


def _remind(reminder: _Reminder, now: datetime) -> None:
    postmortem, person, due = reminder.postmortem, reminder.person, reminder.due
    if not Incident.objects.visible_to(person).filter(pk=postmortem.incident_id).exists():
        return
    title, text = _sentences(reminder.stage, due, reminder.today)
    words = {"reference": postmortem.incident.reference, "day": due.isoformat(), "weekday": date_format(due, "l")}
    notify_person(
        person,
        topic="postmortem_reminder",
        dedup_key=reminder.key,
        title=title % words,
        text=text % words,
        path=postmortem.get_absolute_url(),
        now=now,
    )


def _sentences(stage: str, due: date, today: date) -> tuple[str, str]:
    """The title and the text of the mail, which shall help and push nobody."""
    missing = _("Its page shows what is still missing; “unknown” is an honest answer.")
    if stage == TODAY:
        return _("The post-mortem of %(reference)s is due today"), missing
    if stage == OVERDUE:
        enough = _(
            "What is known by now is enough for a first version; a later one can add to it. "
            "Its page shows what is open. Should none be needed any more, say there why."
        )
        return _("The post-mortem of %(reference)s was due on %(day)s"), enough
    if due == today + timedelta(days=1):
        return _("The post-mortem of %(reference)s is due tomorrow"), missing
    return _("The post-mortem of %(reference)s is due on %(weekday)s, %(day)s"), missing
