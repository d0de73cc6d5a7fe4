"""What the five levels are called, and what they ask for."""

from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from incidents.errors import IncidentError
from incidents.models import SeverityLevel
from lib.edits import check_unchanged, values_of

NAMES = (
    *("name", "definition", "colour"),
    *("is_postmortem_required", "postmortem_days", "postmortem_template", "action_item_days"),
)


def severity_values(severity: SeverityLevel) -> dict[str, Any]:
    """What a form over the level is filled with."""
    values = values_of(severity, NAMES)
    # One that was removed cannot be chosen.
    if (template := severity.postmortem_template) and template.removed_at:
        values["postmortem_template"] = None
    return values


@transaction.atomic
def change_severity_level(severity: SeverityLevel, *, seen: str | None = None, **facts: Any) -> SeverityLevel:
    """The level with these facts, for incidents that stand as well as for new ones.

    Raises EditConflict when somebody changed it since it was `seen`.
    """
    severity = SeverityLevel.objects.select_for_update().get(pk=severity.pk)
    check_unchanged(severity_values(severity), seen)
    if SeverityLevel.objects.filter(name__iexact=facts["name"]).exclude(pk=severity.pk).exists():
        raise IncidentError(_("Another level has this name; choose one that tells them apart."), field="name")
    # Nobody could choose a template that was removed, so leaving it out says nothing: brought back, it is used again.
    kept = severity.postmortem_template
    if facts["postmortem_template"] is None and kept and kept.removed_at:
        facts["postmortem_template"] = kept
    for name in NAMES:
        setattr(severity, name, facts[name])
    severity.save(update_fields=NAMES)
    return severity
