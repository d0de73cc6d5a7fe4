"""Twenty restore tests of each method leave the source and the backup as they were, to the byte and the nanosecond."""

import hashlib
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from pytest_django import Settings

from recovery.models import Replica, RestoreTest
from tests.factories import make_check, make_database, make_replica
from tests.faults.backup import Backup
from tests.faults.backup_folder import Live, age
from tests.faults.servers import S3_SECRETS, Place, serving_s3
from tests.recovery.runs import run

RUNS = 20


def digest(*folders: Path) -> dict[str, tuple[str, int, int, int]]:
    """Contents, owner, mode and time of everything in the folders, and of the folders."""
    found = {}
    for path in (path for folder in folders for path in (folder, *folder.rglob("*"))):
        content = path.read_bytes() if path.is_file() else b""
        seen = path.stat()
        found[str(path)] = (hashlib.sha256(content).hexdigest(), seen.st_uid, seen.st_mode, seen.st_mtime_ns)
    return found


def run_often(replica: Replica, *folders: Path) -> None:
    """All pass, with the source asked each time, and the folders are as before."""
    make_check(replica.database, "source_content", parameters={"table": "users"})
    before = digest(*folders)
    for _ in range(RUNS):
        test = run(replica)
        assert (test.status, test.reasons) == (RestoreTest.Status.PASSED, [])
        outcomes = {check["name"]: check["outcome"] for check in test.checks}
        assert outcomes["source_content"] == "passed"
    assert digest(*folders) == before


def test_a_litestream_folder(replica: Replica, backup: Backup) -> None:
    run_often(replica, backup.source.parent, backup.replica.path)


@pytest.fixture
def place(backup: Backup, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Place]:
    with serving_s3(tmp_path_factory.mktemp("s3")) as server:
        place = server.place("bucket")
        shutil.rmtree(backup.source.with_name(".source.db-litestream"))
        place.replicate(backup.source, backup.folder / "work")
        yield place


def test_litestream_objects_on_s3(
    db: None, place: Place, backup: Backup, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings.SCRATCH_DIR = backup.scratch
    settings.RECOVERY_PRIVATE_ENDPOINTS = True
    for name, secret in S3_SECRETS.items():
        monkeypatch.setenv(name.upper().replace("-", "_"), secret)
    names = {name: f"env:{name.upper().replace('-', '_')}" for name in S3_SECRETS}
    database = make_database("shop", backup.source)
    replica = make_replica(database, place.url, options=place.options, secrets=names)
    run_often(replica, backup.source.parent, place.stored)


@pytest.mark.parametrize("method", ["sqlite_backup", "file_copy"])
def test_files_in_a_folder(db: None, tmp_path: Path, settings: Settings, method: str) -> None:
    live = Live(tmp_path)
    live.write(100)
    settings.SCRATCH_DIR = live.scratch
    make: dict[str, Callable[[], Path]] = {
        "sqlite_backup": lambda: live.vacuum_into("app.db"),
        "file_copy": lambda: age(Path(shutil.copy2(live.source, live.backups / "app.db"))),
    }
    make[method]()
    replica = make_replica(make_database("app", live.source), live.backups, method=method, options={"pattern": "*.db"})
    run_often(replica, live.source.parent, live.backups)
