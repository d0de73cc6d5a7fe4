"""How a change is written down."""

from collections.abc import Iterable
from functools import cache
from typing import Any

from auditlog.models import AbstractLogEntry, LogEntryManager
from django.db import models

from accounts.audit import current_origin

# Of a new record, fields that say this say nothing.
NOTHING: tuple[Any, ...] = (None, "", [], {})


class ChangeManager(LogEntryManager):
    """Adds to what the package notes: who, by which door, of which incident, and names beside keys."""

    def log_create(self, instance: models.Model, force_log: bool = False, **facts: Any) -> Any:
        """The row of a record that was created, changed or deleted; None where nothing that is watched changed."""
        changes: dict[str, Any] | None = facts.get("changes")
        if not changes:
            return None
        if facts["action"] == AbstractLogEntry.Action.CREATE:
            facts["changes"] = {name: values for name, values in changes.items() if values[1] not in NOTHING}
        facts["additional_data"] = {"words": _words(instance, facts["changes"])}
        return super().log_create(instance, force_log, **facts, **_origin_of(instance))

    def log_m2m_changes(
        self,
        changed_queryset: Iterable[models.Model],
        instance: models.Model,
        operation: str,
        field_name: str,
        **_facts: Any,
    ) -> None:
        """A row of each record that others were joined to, or taken from.

        The field's own side is told of alone, unless both have the field: what is related to another is so in both.
        """
        others = [*changed_queryset]
        if _has_many(type(instance), field_name):
            self._log_many(instance, field_name, operation, others)
            if not _is_mutual(type(instance), field_name):
                return
        for other in others:
            self._log_many(other, field_name, operation, [instance])

    def _log_many(self, record: models.Model, name: str, operation: str, others: list[models.Model]) -> None:
        if others:
            changes = {name: {"type": "m2m", "operation": operation, "objects": [_name_of(other) for other in others]}}
            super().log_create(
                record,
                action=AbstractLogEntry.Action.UPDATE,
                changes=changes,
                additional_data={"keys": {name: [other.pk for other in others]}},
                **_origin_of(record),
            )


def _origin_of(record: models.Model) -> dict[str, Any]:
    origin = current_origin()
    return {"actor": origin.actor, "door": origin.door, "incident_number": incident_number_of(record)}


def incident_number_of(record: models.Model) -> int | None:
    """The number of the incident that a record is, or belongs to: itself, or by a record that it cannot be without.

    Told by names: this app knows nothing of incidents.
    """
    found: Any = record
    for name in _way_to_incident(type(record)):
        found = getattr(found, name)
    return None if found is record else found


@cache
def _way_to_incident(model: type[models.Model]) -> tuple[str, ...]:
    if model._meta.model_name == "incident":
        return ("pk",)
    if "incident" in _names_of(model):
        return ("incident_id",)
    for field in model._meta.concrete_fields:
        if field.related_model and not field.null and (way := _way_to_incident(field.related_model)):
            return (field.name, *way)
    return ()


def _names_of(model: type[models.Model]) -> set[str]:
    return {field.name for field in model._meta.concrete_fields}


def _has_many(model: type[models.Model], name: str) -> bool:
    return any(field.name == name for field in model._meta.many_to_many)


def _is_mutual(model: type[models.Model], name: str) -> bool:
    field: Any = model._meta.get_field(name)
    return bool(field.remote_field.symmetrical)


def _words(record: models.Model, changes: dict[str, Any]) -> dict[str, list[str]]:
    """What the other records are called whose keys the changes hold: before and after, empty for none."""
    fields = {name: record._meta.get_field(name) for name in changes}
    return {
        name: [_name_of_key(record, field, key) for key in changes[name]]
        for name, field in fields.items()
        if field.is_relation
    }


def _name_of_key(record: models.Model, field: Any, key: Any) -> str:
    if key is None:
        return ""
    known = getattr(record, field.name) if field.is_cached(record) else None
    if known is None or known.pk != key:
        known = field.related_model._base_manager.filter(pk=key).first()
    return str(key) if known is None else _name_of(known)


def _name_of(record: models.Model) -> str:
    """What it is called; the reference alone where it has one, since a title may be for fewer eyes than the change."""
    return str(getattr(record, "reference", None) or record)
