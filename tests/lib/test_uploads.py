"""Files as they arrive: refused where they are too large, and never more of them on disk than that."""

from pathlib import Path

import pytest
from django.core.exceptions import TooManyFilesSent
from django.test import RequestFactory
from pytest_django import Settings

from lib.uploads import dropped_files
from tests.uploads import upload

MEGABYTE = 1024 * 1024


@pytest.mark.parametrize("in_memory", [0, 10 * MEGABYTE], ids=["on disk", "in memory"])
def test_of_a_file_that_is_too_large_just_too_much_arrives(settings: Settings, in_memory: int) -> None:
    settings.EVIDENCE_FILE_LIMIT, settings.FILE_UPLOAD_MAX_MEMORY_SIZE = 100_000, in_memory
    sent = {"file": upload(b"x" * 5 * MEGABYTE), "caption": "after the file"}
    request = RequestFactory().post("/", sent)
    arrived = request.FILES["file"]
    assert 100_000 < arrived.size < 100_000 + 2 * 64 * 1024
    assert len(arrived.read()) == arrived.size
    assert request.POST["caption"] == "after the file"
    request.close()


def test_a_file_within_the_limit_arrives_whole_and_large_ones_on_disk(settings: Settings) -> None:
    settings.EVIDENCE_FILE_LIMIT = 5 * MEGABYTE
    content = bytes(range(256)) * (5 * MEGABYTE // 256)
    request = RequestFactory().post("/", {"file": upload(content)})
    arrived = request.FILES["file"]
    assert arrived.read() == content
    path = Path(arrived.temporary_file_path())
    assert path.exists()
    request.close()
    assert not path.exists()


@pytest.mark.parametrize("in_memory", [0, 10 * MEGABYTE], ids=["on disk", "in memory"])
def test_files_beyond_the_limit_together_do_not_arrive_and_are_named(settings: Settings, in_memory: int) -> None:
    settings.EVIDENCE_FILE_LIMIT, settings.FILE_UPLOAD_MAX_MEMORY_SIZE = 300_000, in_memory
    contents = {"a": b"a" * 200_000, "b": b"b" * 200_000, "c": b"c" * 90_000, "d": b"d" * 90_000}
    request = RequestFactory().post("/", {"file": [upload(content, name) for name, content in contents.items()]})
    assert {file.name: file.read() for file in request.FILES.getlist("file")} == {n: contents[n] for n in "ac"}
    assert dropped_files(request) == ["b", "d"]
    request.close()


def test_where_one_file_is_sent_none_is_dropped() -> None:
    request = RequestFactory().post("/", {"file": upload()})
    assert request.FILES
    assert dropped_files(request) == []


def test_one_request_brings_so_many_files() -> None:
    with pytest.raises(TooManyFilesSent):
        RequestFactory().post("/", {"file": [upload() for _number in range(51)]}).POST["x"]
