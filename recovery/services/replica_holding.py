"""Holding a replica, so that what is decided about it is decided by one at a time."""

from recovery.models import Replica


def hold_replica(pk: int) -> Replica:
    """The replica with its database; nobody else holds it until the transaction ends.

    Others still write rows that refer to it. Who writes a result holds the database and then does that, and would wait
    for ever for one who holds the replica and waits for the database.
    """
    return Replica.objects.select_for_update(of=("self",), no_key=True).select_related("database").get(pk=pk)
