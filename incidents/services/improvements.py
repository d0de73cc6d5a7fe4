"""Figures before and after."""

from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from incidents.documents.references import find_records, in_words
from incidents.errors import IncidentError
from incidents.models import Improvement, Incident
from incidents.services.timeline import next_revision
from lib.edits import check_unchanged, values_of

FIELDS = ("metric", "before", "before_source", "after", "after_source")


def improvement_values(improvement: Improvement) -> dict[str, Any]:
    """What a form over the figure is filled with; a side that is measured has no typed figure."""
    values = values_of(improvement, FIELDS)
    return values | {side: "" for side in ("before", "after") if values[f"{side}_source"]}


@transaction.atomic
def add_improvement(incident: Incident, *, metric: str, **sides: str) -> Improvement:
    """One more figure that the incident changed; `sides` holds before and after, or what each is read from."""
    next_revision(incident)
    improvement = Improvement(incident=incident, metric=metric)
    return _store(improvement, **sides)


@transaction.atomic
def change_improvement(improvement: Improvement, *, metric: str, seen: str | None = None, **sides: str) -> Improvement:
    """The figure with these values. Raises EditConflict when somebody changed it since it was `seen`."""
    improvement = Improvement.objects.select_for_update().select_related("incident").get(pk=improvement.pk)
    check_unchanged(improvement_values(improvement), seen)
    improvement.metric = metric
    next_revision(improvement.incident)
    return _store(improvement, **sides)


def _store(
    improvement: Improvement, *, before: str = "", after: str = "", before_source: str = "", after_source: str = ""
) -> Improvement:
    improvement.before_source, improvement.after_source = before_source, after_source
    improvement.before = _snapshot(improvement.incident, before_source, "before_source") if before_source else before
    improvement.after = _snapshot(improvement.incident, after_source, "after_source") if after_source else after
    improvement.save()
    return improvement


def _snapshot(incident: Incident, source: str, field: str) -> str:
    """What the source says now, for whoever reads the row alone; documents read it anew."""
    record = find_records([source], incident).get(source)
    name = source.partition(".")[2]
    if record is None or name not in record.figures:
        raise IncidentError(_("This measurement is no longer there; choose another or type the figure."), field=field)
    return in_words(record, name)
