"""Alarms: each trouble is told of once when it begins and once when it ends."""

import hashlib
from datetime import datetime

from django.db import transaction
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from notifications.models import Level
from notifications.services.outbox import notify
from recovery.models import Alarm, Database, Replica

Kind = Alarm.Kind
TOPIC = "recovery_alarm"
LEVELS = {
    Kind.FAILED: Level.CRITICAL,
    Kind.LAPSED: Level.CRITICAL,
    Kind.LAGGING: Level.WARNING,
    Kind.DISK: Level.WARNING,
}
# What each is when it is over.
ENDS = {
    Kind.FAILED: gettext_lazy("restore tests pass again"),
    Kind.LAPSED: gettext_lazy("proven restorable again"),
    Kind.LAGGING: gettext_lazy("the replica is up to date again"),
    Kind.DISK: gettext_lazy("the disk has room again"),
}
# What a notification takes.
LONGEST_KEY = 200


@transaction.atomic
def open_alarm(
    kind: Alarm.Kind, *, database: Database, replica: Replica | None, subject: str, reason: str, now: datetime
) -> Alarm:
    """The trouble has an open alarm that says why, and the first time people are told.

    `subject` names the trouble beside the kind and stays the same while it lasts, whatever is renamed.
    """
    alarm, is_new = Alarm.objects.get_or_create(
        kind=kind,
        subject=subject,
        closed_at=None,
        defaults={"database": database, "replica": replica, "reason": reason, "opened_at": now},
    )
    if is_new:
        _tell(alarm, LEVELS[kind], text=reason, now=now)
    elif alarm.reason != reason:
        alarm.reason = reason
        alarm.save(update_fields=["reason"])
    return alarm


@transaction.atomic
def close_alarm(kind: Alarm.Kind, *, subject: str, reason: str, now: datetime) -> bool:
    """The trouble has no open alarm; True where it had one, and then people are told that it is over."""
    open_ones = Alarm.objects.filter(kind=kind, subject=subject, closed_at=None)
    alarm = open_ones.select_for_update(of=("self",)).select_related("database", "replica").first()
    if alarm is None:
        return False
    alarm.closed_at = now
    alarm.save(update_fields=["closed_at"])
    _tell(alarm, Level.RECOVERED, text=reason, now=now)
    return True


def list_open_subjects(kind: Alarm.Kind) -> set[str]:
    """The troubles of this kind that have an open alarm, those of a demonstration left out."""
    real = Alarm.objects.filter(kind=kind, closed_at=None, database__is_demonstration=False)
    return set(real.values_list("subject", flat=True))


def replica_subject(replica: Replica) -> str:
    """The trouble with this replica as a whole."""
    return f"replica:{replica.pk}"


def points_subject(replica: Replica) -> str:
    """The trouble with points in time of this replica."""
    return f"replica:{replica.pk}:points"


def database_subject(database: Database) -> str:
    """The trouble with this database."""
    return f"database:{database.pk}"


def disk_subject(mount: str) -> str:
    """The trouble with the disk that is mounted there."""
    return f"disk:{mount}"


def dedup_key(alarm: Alarm) -> str:
    """What joins the messages about one trouble; short enough for every channel."""
    key = f"debrief/{alarm.kind}/{alarm.subject}"
    if len(key.encode()) <= LONGEST_KEY:
        return key
    return f"debrief/{alarm.kind}/{hashlib.sha256(alarm.subject.encode()).hexdigest()}"


def _tell(alarm: Alarm, level: Level, *, text: str, now: datetime) -> None:
    about = str(alarm.replica or alarm.database)
    if alarm.kind == Kind.DISK:
        about = alarm.subject.removeprefix("disk:")
    # Every channel puts the level before it, such as “Recovered: ”.
    words = {"kind": alarm.get_kind_display(), "about": about}
    if level == Level.RECOVERED:
        words["kind"] = str(ENDS[Kind(alarm.kind)])
    title = _("%(about)s: %(kind)s") if level == Level.RECOVERED else _("%(kind)s: %(about)s")
    notify(
        topic=TOPIC,
        level=level,
        dedup_key=dedup_key(alarm),
        title=(title % words)[:300],
        text=text,
        path=reverse("recovery:database", args=[alarm.database.name]),
        now=now,
    )
