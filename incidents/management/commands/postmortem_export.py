"""`manage.py postmortem_export`."""

import re
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import DatabaseError

from incidents.documents.html import PAPERS
from incidents.documents.outputs import FORMATS, render_text
from incidents.documents.pdf import render_pdf_within
from incidents.models import Postmortem
from incidents.queries.publications import build_current
from incidents.services.rendering import print_source
from lib.errors import DomainError
from lib.files import write_atomically


class Command(BaseCommand):
    """Writes a post-mortem to a file."""

    help = "Write the post-mortem of an incident to a file. Exit code 0: written, 2: could not be."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("incident", metavar="INC-1", help="the incident's reference or number")
        parser.add_argument("--format", choices=[*FORMATS], default="pdf")
        parser.add_argument("--paper", choices=[*PAPERS], default=PAPERS[0], help="what the PDF is made for")
        parser.add_argument("--output", metavar="FILE", type=Path, required=True)

    def handle(self, *args: Any, **options: Any) -> None:
        """Write the file, whole or not at all."""
        folder = options["output"].absolute().parent
        if not folder.is_dir():
            raise CommandError(f"There is no folder {folder}. Make it, or choose another file.", returncode=2)
        try:
            content = _content(_find_postmortem(options["incident"]), options["format"], options["paper"])
            write_atomically(options["output"].absolute(), content)
        except (DomainError, DatabaseError, OSError) as error:
            raise CommandError(f"The post-mortem could not be written: {error}", returncode=2) from error
        self.stdout.write(str(options["output"]))


def _find_postmortem(reference: str) -> Postmortem:
    match = re.fullmatch(r"(?:INC-)?(\d{1,18})", reference, re.IGNORECASE)
    if match is None:
        raise CommandError(f"{reference!r} is not an incident; write it as INC-1.", returncode=2)
    postmortem = Postmortem.objects.filter(incident_id=int(match[1])).first()
    if postmortem is None:
        raise CommandError(f"INC-{match[1]} is not there, or has no post-mortem yet.", returncode=2)
    return postmortem


def _content(postmortem: Postmortem, wanted: str, paper: str) -> bytes:
    if wanted == "pdf":
        return render_pdf_within(print_source(postmortem, paper), seconds=settings.PDF_TIME_LIMIT)
    return render_text(build_current(postmortem), wanted).encode()
