"""Backups of whole files, damaged in every way a disk can: none passes as what it is not."""

import hashlib
import shutil
import time
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from recovery.errors import RestoreFailed, RestoreStopped
from recovery.methods.backup_files import FilesInFolder
from recovery.methods.deadline import Deadline
from recovery.methods.file_copy import FileCopies
from recovery.methods.inspection import Question
from recovery.methods.process import Bounds
from recovery.methods.sqlite_backup import BackupFiles
from recovery.methods.sqlite_source import read_content
from tests.faults.backup_folder import Live, age, is_sound, pack


@pytest.fixture
def live(tmp_path: Path) -> Live:
    live = Live(tmp_path)
    live.write(300)
    return live


def copy_with_log(live: Live) -> None:
    with live.writer(autocheckpoint=1_000_000):
        pass
    for ending in ("", "-wal"):
        age(Path(shutil.copy(f"{live.source}{ending}", live.backups / f"app.db{ending}")))


@pytest.fixture(scope="module")
def damaged(tmp_path_factory: pytest.TempPathFactory) -> Live:
    live = Live(tmp_path_factory.mktemp("damaged"))
    live.write(300)
    copy_with_log(live)
    for packing in ("gzip", "zstd"):
        live.vacuum_into(f"{packing}.db")
        pack(live.backups / f"{packing}.db", packing)
    live.vacuum_into("plain.db")
    return live


def outcome(live: Live, backup: FilesInFolder) -> str | None:
    """The hash of what came back and was called sound, without a word of doubt; None where it was not."""
    try:
        restored, found, _ = live.restore(backup)
    except RestoreStopped:
        return None
    finally:
        for folder in live.scratch.iterdir():
            shutil.rmtree(folder)
    return found.sha256 if is_sound(found) and not restored.notes else None


def damage(live: Live, name: str, change: Callable[[bytearray], None]) -> Path:
    """A changed copy of a backup in a folder of its own, with what lies beside it."""
    folder = live.folder / "changed"
    shutil.rmtree(folder, ignore_errors=True)
    shutil.copytree(live.backups, folder)
    content = bytearray((folder / name).read_bytes())
    change(content)
    (folder / name).write_bytes(content)
    for path in folder.iterdir():
        age(path)
    return folder


@pytest.mark.parametrize("name", ["gzip.db.gz", "zstd.db.zst"])
@given(where=st.floats(0, 1, exclude_max=True), bit=st.integers(0, 7))
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None, max_examples=60)
def test_a_flipped_bit_of_a_packed_backup_never_passes_as_something_else(
    damaged: Live, name: str, where: float, bit: int
) -> None:
    def flip(content: bytearray) -> None:
        content[int(len(content) * where)] ^= 1 << bit

    sound = outcome(damaged, BackupFiles(damaged.backups, name))
    assert sound
    # Bits of the header that say nothing of the content, such as the name of the packed file.
    assert outcome(damaged, BackupFiles(damage(damaged, name, flip), name)) in (None, sound)


@pytest.mark.parametrize("name", ["gzip.db.gz", "zstd.db.zst", "plain.db"])
@given(share=st.floats(0, 1, exclude_max=True))
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None, max_examples=40)
def test_a_backup_that_is_cut_off_never_passes(damaged: Live, name: str, share: float) -> None:
    def cut(content: bytearray) -> None:
        del content[int(len(content) * share) :]

    assert outcome(damaged, BackupFiles(damage(damaged, name, cut), name)) is None


@given(where=st.floats(0, 1, exclude_max=True), bit=st.integers(0, 7))
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None, max_examples=60)
def test_a_flipped_bit_of_a_log_never_loses_a_transaction_in_silence(damaged: Live, where: float, bit: int) -> None:
    def flip(content: bytearray) -> None:
        content[int(len(content) * where)] ^= 1 << bit

    folder = damage(damaged, "app.db-wal", flip)
    sound = outcome(damaged, FileCopies(damaged.backups, "app.db"))
    assert outcome(damaged, FileCopies(folder, "app.db")) in (None, sound)


