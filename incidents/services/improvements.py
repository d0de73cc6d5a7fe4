"""Figures before and after."""

from django.db import transaction

from incidents.models import Improvement, Incident


@transaction.atomic
def add_improvement(incident: Incident, *, metric: str, before: str, after: str) -> Improvement:
    """One more figure that the incident changed."""
    return Improvement.objects.create(incident=incident, metric=metric, before=before, after=after)


@transaction.atomic
def change_improvement(improvement: Improvement, *, metric: str, before: str, after: str) -> Improvement:
    """The figure with these values."""
    improvement = Improvement.objects.select_for_update().get(pk=improvement.pk)
    improvement.metric, improvement.before, improvement.after = metric, before, after
    improvement.save(update_fields=["metric", "before", "after", "updated_at"])
    return improvement
