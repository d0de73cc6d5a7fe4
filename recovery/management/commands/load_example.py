"""`manage.py load_example`."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError

from accounts.services.people import first_administrator
from lib.errors import DomainError
from recovery.services.example import build_example_database, load_example


class Command(BaseCommand):
    """Loads the example incident and makes its database and replica."""

    help = (
        "Load the example incident, with a real SQLite database and a real Litestream replica. Twice changes nothing."
    )

    def handle(self, *args: Any, **options: Any) -> None:
        """Print what is there afterwards."""
        incident, replica = load_example(actor=first_administrator())
        try:
            replica = build_example_database(replica.pk)
        except DomainError as error:
            raise CommandError(str(error), returncode=2) from error
        self.stdout.write(f"{incident}\n{replica}: {replica.destination}")
