"""Restores a database from a Litestream replica in a folder, with the real tool."""

import json
import os
import re
import shutil
import sysconfig
import time
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from functools import lru_cache
from pathlib import Path
from typing import Any

from django.utils.translation import gettext

from recovery.errors import RecoveryError, RestoreInconclusive
from recovery.methods import ltx
from recovery.methods.deadline import Deadline
from recovery.methods.litestream_failures import explain
from recovery.methods.process import SEARCH_PATH, Bounds, Finished, run

# `restore -dry-run` and `restore -json` appeared in it.
OLDEST_VERSION = (0, 5, 12)
_VERSION_SECONDS = 10.0
_RESTORED_NAME = "restored.db"


@dataclass(frozen=True)
class FileReplica:
    """A replica in a folder. `path` is absolute, for Litestream reads it from another working folder."""

    path: Path

    def __post_init__(self) -> None:
        if not self.path.is_absolute():
            raise RecoveryError(
                gettext("The replica's folder {path} is not an absolute path. Write it from / on.").format(
                    path=self.path
                )
            )
        try:
            str(self.path).encode()
        except UnicodeEncodeError as error:
            raise RecoveryError(
                gettext("The replica's folder has a name that is not UTF-8. Rename the folder.")
            ) from error


@dataclass(frozen=True)
class Plan:
    """What a restore would bring back, found out without writing a database.

    `newest_at` is when the last transaction in it was replicated (to the millisecond, UTC) and `expected_bytes` the
    exact size of the restored file; both are None where the replica does not say, as one written by Litestream 0.3.
    """

    asked_at: datetime | None
    newest_at: datetime | None
    max_txid: str
    bytes_to_fetch: int
    expected_bytes: int | None


@dataclass(frozen=True)
class Restored:
    """What a restore did bring back; `newest_at` and `expected_bytes` as in `Plan`, for the transaction restored."""

    path: Path
    txid: str
    newest_at: datetime | None
    expected_bytes: int | None
    seconds: float
    log_tail: str


def tool_version() -> str:
    """Litestream's version, such as 0.5.17. Raises RestoreInconclusive if it is missing or too old for restores.

    A process asks each binary once; one that was put in its place is another binary.
    """
    tool = _tool()
    found = Path(tool).stat()
    return _ask_version(tool, (found.st_ino, found.st_mtime_ns, found.st_size))


@lru_cache(maxsize=4)
def _ask_version(tool: str, _identity: tuple[int, ...]) -> str:
    finished = run([tool, "version"], Bounds(folder=Path("/"), deadline=Deadline(_VERSION_SECONDS)))
    version = finished.stdout.decode("utf-8", "replace").strip().removeprefix("v")
    numbers = re.match(r"(\d+)\.(\d+)\.(\d+)", version)
    if numbers is None or tuple(int(number) for number in numbers.groups()) < OLDEST_VERSION:
        raise RestoreInconclusive(
            gettext(
                "Litestream says its version is {version}, and restore tests need 0.5.12 or later. Upgrade it."
            ).format(version=version or "unknown"),
            exit_code=finished.exit_code,
            log_tail=finished.log_tail,
        )
    return version


def plan(replica: FileReplica, bounds: Bounds, *, at: datetime | None = None) -> Plan:
    """What the latest restore, or one to strictly before `at`, would bring back.

    Raises RestoreFailed if there is nothing to bring back, otherwise as `restore` does.
    """
    if ltx.is_old_layout(replica.path):
        # The dry run finds nothing in the old layout, though a restore from it works.
        return Plan(at, ltx.read_old_layout_time(replica.path) if at is None else None, "", 0, None)
    listing, _ = _restore(["-dry-run"], replica, bounds, at)
    txid = str(listing.get("max_txid") or "")
    last = ltx.read_transaction(replica.path, txid)
    return Plan(
        asked_at=at,
        newest_at=last.at if last else None,
        max_txid=txid,
        bytes_to_fetch=sum(int(file.get("size") or 0) for file in listing.get("files") or []),
        expected_bytes=last.database_bytes if last else None,
    )


def restore(
    replica: FileReplica, planned: Plan, bounds: Bounds, *, on_progress: Callable[[int], None] | None = None
) -> Restored:
    """The database that `planned` describes, restored to a new file in `bounds.folder`.

    A replica that grew since the plan gives what is latest now, and the answer says so. `on_progress` gets the bytes
    written so far at each tick and at the end; what it raises stops the restore. Raises RestoreFailed,
    RestoreInconclusive or RestoreTimedOut; then nothing of it runs on, and the folder may hold a part of the database.
    """
    output = bounds.folder / _RESTORED_NAME

    def tick() -> None:
        bounds.on_tick()
        if on_progress:
            # The size only: the tool names the file so until it is whole.
            on_progress(_size_of(output.with_name(f"{output.name}.tmp")))

    started = time.monotonic()
    summary, finished = _restore([], replica, replace(bounds, on_tick=tick), planned.asked_at)
    seconds = time.monotonic() - started
    if on_progress:
        on_progress(_size_of(output))
    txid, newest_at, expected_bytes = str(summary.get("txid") or ""), planned.newest_at, planned.expected_bytes
    if txid != planned.max_txid:
        last = ltx.read_transaction(replica.path, txid)
        newest_at, expected_bytes = (last.at, last.database_bytes) if last else (None, None)
    return Restored(output, txid, newest_at, expected_bytes, seconds, finished.log_tail)


