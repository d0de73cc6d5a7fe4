"""Asks a PostgreSQL server over the network, by psql: a server that falls silent is left at the deadline."""

import json
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from django.utils.translation import gettext as _

from recovery.errors import RestoreInconclusive, RestoreTimedOut
from recovery.methods.backup import Secrets
from recovery.methods.deadline import Deadline
from recovery.methods.postgresql_address import Address, write_passfile
from recovery.methods.postgresql_programs import Programs
from recovery.methods.process import Bounds, Finished, run

# One answer takes milliseconds. A server that needs longer than this is not answering.
ANSWER_SECONDS = 30.0
# What a session may do and how it writes values, whatever is set for the role.
_OPTIONS = (
    "-c default_transaction_read_only=on -c default_transaction_isolation=read\\ committed -c statement_timeout=15s "
    "-c lock_timeout=5s -c TimeZone=UTC"
)


@dataclass(frozen=True)
class Remote:
    """A server that is asked, as `name` ("standby" or "primary") with the password of that name."""

    name: str
    address: Address
    secrets: Secrets

    def conninfo(self, folder: Path, **more: str) -> str:
        """The connection string for a tool that works in `folder`, where the password is put."""
        passfile = write_passfile(folder, self.name, self.secrets.get(f"{self.name}_password"))
        return self.address.conninfo(passfile, **more)

    def ask(self, sql: str, programs: Programs, bounds: Bounds) -> Any:
        """What the query, one row and column of JSON, gives. Raises RestoreInconclusive with what to do."""
        conninfo = self.conninfo(bounds.folder, options=_OPTIONS)
        command = [programs["psql"], "-XAtqw", "-v", "ON_ERROR_STOP=1", "-d", conninfo, "-c", sql]
        finished = run_briefly(command, bounds, self.name)
        if finished.exit_code:
            raise RestoreInconclusive(
                explain_refusal(finished.log_tail, self.name), exit_code=finished.exit_code, log_tail=finished.log_tail
            )
        try:
            return json.loads(finished.stdout)
        except ValueError:
            raise RestoreInconclusive(
                _("The %(server)s gave an answer that could not be read.") % {"server": self.name},
                log_tail=finished.log_tail,
            ) from None


def run_briefly(command: list[str], bounds: Bounds, name: str) -> Finished:
    """Run what a server that is well answers at once; one that does not is inconclusive before the whole time is up."""
    deadline = Deadline(min(ANSWER_SECONDS, bounds.deadline.remaining))
    try:
        return run(command, replace(bounds, deadline=deadline))
    except RestoreTimedOut:
        bounds.deadline.check()
        raise RestoreInconclusive(
            _("The %(server)s took the connection and gave no answer within %(seconds)d seconds. See how it is.")
            % {"server": name, "seconds": ANSWER_SECONDS}
        ) from None


def explain_refusal(log: str, name: str) -> str:
    """Why a server would not answer, as a sentence with what to do; `log` is what the tool said."""
    reasons = (
        (
            ("password authentication failed", "no password supplied"),
            _("The %(server)s refused the password. Check it."),
        ),
        (
            ("pg_hba.conf",),
            _("The %(server)s lets nobody in from here. Add a line to its pg_hba.conf for this machine."),
        ),
        (
            ("replication role", "REPLICATION attribute", "start a WAL sender", "initiate streaming replication"),
            _("The role may not copy the %(server)s. Give it the attribute REPLICATION."),
        ),
        (
            ("permission denied",),
            _("The role may not read what is needed on the %(server)s. Grant it pg_monitor and the heartbeat's table."),
        ),
        (
            ("starting up", "not accepting connections", "not yet accepting", "shutting down"),
            _("The %(server)s is not accepting connections now."),
        ),
        (("too many clients", "remaining connection slots"), _("The %(server)s has no connection left for a test.")),
        (
            ("max_wal_senders", "replication slots are in use"),
            _("The %(server)s has no replication connection left. Raise max_wal_senders and max_replication_slots."),
        ),
        (
            ("Connection refused", "could not translate", "timeout expired", "No route", "unreachable", "No such file"),
            _("The %(server)s cannot be reached. Check its address, and that it runs."),
        ),
    )
    for words, sentence in reasons:
        if any(word in log for word in words):
            return sentence % {"server": name}
    return _("The %(server)s could not be asked (%(reason)s).") % {"server": name, "reason": last_line(log)}


def last_line(log: str) -> str:
    """The last line of a log that says something, without what PostgreSQL's tools put before it."""
    lines = [line for line in log.splitlines() if line.strip() and not line.startswith(("HINT", "DETAIL", "CONTEXT"))]
    return lines[-1].strip()[:300] if lines else _("it said nothing")
