"""The page on which a database's schedule and limits are changed."""

from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from recovery.models import Database
from recovery.services.schedules import give_default_schedule, read_cron
from tests.factories import NOW, make_database

pytestmark = pytest.mark.django_db
SCHEDULE = {"is_enabled": "on", "cron": "30 2 * * 1", "timezone": "Asia/Bangkok", "sampled_points": "5"}
LIMITS = {"proof_objective_days": "3", "lag_alert_seconds": "", "watched_path": "", "disk_alert_percent": "90"}


@pytest.fixture
def database(db: None) -> Database:
    return give_default_schedule(make_database("shop"), now=NOW)


def address(name: str = "schedule_edit", database: str = "shop") -> str:
    return reverse(f"recovery:{name}", args=[database])


def text_of(client: Client, address: str, data: dict[str, Any] | None = None, *, status: int = 200) -> str:
    response = client.post(address, data, follow=True) if data else client.get(address)
    assert response.status_code == status
    return response.content.decode()


def test_the_page_says_what_holds_now(as_administrator: Client, database: Database) -> None:
    page = text_of(as_administrator, address())
    assert read_cron(database)[0] in page
    assert "Next run" in page
    assert "<dd>At 0" in page


def test_a_schedule_is_saved(as_administrator: Client, database: Database) -> None:
    page = text_of(as_administrator, address(), SCHEDULE)
    assert "At 02:30, only on Monday (Asia/Bangkok)" in page
    database = Database.objects.get()
    assert read_cron(database) == ("30 2 * * 1", "Asia/Bangkok")
    assert database.sampled_points == 5


def test_a_schedule_can_be_turned_off(as_administrator: Client, database: Database) -> None:
    off = {name: value for name, value in SCHEDULE.items() if name != "is_enabled"}
    assert "No run is scheduled." in text_of(as_administrator, address(), off)


def test_limits_are_saved(as_administrator: Client, database: Database, tmp_path: Path) -> None:
    text_of(as_administrator, address("threshold_edit"), {**LIMITS, "watched_path": str(tmp_path)})
    found = Database.objects.get()
    assert (found.proof_objective_days, found.lag_alert_seconds) == (3, None)
    assert (found.watched_path, found.disk_alert_percent) == (str(tmp_path), 90)


@pytest.mark.parametrize(
    ("name", "data", "reason"),
    [
        ("schedule_edit", {**SCHEDULE, "cron": "* * * * *"}, "several times within ten minutes"),
        ("schedule_edit", {**SCHEDULE, "cron": "weekly"}, "Give five fields"),
        ("schedule_edit", {**SCHEDULE, "timezone": "Mars/Olympus"}, "Select a valid choice"),
        ("schedule_edit", {**SCHEDULE, "sampled_points": "21"}, "less than or equal to 20"),
        ("threshold_edit", {**LIMITS, "disk_alert_percent": "101"}, "less than or equal to 100"),
        ("threshold_edit", {**LIMITS, "watched_path": "/nowhere/at/all"}, "There is nothing at /nowhere/at/all"),
        ("threshold_edit", {**LIMITS, "proof_objective_days": "0"}, "greater than or equal to 1"),
    ],
)
def test_what_cannot_be_saved_stays_in_the_form(
    as_administrator: Client, database: Database, name: str, data: dict[str, Any], reason: str
) -> None:
    before = Database.objects.values().get()
    page = text_of(as_administrator, address(name), data, status=422)
    assert reason in page
    # A choice that there is not cannot be shown.
    changed = {value for value in data.values() if value not in ("", "on", "Mars/Olympus")}
    assert all(f'value="{value}"' in page for value in changed)
    assert Database.objects.values().get() == before


def test_a_database_that_is_tested_elsewhere_has_limits_alone(as_administrator: Client) -> None:
    make_database("far", host="db1.example.org")
    page = text_of(as_administrator, address(database="far"))
    assert "nothing to schedule" in page
    assert 'name="cron"' not in page
    assert 'name="proof_objective_days"' in page
    assert as_administrator.post(address(database="far"), SCHEDULE).status_code == 422


@pytest.mark.parametrize("name", ["schedule_edit", "threshold_edit"])
def test_others_may_not(as_responder: Client, client: Client, database: Database, name: str) -> None:
    data = SCHEDULE if name == "schedule_edit" else LIMITS
    before = Database.objects.values().get()
    assert as_responder.post(address(name), data).status_code == 403
    assert client.post(address(name), data).status_code in (302, 401)
    assert Database.objects.values().get() == before


def test_a_database_that_is_not_there(as_administrator: Client) -> None:
    assert as_administrator.get(address(database="gone")).status_code == 404
    assert as_administrator.post(address("threshold_edit", "gone"), LIMITS).status_code == 404


def test_limits_have_no_page_of_their_own(as_administrator: Client, database: Database) -> None:
    assert as_administrator.get(address("threshold_edit")).status_code == 405
