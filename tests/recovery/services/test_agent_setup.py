"""The line that starts the agent, as cron and a shell read it."""

import shlex

import pytest
from django.test import Client

from recovery.models import Replica
from recovery.services.agent_setup import agent_line, can_agent_restore
from tests.factories import make_database, make_replica

HARMFUL = "/data/it's 100%; rm -rf $HOME/`id`.db"


def words_of(replica: Replica) -> list[str]:
    line = agent_line(replica, debrief="https://debrief.example.org")
    assert line.startswith("0 4 * * 1 ")
    # Cron takes the backslash away, and whatever follows a % without one.
    assert "%" not in line.replace(r"\%", "")
    return shlex.split(line.removeprefix("0 4 * * 1 ").replace(r"\%", "%"))


@pytest.mark.django_db
def test_no_path_says_anything_to_cron_or_the_shell() -> None:
    words = words_of(make_replica(make_database("shop", HARMFUL, host="db1"), f"file://{HARMFUL}"))
    assert words[:5] == [
        "/usr/local/bin/restore-test-agent.py",
        *("--debrief", "https://debrief.example.org", "--token-file", "/etc/debrief/agent-token"),
    ]
    assert words[5:] == [
        *("--database", "shop", "--replica", "local", "--replica-url", f"file://{HARMFUL}", "--source", HARMFUL)
    ]


@pytest.mark.django_db
def test_a_replica_with_options_is_left_to_the_configuration_there() -> None:
    replica = make_replica(make_database("shop", HARMFUL, host="db1"), options={"endpoint": "https://minio"})
    words = words_of(replica)
    assert words[9:] == ["--config", "/etc/litestream.yml", "--path", HARMFUL, "--source", HARMFUL]


@pytest.mark.django_db
@pytest.mark.parametrize("method", Replica.Method.values)
def test_what_the_agent_cannot_restore_is_said_so(as_viewer: Client, method: str) -> None:
    replica = make_replica(make_database("shop", "/data/shop.db", host="db1"), "/backup", method=method)
    page = as_viewer.get(replica.database.get_absolute_url()).content.decode()
    assert can_agent_restore(replica) is (method == "litestream")
    assert ("restore-test-agent.py --debrief" in page) is can_agent_restore(replica)
    assert ("restores replicas of Litestream alone" in page) is not can_agent_restore(replica)
