import hashlib
import os
import random
from pathlib import Path

import pytest

from recovery.errors import RestoreFailed, RestoreInconclusive, RestoreTimedOut
from recovery.methods.backup_fetch import Output, fetch, read_beginning, read_end
from recovery.methods.deadline import Deadline, do_nothing
from recovery.methods.process import Bounds

DATA = random.Random(1).randbytes(3_000_000)
RIGHT = hashlib.sha256(DATA).hexdigest()


@pytest.fixture
def source(tmp_path: Path) -> Path:
    path = tmp_path / "backups" / "app.db"
    path.parent.mkdir()
    path.write_bytes(DATA)
    return path


def bring(source: Path, *, quota: int | None = None, seconds: float = 30) -> bytes:
    found = source.stat()
    target = source.parent.parent / "target"
    target.unlink(missing_ok=True)
    bounds = Bounds(folder=target.parent, deadline=Deadline(seconds), quota_bytes=quota, on_tick=do_nothing)
    progress: list[int] = []
    with Output(target, bounds, progress.append) as output:
        fetch(source, output, size=found.st_size, mtime_ns=found.st_mtime_ns)
    assert progress[-1] == len(DATA)
    assert target.stat().st_mode & 0o777 == 0o600
    return target.read_bytes()


def test_a_file_is_brought_as_it_is(source: Path) -> None:
    assert bring(source) == DATA
    assert read_beginning(source, 5) == DATA[:5]
    assert read_end(source, 4) == DATA[-4:]


@pytest.mark.parametrize(
    "line",
    [
        f"{RIGHT}  app.db\n",
        f"{RIGHT} *app.db\n",
        f"{RIGHT.upper()}  /var/backups/app.db",
        f"{RIGHT}\n",
        f"{'0' * 64}  other.db\n{RIGHT}  app.db\n",
        f"{RIGHT}  name-before-it-was-moved.db\n",
    ],
)
def test_a_checksum_beside_it_is_compared(source: Path, line: str) -> None:
    checksum = source.with_name("app.db.sha256")
    checksum.write_text(line)
    assert bring(source) == DATA
    source.write_bytes(DATA[:-1] + bytes([DATA[-1] ^ 1]))
    with pytest.raises(RestoreFailed, match=r"app\.db\.sha256 says otherwise"):
        bring(source)


@pytest.mark.parametrize("text", ["", "hello", f"{'0' * 64}  a\n{'1' * 64}  b\n", f"{RIGHT[:-1]}  app.db"])
def test_a_checksum_file_without_a_checksum_fails(source: Path, text: str) -> None:
    source.with_name("app.db.sha256").write_text(text)
    with pytest.raises(RestoreFailed, match="holds no SHA-256 checksum"):
        bring(source)


def test_no_more_than_the_quota_is_written(source: Path) -> None:
    assert bring(source, quota=len(DATA)) == DATA
    with pytest.raises(RestoreInconclusive, match="Allow restore tests more space"):
        bring(source, quota=len(DATA) - 1)


def test_a_full_disk_says_nothing_about_the_backup(source: Path) -> None:
    bounds = Bounds(folder=source.parent, deadline=Deadline(30))
    found = source.stat()
    with Output(source.parent / "new", bounds, lambda _count: None) as output:
        output._file.close()
        output._file = Path("/dev/full").open("wb", 0)  # noqa: SIM115  # closed by the output
        with pytest.raises(RestoreInconclusive, match="is full"):
            fetch(source, output, size=found.st_size, mtime_ns=found.st_mtime_ns)


def test_the_deadline_ends_it(source: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("recovery.methods.backup_fetch.TICK_SECONDS", 0.0)
    with pytest.raises(RestoreTimedOut):
        bring(source, seconds=0)


def test_a_file_that_is_gone_or_another_is_for_the_next_run(source: Path) -> None:
    found = source.stat()
    bounds = Bounds(folder=source.parent, deadline=Deadline(30))

    def attempt(name: str) -> None:
        with Output(source.parent.parent / name, bounds, lambda _count: None) as output:
            fetch(source, output, size=found.st_size, mtime_ns=found.st_mtime_ns)

    source.write_bytes(DATA + b"x")
    with pytest.raises(RestoreInconclusive, match="was changed while it was read"):
        attempt("1")
    source.unlink()
    with pytest.raises(RestoreInconclusive, match="was removed before it was read"):
        attempt("2")
    source.symlink_to("/etc/hostname")
    with pytest.raises(RestoreInconclusive, match="cannot be read"):
        attempt("3")
    source.unlink()
    os.mkfifo(source)
    with pytest.raises(RestoreInconclusive, match="was changed while"):
        attempt("4")


def test_a_file_that_grows_while_it_is_read_is_noticed(source: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("recovery.methods.backup_fetch.TICK_SECONDS", 0.0)
    found = source.stat()

    def grow() -> None:
        with source.open("ab") as file:
            file.write(b"x")

    bounds = Bounds(folder=source.parent, deadline=Deadline(30), on_tick=grow)
    with (
        pytest.raises(RestoreInconclusive, match="was changed while it was read"),
        Output(source.parent.parent / "new", bounds, lambda _count: None) as output,
    ):
        fetch(source, output, size=found.st_size, mtime_ns=found.st_mtime_ns)
