"""Channels whose other side is a real server of this machine."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from pytest_django import Settings

from notifications.models import Channel
from tests.factories import make_channel
from tests.servers import MailServer, WebService, mail_server, web_service


@pytest.fixture
def service(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> Iterator[WebService]:
    """What Slack and PagerDuty are here."""
    with web_service() as found:
        settings.OUTGOING_PRIVATE = True
        settings.PAGERDUTY_URL = f"{found.url}/v2/enqueue"
        monkeypatch.setenv("SLACK_HOOK", f"{found.url}/services/T0/B0/hidden")
        monkeypatch.setenv("PAGER_KEY", "hidden-routing-key")
        yield found


@pytest.fixture
def mail(settings: Settings) -> Iterator[MailServer]:
    """A mail server that Debrief is set up for."""
    with mail_server() as found:
        settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
        settings.EMAIL_HOST, settings.EMAIL_PORT, settings.EMAIL_USE_TLS = "127.0.0.1", found.port, False
        yield found


@pytest.fixture
def slack(db: None, service: WebService) -> Channel:
    return make_channel("sre", "slack", secret="env:SLACK_HOOK")


@pytest.fixture
def pagerduty(db: None, service: WebService) -> Channel:
    return make_channel("on call", "pagerduty", secret="env:PAGER_KEY")


@pytest.fixture
def email(db: None, mail: MailServer) -> Channel:
    return make_channel("owners", "email", address="ann@example.org, bob@example.org")


@pytest.fixture
def secrets_folder(settings: Settings, tmp_path: Path) -> Path:
    """Where pasted secrets go."""
    settings.DATA_DIR = tmp_path
    settings.SECRET_ROOTS = [tmp_path / "secrets"]
    return tmp_path / "secrets"
