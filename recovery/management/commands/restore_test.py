"""`manage.py restore_test`."""

import argparse
import json
import sys
import time
from datetime import datetime
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import OperationalError
from django.utils import timezone

from accounts.command_line import acting, add_actor
from accounts.models import User
from lib.durations import format_duration
from lib.errors import DomainError
from recovery.models import Database, Replica, RestoreTest
from recovery.report import as_json
from recovery.services.restore_runs import run_restore_test
from recovery.services.restore_tests import create_restore_test

SECONDS_BETWEEN_LOOKS = 0.5


def rfc3339(text: str) -> datetime:
    """An instant with its offset; a time without one would mean something else on another machine."""
    try:
        instant = datetime.fromisoformat(text)
    except ValueError:
        instant = None
    if instant is None or instant.tzinfo is None:
        raise argparse.ArgumentTypeError(f"{text!r} is not a time such as 2026-03-10T14:03:00Z.")
    return instant


class Command(BaseCommand):
    """Runs one restore test here and now."""

    help = "Restore a replica into a scratch folder and check it. Exit code 0: passed, 1: failed, 2: could not be run."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("database", metavar="DATABASE", help="the name under which the database is registered")
        parser.add_argument("--replica", metavar="NAME", help="which replica; needed where there is more than one")
        parser.add_argument("--at", metavar="RFC3339", type=rfc3339, help="restore to just before this time")
        parser.add_argument("--json", action="store_true", help="print one JSON object")
        add_actor(parser)

    def handle(self, *args: Any, **options: Any) -> None:
        """Run the test and end with its exit code."""
        try:
            with acting(options) as actor:
                test = _run(_find_replica(options["database"], options["replica"]), options["at"], actor)
        except (DomainError, OperationalError) as error:
            raise CommandError(str(error), returncode=2) from error
        self.stdout.write(json.dumps(as_json(test), ensure_ascii=False) if options["json"] else _in_words(test))
        sys.exit(_exit_code(test))


def _run(replica: Replica, at: datetime | None, actor: User | None) -> RestoreTest:
    test = create_restore_test(replica, actor=actor, now=timezone.now(), at=at, trigger="command")
    # Another test of this replica may be running, and a worker may take this one; its result is waited for either way.
    while not test.is_finished:
        if run_restore_test(test.number, now=timezone.now(), is_limited=False) is None:
            time.sleep(SECONDS_BETWEEN_LOOKS)
        test.refresh_from_db()
    return test


def _find_replica(database: str, name: str | None) -> Replica:
    known = Database.objects.filter(name=database).first()
    if known is None:
        names = ", ".join(Database.objects.values_list("name", flat=True)) or "none"
        raise CommandError(f"No database is called {database!r}. Registered: {names}.", returncode=2)
    replicas = {replica.name: replica for replica in known.replicas.all()}
    if name is None and len(replicas) == 1:
        return next(iter(replicas.values()))
    names = ", ".join(replicas) or "none"
    if name is None:
        raise CommandError(f"Choose a replica of {database} with --replica. There are: {names}.", returncode=2)
    if name not in replicas:
        raise CommandError(f"{database} has no replica {name!r}. There are: {names}.", returncode=2)
    return replicas[name]


def _exit_code(test: RestoreTest) -> int:
    return {RestoreTest.Status.PASSED: 0, RestoreTest.Status.FAILED: 1}.get(RestoreTest.Status(test.status), 2)


def _sign(check: dict[str, Any]) -> str:
    if check.get("outcome") == "noted":
        return "! Note:"
    return "✓" if check["passed"] else "✗"


def _in_words(test: RestoreTest) -> str:
    lines = [f"{test.reference} {test.replica}: {test.get_status_display()}"]
    if test.rto_seconds is not None:
        rpo = format_duration(test.rpo_seconds) if test.rpo_seconds is not None else f"unknown. {test.rpo_reason}"
        lines.append(f"RTO {format_duration(test.rto_seconds)}, RPO {rpo}")
    lines += [f"{_sign(check)} {check['message']}" for check in test.checks]
    lines += [f"{name}: {count:,} rows" for name, count in sorted(test.tables.items())]
    # The names of tables come from the restored file, and could tell a terminal what to do.
    return "\n".join("".join(sign if sign.isprintable() else "\ufffd" for sign in line) for line in lines)
