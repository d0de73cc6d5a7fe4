"""`manage.py postmortem_verify`."""

import re
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import DatabaseError

from incidents.models import Publication
from incidents.queries.verification import find_published, is_as_published, read_file


class Command(BaseCommand):
    """Tells whether published versions are what their SHA-256 was made of."""

    help = (
        "Recompute the SHA-256 of the published versions of a post-mortem, or of a version's JSON file. "
        "Exit code 0: as published, 1: not, 2: could not be told."
    )

    def create_parser(self, prog_name: str, subcommand: str, **options: Any) -> CommandParser:
        """As every command's, but that `--version` is a document's."""
        return super().create_parser(prog_name, subcommand, conflict_handler="resolve", **options)

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("what", metavar="INC-1|FILE", help="an incident's reference, or the JSON file of a version")
        parser.add_argument("--version", metavar="N", type=int, help="this version alone; else all of them")

    def handle(self, *args: Any, **options: Any) -> None:
        """Say it of each version on a line of its own."""
        match = re.fullmatch(r"INC-(\d{1,18})", options["what"], re.IGNORECASE)
        try:
            if match:
                self._verify_kept(int(match[1]), options["version"])
            else:
                self._verify_file(Path(options["what"]))
        except DatabaseError as error:
            raise CommandError(f"The database could not be read: {error}", returncode=2) from error

    def _verify_kept(self, number: int, version: int | None) -> None:
        found = Publication.objects.filter(postmortem__incident_id=number).order_by("number")
        versions = [*(found if version is None else found.filter(number=version))]
        if not versions:
            raise CommandError(f"INC-{number} has no such published version.", returncode=2)
        wrong = [each for each in versions if not is_as_published(each)]
        for each in versions:
            words = "is NOT what was published" if each in wrong else "is as it was published"
            self.stdout.write(f"INC-{number} version {each.number} {words}, SHA-256 {each.sha256}")
        if wrong:
            raise CommandError("What is kept was altered. Compare it with a backup or a file of that version.")

    def _verify_file(self, path: Path) -> None:
        try:
            data = read_file(path.read_text(encoding="utf-8"))
            sha256, publication = find_published(data)
        except (OSError, ValueError, RecursionError) as error:
            raise CommandError(
                f"{path} could not be read as the JSON file of a version: {error}", returncode=2
            ) from error
        if publication is None:
            raise CommandError(f"{path} has SHA-256 {sha256}, which no version has that was published here.")
        reference = publication.postmortem.incident.reference
        self.stdout.write(f"{path} is version {publication.number} of {reference}, SHA-256 {sha256}")
