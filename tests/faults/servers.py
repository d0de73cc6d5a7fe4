"""Real servers that replicas lie on, on loopback ports: S3 by rclone, SFTP by OpenSSH."""

import shutil
import socket
import subprocess
import sysconfig
import time
from collections.abc import Iterator, Mapping
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from recovery.methods.backup import Secrets
from recovery.methods.deadline import Deadline
from recovery.methods.litestream_destination import parse_destination
from recovery.methods.litestream_replica import LitestreamReplica
from recovery.methods.litestream_tool import find_tool, write_config
from recovery.methods.process import Bounds, run
from tests.faults.processes import PATIENCE_SECONDS

RCLONE = Path(sysconfig.get_path("scripts")) / "rclone"
S3_SECRETS = {"access-key-id": "KEY-OF-THE-TESTS", "secret-access-key": "SECRET/of+the=tests"}


@dataclass
class Place:
    """One replica on a server; `stored` is the folder in which the server keeps its files."""

    url: str
    stored: Path
    options: dict[str, Any] = field(default_factory=dict)
    secrets: dict[str, str] = field(default_factory=dict)

    def open(
        self,
        source: Path | None = None,
        *,
        url: str = "",
        options: Mapping[str, Any] | None = None,
        secrets: Mapping[str, str] | None = None,
    ) -> LitestreamReplica:
        """The replica as a restore test sees it, with some of it changed."""
        return LitestreamReplica(
            url or self.url, {**self.options, **(options or {})}, Secrets({**self.secrets, **(secrets or {})}), source
        )

    def config(self, folder: Path) -> dict[str, Any]:
        """What a daemon is told."""
        return parse_destination(self.url, self.options).config(Secrets(self.secrets), folder)

    def replicate(self, source: Path, folder: Path) -> None:
        """Everything in `source` is on the server."""
        folder.mkdir(exist_ok=True)
        config = write_config(folder, source, self.config(folder))
        finished = run(
            [find_tool(), "replicate", "-config", str(config), "-no-expand-env", "-once"],
            Bounds(folder=folder, deadline=Deadline(30)),
        )
        assert finished.exit_code == 0, finished.log_tail

    def files(self) -> list[Path]:
        """The stored files of the lowest level, oldest first."""
        return sorted(path for path in self.stored.rglob("*.ltx") if path.parent.name in {"0", "0000"})


@dataclass
class Server:
    """A server that runs: where it listens and keeps its files."""

    kind: str
    port: int
    folder: Path
    options: dict[str, Any]
    secrets: dict[str, str]

    def place(self, name: str) -> Place:
        """A replica that nobody else has."""
        if self.kind == "s3":
            bucket = self.folder / name
            bucket.mkdir()
            return Place(f"s3://{name}/app", bucket / "app", dict(self.options), dict(self.secrets))
        stored = self.folder / name
        url = f"sftp://root@127.0.0.1:{self.port}{stored}"
        return Place(url, stored, dict(self.options), dict(self.secrets))


def free_port() -> int:
    with closing(socket.socket()) as found:
        found.bind(("127.0.0.1", 0))
        return int(found.getsockname()[1])


@contextmanager
def serving_s3(folder: Path) -> Iterator[Server]:
    port, objects = free_port(), folder / "objects"
    objects.mkdir(parents=True)
    key = ",".join(S3_SECRETS.values())
    # Files change under it, so listings are soon read anew. With 0 it forgets them in an endless loop, on a whole core,
    # from the first folder on that a client made.
    options = ["--vfs-cache-mode", "off", "--dir-cache-time", "1ms", "--config", str(folder / "none")]
    command = [RCLONE, "serve", "s3", "--addr", f"127.0.0.1:{port}", "--auth-key", key, *options, str(objects)]
    with _running(command, port, folder / "log"):
        endpoint = {"endpoint": f"http://127.0.0.1:{port}", "region": "us-east-1", "force-path-style": True}
        yield Server("s3", port, objects, endpoint, dict(S3_SECRETS))


@contextmanager
def serving_sftp(folder: Path) -> Iterator[Server]:
    port, stored = free_port(), folder / "stored"
    stored.mkdir(parents=True)
    for name in ("host", "user", "other"):
        subprocess.run(["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", folder / name], check=True)
    Path("/run/sshd").mkdir(exist_ok=True)
    (folder / "config").write_text(
        f"Port {port}\nListenAddress 127.0.0.1\nHostKey {folder}/host\nPidFile none\n"
        f"AuthorizedKeysFile {folder}/user.pub\n"
        "PasswordAuthentication no\nUsePAM no\nStrictModes no\nPermitRootLogin yes\nSubsystem sftp internal-sftp\n"
    )
    sshd = shutil.which("sshd", path="/usr/sbin:/usr/local/sbin:/usr/bin")
    assert sshd, "These tests need Debian's openssh-server."
    with _running([sshd, "-D", "-e", "-f", folder / "config"], port, folder / "log"):
        options = {"host-key": " ".join((folder / "host.pub").read_text().split()[:2])}
        yield Server("sftp", port, stored, options, {"key": (folder / "user").read_text()})


@contextmanager
def silent_server() -> Iterator[int]:
    """A port that accepts connections and says nothing."""
    with closing(socket.create_server(("127.0.0.1", 0), backlog=16)) as server:
        yield int(server.getsockname()[1])


@contextmanager
def _running(command: list[Any], port: int, log: Path) -> Iterator[None]:
    with log.open("ab") as output:
        process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=output)
    try:
        end = time.monotonic() + PATIENCE_SECONDS
        while True:
            try:
                socket.create_connection(("127.0.0.1", port), timeout=1).close()
                break
            except OSError:
                assert process.poll() is None, f"The server ended at once: {log.read_text()}"
                assert time.monotonic() < end, f"The server never answered: {log.read_text()}"
                time.sleep(0.02)
        yield
    finally:
        process.terminate()
        process.wait()
