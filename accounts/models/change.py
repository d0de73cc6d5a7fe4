"""What was changed, by whom and when."""

from typing import ClassVar

from auditlog.models import AbstractLogEntry
from django.conf import settings
from django.contrib.contenttypes.models import ContentType
from django.db import models
from django.db.models import F
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.audit import Door
from accounts.models.change_log import ChangeManager

NEWEST_FIRST = (F("timestamp").desc(), F("id").desc())


class Change(AbstractLogEntry):
    """One record was created, changed or deleted: by whom, by which door, each field from what to what.

    Written once: triggers refuse to alter or delete a row. `changes` holds `[before, after]` for each field; beside
    the keys of other records, `additional_data` holds their names as they were.
    """

    # As the package has them, but for indexes of their own, which those below make needless.
    content_type = models.ForeignKey(ContentType, models.PROTECT, related_name="+", db_index=False)
    object_pk = models.CharField(max_length=255)
    object_id = models.BigIntegerField(null=True, blank=True)
    action = models.PositiveSmallIntegerField(choices=AbstractLogEntry.Action.choices)
    cid = models.CharField(max_length=255, null=True, blank=True)  # noqa: DJ001  # the package writes NULL
    timestamp = models.DateTimeField(default=timezone.now)
    # None: nobody in particular. People are deactivated, never deleted.
    actor = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+", db_index=False
    )
    door = models.CharField(_("door"), max_length=10, choices=Door, default=Door.SYSTEM)
    # None: a record that belongs to no incident.
    incident_number = models.BigIntegerField(null=True, blank=True)

    objects: ClassVar[ChangeManager] = ChangeManager()

    class Meta:
        ordering = ["-timestamp", "-pk"]
        get_latest_by = "timestamp"
        constraints = [models.CheckConstraint(name="change_door_is_known", condition=models.Q(door__in=Door.values))]
        # Each is one way to ask for a page of changes, newest first.
        indexes = [
            models.Index(*NEWEST_FIRST, name="change_newest_first"),
            models.Index(F("incident_number"), *NEWEST_FIRST, name="change_by_incident"),
            models.Index(F("content_type"), F("object_pk"), *NEWEST_FIRST, name="change_by_record"),
            models.Index(F("content_type"), *NEWEST_FIRST, name="change_by_kind"),
            models.Index(F("actor"), *NEWEST_FIRST, name="change_by_actor"),
            models.Index(F("door"), *NEWEST_FIRST, name="change_by_door"),
        ]
