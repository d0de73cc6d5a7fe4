from datetime import UTC, datetime
from pathlib import Path

import pytest

from recovery.errors import RestoreFailed, RestoreInconclusive, RestoreStopped
from recovery.methods.litestream_destination import parse_destination
from recovery.methods.litestream_failures import explain
from recovery.methods.process import Finished

AT = datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC)


def explained(log: str, replica: Path, *, at: datetime | None = None, exit_code: int = 1) -> RestoreStopped:
    return explain(Finished(exit_code, b"", log, 0.1), parse_destination(str(replica)), at)


@pytest.mark.parametrize(
    ("log", "outcome", "words"),
    [
        ("Error: decode database: write page 2: no space left on device", RestoreInconclusive, "scratch disk was full"),
        ("Error: decode database: write page 2: file too large", RestoreInconclusive, "larger than a restore test may"),
        ("Error: open /r/ltx/9: permission denied", RestoreInconclusive, "may not be read"),
        ("Error: open /r/ltx/0/1-1.ltx: no such file or directory", RestoreInconclusive, "went away"),
        ("Error: output path already exists and is not empty", RestoreInconclusive, "was not empty"),
        ("Error: open x: too many open files", RestoreInconclusive, "open files"),
        ("Error: non-contiguous ltx files: have up to 25 but next file starts at 3c", RestoreFailed, "has a gap"),
        ("Error: get time bounds: open /r/generations: not a directory", RestoreFailed, "not a folder"),
        ("Error: close reader 0: file checksum mismatch", RestoreFailed, "damaged or cut short"),
        ("Error: invalid ltx file: has size 0 bytes (minimum 100)", RestoreFailed, "damaged or cut short"),
        ("Error: decode database: read compressed data: unexpected EOF", RestoreFailed, "damaged or cut short"),
        ("level=INFO msg=one\nError: something new\nlevel=INFO msg=bye", RestoreFailed, "something new"),
        ("", RestoreFailed, "it said nothing"),
    ],
)
def test_the_text_decides(tmp_path: Path, log: str, outcome: type[RestoreStopped], words: str) -> None:
    error = explained(log, tmp_path)
    assert type(error) is outcome
    assert words in error.message
    assert error.message.endswith(".")
    assert (error.exit_code, error.log_tail) == (1, log)


def test_a_tool_ended_by_a_signal_says_nothing_about_the_backup(tmp_path: Path) -> None:
    error = explained("Error: file checksum mismatch", tmp_path, exit_code=-9)
    assert isinstance(error, RestoreInconclusive)
    assert "signal 9" in error.message


def test_nothing_to_restore_is_told_by_its_cause(tmp_path: Path) -> None:
    log, levels = "Error: no matching backup files available", tmp_path / "ltx" / "0"
    said = [explained(log, tmp_path / "gone").message, explained(log, tmp_path).message]
    levels.mkdir(parents=True)
    (levels / "0000000000000002-0000000000000002.ltx").touch()
    said += [explained(log, tmp_path).message, explained(log, tmp_path, at=AT).message]
    for message, words in zip(
        said, ("not exist", "holds no backup", "first full copy", "2026-01-02 03:04:05"), strict=True
    ):
        assert words in message


def test_the_last_error_counts(tmp_path: Path) -> None:
    log = "Error: no space left on device\nError: file checksum mismatch"
    assert isinstance(explained(log, tmp_path), RestoreFailed)
