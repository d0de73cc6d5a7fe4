"""Many post-mortems in one ZIP file."""

import zipfile
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from accounts.models import User
from incidents.errors import IncidentError
from incidents.models import Export, Incident, Postmortem
from incidents.services import exports
from incidents.services.exports import export_path, make_export, request_export, sweep_exports
from incidents.services.visibility import change_visibility
from tests.factories import NOW, make_incident, make_user
from tests.factories import make_export as make_row

READY, QUEUED, RUNNING, FAILED = Export.Status.READY, Export.Status.QUEUED, Export.Status.RUNNING, Export.Status.FAILED


@pytest.fixture(autouse=True)
def folders(settings: Any, tmp_path: Path) -> None:
    settings.EXPORTS_DIR, settings.DOCUMENTS_DIR = tmp_path / "exports", tmp_path / "documents"


def still() -> datetime:
    return NOW


def begun(actor: User, title: str = "Checkout is slow", **facts: Any) -> Incident:
    incident = make_incident(actor, title, **facts)
    Postmortem.objects.create(incident=incident, author=actor)
    return incident


def make(actor: User, *incidents: Incident, formats: list[str], clock: Callable[[], datetime] = still) -> Export:
    export = request_export([incident.pk for incident in incidents], formats=formats, actor=actor)
    make_export(export.pk, clock=clock)
    export.refresh_from_db()
    return export


def names(export: Export) -> list[str]:
    with zipfile.ZipFile(export_path(export.pk)) as archive:
        assert archive.testzip() is None
        return archive.namelist()


def test_every_format_of_every_incident_is_in_the_file(responder: User) -> None:
    first, second = begun(responder), begun(responder, "ระบบฐานข้อมูลเสียหาย: กู้คืนแล้ว / ครบ")
    export = make(responder, first, second, formats=["json", "md", "html"])
    assert (export.status, export.done, export.updated_at) == (READY, 2, NOW)
    assert names(export) == [
        f"{first.reference} Checkout is slow.html",
        f"{first.reference} Checkout is slow.md",
        f"{first.reference} Checkout is slow.json",
        f"{second.reference} ระบบฐานข้อมูลเสียหาย กู้คืนแล้ว ครบ.html",
        f"{second.reference} ระบบฐานข้อมูลเสียหาย กู้คืนแล้ว ครบ.md",
        f"{second.reference} ระบบฐานข้อมูลเสียหาย กู้คืนแล้ว ครบ.json",
    ]


def test_a_pdf_is_made_by_a_process_of_its_own(responder: User) -> None:
    export = make(responder, begun(responder), formats=["pdf"])
    (name,) = names(export)
    with zipfile.ZipFile(export_path(export.pk)) as archive:
        assert archive.read(name).startswith(b"%PDF-")


def test_what_cannot_be_made_is_named_and_the_rest_is_there(responder: User, settings: Any) -> None:
    settings.PDF_TIME_LIMIT = 0.001
    export = make(responder, begun(responder), formats=["pdf", "md"])
    assert export.status == READY
    assert [name.rpartition(".pdf ")[2] for name in names(export)] == ["PROBLEMS.txt", names(export)[1]]


def test_only_what_has_a_post_mortem_and_is_seen_is_asked_for(responder: User) -> None:
    hidden = begun(make_user("other"), "Hidden", visibility="restricted")
    seen, bare = begun(responder), make_incident(responder, "No post-mortem")
    export = request_export([hidden.pk, bare.pk, seen.pk], formats=["md"], actor=responder)
    assert export.numbers == [seen.pk]
    with pytest.raises(IncidentError, match="None of these"):
        request_export([hidden.pk, bare.pk], formats=["md"], actor=responder)


def test_one_that_is_not_required_is_in_no_file(responder: User) -> None:
    wanted, waived = begun(responder), begun(responder)
    Postmortem.objects.filter(incident=waived).update(status="not_required", reason="A test")
    export = request_export([waived.pk, wanted.pk], formats=["md"], actor=responder)
    assert export.numbers == [wanted.pk]


def test_what_was_hidden_meanwhile_is_left_out(responder: User) -> None:
    other = make_user("other")
    first, second = begun(other), begun(responder)
    export = request_export([first.pk, second.pk], formats=["md"], actor=responder)
    change_visibility(first, visibility="restricted", actor=other, now=NOW, people=[other], teams=[])
    make_export(export.pk, clock=still)
    assert names(export) == [f"{second.reference} Checkout is slow.md"]
    export.refresh_from_db()
    assert (export.status, export.numbers, export.done) == (READY, [second.pk], 1)


