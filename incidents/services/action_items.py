"""Promises, and keeping them."""

from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import Team, User
from incidents.errors import IncidentError
from incidents.models import ActionItem, Incident, RootCause
from incidents.services.timeline import next_revision
from lib.edits import check_unchanged, values_of


def action_item_values(item: ActionItem) -> dict[str, Any]:
    """What a form over the item is filled with; the owner by its key among people and teams."""
    owner = f"team:{item.owner_team_id}" if item.owner_team_id else ""
    owner = f"person:{item.owner_person_id}" if item.owner_person_id else owner
    known = values_of(item, ("title", "due_date", "status", "kind", "root_cause", "reason"))
    return {"title": known.pop("title"), "owner": owner, **known}


@transaction.atomic
def add_action_item(
    incident: Incident,
    *,
    title: str,
    now: datetime,
    owner: User | Team | None,
    due_date: date | None,
    **facts: Any,
) -> ActionItem:
    """One more action item of the incident; `facts` holds kind, status, reason and root_cause."""
    item = ActionItem(incident=incident)
    return _store(item, now, title=title, owner=owner, due_date=due_date, **facts)


@transaction.atomic
def change_action_item(item: ActionItem, *, now: datetime, seen: str | None = None, **facts: Any) -> ActionItem:
    """The action item with these facts. Done for the first time, it is completed `now`; open again, it is not.

    Raises EditConflict when somebody changed it since it was `seen`.
    """
    item = ActionItem.objects.select_for_update().select_related("incident").get(pk=item.pk)
    check_unchanged(action_item_values(item), seen)
    return _store(item, now, **facts)


def _store(item: ActionItem, now: datetime, **facts: Any) -> ActionItem:
    owner = facts.pop("owner")
    cause: RootCause | None = facts.get("root_cause")
    if facts["status"] == ActionItem.Status.NOT_DOING and not facts["reason"]:
        raise IncidentError(_("Say why this is not being done, so that others can follow."), field="reason")
    if cause and cause.incident_id != item.incident_id:
        raise IncidentError(_("This cause belongs to another incident; choose one of this one."), field="root_cause")
    was_done = item.status == ActionItem.Status.DONE
    for name, value in facts.items():
        setattr(item, name, value)
    item.owner_person = owner if isinstance(owner, User) else None
    item.owner_team = owner if isinstance(owner, Team) else None
    if item.status != ActionItem.Status.DONE:
        item.completed_at = None
    elif not was_done:
        item.completed_at = now
    next_revision(item.incident)
    item.save()
    return item
