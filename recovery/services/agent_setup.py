"""How an agent on a database's host is started."""

import shlex

from recovery.models import Replica

# Every Monday at four.
WHEN = "0 4 * * 1"


def can_agent_restore(replica: Replica) -> bool:
    """Whether the agent knows how to restore this kind of backup."""
    return replica.method == Replica.Method.LITESTREAM


def agent_line(replica: Replica, *, debrief: str) -> str:
    """The line of a crontab that has an agent test the replica and report to this address of Debrief."""
    database = replica.database
    words = ["/usr/local/bin/restore-test-agent.py", "--debrief", debrief, "--token-file", "/etc/debrief/agent-token"]
    words += ["--database", database.name, "--replica", replica.name]
    # An address alone says nothing of an endpoint or a host key; the configuration there does.
    configured = ["--config", "/etc/litestream.yml", "--path", database.path]
    words += configured if replica.options else ["--replica-url", replica.destination]
    words += ["--source", database.path]
    # Cron takes a bare % for the end of the line.
    return f"{WHEN} {shlex.join(words)}".replace("%", r"\%")