def test_whoever_has_no_account_any_more_gets_nothing(responder: User) -> None:
    export = request_export([begun(responder).pk], formats=["md"], actor=responder)
    User.objects.filter(pk=responder.pk).update(is_active=False)
    make_export(export.pk, clock=still)
    assert names(export) == []


def test_for_readers_outside_no_name_is_left(responder: User) -> None:
    responder.name = "Kanya Wattana"
    responder.save()
    incident = begun(responder, "Kanya saw it")
    export = request_export([incident.pk], formats=["md", "json", "html"], actor=responder, is_external=True)
    make_export(export.pk, clock=still)
    assert all(" external." in name for name in names(export))
    with zipfile.ZipFile(export_path(export.pk)) as archive:
        for name in archive.namelist():
            text = name + archive.read(name).decode()
            assert "Kanya" not in text
            assert "Wattana" not in text


def test_too_many_are_refused(responder: User, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(exports, "MOST", 1)
    with pytest.raises(IncidentError, match="Narrow the filter"):
        request_export([begun(responder).pk, begun(responder).pk], formats=["md"], actor=responder)


def test_a_long_one_is_made_in_parts(responder: User) -> None:
    moments = iter(NOW + timedelta(seconds=15) * number for number in range(100))
    first, second, third = (begun(responder, f"Number {number}") for number in range(3))
    export = make(responder, first, second, third, formats=["md"], clock=lambda: next(moments))
    assert export.status == QUEUED
    assert 0 < export.done < 3
    assert not export_path(export.pk).exists()
    while export.status == QUEUED:
        make_export(export.pk, clock=lambda: next(moments))
        export.refresh_from_db()
    assert export.status == READY
    assert len(names(export)) == 3


def test_two_workers_do_not_make_one_file(responder: User) -> None:
    export = make_row(responder, status=RUNNING, heard_at=NOW)
    make_export(export.pk, clock=still)
    export.refresh_from_db()
    assert (export.status, export.done) == (RUNNING, 0)


def test_one_that_stopped_midway_is_failed_with_a_sentence(responder: User) -> None:
    stopped = make_row(responder, status=RUNNING, heard_at=NOW - timedelta(hours=1))
    going = make_row(responder, status=RUNNING, heard_at=NOW)
    sweep_exports(now=NOW)
    stopped.refresh_from_db()
    going.refresh_from_db()
    assert (stopped.status, going.status) == (FAILED, RUNNING)
    assert stopped.error.endswith("again.")


def test_a_worker_that_was_given_up_does_not_finish(responder: User) -> None:
    def given_up() -> datetime:
        Export.objects.filter(status=RUNNING).update(status=FAILED)
        return NOW

    export = make(responder, begun(responder), begun(responder), formats=["md"], clock=given_up)
    assert export.status == FAILED
    assert not export_path(export.pk).exists()


def test_old_ones_and_files_of_none_are_removed(responder: User) -> None:
    old, young = make(responder, begun(responder), formats=["md"]), make(responder, begun(responder), formats=["md"])
    Export.objects.filter(pk=young.pk).update(created_at=NOW - timedelta(days=6))
    Export.objects.filter(pk=old.pk).update(created_at=NOW - timedelta(days=8))
    export_path(999).write_bytes(b"")
    sweep_exports(now=NOW)
    assert [export_path(pk).exists() for pk in (old.pk, young.pk, 999)] == [False, True, False]
    assert [*Export.objects.all()] == [young]


def test_a_full_disk_is_told(responder: User, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(document: Any, wanted: str) -> bytes:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(exports, "_content", fail)
    export = make(responder, begun(responder), formats=["md"])
    assert export.status == FAILED
    assert "could not be written" in export.error


def test_a_document_from_before_zip_files_has_the_first_day_of_them(responder: User) -> None:
    incident = begun(responder)
    long_ago = datetime(1970, 1, 2, tzinfo=UTC)
    Incident.objects.filter(pk=incident.pk).update(updated_at=long_ago)
    Postmortem.objects.update(updated_at=long_ago)
    export = make(responder, incident, formats=["md"])
    assert export.status == READY
