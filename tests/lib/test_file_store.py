"""A folder of files: what the sweep may take, beside what the tests of evidence show."""

import hashlib
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest
from django.utils import timezone

from lib.file_store import FileLostError, FileRefusedError, FileStore
from tests.uploads import LOG, SVG, upload

DIGEST = hashlib.sha256(LOG).hexdigest()


@pytest.fixture
def store(tmp_path: Path) -> FileStore:
    return FileStore(tmp_path / "files", 1000)


def nobody(_digest: str) -> bool:
    return False


def in_an_hour() -> timezone.datetime:
    return timezone.now() + timedelta(minutes=61)


def test_what_is_kept_is_read_again(store: FileStore) -> None:
    kept = store.keep(upload())
    assert (kept.name, kept.sha256, kept.size, kept.kind.media_type) == ("app.log", DIGEST, len(LOG), "text/plain")
    with store.open(kept.sha256) as file:
        assert file.read() == LOG


@pytest.mark.parametrize("content", [SVG, b"", b"x" * 1001])
def test_what_is_refused_leaves_nothing(store: FileStore, content: bytes) -> None:
    with pytest.raises(FileRefusedError) as refused:
        store.keep(upload(content))
    assert refused.value.field == "file"
    assert [path for path in store.folder.rglob("*") if path.is_file() and path.name != ".lock"] == []


@pytest.mark.parametrize(("is_named", "is_there"), [(nobody, False), (lambda digest: digest == DIGEST, True)])
def test_a_file_announced_again_is_looked_at_again(
    store: FileStore, is_named: Callable[[str], bool], is_there: bool
) -> None:
    store.keep(upload())
    store.sweep(lambda _digest: True, now=in_an_hour())
    store.sweep(nobody, now=in_an_hour())
    assert store.path_of(DIGEST).exists()
    store.announce(DIGEST)
    store.sweep(is_named, now=timezone.now())
    assert store.path_of(DIGEST).exists()
    store.sweep(is_named, now=in_an_hour())
    assert store.path_of(DIGEST).exists() == is_there


def test_a_lost_file_is_named_as_such(store: FileStore) -> None:
    store.path_of(store.keep(upload()).sha256).write_bytes(b"other")
    with pytest.raises(FileLostError, match="no longer what was attached"):
        store.open(DIGEST)
