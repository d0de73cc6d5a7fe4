"""`manage.py load_example`."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from accounts.command_line import acting, add_actor
from accounts.services.people import first_administrator
from incidents.services.example_history import remove_example_history
from lib.errors import DomainError
from recovery.services.example import build_example_database, load_example
from recovery.services.example_proof import prove_example


class Command(BaseCommand):
    """Loads the example incident and makes its database and replica."""

    help = (
        "Load the example incident, with a real SQLite database and a real Litestream replica, and some more incidents "
        "of the past weeks, tagged “example”. Twice changes nothing."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--remove-history", action="store_true", help="remove the incidents of the past weeks instead"
        )
        parser.add_argument(
            "--with-test",
            action="store_true",
            help="run a restore test of it as well; where it passes, the post-mortem refers to it as evidence",
        )
        add_actor(parser)

    def handle(self, *args: Any, **options: Any) -> None:
        """Print what is there afterwards."""
        try:
            if options["remove_history"]:
                with acting(options):
                    self.stdout.write(f"{remove_example_history()} example incidents removed.")
                return
            with acting(options) as actor:
                incident, replica = load_example(actor=actor or first_administrator())
                replica = build_example_database(replica.pk)
                if options["with_test"]:
                    prove_example(incident, replica, actor=actor or first_administrator(), now=timezone.now())
        except DomainError as error:
            raise CommandError(str(error), returncode=2) from error
        self.stdout.write(f"{incident}\n{replica}: {replica.destination}")
