"""Figures before and after."""

from typing import Any

from django.db import transaction

from incidents.models import Improvement, Incident
from incidents.services.timeline import next_revision
from lib.edits import check_unchanged, values_of


def improvement_values(improvement: Improvement) -> dict[str, Any]:
    """What a form over the figure is filled with."""
    return values_of(improvement, ("metric", "before", "after"))


@transaction.atomic
def add_improvement(incident: Incident, *, metric: str, before: str, after: str) -> Improvement:
    """One more figure that the incident changed."""
    next_revision(incident)
    return Improvement.objects.create(incident=incident, metric=metric, before=before, after=after)


@transaction.atomic
def change_improvement(
    improvement: Improvement, *, metric: str, before: str, after: str, seen: str | None = None
) -> Improvement:
    """The figure with these values. Raises EditConflict when somebody changed it since it was `seen`."""
    improvement = Improvement.objects.select_for_update().get(pk=improvement.pk)
    check_unchanged(improvement_values(improvement), seen)
    improvement.metric, improvement.before, improvement.after = metric, before, after
    next_revision(improvement.incident)
    improvement.save(update_fields=["metric", "before", "after", "updated_at"])
    return improvement
