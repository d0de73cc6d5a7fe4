"""Alarms: what is wrong now, and what was."""

from recovery.models import Alarm

ENDED = 50


def list_alarms() -> tuple[list[Alarm], list[Alarm]]:
    """All that are open, and the last ones that ended, each the newest first, with what a row shows."""
    alarms = Alarm.objects.select_related("database", "replica")
    ended = alarms.filter(closed_at__isnull=False).order_by("-closed_at", "-pk")
    return list(alarms.filter(closed_at=None)), list(ended[:ENDED])
