"""The checks of a database, and what they can be about."""

from django.db.models import QuerySet

from recovery.models import Check, Database, RestoreTest


def list_checks(database: Database) -> QuerySet[Check]:
    """All checks of the database, on or off, in the order they were made."""
    return Check.objects.filter(database=database).select_related("created_by").order_by("pk")


def list_known_tables(database: Database) -> list[str]:
    """The tables that the newest test found, in order of name; none before the first."""
    tests = RestoreTest.objects.filter(replica__database=database, finished_at__isnull=False).exclude(tables={})
    newest = tests.order_by("-number").values_list("tables", flat=True).first()
    return sorted(newest or {})
