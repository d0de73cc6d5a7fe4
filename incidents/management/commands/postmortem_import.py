"""`manage.py postmortem_import`."""

import json
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import DatabaseError
from django.utils import timezone

from accounts.command_line import acting, add_actor
from accounts.models import User
from incidents.readers.document import ReadPostmortem
from incidents.readers.read import read_postmortem
from incidents.services.import_files import Source, read_sources
from incidents.services.imports import find_imported, import_own, import_read, is_own
from lib.errors import DomainError
from lib.timezones import list_timezones


class Command(BaseCommand):
    """Makes incidents with post-mortems of files that were written elsewhere."""

    help = (
        "Import post-mortems: Markdown of any team, Debrief's own Markdown and JSON, ZIP files of them. Exit code 0: "
        "all are there, 1: some could not be imported, 2: nothing was tried."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("files", metavar="FILE", nargs="+", type=Path)
        parser.add_argument("--dry-run", action="store_true", help="say what would be imported, and change nothing")
        parser.add_argument("--json", action="store_true", help="write what was understood as JSON, a list of files")
        parser.add_argument("--timezone", default="", help="of times that do not name theirs, such as Asia/Bangkok")
        add_actor(parser)

    def handle(self, *args: Any, **options: Any) -> None:
        """Each file by itself: one that fails stops none of the others."""
        zone = options["timezone"] or timezone.get_default_timezone_name()
        if zone not in list_timezones():
            raise CommandError(f"There is no timezone {zone}. Write it as Asia/Bangkok or UTC.", returncode=2)
        with acting(options) as actor:
            if actor is None and not options["dry_run"]:
                raise CommandError("Say who imports them, with --as USERNAME, or try with --dry-run.", returncode=2)
            reports = [report for path in options["files"] for report in self._import(path, zone, actor, options)]
        if options["json"]:
            self.stdout.write(json.dumps(reports, ensure_ascii=False, indent=2))
        else:
            for report in reports:
                self.stdout.write(_line(report))
        if failed := sum(report["result"] == "failed" for report in reports):
            raise CommandError(f"{failed} of {len(reports)} could not be imported; each says why.", returncode=1)

    def _import(self, path: Path, zone: str, actor: User | None, options: dict[str, Any]) -> list[dict[str, Any]]:
        try:
            sources = read_sources(path.name, path.read_bytes())
        except OSError as error:
            return [{"file": str(path), "result": "failed", "reason": str(error)}]
        return [self._one(path, source, zone, None if options["dry_run"] else actor) for source in sources]

    def _one(self, path: Path, source: Source, zone: str, actor: User | None) -> dict[str, Any]:
        name = str(path) if source.name == path.name else f"{path}/{source.name}"
        if source.problem:
            return {"file": name, "result": "failed", "reason": source.problem}
        report: dict[str, Any] = {"file": name, "result": "read"}
        read = None
        if is_own(source.text):
            report["result"] = "own"
        else:
            read = read_postmortem(source.text, zone=ZoneInfo(zone), name=source.name)
            report |= describe(read)
        try:
            return report | (_store(source, read, zone, actor) if actor else {})
        except (DomainError, DatabaseError) as error:
            return report | {"result": "failed", "reason": str(error)}


def _store(source: Source, read: ReadPostmortem | None, zone: str, actor: User) -> dict[str, Any]:
    if known := find_imported(source.text, actor=actor):
        return {"result": "known", "incident": known.incident.reference}
    now = timezone.now()
    if read is None:
        made = import_own(source.text, actor=actor, now=now)
    else:
        made = import_read(read, source=source.text, actor=actor, now=now, time_zone=zone)
    result = {"result": "imported", "incident": made.postmortem.incident.reference}
    return result | ({"remarks": list(made.remarks)} if made.remarks else {})


def describe(read: ReadPostmortem) -> dict[str, Any]:
    """What was understood, as values of JSON."""
    return {
        "title": read.title,
        "date": read.date.isoformat() if read.date else None,
        "severity": read.severity,
        "authors": read.authors,
        "status": read.status,
        "timezone": read.time_zone,
        "timeline": [
            {
                "occurred_at": event.occurred_at.isoformat(),
                "ended_at": event.ended_at.isoformat() if event.ended_at else None,
                "text": event.text,
                "line": event.line,
            }
            for event in read.events
        ],
        "action_items": [
            {
                "title": item.title,
                "owner": item.owner,
                "due_date": item.due_date.isoformat() if item.due_date else None,
                "is_done": item.is_done,
                "kind": item.kind,
                "line": item.line,
            }
            for item in read.items
        ],
        "causes": [{"kind": cause.kind, "statement": cause.statement, "line": cause.line} for cause in read.causes],
        "sections": [{"key": each.key, "title": each.title, "body": each.body} for each in read.sections],
        "warnings": [{"line": each.line, "sentence": each.sentence} for each in read.warnings],
    }


def _line(report: dict[str, Any]) -> str:
    if report["result"] == "failed":
        return f"{report['file']}: {report['reason']}"
    if report["result"] == "known":
        return f"{report['file']}: imported before, as {report['incident']}."
    where = f" as {report['incident']}" if "incident" in report else ""
    counts = ""
    if "timeline" in report:
        numbers = (len(report["timeline"]), len(report["action_items"]), len(report["warnings"]))
        counts = ", {} events, {} action items, {} warnings".format(*numbers)
    return f"{report['file']}: {report['result']}{where}{counts}."
