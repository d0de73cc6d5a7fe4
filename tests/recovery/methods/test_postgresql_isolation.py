"""A worker that is root, and a kernel that lets it be nobody else."""

import subprocess
import sys
from pathlib import Path

FORBIDDEN = 'echo 0 > /proc/sys/user/max_user_namespaces && exec "$@"'
ISOLATE = """
import sys
import django; django.setup()  # messages are translated
from pathlib import Path
from recovery.errors import RestoreInconclusive
from recovery.methods.deadline import Deadline
from recovery.methods.postgresql_isolation import isolate
from recovery.methods.process import Bounds
try:
    print(isolate(Bounds(folder=Path(sys.argv[1]), deadline=Deadline(30))))
except RestoreInconclusive as error:
    print(error.message)
"""


def say(folder: Path, *wrapper: str) -> str:
    command = [*wrapper, sys.executable, "-c", ISOLATE, str(folder)]
    root = Path(__file__).parents[3]
    return subprocess.run(command, cwd=root, check=True, capture_output=True, text=True).stdout


def test_root_is_told_where_namespaces_are_forbidden(tmp_path: Path) -> None:
    as_root = ["unshare", "--user", "--map-root-user"]
    assert "--ipc" in say(tmp_path, *as_root)
    assert "unprivileged user" in say(tmp_path, *as_root, "sh", "-c", FORBIDDEN, "sh")
