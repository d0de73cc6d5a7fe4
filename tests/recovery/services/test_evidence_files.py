"""Files and links as evidence: what is taken, how it is kept, and what the sweep removes."""

import hashlib
import os
import stat
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from django.db import DatabaseError, transaction
from django.utils import timezone
from pytest_django import DjangoCaptureOnCommitCallbacks, Settings

from accounts.models import User
from incidents.models import Incident
from recovery.errors import EvidenceFileLost, RecoveryError
from recovery.models import Evidence
from recovery.queries import list_evidence
from recovery.services.evidence import attach_evidence, attach_file, attach_link, restore_evidence, withdraw_evidence
from recovery.services.evidence_files import keep_file, open_file, path_of, sweep_evidence_files
from recovery.services.verification import verify_installation
from recovery.tasks import sweep_evidence_files as sweep_task
from tests.factories import NOW, make_database, make_incident, make_replica, make_restore_test, make_user
from tests.uploads import HTML, LOG, SVG, picture, upload

pytestmark = pytest.mark.django_db
LATER = NOW + timedelta(hours=1)
DIGEST = hashlib.sha256(LOG).hexdigest()
WHOLE = "not a whole web address"


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


def link(incident: Incident, url: str = "https://example.org/d/1") -> Evidence:
    return attach_link(incident, url=url, caption="The graph", actor=incident.declared_by, now=NOW)


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


def test_a_file_or_link_is_attached_once_to_an_incident(incident: Incident, actor: User) -> None:
    file, address = attach(incident), link(incident)
    with pytest.raises(RecoveryError, match=r"File other\.log is already attached to INC-") as refused:
        attach(incident, name="other.log")
    assert refused.value.field == "file"
    with pytest.raises(RecoveryError, match=r"Link https://example\.org/d/1 is already attached") as refused:
        link(incident)
    assert refused.value.field == "url"
    attach(incident, b"something else")
    link(incident, "https://example.org/d/2")
    other = make_incident(actor)
    assert attach(other).incident == link(other).incident == other
    assert [*list_evidence(incident)][:2] == [file, address]


def test_withdrawn_files_and_links_can_be_put_back(incident: Incident, actor: User, folder: Path) -> None:
    for evidence in (attach(incident), link(incident), link(incident, "https://example.org/d/2")):
        withdraw_evidence(evidence, actor=actor, now=LATER)
        assert evidence not in list_evidence(incident)
        restore_evidence(evidence, actor=actor, now=LATER)
        assert evidence in list_evidence(incident)
    assert files(folder) == [DIGEST]


def test_what_was_attached_again_stands_in_the_way_of_what_was_withdrawn(incident: Incident, actor: User) -> None:
    for make in (attach, link):
        old = make(incident)
        withdraw_evidence(old, actor=actor, now=LATER)
        make(incident)
        with pytest.raises(RecoveryError, match="already attached again"):
            restore_evidence(old, actor=actor, now=LATER)


def test_the_timeline_names_the_file_and_the_link(incident: Incident, actor: User) -> None:
    for evidence in (attach(incident, name="a_b.log"), link(incident, "https://example.org/a_b|c?d={e}")):
        withdraw_evidence(evidence, actor=actor, now=LATER)
        restore_evidence(evidence, actor=actor, now=LATER)
    texts = [event.text for event in incident.events.filter(kind="recovery").order_by("pk")]
    file, address = r"File a\_b.log", "Link <https://example.org/a_b|c?d={e}>"
    assert texts == [
        f"{file} attached as evidence: It says so",
        f"{file} withdrawn as evidence: It says so",
        f"{file} attached as evidence again: It says so",
        f"{address} attached as evidence: The graph",
        f"{address} withdrawn as evidence: The graph",
        f"{address} attached as evidence again: The graph",
    ]


def test_the_timeline_says_what_a_test_measured(incident: Incident, actor: User) -> None:
    test = make_restore_test(rto_objective_seconds=10, rpo_seconds=None, rpo_reason="No clock.")
    attach_evidence(test, incident=incident, caption="Back", actor=actor, now=NOW)
    assert incident.events.get(kind="recovery").text == (
        f"{test.reference} attached as evidence: Back\n\nPassed · RTO 8.5 s, objective 10 s: met · "
        "RPO unknown: No clock. · shop/local (Litestream) · SHA-256 aaaaaaaaaaaa…"
    )


def test_a_test_made_up_for_the_demonstration_is_no_evidence(incident: Incident, actor: User) -> None:
    test = make_restore_test(make_replica(make_database("demo", is_demonstration=True)))
    with pytest.raises(RecoveryError, match="made up for the demonstration"):
        attach_evidence(test, incident=incident, caption="x", actor=actor, now=NOW)
    assert not Evidence.objects.exists()


@pytest.mark.parametrize(
    "url",
    [
        "https://example.org",
        "http://10.0.0.1:3000/d/abc?from=1&to=2#panel",
        "HTTPS://EXAMPLE.ORG/A",
        "https://[::1]/x",
        "https://example.org/wiki/ฐานข้อมูล?q={a|b}'c",
    ],
)
def test_an_address_is_kept_as_typed(incident: Incident, url: str) -> None:
    assert link(incident, url).url == url


@pytest.mark.parametrize(
    ("url", "reason"),
    [
        ("example.org/x", WHOLE),
        ("//example.org/x", WHOLE),
        ("/incidents/1/", WHOLE),
        ("javascript:alert(1)", WHOLE),
        ("data:text/html,x", WHOLE),
        ("ftp://example.org/x", WHOLE),
        ("file:///etc/passwd", WHOLE),
        ("https://", WHOLE),
        ("https:///x", WHOLE),
        ("https://example.org:99999/", WHOLE),
        ("https://[::1/", WHOLE),
        ("https://example.org/a b", WHOLE),
        ("https://example.org/\u202egnp", WHOLE),
        ("https://example.org/\n", WHOLE),
        ("https://example.org/>x", WHOLE),
        ("https://good.example\\@evil.example/", WHOLE),
        ("https://example.org/" + "x" * 2000, WHOLE),
        ("https://nok:secret@example.org/", "user name or password"),
        ("https://good.example@evil.example/", "user name or password"),
    ],
)
def test_what_is_no_whole_plain_address_is_refused(incident: Incident, url: str, reason: str) -> None:
    with pytest.raises(RecoveryError, match=reason) as refused:
        link(incident, url)
    assert refused.value.field == "url"
    assert not Evidence.objects.exists()


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
    with pytest.raises(DatabaseError), transaction.atomic():
        attach(incident)
        raise DatabaseError
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