def replicate_once(database: Path, replica: FileReplica, bounds: Bounds) -> None:
    """Everything committed to `database` is in `replica`, which is made if it is not there.

    Litestream turns the database to WAL mode, adds its own two tables to it and keeps a folder beside it. For databases
    that the application made itself; `bounds` without a quota. Raises RecoveryError if it cannot be done.
    """
    config = _write_config(bounds.folder, database.absolute(), replica)
    finished = run([_tool(), "replicate", "-config", str(config), "-no-expand-env", "-once"], bounds)
    if finished.exit_code:
        last_line = finished.log_tail.splitlines()[-1:] or ["it said nothing"]
        raise RecoveryError(
            gettext(
                "The database {database} could not be replicated to {replica} ({reason}). Put that right first."
            ).format(database=database, replica=replica.path, reason=last_line[0])
        )


def has_gap_after(replica: FileReplica, txid: str) -> bool:
    """Whether the replica has lost what followed transaction `txid`: a restore to a point in time then ends early."""
    return bool(txid) and ltx.has_gap_after(replica.path, txid)


def following_time(replica: FileReplica, txid: str) -> datetime | None:
    """When the transaction right after `txid` was replicated (UTC), or None where no file has it alone."""
    return ltx.read_following_time(replica.path, txid) if txid else None


def last_write(database: Path) -> datetime | None:
    """When the source or its write-ahead log was last written to (UTC), or None if the source is not there."""
    try:
        times = [database.stat().st_mtime_ns]
    except OSError:
        return None
    # Absent once the last connection is closed, which may be now; empty where somebody only reads.
    with suppress(OSError):
        log = database.with_name(f"{database.name}-wal").stat()
        times += [log.st_mtime_ns] if log.st_size else []
    return datetime.fromtimestamp(max(times) / 1e9, tz=UTC)


def _restore(
    options: Sequence[str], replica: FileReplica, bounds: Bounds, at: datetime | None
) -> tuple[dict[str, Any], Finished]:
    # No database has that name: it is only the key of the configuration, and keeps the source out of reach.
    database = bounds.folder / "source.db"
    config = _write_config(bounds.folder, database, replica)
    moment = [] if at is None else ["-timestamp", at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")]
    fixed = ["restore", "-config", str(config), "-no-expand-env", "-json", "-o", str(bounds.folder / _RESTORED_NAME)]
    finished = run([_tool(), *fixed, *options, *moment, str(database)], bounds)
    if finished.exit_code:
        raise explain(finished, replica.path, at)
    return _read_json(finished), finished


def _read_json(finished: Finished) -> dict[str, Any]:
    try:
        answer = json.loads(finished.stdout)
    except ValueError:
        answer = None
    if not isinstance(answer, dict):
        raise RestoreInconclusive(
            gettext("Litestream gave an answer that could not be read. Check which version of it is installed."),
            exit_code=finished.exit_code,
            log_tail=finished.log_tail,
        )
    return answer


def _tool() -> str:
    # The package that brings the binary puts it beside Python's own scripts.
    installed = Path(sysconfig.get_path("scripts")) / "litestream"
    found = str(installed) if installed.is_file() else shutil.which("litestream", path=SEARCH_PATH)
    if found is None:
        raise RestoreInconclusive(gettext("Litestream is not installed. Install the requirements again."))
    return found


def _write_config(folder: Path, database: Path, replica: FileReplica) -> Path:
    """Litestream's configuration as JSON, which is valid YAML. Logs go to stderr, for stdout carries the answer.

    At the level of debugging they name the files that a restore read; above it, one that succeeds says nothing.
    """
    config = folder / "litestream.json"
    content = {
        "logging": {"stderr": True, "level": "debug"},
        "dbs": [{"path": str(database), "replica": {"path": str(replica.path)}}],
    }
    descriptor = os.open(config, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "w", encoding="utf-8") as file:
        # Not escaped: YAML does not know JSON's surrogate pairs.
        json.dump(content, file, ensure_ascii=False)
    return config


def _size_of(path: Path) -> int:
    try:
        return path.stat().st_size
    except OSError:
        return 0
