"""Debrief's own database, protected like any other."""

from django.conf import settings
from django.db import transaction

from recovery.models import Database, Replica

NAME = "debrief"


@transaction.atomic
def register_own_database() -> None:
    """The application's own SQLite database and its replica are registered; a second time changes nothing.

    The replica's folder appears when the litestream process has started, so it is not looked for here.
    """
    path = str(settings.OWN_DATABASE_PATH)
    known, _is_new = Database.objects.get_or_create(
        name=NAME, defaults={"path": path, "rpo_objective_seconds": 60, "rto_objective_seconds": 600}
    )
    Replica.objects.get_or_create(database=known, name="local", defaults={"destination": str(settings.OWN_REPLICA_DIR)})
