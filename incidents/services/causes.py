"""Root causes and what else explains an incident."""

from django.db import transaction

from incidents.models import Incident, RootCause


@transaction.atomic
def add_cause(incident: Incident, *, kind: str, category: str, statement: str) -> RootCause:
    """One more cause of the incident."""
    return RootCause.objects.create(incident=incident, kind=kind, category=category, statement=statement)


@transaction.atomic
def change_cause(cause: RootCause, *, kind: str, category: str, statement: str) -> RootCause:
    """The cause with these facts."""
    cause = RootCause.objects.select_for_update().get(pk=cause.pk)
    cause.kind, cause.category, cause.statement = kind, category, statement
    cause.save(update_fields=["kind", "category", "statement", "updated_at"])
    return cause
