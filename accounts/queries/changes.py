"""What was changed, newest first."""

from collections.abc import Iterable

from django.contrib.contenttypes.models import ContentType
from django.db import models
from django.db.models import QuerySet

from accounts.models import Change, User


def changes_of(record: models.Model) -> QuerySet[Change]:
    """Every change of this record, newest first, for whoever may know of all of them."""
    kind = ContentType.objects.get_for_model(record)
    return Change.objects.filter(content_type=kind, object_pk=str(record.pk)).select_related("actor")


def last_writer(record: models.Model, fields: Iterable[str]) -> User | None:
    """Who last changed one of these fields; None where that was nobody with an account, or is not known."""
    last = changes_of(record).filter(changes__has_any_keys=[*fields]).first()
    return last.actor if last else None
