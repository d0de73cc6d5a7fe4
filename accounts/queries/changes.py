"""What was changed, newest first."""

from django.contrib.contenttypes.models import ContentType
from django.db import models
from django.db.models import QuerySet

from accounts.models import Change
from accounts.queries.change_words import RecordedChange, describe


def changes_of(record: models.Model) -> QuerySet[Change]:
    """Every change of this record, newest first."""
    kind = ContentType.objects.get_for_model(record)
    return Change.objects.filter(content_type=kind, object_pk=str(record.pk)).select_related("actor")


def list_changes(record: models.Model) -> list[RecordedChange]:
    """Every change of this record in words, newest first, for whoever may know of all of them.

    Of records of incidents, pages show what `incidents.queries.changes.list_record_changes` finds: a record may have
    belonged to an incident that not everybody sees.
    """
    return [describe(change) for change in changes_of(record)]
