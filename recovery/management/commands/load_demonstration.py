"""`manage.py load_demonstration`."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from accounts.command_line import acting, add_actor
from lib.errors import DomainError
from recovery.services.demonstration.history import load_demonstration, remove_demonstration

WEEKS = 8


class Command(BaseCommand):
    """Makes up a history of several weeks, or removes it."""

    help = (
        "Make up a history of several weeks in databases that are marked as demonstration data. "
        "No path is touched and nobody is notified; loading again replaces it."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--weeks", type=int, default=WEEKS, help=f"how long the history is; {WEEKS} without it")
        parser.add_argument("--remove", action="store_true", help="remove the demonstration data instead")
        add_actor(parser)

    def handle(self, *args: Any, **options: Any) -> None:
        """Load or remove, and say how much."""
        try:
            with acting(options):
                if options["remove"]:
                    self.stdout.write(f"{remove_demonstration()} demonstration databases removed.")
                    return
                made = load_demonstration(weeks=options["weeks"], now=timezone.now())
        except DomainError as error:
            raise CommandError(str(error), returncode=2) from error
        self.stdout.write(
            f"{made.databases} demonstration databases with {made.tests} restore tests and {made.measurements} "
            "measurements."
        )
