"""Plain functions that make records; a test names only what it is about."""

from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from accounts.models import ApiToken, Role, Scope, Team, User
from accounts.services.tokens import create_token
from incidents.models import (
    Export,
    Incident,
    IncidentLink,
    PostmortemSection,
    Service,
    SeverityLevel,
    Tag,
    TimelineEvent,
    WordingDismissal,
    WordingRule,
)
from incidents.services.declaration import declare_incident
from notifications.models import Channel, Delivery, Level, Notification
from recovery.models import Check, Database, Evidence, Replica, RestoreTest

NOW = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)


def make_user(username: str = "somebody", role: str = Role.RESPONDER, **facts: Any) -> User:
    return User.objects.create_user(username=username, password="a good password", role=role, **facts)


def make_team(name: str = "SRE Team") -> Team:
    return Team.objects.get_or_create(name=name)[0]


def make_incident(actor: User | None = None, title: str = "Checkout is slow", **facts: Any) -> Incident:
    actor = actor or User.objects.first() or make_user()
    severity = facts.pop("severity", None) or SeverityLevel.objects.get(level=3)
    return declare_incident(title=title, severity=severity, actor=actor, now=facts.pop("now", NOW), **facts)


def make_wording_rule(phrase: str = "whole * team", **facts: str) -> WordingRule:
    facts = {"why": "It points at people.", "rewrite": "Say what happened."} | facts
    return WordingRule.objects.create(phrase=phrase, **facts)


def make_wording_dismissal(
    section: PostmortemSection, rule: str = "en-forgot", phrase: str = "forgot", **facts: Any
) -> WordingDismissal:
    facts = {"reason": "It is a quotation", "dismissed_by": section.postmortem.author} | facts
    return WordingDismissal.objects.create(section=section, rule=rule, phrase=phrase, **facts)


def make_service(name: str = "shop", **facts: Any) -> Service:
    return Service.objects.get_or_create(name=name, defaults=facts)[0]


def make_tag(incident: Incident, name: str = "checkout") -> Tag:
    tag = Tag.objects.get_or_create(name=name)[0]
    incident.tags.add(tag)
    return tag


def make_link(incident: Incident, title: str = "Dashboard", url: str = "https://example.org/") -> IncidentLink:
    return IncidentLink.objects.create(incident=incident, title=title, url=url)


def make_event(incident: Incident, text: str = "The graphs went flat", **facts: Any) -> TimelineEvent:
    facts = {"occurred_at": NOW, "author": incident.declared_by} | facts
    return TimelineEvent.objects.create(incident=incident, text=text, **facts)


def make_export(actor: User, **facts: Any) -> Export:
    return Export.objects.create(requested_by=actor, **{"numbers": [1], "formats": ["md"]} | facts)


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


def make_file_evidence(incident: Incident, caption: str = "What the log says", **facts: Any) -> Evidence:
    """A row about a file; the file itself is not there."""
    about = {"file_name": "app.log", "file_sha256": "b" * 64, "file_type": "text/plain", "file_bytes": 1234}
    facts = {"attached_by": incident.declared_by, "attached_at": NOW} | about | facts
    return Evidence.objects.create(incident=incident, kind="file", caption=caption, **facts)


def make_channel(name: str = "sre", kind: str = "slack", **facts: Any) -> Channel:
    way = {"address": "sre@example.org"} if kind == "email" else {"secret": "env:CHANNEL_SECRET"}
    facts = way | {"wants_news": kind == "slack", "created_at": NOW, "updated_at": NOW} | facts
    return Channel.objects.create(name=name, kind=kind, **facts)


def make_notification(title: str = "A restore test failed", **facts: Any) -> Notification:
    facts = {"topic": "restore_test", "level": Level.CRITICAL, "dedup_key": "restore-1", "path": "/"} | facts
    return Notification.objects.create(title=title, created_at=NOW, **facts)


def make_delivery(channel: Channel | None = None, state: str = "queued", **facts: Any) -> Delivery:
    channel = channel or make_channel()
    facts = {"notification": facts.pop("notification", None) or make_notification()} | facts
    facts = {"sent_at": NOW if state == "sent" else None, "claimed_at": NOW if state == "sending" else None} | facts
    facts = {"error": "Slack refused the message." if state == "given_up" else ""} | facts
    facts = {"channel_name": channel.name, "queued_at": NOW, "next_attempt_at": NOW} | facts
    return Delivery.objects.create(channel=channel, state=state, **facts)


def make_token(*scopes: str, actor: User | None = None, **facts: Any) -> tuple[ApiToken, str]:
    """A token and its text; without scopes it may report restore tests."""
    actor = actor or User.objects.first() or make_user("administrator", Role.ADMINISTRATOR)
    facts = {"name": "agent on db1", "scopes": list(scopes) or [Scope.REPORT_RESTORE_TESTS], "now": NOW} | facts
    return create_token(actor=actor, **facts)


def make_check(database: Database | None = None, kind: str = "minimum_rows", **facts: Any) -> Check:
    facts = {"parameters": {"table": "users", "rows": 1}} | facts
    return Check.objects.create(database=database or Database.objects.first() or make_database(), kind=kind, **facts)
