"""The commands as a whole process: exit codes, nothing but the answer on stdout, nothing left behind."""

import json
import os
import shutil
import subprocess
from pathlib import Path

import pytest

from tests.recovery.management.installation import Installation

# One installation for all of them, however many processes run the tests.
pytestmark = pytest.mark.xdist_group("installation")
OWN_MOUNTS = ["unshare", "--mount", *([] if os.geteuid() == 0 else ["--map-root-user"])]
ON_A_SMALL_DISK = 'mount -t tmpfs -o size=256k,mode=700 tmpfs "$0" && exec "$@"'


@pytest.fixture(scope="module")
def installation(tmp_path_factory: pytest.TempPathFactory) -> Installation:
    """With the example's database and replica."""
    made = Installation(tmp_path_factory.mktemp("data"))
    for command in ("migrate", "load_example"):
        done = made.manage(command)
        assert done.code == 0, done.err
    return made


@pytest.fixture(autouse=True)
def _no_scratch(installation: Installation) -> None:
    yield
    assert not [*installation.data.glob("scratch/*")]


def test_0_and_one_object_on_stdout_for_a_test_that_passed(installation: Installation) -> None:
    done = installation.manage("restore_test", "app", "--json")
    assert done.code == 0, done.err
    answer = json.loads(done.out)
    assert (answer["status"], answer["tables"]) == ("passed", {"sessions": 50_000, "users": 150_000})
    assert (answer["database"], answer["replica"]) == ("app", "local")
    assert answer["rpo_seconds"] is not None


def test_1_for_a_backup_that_is_gone(installation: Installation) -> None:
    replica = installation.data / "example" / "replica"
    replica.rename(replica.with_name("away"))
    done = installation.manage("restore_test", "app", "--json")
    replica.with_name("away").rename(replica)
    assert (done.code, json.loads(done.out)["status"]) == (1, "failed")


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["nobody"], "No database is called 'nobody'"),
        (["app", "--replica", "far"], "app has no replica 'far'"),
        (["app", "--at", "yesterday"], "'yesterday' is not a time such as"),
        (["app", "--at", "2999-01-01T00:00:00Z"], "lies in the future"),
        ([], "DATABASE"),
        (["app", "--unknown"], "unrecognized arguments"),
    ],
)
def test_2_and_a_sentence_for_what_cannot_be_run(installation: Installation, arguments: list[str], words: str) -> None:
    done = installation.manage("restore_test", *arguments)
    assert (done.code, done.out) == (2, "")
    assert words in done.err
    assert "Traceback" not in done.err


def test_2_for_a_full_disk(installation: Installation) -> None:
    if subprocess.run([*OWN_MOUNTS, "true"], check=False, capture_output=True).returncode:
        pytest.skip("This machine lets nobody mount a small disk.")
    scratch = installation.data / "scratch"
    scratch.mkdir(exist_ok=True)
    before = (*OWN_MOUNTS, "sh", "-c", ON_A_SMALL_DISK, str(scratch))
    done = installation.manage("restore_test", "app", "--json", before=before)
    answer = json.loads(done.out)
    assert (done.code, answer["status"]) == (2, "inconclusive")
    assert "Free space there" in answer["checks"][0]["message"]


def test_2_before_the_database_was_migrated(tmp_path: Path) -> None:
    done = Installation(tmp_path / "data").manage("restore_test", "app", "--json")
    assert done.code == 2
    assert "no such table" in done.err
    shutil.rmtree(tmp_path / "data")
