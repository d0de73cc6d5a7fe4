import json
import subprocess
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from django.test import Client
from django.urls import reverse

from accounts.models import User
from incidents.models import Publication
from incidents.services.example import load_example_incident
from recovery.services.evidence import attach_evidence
from tests.factories import NOW, make_incident, make_replica, make_restore_test
from tests.incidents.published import make_publication

TABLE = "incidents_publication"


@pytest.fixture
def publication(responder: User) -> Publication:
    """With phases, a map of causes, charts, and letters that no ASCII has."""
    incident, replica = load_example_incident(actor=responder), make_replica()
    for seconds in (8.5, 9, 10.25):
        test = make_restore_test(replica, rto_seconds=seconds, rto_objective_seconds=60)
        attach_evidence(test, incident=incident, caption="All is there", actor=responder, now=NOW)
    return make_publication(incident, responder, body="ดิสก์ “full” \x7f \u2028 9")


@pytest.fixture
def file(publication: Publication, as_responder: Client, tmp_path: Path) -> Path:
    path = tmp_path / "v1.json"
    address = reverse("incidents:publication_file", args=[publication.postmortem.incident_id, 1, "json"])
    path.write_bytes(as_responder.post(address).content)
    return path


def verify(*arguments: object) -> str:
    said = StringIO()
    call_command("postmortem_verify", *map(str, arguments), stdout=said)
    return said.getvalue()


def alter(publication: Publication, content: str) -> None:
    """What somebody does who owns the database."""
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute("ALTER TABLE incidents_publication DISABLE TRIGGER USER")
        else:
            cursor.execute("SELECT name FROM sqlite_master WHERE type = 'trigger' AND tbl_name = %s", [TABLE])
            for (name,) in cursor.fetchall():
                cursor.execute(f'DROP TRIGGER "{name}"')
    Publication.objects.filter(pk=publication.pk).update(content=content)


def test_what_was_published_is_as_it_was_with_one_version_or_all(publication: Publication) -> None:
    reference = publication.postmortem.incident.reference
    line = f"{reference} version 1 is as it was published, SHA-256 {publication.sha256}\n"
    assert verify(reference) == verify(reference, "--version", 1) == line


def test_a_version_that_was_altered_is_told_with_code_1(publication: Publication) -> None:
    alter(publication, publication.content.replace("full", "empty"))
    with pytest.raises(CommandError, match="was altered") as refused:
        verify(publication.postmortem.incident.reference)
    assert refused.value.returncode == 1


def test_the_file_of_a_version_is_known_again_however_it_is_laid_out(publication: Publication, file: Path) -> None:
    reference = publication.postmortem.incident.reference
    assert '"type": "chart"' in file.read_text()
    told = f"is version 1 of {reference}, SHA-256 {publication.sha256}\n"
    assert verify(file).endswith(told)
    file.write_text(json.dumps(json.loads(file.read_text()), sort_keys=True))
    assert verify(file).endswith(told)


def test_a_file_that_was_changed_is_told_with_code_1(file: Path) -> None:
    file.write_text(file.read_text().replace("full", "empty"))
    with pytest.raises(CommandError, match="which no version has that was published here") as refused:
        verify(file)
    assert refused.value.returncode == 1


@pytest.mark.parametrize("content", [None, b"\xff", b"{", b"[]", b"{}", b'{"sections": [], "title": "\\ud800"}'])
def test_what_cannot_be_told_ends_with_code_2(db: None, tmp_path: Path, content: bytes | None) -> None:
    if content is not None:
        (tmp_path / "v1.json").write_bytes(content)
    with pytest.raises(CommandError, match="could not be read as the JSON file of a version") as refused:
        verify(tmp_path / "v1.json")
    assert refused.value.returncode == 2


def test_what_is_not_published_ends_with_code_2(publication: Publication, responder: User) -> None:
    for arguments in (
        [make_incident(responder).reference],
        [publication.postmortem.incident.reference, "--version", 2],
    ):
        with pytest.raises(CommandError, match="has no such published version") as refused:
            verify(*arguments)
        assert refused.value.returncode == 2


def test_the_way_that_the_documentation_shows_leads_to_the_sha256_of_the_page(
    publication: Publication, file: Path
) -> None:
    guide = Path("docs/postmortems.md").read_text()
    block = next(part for part in guide.split("```python\n")[1:] if "sha256" in part).partition("```")[0]
    command = ["python3", "-c", block.replace("INC-42 v2.json", str(file))]
    assert subprocess.run(command, capture_output=True, text=True, check=True).stdout.strip() == publication.sha256
