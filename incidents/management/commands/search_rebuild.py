"""Remake the search index, or check it."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import connection, transaction
from django.utils.translation import gettext as _

from incidents.search.index import engine


class Command(BaseCommand):
    """The database keeps the index by itself; this is for after repairs by hand."""

    help = (
        "Remake the search index from the records, then check it. Exit codes: 0 the index is right, 1 it is not, "
        "2 it could not be made."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--check", action="store_true", help="change nothing, only look")

    def handle(self, *args: Any, **options: Any) -> None:
        index = engine()
        if not index.is_installed(connection):
            message = _("There is no search index yet. Run “manage.py migrate”, which makes it.")
            raise CommandError(message, returncode=2)
        if not options["check"]:
            with transaction.atomic():
                index.restore_triggers(connection)
                index.rebuild(connection)
        faults = index.find_faults(connection)
        for fault in faults:
            self.stdout.write(fault)
        if faults:
            raise CommandError(_("The search index is not right. Run “manage.py search_rebuild”."), returncode=1)
        self.stdout.write(_("The search index is complete."))
