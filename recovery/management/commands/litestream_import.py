"""`manage.py litestream_import`."""

import json
import sys
from collections.abc import Mapping
from dataclasses import asdict
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import OperationalError

from accounts.command_line import acting, add_actor
from recovery.errors import RecoveryError
from recovery.methods.litestream_config import LARGEST_BYTES
from recovery.services.litestream_import import Import, Imported, import_litestream, preview_litestream

_WORDS = {"new": "registered", "there": "already there", "problem": "not registered"}
_WOULD_BE = _WORDS | {"new": "would be registered"}


class Command(BaseCommand):
    """Registers what a configuration of Litestream names."""

    help = (
        "Register every database and replica of a Litestream configuration, of 0.3 or 0.5. Secrets are never copied. "
        "Exit code 0: all of it is registered, 1: some could not be, 2: the file could not be read."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", metavar="FILE", help="such as /etc/litestream.yml")
        parser.add_argument(
            "--host", default="", metavar="NAME", help="the machine that the file is of, where it is not this one"
        )
        parser.add_argument("--dry-run", action="store_true", help="say what would be registered, and change nothing")
        parser.add_argument("--json", action="store_true", help="print one JSON object")
        add_actor(parser)

    def handle(self, *args: Any, **options: Any) -> None:
        """Import the file and end with the exit code."""
        try:
            with Path(options["file"]).open("rb") as file:
                text = file.read(LARGEST_BYTES + 1).decode()
            read = preview_litestream if options["dry_run"] else import_litestream
            with acting(options):
                found = read(text, host=options["host"].strip())
        except (OSError, UnicodeDecodeError) as error:
            reason = error.strerror if isinstance(error, OSError) else "it is no text"
            raise CommandError(f"{options['file']} cannot be read ({reason}).", returncode=2) from error
        except (RecoveryError, OperationalError) as error:
            raise CommandError(str(error), returncode=2) from error
        is_dry = options["dry_run"]
        words = _WOULD_BE if is_dry else _WORDS
        self.stdout.write(json.dumps(asdict(found), ensure_ascii=False) if options["json"] else _in_words(found, words))
        if is_dry and not options["json"]:
            self.stdout.write("Nothing was changed.")
        sys.exit(1 if found.has_problems else 0)


def _in_words(found: Import, words: Mapping[str, str]) -> str:
    lines = [_line(item, words) for item in found.items] or ["The file names no database."]
    lines += [f"Warning: {warning}" for warning in found.warnings]
    lines += [f"Note: {note}" for note in found.notes]
    # What stands in the file could tell a terminal what to do.
    return "\n".join("".join(sign if sign.isprintable() else "\ufffd" for sign in line) for line in lines)


def _line(item: Imported, words: Mapping[str, str]) -> str:
    name = f"  {item.replica}" if item.replica else item.database or item.place
    return " ".join([f"{name}: {words[item.outcome]} ({item.place}).", item.problem]).rstrip()
