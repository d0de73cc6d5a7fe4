"""Root causes and what else explains an incident."""

from typing import Any

from django.db import transaction

from incidents.models import Incident, RootCause
from incidents.services.timeline import next_revision
from lib.edits import check_unchanged, values_of


def cause_values(cause: RootCause) -> dict[str, Any]:
    """What a form over the cause is filled with."""
    return values_of(cause, ("statement", "kind", "category"))


@transaction.atomic
def add_cause(incident: Incident, *, kind: str, category: str, statement: str) -> RootCause:
    """One more cause of the incident."""
    next_revision(incident)
    return RootCause.objects.create(incident=incident, kind=kind, category=category, statement=statement)


@transaction.atomic
def change_cause(cause: RootCause, *, kind: str, category: str, statement: str, seen: str | None = None) -> RootCause:
    """The cause with these facts. Raises EditConflict when somebody changed it since it was `seen`."""
    cause = RootCause.objects.select_for_update().get(pk=cause.pk)
    check_unchanged(cause_values(cause), seen)
    cause.kind, cause.category, cause.statement = kind, category, statement
    next_revision(cause.incident)
    cause.save(update_fields=["kind", "category", "statement", "updated_at"])
    return cause
