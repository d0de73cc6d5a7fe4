import json
import os
import subprocess
import sys
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.core.management import CommandError, call_command
from pypdf import PdfReader

from accounts.models import User
from incidents.documents.build import build_document
from incidents.documents.tree_json import from_json
from incidents.models import Incident
from incidents.services.example import load_example_incident
from tests.factories import make_incident


@pytest.fixture
def incident(responder: User) -> Incident:
    return load_example_incident(actor=responder)


def export(*arguments: object) -> str:
    said = StringIO()
    call_command("postmortem_export", *map(str, arguments), stdout=said)
    return said.getvalue()


@pytest.mark.parametrize(
    ("suffix", "beginning"), [("pdf", b"%PDF-1."), ("html", b"<!doctype html>"), ("md", b"---\ntitle: ")]
)
def test_the_document_is_written_in_the_format_that_is_asked_for(
    incident: Incident, tmp_path: Path, suffix: str, beginning: bytes
) -> None:
    path = tmp_path / f"report.{suffix}"
    assert export(incident.reference, "--format", suffix, "--output", path) == f"{path}\n"
    assert path.read_bytes().startswith(beginning)
    assert list(path.parent.iterdir()) == [path]


@pytest.mark.parametrize("name", ["{number}", "inc-{number}", "INC-0{number}"])
def test_the_incident_may_be_named_in_several_ways(incident: Incident, tmp_path: Path, name: str) -> None:
    assert export(name.format(number=incident.number), "--format", "md", "--output", tmp_path / "a.md")


@pytest.mark.parametrize(
    ("name", "sentence"),
    [
        ("ACT-1", "'ACT-1' is not an incident; write it as INC-1."),
        ("INC-", "'INC-' is not an incident; write it as INC-1."),
        ("99999999999999999999", "'99999999999999999999' is not an incident; write it as INC-1."),
        ("INC-4711", "INC-4711 is not there, or has no post-mortem yet."),
        ("bare", "is not there, or has no post-mortem yet."),
    ],
)
def test_what_is_not_there_ends_with_code_2(responder: User, tmp_path: Path, name: str, sentence: str) -> None:
    bare = make_incident(responder)
    path = tmp_path / "report.md"
    with pytest.raises(CommandError, match=sentence) as refusal:
        export(bare.reference if name == "bare" else name, "--format", "md", "--output", path)
    assert refusal.value.returncode == 2
    assert not path.exists()


def test_a_place_that_takes_no_file_ends_with_code_2(incident: Incident, tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    could_not, no_folder = "The post-mortem could not be written: ", "There is no folder "
    places = {tmp_path: could_not, tmp_path / "file" / "below": no_folder, tmp_path / "new" / "a.md": no_folder}
    for path, sentence in places.items():
        with pytest.raises(CommandError, match=sentence) as refusal:
            export(incident.reference, "--format", "md", "--output", path)
        assert refusal.value.returncode == 2
    assert sorted(tmp_path.iterdir()) == [tmp_path / "file"]


@pytest.mark.parametrize("arguments", [[], ["INC-1"], ["INC-1", "--output", "x", "--format", "doc"]])
def test_arguments_that_make_no_sense_end_with_code_2(arguments: list[str], capfd: pytest.CaptureFixture[str]) -> None:
    from django.core.management import ManagementUtility

    with pytest.raises(SystemExit) as end:
        ManagementUtility(["manage.py", "postmortem_export", *arguments]).execute()
    assert end.value.code == 2
    assert "usage:" in capfd.readouterr().err


def test_a_database_without_tables_ends_with_code_2(tmp_path: Path) -> None:
    environment = os.environ | {"DEBRIEF_DATA_DIR": str(tmp_path), "DJANGO_SETTINGS_MODULE": "config.settings"}
    environment.pop("DATABASE_URL", None)
    command = [sys.executable, "manage.py", "postmortem_export", "INC-1", "--output", str(tmp_path / "a.pdf")]
    run = subprocess.run(command, cwd=settings.BASE_DIR, env=environment, capture_output=True, text=True, check=False)
    assert (run.returncode, "Traceback" in run.stderr) == (2, False)
    assert "The post-mortem could not be written: no such table" in run.stderr


def test_a_pdf_that_takes_too_long_is_given_up(incident: Incident, tmp_path: Path, settings: Any) -> None:
    settings.PDF_TIME_LIMIT = 0.01
    with pytest.raises(CommandError, match=r"took longer than 0\.01 seconds and was stopped\.") as refusal:
        export(incident.reference, "--output", tmp_path / "a.pdf")
    assert refusal.value.returncode == 2
    assert list(tmp_path.iterdir()) == []


def test_an_engine_that_fails_ends_with_code_2(incident: Incident, tmp_path: Path, settings: Any) -> None:
    settings.FONTS_DIR = tmp_path / "fonts"
    with pytest.raises(CommandError, match=r"The PDF could not be made: .*Fonts") as refusal:
        export(incident.reference, "--output", tmp_path / "a.pdf")
    assert refusal.value.returncode == 2
    assert list(tmp_path.iterdir()) == []


def test_json_is_a_format_too(incident: Incident, tmp_path: Path) -> None:
    file = tmp_path / "document.json"
    export(incident.reference, "--format", "json", "--output", file)
    assert from_json(json.loads(file.read_text())) == build_document(incident.postmortem)


def test_the_paper_is_chosen(incident: Incident, tmp_path: Path) -> None:
    file = tmp_path / "document.pdf"
    export(incident.reference, "--paper", "letter", "--output", file)
    assert round(PdfReader(file).pages[0].mediabox.width) == 612
