"""Root causes and what else explains an incident."""

from collections.abc import Iterable
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from incidents.errors import IncidentError
from incidents.models import ActionItem, Incident, RootCause
from incidents.services.timeline import next_revision
from lib.edits import check_unchanged, values_of

MOST_WHYS = 10


def cause_values(cause: RootCause) -> dict[str, Any]:
    """What a form over the cause is filled with; the whys a line each, since their order matters."""
    return {
        **values_of(cause, ("statement", "kind", "category")),
        "whys": "\n".join(map(str, cause.whys)),
        "leads_to": list(cause.leads_to.all()),
        "action_items": list(cause.action_items.all()),
    }


@transaction.atomic
def add_cause(incident: Incident, *, kind: str, category: str, statement: str, **more: Any) -> RootCause:
    """One more cause of the incident; `more` holds whys, leads_to and action_items where they are known."""
    next_revision(incident)
    cause = RootCause.objects.create(incident=incident, kind=kind, category=category, statement=statement)
    return _store(cause, **more)


@transaction.atomic
def change_cause(
    cause: RootCause, *, kind: str, category: str, statement: str, seen: str | None = None, **more: Any
) -> RootCause:
    """The cause with these facts; of whys, leads_to and action_items, those that are given.

    Raises EditConflict when somebody changed it since it was `seen`, IncidentError where it would lead back to itself.
    """
    # First, so that of two arrows that close a circle, drawn at once, the second is refused.
    next_revision(cause.incident)
    cause = RootCause.objects.select_for_update().get(pk=cause.pk)
    check_unchanged(cause_values(cause), seen)
    cause.kind, cause.category, cause.statement = kind, category, statement
    cause.save(update_fields=["kind", "category", "statement", "updated_at"])
    return _store(cause, **more)


def _store(
    cause: RootCause,
    *,
    whys: list[str] | None = None,
    leads_to: Iterable[RootCause] | None = None,
    action_items: Iterable[ActionItem] | None = None,
) -> RootCause:
    if whys is not None and whys != cause.whys:
        cause.whys = _check_whys(whys)
        cause.save(update_fields=["whys", "updated_at"])
    if leads_to is not None:
        targets = list(leads_to)
        _check_targets(cause, targets)
        if {target.pk for target in targets} != set(cause.leads_to.values_list("pk", flat=True)):
            cause.leads_to.set(targets)
            # A document says when it last changed by its rows.
            cause.save(update_fields=["updated_at"])
    if action_items is not None:
        _tie(cause, list(action_items))
    return cause


def _check_whys(whys: list[str]) -> list[str]:
    if len(whys) > MOST_WHYS:
        sentence = _("These are more than %(limit)d whys. Make another cause of the first ones.")
        raise IncidentError(sentence % {"limit": MOST_WHYS}, field="whys")
    return whys


def _check_targets(cause: RootCause, targets: list[RootCause]) -> None:
    """Refuses an arrow to another incident, to itself, and one by which the cause would lead back to itself."""
    if any(target.incident_id != cause.incident_id for target in targets):
        raise IncidentError(
            _("A cause of another incident was chosen; choose among those of this one."), field="leads_to"
        )
    if cause in targets:
        raise IncidentError(_("A cause does not lead to itself; choose another one."), field="leads_to")
    leads_to: dict[int, list[int]] = {}
    arrows = RootCause.leads_to.through.objects.filter(from_rootcause__incident=cause.incident_id)
    for source, led_to in arrows.values_list("from_rootcause_id", "to_rootcause_id"):
        leads_to.setdefault(source, []).append(led_to)
    for target in targets:
        if cause.pk in _reached_from(target.pk, leads_to):
            sentence = _(
                "“%(target)s” already leads to “%(cause)s”, so the arrow back would close a circle. Untick it."
            )
            raise IncidentError(sentence % {"target": target, "cause": cause}, field="leads_to")


def _reached_from(start: int, leads_to: dict[int, list[int]]) -> set[int]:
    reached, open_ends = set[int](), [start]
    while open_ends:
        for target in leads_to.get(open_ends.pop(), []):
            if target not in reached:
                reached.add(target)
                open_ends.append(target)
    return reached


def _tie(cause: RootCause, chosen: list[ActionItem]) -> None:
    """The chosen action items address this cause, and those that did and are not chosen address none."""
    if any(item.incident_id != cause.incident_id for item in chosen):
        sentence = _("An action item of another incident was chosen; choose among those of this one.")
        raise IncidentError(sentence, field="action_items")
    changed: list[tuple[ActionItem, RootCause | None]] = [
        (item, cause) for item in chosen if item.root_cause_id != cause.pk
    ]
    changed += [(item, None) for item in cause.action_items.exclude(pk__in=[item.pk for item in chosen])]
    # One by one, so that the history of each says so.
    for item, root_cause in changed:
        item.root_cause = root_cause
        item.save(update_fields=["root_cause", "updated_at"])
