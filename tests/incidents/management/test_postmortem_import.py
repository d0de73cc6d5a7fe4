"""`postmortem_import`: exit codes, JSON, and nothing made where nothing may be."""

import io
import json
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command
from django.core.management.base import CommandError

from accounts.models import User
from incidents.models import Incident
from tests.incidents.readers.own import DOCUMENTS


@pytest.fixture
def files(tmp_path: Path) -> list[str]:
    for name, text in DOCUMENTS.items():
        (tmp_path / name).write_text(text)
    return [str(tmp_path / name) for name in DOCUMENTS]


def run(*arguments: Any) -> list[dict[str, Any]]:
    output = io.StringIO()
    call_command("postmortem_import", *arguments, "--json", stdout=output)
    reports: list[dict[str, Any]] = json.loads(output.getvalue())
    return reports


def code(*arguments: Any) -> int:
    with pytest.raises(CommandError) as failed:
        call_command("postmortem_import", *arguments, stdout=io.StringIO())
    return failed.value.returncode


@pytest.mark.django_db
def test_a_dry_run_says_what_it_reads_and_makes_nothing(files: list[str]) -> None:
    report = run(*files, "--dry-run")[0]
    assert (report["result"], report["title"], report["severity"]) == ("read", "Checkout was slow", 2)
    assert report["date"] == "2021-02-03"
    assert report["timeline"][0]["occurred_at"] == "2021-02-03T23:50:00+07:00"
    assert report["action_items"][0]["owner"] == "nok"
    assert [len(report[name]) for name in ("timeline", "action_items", "causes")] == [5, 2, 3]
    assert {"sections", "warnings"} <= set(report)
    assert not Incident.objects.exists()


def test_each_file_becomes_an_incident_once(files: list[str], responder: User) -> None:
    first = run(*files, "--as", responder.username)
    assert [report["result"] for report in first] == ["imported"] * 3
    again = run(*files, "--as", responder.username)
    assert [report["result"] for report in again] == ["known"] * 3
    assert [report["incident"] for report in again] == [report["incident"] for report in first]
    assert Incident.objects.count() == 3


def test_the_timezone_is_that_of_times_without_one(tmp_path: Path) -> None:
    file = tmp_path / "a.md"
    file.write_text("# A\n\n2022-02-03\n\n## Timeline\n\n- 10:00 a\n- 11:00 b\n")
    report = run(file, "--dry-run", "--timezone", "Asia/Bangkok")[0]
    assert report["timeline"][0]["occurred_at"] == "2022-02-03T10:00:00+07:00"


def test_one_that_fails_stops_none_of_the_others(files: list[str], responder: User, tmp_path: Path) -> None:
    bad = tmp_path / "bad.md"
    bad.write_bytes(b"\xff\xc3\x00")
    assert code(bad, tmp_path / "nowhere.md", *files, "--as", responder.username) == 1
    assert Incident.objects.count() == 3


@pytest.mark.django_db
def test_without_a_person_or_with_a_bad_timezone_nothing_is_tried(files: list[str]) -> None:
    assert code(*files) == 2
    assert code(*files, "--as", "nobody") == 2
    assert code(*files, "--dry-run", "--timezone", "Moon/Crater") == 2
    assert not Incident.objects.exists()
