"""A change as a person reads it: names of fields, words for choices, names of people, times."""

import json
from collections.abc import Callable, Container, Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, NamedTuple

from django.contrib.contenttypes.models import ContentType
from django.core.exceptions import FieldDoesNotExist
from django.db import models
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from accounts.audit import Door, kind_of
from accounts.models import Change, User
from lib.moments import moment_element

ACTIONS = {Change.Action.CREATE: "created", Change.Action.UPDATE: "changed", Change.Action.DELETE: "deleted"}


class FieldChange(NamedTuple):
    """One field in words; empty text is nothing. Of what holds many records, only what was added or removed."""

    label: str
    before: str
    after: str


@dataclass(frozen=True)
class RecordedChange:
    """One change of one record. `action` is created, changed or deleted; `actor` is None for nobody in particular."""

    pk: int
    at: datetime
    actor: User | None
    door: Door
    action: str
    # What kind of record it is: in words, and, with its key, as addresses have it; empty for one that is gone.
    kind: str
    slug: str
    key: str
    # What the record was called.
    subject: str
    incident_number: int | None
    fields: list[FieldChange]

    @property
    def action_label(self) -> str:
        """What was done, in a word."""
        return {"created": _("Created"), "changed": _("Changed"), "deleted": _("Deleted")}[self.action]

    @property
    def actor_label(self) -> str:
        """Who did it; the application's own name for its own work."""
        if self.actor:
            return str(self.actor)
        return _("somebody who was not signed in") if self.door == Door.PAGE else "Debrief"


Times = Callable[[datetime], str]
# The keys of records that a reader does not see, by their kind: the name of the model.
Unseen = Mapping[str, Container[int]]


def describe(change: Change, unseen: Unseen | None = None, times: Times = moment_element) -> RecordedChange:
    """The change in words. Records with the keys in `unseen` are not named, wherever it refers to them.

    `times` writes an instant; else it is an element in the reader's timezone.
    """
    content_type = ContentType.objects.get_for_id(change.content_type_id)
    model = content_type.model_class()
    return RecordedChange(
        pk=change.pk,
        at=change.timestamp,
        actor=change.actor,
        door=Door(change.door),
        action=ACTIONS[change.action],
        kind=str(model._meta.verbose_name if model else content_type.model),
        slug=kind_of(model) if model else "",
        key=change.object_pk,
        subject=change.object_repr,
        incident_number=change.incident_number,
        fields=_fields(change, model, unseen or {}, times),
    )


def mentioned(changes: Iterable[Change], kind: str) -> set[int]:
    """The keys of the records of this kind, such as `incident`, that the values of the changes refer to."""
    found: set[int] = set()
    return found.union(*(_mentioned_in(change, kind) for change in changes))


def _mentioned_in(change: Change, kind: str) -> set[int]:
    model = ContentType.objects.get_for_id(change.content_type_id).model_class()
    keys: dict[str, list[int]] = (change.additional_data or {}).get("keys", {})
    found: set[int] = set()
    for name, values in change.changes_dict.items():
        if _kind_of(_field_of(model, name)) == kind:
            found |= set(keys.get(name, values)) - {None}
    return found


def _fields(change: Change, model: type[models.Model] | None, unseen: Unseen, times: Times) -> list[FieldChange]:
    known = {field.name: place for place, field in enumerate(model._meta.get_fields())} if model else {}
    details = change.additional_data or {}
    words: dict[str, list[str]] = details.get("words", {})
    shown = []
    for name in sorted(change.changes_dict, key=lambda name: known.get(name, len(known))):
        values, field = change.changes_dict[name], _field_of(model, name)
        label = capfirst(str(getattr(field, "verbose_name", name.replace("_", " "))))
        if isinstance(values, dict):
            wording = _("%(field)s added") if values["operation"] == "add" else _("%(field)s removed")
            label = wording % {"field": label}
            before, after = _many(field, values, details["keys"][name], unseen)
        elif name in words:
            before, after = (_seen(field, key, word, unseen) for key, word in zip(values, words[name], strict=True))
        else:
            before, after = (_in_words(field, value, times) for value in values)
        shown.append(FieldChange(label, before, after))
    return shown


def _many(field: Any, values: dict[str, Any], keys: list[Any], unseen: Unseen) -> tuple[str, str]:
    named = zip(keys, values["objects"], strict=True)
    text = ", ".join(_seen(field, key, word, unseen) for key, word in named)
    return ("", text) if values["operation"] == "add" else (text, "")


def _seen(field: Any, key: Any, word: str, unseen: Unseen) -> str:
    kind = _kind_of(field)
    if key not in unseen.get(kind, ()):
        return word
    return _("a restricted incident") if kind == "incident" else _("something in a restricted incident")


def _kind_of(field: Any) -> str:
    """Which kind of record the field refers to, by name: this app knows nothing of incidents. Empty for none."""
    related = getattr(field, "related_model", None)
    return str(related._meta.model_name) if related else ""


def _field_of(model: type[models.Model] | None, name: str) -> Any:
    """None for a field that was there once."""
    try:
        return model._meta.get_field(name) if model else None
    except FieldDoesNotExist:
        return None


def _in_words(field: Any, value: Any, times: Times) -> str:
    if value is None or value == "":
        return ""
    if isinstance(value, list | dict):
        return _listed(value)
    choices = dict(getattr(field, "flatchoices", None) or ())
    if value in choices:
        return str(choices[value])
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    if isinstance(field, models.DateTimeField):
        return times(datetime.fromisoformat(value).replace(tzinfo=UTC))
    return str(value)


def _listed(value: list[Any] | dict[str, Any]) -> str:
    if isinstance(value, list) and all(isinstance(item, str) for item in value):
        return ", ".join(value)
    return json.dumps(value, ensure_ascii=False, sort_keys=True) if value else ""
