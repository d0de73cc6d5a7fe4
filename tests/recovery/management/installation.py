"""An installation of its own, used from outside as an administrator does: by `manage.py` and its exit codes."""

import os
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[3]


@dataclass(frozen=True)
class Ended:
    code: int
    out: str
    err: str


@dataclass(frozen=True)
class Installation:
    """`data` is its folder; `database_url` is empty for the SQLite database in it."""

    data: Path
    database_url: str = ""

    def manage(self, *arguments: str, before: tuple[str, ...] = ()) -> Ended:
        """`manage.py` with these arguments, started by the command `before`."""
        command = [*before, sys.executable, "-W", "error", "manage.py", *arguments]
        left_out = ("DEBRIEF_", "DJANGO_", "DATABASE_URL", "PG")
        environment = {name: value for name, value in os.environ.items() if not name.startswith(left_out)}
        environment |= {"DEBRIEF_DATA_DIR": str(self.data), "DATABASE_URL": self.database_url}
        done = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, check=False)
        return Ended(done.returncode, done.stdout, done.stderr)
