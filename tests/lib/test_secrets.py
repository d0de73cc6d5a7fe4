import stat
import subprocess
import sys
from pathlib import Path

from lib.secrets import read_or_make_secret

ROOT = Path(__file__).resolve().parents[2]
# Waits for a line, so that all processes set out together.
SCRIPT = """
import sys
from pathlib import Path
from lib.secrets import read_or_make_secret
print("ready", flush=True)
sys.stdin.readline()
print(read_or_make_secret(Path(sys.argv[1])))
"""


def test_a_secret_is_made_once_for_its_owner_alone(tmp_path: Path) -> None:
    path = tmp_path / "keys" / "secret"
    secret = read_or_make_secret(path)
    assert len(secret) > 60
    assert read_or_make_secret(path) == secret
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert stat.S_IMODE(path.parent.stat().st_mode) == 0o700
    assert list(path.parent.iterdir()) == [path]


def test_a_secret_that_stands_is_read_without_blanks(tmp_path: Path) -> None:
    path = tmp_path / "secret"
    path.write_text(" kept \n")
    assert read_or_make_secret(path) == "kept"


def test_a_draft_left_by_a_start_that_was_killed_is_in_nobodys_way(tmp_path: Path) -> None:
    for pid in range(1, 70_000, 97):
        (tmp_path / f".secret.{pid}").touch()
    assert read_or_make_secret(tmp_path / "secret")


def test_processes_that_start_at_once_share_one_secret(tmp_path: Path) -> None:
    path = tmp_path / "keys" / "secret"
    processes = [
        subprocess.Popen(
            [sys.executable, "-c", SCRIPT, path],
            cwd=ROOT,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        for _ in range(6)
    ]
    for process in processes:
        assert process.stdout
        assert process.stdout.readline() == "ready\n"
    for process in processes:
        assert process.stdin
        process.stdin.write("\n")
        process.stdin.flush()
    secrets = {process.communicate(timeout=60)[0] for process in processes}
    assert {process.returncode for process in processes} == {0}
    assert secrets == {path.read_text() + "\n"}
    assert list(path.parent.iterdir()) == [path]
