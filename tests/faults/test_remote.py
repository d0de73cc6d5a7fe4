"""Replicas on real servers: what comes back, and what is said when something is in the way."""

import hashlib
import itertools
import shutil
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from recovery.errors import RestoreFailed, RestoreInconclusive, RestoreStopped, RestoreTimedOut
from recovery.methods.backup import Restored
from recovery.methods.deadline import Deadline
from recovery.methods.inspection import Inspection
from recovery.methods.litestream_replica import LitestreamReplica
from recovery.methods.process import Bounds
from recovery.methods.scratch import scratch_folder
from tests.faults.backup import Backup
from tests.faults.servers import Place, Server, free_port, serving_s3, serving_sftp, silent_server

NUMBERS = itertools.count(1)


@pytest.fixture(scope="module")
def s3(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    with serving_s3(tmp_path_factory.mktemp("s3")) as server:
        yield server


@pytest.fixture(scope="module")
def sftp(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    with serving_sftp(tmp_path_factory.mktemp("sftp")) as server:
        yield server


@pytest.fixture(scope="module", params=["s3", "sftp"])
def original(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> tuple[Server, Place, Backup]:
    """Three batches of users, a second apart: 100, 300 and 600 rows after each."""
    server: Server = request.getfixturevalue(request.param)
    backup, place = Backup(tmp_path_factory.mktemp("original")), server.place("original")
    for count in (100, 200, 300):
        backup.write(count)
        place.replicate(backup.source, backup.folder / "work")
        time.sleep(1.1)
    return server, place, backup


@pytest.fixture
def place(original: tuple[Server, Place, Backup], empty: Backup) -> Place:
    """A copy of the original, on the same server; `empty` has its source."""
    server, place, backup = original
    shutil.copytree(backup.source.parent, empty.source.parent)
    copy = server.place(f"copy-{next(NUMBERS)}")
    shutil.copytree(place.stored, copy.stored)
    return copy


def restore(
    empty: Backup, replica: LitestreamReplica, *, at: datetime | None = None, seconds: float = 120
) -> tuple[Restored, Inspection]:
    with scratch_folder(empty.scratch, "remote") as folder:
        bounds = Bounds(folder=folder, deadline=Deadline(seconds), quota_bytes=50_000_000)
        planned = replica.plan(bounds, at=at)
        restored = replica.restore(planned, bounds, on_progress=lambda _count: None)
        return restored, replica.inspect(restored, bounds)


def stop(empty: Backup, replica: LitestreamReplica, *, seconds: float = 120) -> RestoreStopped:
    with pytest.raises(RestoreStopped) as caught:
        restore(empty, replica, seconds=seconds)
    assert caught.value.message.endswith((".", "?"))
    return caught.value


def say(empty: Backup, replica: LitestreamReplica, outcome: type[RestoreStopped], words: str) -> None:
    started = time.monotonic()
    error = stop(empty, replica)
    assert type(error) is outcome, error.message
    assert words in error.message
    assert time.monotonic() - started < 60


def digest(folder: Path) -> dict[str, tuple[str, int]]:
    paths = [path for path in folder.rglob("*") if path.is_file()]
    return {str(path): (hashlib.sha256(path.read_bytes()).hexdigest(), path.stat().st_mtime_ns) for path in paths}


def look(empty: Backup, replica: LitestreamReplica, what: str, **options: Any) -> Any:
    with scratch_folder(empty.scratch, "look") as folder:
        return getattr(replica, what)(Bounds(folder=folder, deadline=Deadline(30)), **options)


def test_the_latest_state_comes_back(place: Place, empty: Backup) -> None:
    restored, found = restore(empty, place.open(empty.source))
    assert found.row_counts == {"users": 600}
    assert found.integrity.is_ok is True
    assert found.is_expected_size is True
    assert restored.newest_at is not None
    assert abs((datetime.now(UTC) - restored.newest_at).total_seconds()) < 60


def test_without_its_source_a_replica_says_less_and_comes_back_all_the_same(place: Place, empty: Backup) -> None:
    restored, found = restore(empty, place.open())
    assert found.row_counts == {"users": 600}
    assert restored.expected_bytes is None
    exact, _found = restore(empty, place.open(empty.source))
    assert restored.newest_at is not None
    assert exact.newest_at is not None
    # Whole seconds, and for S3 the time of the upload, which is later.
    assert restored.newest_at.microsecond == 0
    assert restored.newest_at > exact.newest_at - timedelta(seconds=1)


def test_a_point_in_time_comes_back_from_just_before_it(place: Place, empty: Backup) -> None:
    newest = restore(empty, place.open(empty.source))[0].newest_at
    assert newest is not None
    restored, found = restore(empty, place.open(empty.source), at=newest)
    assert found.row_counts == {"users": 300}
    assert restored.newest_at is not None
    assert restored.newest_at < newest
    assert restored.has_gap is False
    with pytest.raises(RestoreFailed, match="no complete backup from before"):
        restore(empty, place.open(), at=newest - timedelta(days=1))


def test_a_gap_before_a_point_in_time_is_seen(place: Place, empty: Backup) -> None:
    newest = restore(empty, place.open(empty.source))[0].newest_at
    assert newest is not None
    place.files()[1].unlink()
    restored, found = restore(empty, place.open(empty.source), at=newest)
    assert found.row_counts == {"users": 100}
    assert restored.has_gap is True


def test_what_is_there_is_described(place: Place, empty: Backup) -> None:
    found = look(empty, place.open(empty.source), "describe")
    assert found.version.startswith("litestream 0.5.")
    assert found.size_bytes == sum(path.stat().st_size for path in place.files())
    assert found.oldest_at < found.newest_at
    assert look(empty, place.open(empty.source), "lag").seconds == 0.0


@pytest.mark.parametrize("damage", ["flip", "cut"])
def test_damage_to_a_stored_file_is_refused(place: Place, empty: Backup, damage: str) -> None:
    path = place.files()[1]
    raw = bytearray(path.read_bytes())
    raw[len(raw) // 2] ^= 1
    path.write_bytes(raw if damage == "flip" else raw[: len(raw) // 2])
    say(empty, place.open(), RestoreFailed, "damaged or cut short")


def test_a_lost_tail_shows_in_the_lag(place: Place, empty: Backup) -> None:
    place.files()[-1].unlink()
    _restored, found = restore(empty, place.open(empty.source))
    assert found.row_counts == {"users": 300}
    assert look(empty, place.open(empty.source), "lag").seconds > 0.5


def test_an_empty_place_holds_nothing(s3: Server, sftp: Server, empty: Backup) -> None:
    for server in (s3, sftp):
        say(empty, server.place("nothing-here").open(), RestoreFailed, "holds no backup that can be restored")


def test_twenty_tests_leave_source_and_replica_as_they_were(place: Place, empty: Backup) -> None:
    before = digest(place.stored), digest(empty.source.parent)
    for _ in range(20):
        restore(empty, place.open(empty.source))
    assert (digest(place.stored), digest(empty.source.parent)) == before


def test_what_s3_refuses_is_told_apart(s3: Server, empty: Backup) -> None:
    place = s3.place("refusals")
    say(empty, place.open(url="s3://no-such-bucket/app"), RestoreFailed, "does not exist")
    for name in s3.secrets:
        changed = place.open(secrets={name: "another-one-altogether"})
        say(empty, changed, RestoreInconclusive, "does not accept the credentials")
    say(empty, place.open(secrets={"access-key-id": ""}), RestoreInconclusive, "without access-key-id")


def test_what_ssh_refuses_is_told_apart(sftp: Server, empty: Backup) -> None:
    place, keys = sftp.place("refusals"), sftp.folder.parent
    other = " ".join((keys / "other.pub").read_text().split()[:2])
    say(empty, place.open(options={"host-key": other}), RestoreInconclusive, "another host key")
    say(empty, place.open(options={"host-key": "nonsense"}), RestoreInconclusive, "is none")
    wrong = (keys / "other").read_text()
    say(empty, place.open(secrets={"key": wrong}), RestoreInconclusive, "does not accept the credentials")
    say(empty, place.open(secrets={"key": "no key at all"}), RestoreInconclusive, "private key")


def test_a_server_that_is_gone_is_found_gone_within_seconds(s3: Server, sftp: Server, empty: Backup) -> None:
    port = free_port()
    gone = s3.place("gone").open(options={"endpoint": f"http://127.0.0.1:{port}"})
    say(empty, gone, RestoreInconclusive, f"Nothing answers at 127.0.0.1:{port}")
    url = f"sftp://root@127.0.0.1:{port}/app"
    say(empty, sftp.place("gone").open(url=url), RestoreInconclusive, f"Nothing answers at 127.0.0.1:{port}")
    named = s3.place("named").open(options={"endpoint": "http://storage.invalid"})
    say(empty, named, RestoreInconclusive, "leads to no address")


def test_a_silent_server_ends_at_the_deadline(s3: Server, sftp: Server, empty: Backup) -> None:
    with silent_server() as port:
        silent = s3.place("silent").open(options={"endpoint": f"http://127.0.0.1:{port}"})
        assert type(stop(empty, silent, seconds=1.5)) is RestoreTimedOut
        silent = sftp.place("silent").open(url=f"sftp://root@127.0.0.1:{port}/app")
        assert type(stop(empty, silent, seconds=1.5)) is RestoreTimedOut


def test_no_secret_is_written_but_to_the_private_config(s3: Server, sftp: Server, empty: Backup) -> None:
    for server in (s3, sftp):
        place = server.place("secrets")
        replica = place.open()
        with scratch_folder(empty.scratch, "secrets") as folder:
            with pytest.raises(RestoreStopped) as caught:
                replica.plan(Bounds(folder=folder, deadline=Deadline(120)))
            said = f"{caught.value.message}{caught.value.log_tail}{replica!r}{vars(replica)}"
            written = [path for path in folder.rglob("*") if path.is_file()]
            assert written
            assert {path.stat().st_mode & 0o777 for path in written} == {0o600}
        assert not any(line in said for secret in place.secrets.values() for line in secret.splitlines() if line)
