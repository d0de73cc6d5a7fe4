"""What must hold before anything is changed or started; each trouble is one sentence."""

import errno
import fcntl
import shutil
import socket
import stat
import tempfile
from pathlib import Path
from typing import TextIO

from django.db import connection
from django.db.utils import OperationalError
from redis import Redis
from redis.exceptions import RedisError

from config.start.errors import StartError

# The kernel's limit for the name of a unix socket, without the byte that ends it
LONGEST_SOCKET_PATH = 107
BROKER_TIMEOUT = 3.0


def check_data_folder(folder: Path) -> None:
    """The folder exists, is ours alone and takes files."""
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        shared = folder.stat().st_mode & stat.S_ISVTX
        with tempfile.TemporaryFile(dir=folder):
            pass
    except OSError as error:
        raise StartError(
            f"Debrief cannot write to {folder} ({error.strerror}): make the folder writable, "
            "or set DEBRIEF_DATA_DIR to another one."
        ) from None
    # Its mode becomes 0700, which would lock everybody else out of /tmp or a home folder.
    if shared or folder in (Path("/"), Path.home()):
        raise StartError(
            f"{folder} is not for Debrief alone: set DEBRIEF_DATA_DIR to {folder / 'debrief'}, for example."
        )


def claim_data_folder(folder: Path, *, address: str) -> TextIO:
    """An open file that marks the folder as in use for as long as it stays open, also through kill -9."""
    lock = (folder / "serve.lock").open("a+")
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        lock.seek(0)
        where = lock.read().strip() or "another address"
        lock.close()
        raise StartError(
            f"Debrief already runs with the data in {folder}, at {where}: stop that one first, "
            "or set DEBRIEF_DATA_DIR and DEBRIEF_PORT to start a second installation."
        ) from None
    lock.truncate(0)
    lock.write(f"{address}\n")
    lock.flush()
    return lock


def check_port(host: str, port: int) -> None:
    """Somebody could listen there now."""
    bare = host.strip("[]")
    family = socket.AF_INET6 if ":" in bare else socket.AF_INET
    with socket.socket(family, socket.SOCK_STREAM) as probe:
        # As gunicorn does it: connections that are still closing do not count as a taken port.
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((bare, port))
            probe.listen(1)
        except (OSError, OverflowError) as error:
            raise StartError(_port_trouble(host, port, error)) from None


def _port_trouble(host: str, port: int, error: Exception) -> str:
    number = getattr(error, "errno", None)
    if number == errno.EADDRINUSE:
        return f"Port {port} of {host} is taken: stop what listens there, or set DEBRIEF_PORT to a free port."
    if number in (errno.EACCES, errno.EPERM):
        return f"Port {port} is reserved for the system: set DEBRIEF_PORT to a number above 1023."
    if isinstance(error, OverflowError):
        return f"{port} is no port: set DEBRIEF_PORT to a number between 1 and 65535."
    return f"This machine has no address {host}: set DEBRIEF_HOST to one it has, for example 127.0.0.1."


def check_socket_path(path: Path) -> None:
    """The kernel takes the path as the name of a unix socket."""
    length = len(str(path).encode())
    if length > LONGEST_SOCKET_PATH:
        raise StartError(
            f"The path {path} is {length} bytes long and a unix socket may have {LONGEST_SOCKET_PATH}: "
            "set DEBRIEF_DATA_DIR to a folder with a shorter name."
        )


def check_redis_server(*, path: str) -> None:
    """The program that serves the queue is found on `path`."""
    if not shutil.which("redis-server", path=path):
        raise StartError(
            "The program redis-server is missing: run `sudo apt-get install redis-server`, "
            "or set REDIS_URL to a Redis that runs already."
        )


def check_litestream(*, path: str) -> None:
    """The program that replicates the own database is found on `path`."""
    if not shutil.which("litestream", path=path):
        raise StartError("The program litestream is missing: run `make setup`.")


def check_database() -> None:
    """The database answers."""
    try:
        connection.ensure_connection()
    except OperationalError as error:
        reason = (str(error).splitlines() or ["no reason given"])[0]
        raise StartError(f"The database does not answer ({reason}): start it, or correct DATABASE_URL.") from None


def check_broker(url: str) -> None:
    """The outside Redis answers."""
    try:
        with Redis.from_url(url, socket_connect_timeout=BROKER_TIMEOUT, socket_timeout=BROKER_TIMEOUT) as client:
            client.ping()
    except (RedisError, ValueError) as error:
        raise StartError(f"Redis does not answer ({error}): start it, or correct REDIS_URL.") from None
