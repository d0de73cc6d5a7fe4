"""Asking the live source what the restored data was asked, without changing it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

from django.utils.translation import gettext as _

from recovery.checks.findings import SourceFindings
from recovery.methods.backup import Backup, SourceState
from recovery.methods.inspection import Inspection
from recovery.methods.process import Bounds
from recovery.methods.sqlite_source import read_content
from recovery.models import Check, Database, RestoreTest
from recovery.services.checks import ask_of_source


def read_source(database: Database, backup: Backup, bounds: Bounds) -> SourceState:
    """The source as the test found it at its start; of a file on another machine nothing is known."""
    if database.is_file_elsewhere:
        return SourceState(None, describe_elsewhere(database))
    return backup.read_source(bounds)


def describe_elsewhere(database: Database) -> str:
    """Why the last write to a file on another machine is unknown."""
    message = _("The database is on %(host)s, so its last write cannot be seen from here.")
    return message % {"host": database.host}


@dataclass(frozen=True)
class SourceNow:
    """The live source as the checks and a drill see it; `row_counts` is empty where they were not asked for."""

    findings: SourceFindings
    row_counts: Mapping[str, int] = field(default_factory=dict)


def ask_source(
    test: RestoreTest,
    checks: Sequence[Check],
    found: Inspection,
    *,
    backup: Backup,
    restored_to: datetime | None,
    bounds: Bounds,
) -> SourceNow:
    """What the source says now, as far as the checks and a drill want to know; nothing where it cannot be read."""
    database = test.replica.database
    if database.kind != Database.Kind.SQLITE:
        return SourceNow(SourceFindings(problem=_("Only the source of a SQLite database can be compared.")))
    if database.is_file_elsewhere:
        return SourceNow(SourceFindings(problem=_("It is on %(host)s.") % {"host": database.host}))
    questions = ask_of_source(checks, found.answers)
    if not questions and test.incident_id is None and not _has_new_schema(checks, found):
        return SourceNow(SourceFindings(problem=_("No check compares with the source.")))
    content = read_content(Path(database.path), deadline=bounds.deadline, on_tick=bounds.on_tick, questions=questions)
    written = backup.read_source(bounds).last_write
    findings = SourceFindings(
        answers=content.answers,
        fingerprint=content.schema.fingerprint if content.schema else "",
        is_newer=written is None or restored_to is None or written > restored_to,
        problem=content.problem,
    )
    return SourceNow(findings, content.row_counts)


def _has_new_schema(checks: Sequence[Check], found: Inspection) -> bool:
    known = [check.parameters.get("fingerprint") for check in checks if check.kind == Check.Kind.SCHEMA]
    return any(fingerprint != found.schema.fingerprint for fingerprint in known)
