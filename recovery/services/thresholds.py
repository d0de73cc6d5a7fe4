"""What the watch of a database measures by: when it has lapsed, when it lags, when its disk is nearly full."""

import os

from django.db import transaction
from django.utils.translation import gettext as _

from recovery.errors import RecoveryError
from recovery.models import Database
from recovery.services.confinement import follow_path


def set_thresholds(
    database: Database,
    *,
    proof_objective_days: int | None,
    lag_alert_seconds: int | None,
    watched_path: str,
    disk_alert_percent: int,
) -> Database:
    """The database is watched by these from the next minute on; None is no objective, or the default for a lag.

    A path that stays is not looked at, so the rest can be changed while its disk is away. Raises RecoveryError.
    """
    if database.host and watched_path != database.watched_path:
        raise RecoveryError(
            _("The disks of %(host)s cannot be seen from here. Leave this empty.") % {"host": database.host},
            field="watched_path",
        )
    path = watched_path if watched_path in ("", database.watched_path) else _find(watched_path)
    with transaction.atomic():
        database = Database.objects.select_for_update().get(pk=database.pk)
        database.proof_objective_days, database.lag_alert_seconds = proof_objective_days, lag_alert_seconds
        database.watched_path, database.disk_alert_percent = path, disk_alert_percent
        database.save(
            update_fields=[
                "proof_objective_days",
                "lag_alert_seconds",
                "watched_path",
                "disk_alert_percent",
                "updated_at",
            ]
        )
        return database


def _find(path: str) -> str:
    # Outside of any transaction: a disk that answers late would keep everybody from writing.
    real = str(follow_path(path, field="watched_path"))
    # os.path, for unlike pathlib it never raises.
    if not os.path.exists(real):  # noqa: PTH110
        raise RecoveryError(
            _("There is nothing at %(path)s. Check the path, and that this machine can see it.") % {"path": real},
            field="watched_path",
        )
    return real
