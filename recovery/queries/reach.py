"""What Debrief tests itself, and what it leaves to agents."""

from django.db.models import Q, QuerySet

from recovery.models import Database, Replica


def list_tested_databases() -> QuerySet[Database]:
    """Those with a replica that is reached, and those that are here, whose next replica will be."""
    here, reached = Database.objects.here(), Replica.objects.reached()
    return Database.objects.filter(Q(pk__in=here.values("pk")) | Q(pk__in=reached.values("database")))


def is_tested_here(database: Database) -> bool:
    """Whether it is one of those that Debrief tests itself."""
    return list_tested_databases().filter(pk=database.pk).exists()
