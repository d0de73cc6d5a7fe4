"""`manage.py load_example`."""

from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from pytest_django.fixtures import Settings

from incidents.models import Incident
from incidents.services.example import EXAMPLE
from recovery.models import Replica
from recovery.services import example

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, settings: Settings, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr(example, "USERS", 30)
    settings.EXAMPLE_DIR = tmp_path / "example"
    return tmp_path / "example"


def test_the_example_is_there_when_the_command_ends(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    call_command("load_example")
    printed = capsys.readouterr().out
    assert str(Incident.objects.get(example=EXAMPLE)) in printed
    assert f"app/local: {folder / 'replica'}" in printed
    assert Replica.objects.get().status == Replica.Status.READY
    call_command("load_example")
    assert capsys.readouterr().out == printed
    assert (Incident.objects.count(), Replica.objects.count()) == (7, 1)
    call_command("load_example", "--remove-history")
    assert capsys.readouterr().out == "6 example incidents removed.\n"
    assert Incident.objects.get().example == EXAMPLE


def test_an_example_that_cannot_be_made_is_2_with_its_reason(folder: Path) -> None:
    folder.write_text("a file in its place")
    with pytest.raises(CommandError, match="The example database could not be made") as caught:
        call_command("load_example")
    assert caught.value.returncode == 2


def test_help_says_what_it_does(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        call_command("load_example", "--help")
    assert "Twice changes nothing" in " ".join(capsys.readouterr().out.split())
