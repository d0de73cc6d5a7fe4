"""Plain functions that make records; a test names only what it is about."""

from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from accounts.models import Role, Team, User
from incidents.models import Incident, SeverityLevel, TimelineEvent
from incidents.services.declaration import declare_incident
from recovery.models import Database, Replica, RestoreTest

NOW = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)


def make_user(username: str = "somebody", role: str = Role.RESPONDER, **facts: Any) -> User:
    return User.objects.create_user(username=username, password="a good password", role=role, **facts)


def make_team(name: str = "SRE Team") -> Team:
    return Team.objects.get_or_create(name=name)[0]


def make_incident(actor: User | None = None, title: str = "Checkout is slow", **facts: Any) -> Incident:
    actor = actor or User.objects.first() or make_user()
    severity = facts.pop("severity", None) or SeverityLevel.objects.get(level=3)
    return declare_incident(title=title, severity=severity, actor=actor, now=facts.pop("now", NOW), **facts)


def make_event(incident: Incident, text: str = "The graphs went flat", **facts: Any) -> TimelineEvent:
    facts = {"occurred_at": NOW, "author": incident.declared_by} | facts
    return TimelineEvent.objects.create(incident=incident, text=text, **facts)


def make_database(name: str = "shop", path: Path | str = "/nowhere/shop.db", **facts: Any) -> Database:
    return Database.objects.create(name=name, path=str(path), **facts)


def make_replica(
    database: Database | None = None, destination: Path | str = "/nowhere/replica", **facts: Any
) -> Replica:
    facts = {"name": "local"} | facts
    return Replica.objects.create(database=database or make_database(), destination=str(destination), **facts)


def make_restore_test(replica: Replica | None = None, status: str = "passed", **facts: Any) -> RestoreTest:
    finished = status not in ("pending", "running")
    measured = {
        "started_at": NOW,
        "finished_at": NOW,
        "rto_seconds": 8.5,
        "rpo_seconds": 0.4,
        "restored_to": NOW,
        "integrity": "ok",
        "tables": {"users": 150_000},
        "checks": [{"name": "size", "passed": True, "message": "The restored file has the size announced."}],
        "phases": {"plan": 0.1, "restore": 5.0, "integrity": 2.0},
        "sha256": "a" * 64,
        "size_bytes": 15_187_968,
        "tool": "litestream 0.5.17",
    }
    facts = {"requested_at": NOW, **(measured if finished else {}), **facts}
    return RestoreTest.objects.create(replica=replica or make_replica(), status=status, **facts)