@given(where=st.floats(0, 1, exclude_max=True), bit=st.integers(0, 7))
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None, max_examples=60)
def test_a_flipped_bit_of_a_plain_backup_is_found_by_its_checksum_or_its_content(
    damaged: Live, where: float, bit: int
) -> None:
    def flip(content: bytearray) -> None:
        content[int(len(content) * where)] ^= 1 << bit

    folder = damage(damaged, "plain.db", flip)
    # A changed letter within a row is nothing that SQLite can see: the comparison of content does.
    sound = damaged.restore(BackupFiles(damaged.backups, "plain.db"))[0]
    changed = outcome(damaged, BackupFiles(folder, "plain.db"))
    assert sound.path.name == "restored.db"
    right = hashlib.sha256((damaged.backups / "plain.db").read_bytes()).hexdigest()
    assert changed != right
    (folder / "plain.db.sha256").write_text(f"{right}  plain.db\n")
    with pytest.raises(RestoreFailed, match="is not what it was"):
        damaged.restore(BackupFiles(folder, "plain.db"))


def test_a_changed_letter_is_found_by_comparing_with_the_source(live: Live) -> None:
    live.execute("INSERT INTO users (name) VALUES ('a letter in a row'); DROP INDEX users_name;")
    path = live.vacuum_into("app.db")
    question = Question("hash", "content", table="users")
    backup = BackupFiles(live.backups, "app.db", live.source)

    def ask_restored() -> object:
        folder = live.scratch / f"ask-{time.monotonic_ns()}"
        folder.mkdir()
        bounds = Bounds(folder=folder, deadline=Deadline(30))
        restored = backup.restore(backup.plan(bounds), bounds, on_progress=lambda _count: None)
        found = backup.inspect(restored, bounds, questions=(question,))
        assert is_sound(found)
        return found.answers["hash"]

    expected = read_content(live.source, deadline=Deadline(30), questions=[question]).answers["hash"]
    assert expected.value
    assert ask_restored() == expected
    content = path.read_bytes()
    path.write_bytes(content.replace(b"a letter in a row", b"a lettEr in a row"))
    age(path)
    assert ask_restored() != expected


@pytest.mark.parametrize(
    "place",
    [20, 32 + 10, 32 + 24 + 100, 32 + (24 + 4096) * 3 + 9, 32 + (24 + 4096) * 3 + 14, -10],
    ids=["header", "first salt", "first page", "later salt 1", "later salt 2", "last page"],
)
def test_a_log_that_lost_a_transaction_fails(live: Live, place: int) -> None:
    copy_with_log(live)
    log = live.backups / "app.db-wal"
    content = bytearray(log.read_bytes())
    frame = 24 + 4096
    # Up to the end of the last transaction, as a log is that nobody was writing to.
    ends = [at for at in range(32, len(content) - frame + 1, frame) if any(content[at + 4 : at + 8])]
    del content[ends[-1] + frame :]
    log.write_bytes(content)
    age(log)
    restored, found, _ = live.restore(FileCopies(live.backups, "app.db"))
    assert (is_sound(found), restored.notes) == (True, ())
    content[place] ^= 1
    log.write_bytes(content)
    age(log)
    with pytest.raises(RestoreFailed, match="transactions in it are lost"):
        live.restore(FileCopies(live.backups, "app.db"))


def test_what_follows_the_database_is_noticed(live: Live) -> None:
    path = live.vacuum_into("app.db")
    with path.open("ab") as file:
        file.write(b"garbage")
    age(path)
    restored, found, _ = live.restore(BackupFiles(live.backups, "app.db"), quota=path.stat().st_size + 100)
    assert found.row_counts == {"users": 300}
    assert restored.notes[0].startswith("7 bytes after the end")
