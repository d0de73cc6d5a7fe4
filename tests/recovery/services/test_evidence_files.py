"""Files as evidence: what is taken, how it is kept, and what the sweep removes."""

import hashlib
import os
import stat
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from django.db import transaction
from django.utils import timezone
from pytest_django import DjangoCaptureOnCommitCallbacks, Settings

from accounts.models import User
from incidents.models import Incident
from recovery.errors import EvidenceFileLost, RecoveryError
from recovery.models import Evidence
from recovery.queries import list_evidence
from recovery.services.evidence import attach_file, withdraw_evidence
from recovery.services.evidence_files import keep_file, open_file, path_of, sweep_evidence_files
from recovery.services.verification import verify_installation
from recovery.tasks import sweep_evidence_files as sweep_task
from tests.factories import NOW, make_incident, make_user
from tests.uploads import HTML, LOG, SVG, picture, upload

pytestmark = pytest.mark.django_db
DIGEST = hashlib.sha256(LOG).hexdigest()


@pytest.fixture(autouse=True)
def folder(settings: Settings, tmp_path: Path) -> Path:
    settings.EVIDENCE_DIR = tmp_path / "evidence"
    return settings.EVIDENCE_DIR


@pytest.fixture
def actor() -> User:
    return make_user()


@pytest.fixture
def incident(actor: User) -> Incident:
    return make_incident(actor)


def attach(incident: Incident, content: bytes = LOG, name: str = "app.log", caption: str = "It says so") -> Evidence:
    file = upload(content, name)
    return attach_file(incident, file=file, caption=caption, actor=incident.declared_by, now=NOW)


def files(folder: Path) -> list[str]:
    """What is kept, drafts and marks left out."""
    return sorted(path.name for path in folder.glob("??/*"))


def marks(folder: Path) -> list[str]:
    return sorted(path.name for path in (folder / ".announced").glob("[!.]*"))


def in_an_hour() -> datetime:
    return timezone.now() + timedelta(minutes=61)


def test_a_file_is_kept_under_its_digest_and_for_debrief_alone(incident: Incident, folder: Path, actor: User) -> None:
    evidence = attach(incident)
    path = folder / DIGEST[:2] / DIGEST
    assert path.read_bytes() == LOG
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert stat.S_IMODE(path.parent.stat().st_mode) == stat.S_IMODE(folder.stat().st_mode) == 0o700
    assert (evidence.kind, evidence.file_name, evidence.file_sha256) == ("file", "app.log", DIGEST)
    assert (evidence.file_type, evidence.file_bytes) == ("text/plain", len(LOG))
    assert (evidence.attached_by, evidence.attached_at, evidence.url) == (actor, NOW, "")
    assert [*list_evidence(incident)] == [evidence]
    with open_file(evidence) as file:
        assert file.read() == LOG


def test_what_is_kept_is_where_verification_looks_for_it(incident: Incident) -> None:
    attach(incident)
    found = verify_installation([], now=NOW)
    assert (found.evidence, found.files, found.findings) == (1, 1, [])


def test_the_same_content_is_stored_once(incident: Incident, actor: User, folder: Path) -> None:
    attach(incident)
    attach(make_incident(actor), name="another.log")
    assert files(folder) == [DIGEST]
    assert [item.file_name for item in Evidence.objects.order_by("pk")] == ["app.log", "another.log"]


@pytest.mark.parametrize(
    ("name", "content", "kept"),
    [
        ("../../etc/passwd", LOG, "passwd.txt"),
        ("C:\\Users\\nok\\app.log", LOG, "app.log"),
        ("invoice\u202egnp.html", LOG, "invoicegnp.html.txt"),
        ("a\0b\r\nc\t.log", LOG, "a b c .log"),
        ("run.html", picture(), "run.html.png"),
        ("shot.PNG", picture(), "shot.PNG"),
        ("photo.jpeg", picture("JPEG"), "photo.jpeg"),
        ("...", LOG, "file.txt"),
        (".log", LOG, "log.txt"),
        ("x" * 300 + ".log", LOG, "x" * 146 + ".log"),
        ("บันทึก.log", LOG, "บันทึก.log"),
    ],
)
def test_names_are_cleaned(incident: Incident, name: str, content: bytes, kept: str) -> None:
    file = upload(content)
    # Past Django's own cleaning
    file._name = name
    evidence = attach_file(incident, file=file, caption="x", actor=incident.declared_by, now=NOW)
    cleaned = "".join(kept.split())
    assert "".join(evidence.file_name.split()) == cleaned
    assert len(evidence.file_name) <= 150


