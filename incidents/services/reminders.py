"""Telling authors what is due: the day before, on the day, and when it is overdue."""

from datetime import date, datetime, timedelta

from django.utils.translation import gettext as _

from incidents.closing import owes_postmortem
from incidents.deadlines import day_there
from incidents.models import Incident, Postmortem
from notifications.services.outbox import notify_person

TOMORROW, TODAY, OVERDUE = "tomorrow", "today", "overdue"
OPEN = (Postmortem.Status.DRAFT, Postmortem.Status.IN_REVIEW)


def remind_of_postmortems(*, now: datetime) -> None:
    """Author and facilitator of every post-mortem that is due are mailed, once for each stage and due day.

    Nothing is sent for drills, duplicates, and where none is required. Of an incident the mail names the number alone.
    """
    owed = Postmortem.objects.filter(status__in=OPEN, incident__severity__is_postmortem_required=True)
    owed = owed.exclude(incident__resolved_at=None)
    for postmortem in owed.select_related("incident__severity", "author", "facilitator").order_by("pk").iterator(500):
        incident = postmortem.incident
        due = incident.postmortem_due
        stage = stage_of(due, day_there(now, incident.time_zone))
        if due and stage and owes_postmortem(incident):
            _remind(postmortem, stage, due, now)


def stage_of(due: date | None, today: date) -> str:
    """How pressing it is; empty where it is not."""
    if due is None or due > today + timedelta(days=1):
        return ""
    if due > today:
        return TOMORROW
    return TODAY if due == today else OVERDUE


def _remind(postmortem: Postmortem, stage: str, due: date, now: datetime) -> None:
    words = {"reference": postmortem.incident.reference, "day": due.isoformat()}
    titles = {
        TOMORROW: _("The post-mortem of %(reference)s is due tomorrow"),
        TODAY: _("The post-mortem of %(reference)s is due today"),
        OVERDUE: _("The post-mortem of %(reference)s is overdue since %(day)s"),
    }
    for person in {one.pk: one for one in (postmortem.author, postmortem.facilitator) if one}.values():
        if not Incident.objects.visible_to(person).filter(pk=postmortem.incident_id).exists():
            continue
        notify_person(
            person,
            topic="postmortem_reminder",
            dedup_key=f"postmortem-{postmortem.pk}-{stage}-{due.isoformat()}-{person.pk}",
            title=titles[stage] % words,
            text=_("It is to be published by %(day)s. Open it to see what is still missing.") % words,
            path=postmortem.get_absolute_url(),
            now=now,
        )
