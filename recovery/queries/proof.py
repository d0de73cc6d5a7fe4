"""The newest proof that each database can be brought back, for machines that read."""

from django.db.models import OuterRef, Prefetch, QuerySet, Subquery

from accounts.models import User
from recovery.models import Database, Replica, RestoreTest
from recovery.queries.history import HistoryFilter, filter_restore_tests


def list_whole_tests(wanted: HistoryFilter, user: User) -> QuerySet[RestoreTest]:
    """The tests that are asked for and that this person may know of, with all their columns, newest first."""
    return filter_restore_tests(wanted, user).defer(None)


def list_proven(name: str | None = None) -> list[tuple[Database, RestoreTest | None]]:
    """Each database by name, with its replicas, and the newest test that its latest state passed (None: none did).

    With a `name`, that one alone, if there is such a database.
    """
    databases: QuerySet[Database] = Database.objects.all()
    if name is not None:
        databases = databases.filter(name=name)
    newest = RestoreTest.objects.filter(
        replica__database=OuterRef("pk"), status=RestoreTest.Status.PASSED, target_at=None
    ).order_by("-finished_at", "-number")
    found = list(
        databases.select_related("team")
        .prefetch_related(Prefetch("replicas", Replica.objects.order_by("name")))
        .annotate(proof=Subquery(newest.values("number")[:1]))
        .order_by("name")
    )
    numbers = {database.pk: database.proof for database in found}
    proofs = RestoreTest.objects.select_related("replica").in_bulk([number for number in numbers.values() if number])
    return [(database, proofs.get(numbers[database.pk])) for database in found]
