"""Debrief's own database, protected like any other."""

from django.conf import settings
from django.db import transaction

from recovery.models import Database, Replica

NAME = "debrief"


@transaction.atomic
def register_own_database() -> None:
    """The application's own SQLite database and its replica are registered where they are now.

    A second time changes nothing, unless the data folder has moved. The replica's folder appears when the litestream
    process has started, so it is not looked for here.
    """
    path, destination = str(settings.OWN_DATABASE_PATH), str(settings.OWN_REPLICA_DIR)
    known, _is_new = Database.objects.get_or_create(
        name=NAME, defaults={"path": path, "rpo_objective_seconds": 60, "rto_objective_seconds": 600}
    )
    if known.path != path:
        known.path = path
        known.save(update_fields=["path", "updated_at"])
    replica, _is_new = Replica.objects.get_or_create(
        database=known, name="local", defaults={"destination": destination}
    )
    if replica.destination != destination:
        replica.destination = destination
        replica.save(update_fields=["destination", "updated_at"])