@pytest.mark.parametrize(
    ("content", "name", "reason"),
    [
        (b"", "app.log", "empty"),
        (SVG, "picture.png", "might run"),
        (HTML, "page.txt", "might run"),
        (picture() + HTML, "picture.png", "begins like a picture"),
        (b"\x7fELF\x00", "app.log", "neither a PNG"),
        (b"x" * 10_001, "app.log", r"larger than 10\.0 kB"),
    ],
)
def test_what_is_not_taken_leaves_nothing(
    incident: Incident, folder: Path, settings: Settings, content: bytes, name: str, reason: str
) -> None:
    settings.EVIDENCE_FILE_LIMIT = 10_000
    with pytest.raises(RecoveryError, match=reason) as refused:
        attach(incident, content, name)
    assert refused.value.field == "file"
    assert not Evidence.objects.exists()
    assert files(folder) == marks(folder) == []


def test_a_file_of_just_the_limit_is_taken(incident: Incident, settings: Settings) -> None:
    settings.EVIDENCE_FILE_LIMIT = len(LOG)
    assert attach(incident).file_bytes == len(LOG)


def test_a_folder_that_cannot_be_written_to_is_said(incident: Incident, folder: Path) -> None:
    folder.write_text("in the way")
    with pytest.raises(RecoveryError, match="could not be stored") as refused:
        attach(incident)
    assert refused.value.field == "file"


def test_many_people_keep_the_same_file_at_once(folder: Path) -> None:
    content = LOG * 20_000
    with ThreadPoolExecutor(8) as pool:
        kept = list(pool.map(lambda number: keep_file(upload(content, f"{number}.log")), range(16)))
    assert {file.sha256 for file in kept} == {hashlib.sha256(content).hexdigest()}
    assert files(folder) == [kept[0].sha256]
    assert path_of(kept[0].sha256).read_bytes() == content
    assert marks(folder) == [kept[0].sha256]


def test_a_file_is_settled_by_its_commit(
    incident: Incident, folder: Path, django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks
) -> None:
    with django_capture_on_commit_callbacks(execute=True):
        attach(incident)
        assert marks(folder) == [DIGEST]
    assert marks(folder) == []


def test_the_sweep_removes_what_came_to_nothing_and_only_after_an_hour(incident: Incident, folder: Path) -> None:
    with transaction.atomic():
        attach(incident)
        transaction.set_rollback(True)
    assert not Evidence.objects.exists()
    assert files(folder) == marks(folder) == [DIGEST]
    sweep_task()
    assert files(folder) == marks(folder) == [DIGEST]
    sweep_evidence_files(now=in_an_hour())
    assert files(folder) == marks(folder) == []


def test_the_sweep_keeps_what_evidence_names_withdrawn_or_not(incident: Incident, actor: User, folder: Path) -> None:
    # Committed, but the process died before it could settle the file.
    withdraw_evidence(attach(incident), actor=actor, now=NOW)
    assert marks(folder) == [DIGEST]
    sweep_evidence_files(now=in_an_hour())
    assert files(folder) == [DIGEST]
    assert marks(folder) == []


def test_the_sweep_never_looks_at_what_was_settled_or_is_not_its_own(folder: Path) -> None:
    # As where the database was replaced by one that knows nothing of these files.
    kept = keep_file(upload())
    (folder / ".announced" / DIGEST).unlink()
    (folder / ".announced" / "notes.txt").write_text("mine")
    draft = folder / ".announced" / "draft-abc"
    draft.write_text("half")
    sweep_evidence_files(now=in_an_hour())
    assert files(folder) == [kept.sha256]
    assert not draft.exists()
    assert (folder / ".announced" / "notes.txt").exists()


def test_a_file_kept_again_is_young_again(folder: Path) -> None:
    keep_file(upload())
    old = timezone.now().timestamp() - 7200
    os.utime(folder / ".announced" / DIGEST, (old, old))
    keep_file(upload())
    sweep_evidence_files(now=timezone.now())
    assert files(folder) == [DIGEST]


def test_there_may_be_nothing_to_sweep(folder: Path) -> None:
    sweep_evidence_files(now=NOW)
    assert not folder.exists()


def test_a_lost_file_is_named_as_such(incident: Incident) -> None:
    evidence = attach(incident)
    path = path_of(evidence.file_sha256)
    path.write_bytes(HTML)
    with pytest.raises(EvidenceFileLost, match="no longer what was attached"):
        open_file(evidence)
    path.unlink()
    with pytest.raises(EvidenceFileLost, match="no longer in Debrief's data folder"):
        open_file(evidence)
    path.mkdir()
    with pytest.raises(EvidenceFileLost, match="cannot be read: Is a directory"):
        open_file(evidence)
