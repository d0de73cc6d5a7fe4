"""A PostgreSQL of the tests' own; `python -m tests.postgresql` runs tests on one, with the arguments of pytest."""

import os
import shutil
import socket
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

BINARIES = max(Path("/usr/lib/postgresql").glob("*/bin"), key=lambda path: int(path.parent.name), default=None)
# PostgreSQL refuses to run as root; anybody else will do.
NOBODY = 65534
AS_SOMEBODY = ["setpriv", f"--reuid={NOBODY}", f"--regid={NOBODY}", "--clear-groups", "--"] if os.geteuid() == 0 else []
ROOT = Path(__file__).resolve().parents[1]
# Everything that Debrief keeps in its own database.
FOLDERS = [f"tests/{name}" for name in ("accounts", "config", "incidents", "lib", "notifications", "recovery")]
# Nobody needs what is in it after a crash.
QUICK = "-c fsync=off -c synchronous_commit=off -c full_page_writes=off"


@contextmanager
def serving_postgresql() -> Iterator[str]:
    """The address of a server that runs until the end, without a password and on the loopback alone."""
    folder = Path(tempfile.mkdtemp(prefix="debrief-postgresql-"))
    if AS_SOMEBODY:
        os.chown(folder, NOBODY, NOBODY)
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    try:
        _run(folder, "initdb", "--username=debrief", "--auth=trust", "--encoding=UTF8", "--no-sync", "--locale=C.UTF-8")
        options = f"-c listen_addresses=127.0.0.1 -p {port} -c unix_socket_directories='' {QUICK}"
        _run(folder, "pg_ctl", "start", "--wait", "--options", options)
        try:
            yield f"postgresql://debrief@127.0.0.1:{port}/postgres"
        finally:
            _run(folder, "pg_ctl", "stop", "--mode=immediate")
    finally:
        shutil.rmtree(folder)


def run_tests(url: str, arguments: Sequence[str], *, is_shown: bool = False) -> subprocess.CompletedProcess[str]:
    """How pytest ended, with that database in the place of SQLite; what it printed, unless it is shown at once."""
    command = [sys.executable, "-m", "pytest", *arguments]
    environment = {name: value for name, value in os.environ.items() if not name.startswith(("DEBRIEF_", "PYTEST_"))}
    environment["DATABASE_URL"] = url
    return subprocess.run(command, cwd=ROOT, env=environment, capture_output=not is_shown, text=True, check=False)


def _run(folder: Path, tool: str, *arguments: str) -> None:
    assert BINARIES, "PostgreSQL is missing; “make test” installs it."
    command = [*AS_SOMEBODY, str(BINARIES / tool), "-D", str(folder / "cluster"), *arguments]
    # A server that pg_ctl started keeps what it is given as stdout, so it is given a file.
    with (folder / "log").open("ab") as log:
        done = subprocess.run(command, cwd=folder, stdout=log, stderr=log, check=False, env={"PATH": os.defpath})
    assert done.returncode == 0, (folder / "log").read_text()


if __name__ == "__main__":
    given = sys.argv[1:]
    folders = [] if any(each.startswith("tests") for each in given) else FOLDERS
    with serving_postgresql() as address:
        ended = run_tests(address, [*folders, *given], is_shown=True)
    sys.exit(ended.returncode)
