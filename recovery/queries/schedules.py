"""When databases are tested."""

from collections.abc import Iterable

from recovery.models import Database


def list_with_schedules(keys: Iterable[int]) -> dict[int, Database]:
    """The databases with these keys, by key, each with its schedule; one query."""
    return Database.objects.select_related("schedule__crontab").in_bulk(list(keys))
