"""`manage.py evidence_verify`."""

import json
import sys
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import DatabaseError
from django.utils import timezone

from recovery.attestation.findings import Verification
from recovery.attestation.keys import UNREADABLE, PublicKey, known_keys, read_public_key
from recovery.services.offline_verification import FileUnreadableError, Verified, verify_envelope, verify_pdf
from recovery.services.verification import verify_installation


class Command(BaseCommand):
    """Looks whether signed evidence still is what was signed."""

    help = (
        "Verify the signed records of restore tests: the whole installation, one envelope, or a PDF. "
        "Exit code 0: all of it holds, 1: something does not, 2: could not be run."
    )
    # One envelope or PDF is verified with a key alone, also where no database is.
    requires_system_checks: list[str] = []
    requires_migrations_checks = False

    def add_arguments(self, parser: CommandParser) -> None:
        what = parser.add_mutually_exclusive_group()
        what.add_argument("--envelope", metavar="FILE", type=Path, help="one signed record, as downloaded")
        what.add_argument("--pdf", metavar="FILE", type=Path, help="a document that carries signed records")
        parser.add_argument(
            "--key", metavar="PEM", type=Path, action="append", help="the public key to trust, and no other; repeatable"
        )
        parser.add_argument(
            "--digest", metavar="SHA256", action="append", default=[], help="a digest published earlier; must be found"
        )
        parser.add_argument("--json", action="store_true", help="print one JSON object")

    def handle(self, *args: Any, **options: Any) -> None:
        """Verify, and end with the exit code."""
        try:
            if options["digest"] and (options["envelope"] or options["pdf"]):
                raise CommandError("--digest is for the whole installation; leave out the file.", returncode=2)
            keys = [read_public_key(path) for path in options["key"]] if options["key"] else known_keys()
            found, told = _verify(options, keys)
        except (FileUnreadableError, DatabaseError, *UNREADABLE) as error:
            raise CommandError(f"The evidence could not be verified: {error}", returncode=2) from error
        if options["json"]:
            answer = found.as_json() | {"verified": [asdict(one) for one in told]}
            self.stdout.write(json.dumps(answer, ensure_ascii=False))
        else:
            lines = [*map(str, told), *map(str, found.findings), *_closing(found)]
            self.stdout.write("\n".join(_printable(line) for line in lines))
        sys.exit(0 if found.holds else 1)


def _verify(options: dict[str, Any], keys: Sequence[PublicKey]) -> tuple[Verification, list[Verified]]:
    if options["envelope"]:
        return verify_envelope(options["envelope"], keys)
    if options["pdf"]:
        return verify_pdf(options["pdf"], keys)
    return verify_installation(keys, now=timezone.now(), published=options["digest"]), []


def _closing(found: Verification) -> list[str]:
    looked_at = {
        "records": found.records,
        "finished tests": found.tests,
        "files": found.files,
        "pieces of evidence": found.evidence,
    }
    heads = [f"Newest record of {name}: {head['sequence']} {head['sha256']}" for name, head in found.heads.items()]
    counts = ", ".join(f"{count} {name}" for name, count in looked_at.items() if count)
    count = len(found.findings)
    verdict = "all of it holds." if found.holds else f"{count} finding{'' if count == 1 else 's'}."
    return [*heads, f"{counts or 'Nothing to verify'}: {verdict}"]


def _printable(line: str) -> str:
    # What was altered, or comes in a file from elsewhere, could tell a terminal what to do.
    return "".join(sign if sign.isprintable() else "\ufffd" for sign in line)
