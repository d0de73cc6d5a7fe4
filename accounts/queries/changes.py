"""What was changed, newest first."""

from django.contrib.contenttypes.models import ContentType
from django.db import models
from django.db.models import QuerySet

from accounts.models import Change


def changes_of(record: models.Model) -> QuerySet[Change]:
    """Every change of this record, newest first, for whoever may know of all of them."""
    kind = ContentType.objects.get_for_model(record)
    return Change.objects.filter(content_type=kind, object_pk=str(record.pk)).select_related("actor")
