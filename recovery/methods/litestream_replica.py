"""A backup that Litestream makes, wherever it lies."""

import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, ClassVar

from django.utils.translation import gettext

from recovery.errors import RestoreFailed, RestoreInconclusive
from recovery.methods import ltx
from recovery.methods.backup import Description, Lag, Plan, Restored, Secrets, SourceState
from recovery.methods.inspection import Inspection, Question
from recovery.methods.litestream_destination import parse_destination, redact
from recovery.methods.litestream_failures import explain
from recovery.methods.litestream_freshness import Freshness, judge_freshness, settle
from recovery.methods.litestream_listing import (
    COARSE,
    Listed,
    find_alone,
    find_misnamed,
    first_copies,
    first_files,
    following_txid,
    has_gap_after,
    list_folder,
    newest_txid,
    path_of,
    read_listing,
)
from recovery.methods.litestream_position import is_same_database, read_exact
from recovery.methods.litestream_tool import find_tool, read_answer, tool_version, write_config
from recovery.methods.network import check_server
from recovery.methods.process import Bounds, Finished, run
from recovery.methods.sqlite_file import inspect

RESTORED_NAME = "restored.db"
# Where servers keep the times of files in whole seconds, cut off.
_WHOLE_SECONDS = {"sftp", "webdav", "webdavs"}
# The clocks of two machines differ a little.
_CLOCK_SKEW = timedelta(seconds=2)


class LitestreamReplica:
    """One replica: a folder, or a URL with its options; `source` where the database can be read from here.

    Times of a folder are exact to the millisecond. Elsewhere Litestream's listing has whole seconds, cut off, and in
    object stores (s3, gs, abs, nats) they are those of the upload: a transaction may be up to a second newer than it
    says, and older by as long as its upload was delayed. Where Litestream's own folder beside the source still has the
    transaction, its exact time is taken from there. A restore to a point in time over SFTP or WebDAV ends up to
    a second early, never late.
    """

    can_restore_to_a_moment: ClassVar[bool] = True

    def __init__(
        self,
        destination: str,
        options: Mapping[str, Any] | None = None,
        secrets: Secrets | None = None,
        source: Path | None = None,
        *,
        is_private_allowed: bool = True,
    ) -> None:
        """Raises RecoveryError for a destination or an option that cannot be."""
        self.destination = parse_destination(destination, options)
        self.source = source
        self._secrets = secrets or Secrets()
        self._is_private_allowed = is_private_allowed

    def __repr__(self) -> str:
        return f"LitestreamReplica({str(self.destination)!r})"

    def tool_version(self) -> str:
        """Such as "litestream 0.5.17"."""
        return f"litestream {tool_version()}"

    def describe(self, bounds: Bounds) -> Description:
        """What is there now. Raises RestoreInconclusive where the place cannot be reached."""
        version = self.tool_version()
        folder = self.destination.path
        if folder and ltx.is_old_layout(folder):
            times = ltx.read_old_layout_times(folder)
            size = ltx.old_layout_bytes(folder)
            return Description(max(times, default=None), min(times, default=None), size, version)
        files = self._list(bounds)
        # A first copy whose header is damaged is there all the same; what lies behind it is to be tried, not left out.
        oldest = [
            at for file in first_copies(files) if (at := self._time_of(file.max_txid, files) or self._written_at(file))
        ]
        return Description(
            newest_at=self._time_of(newest_txid(files), files),
            oldest_at=min(oldest, default=None),
            size_bytes=sum(file.size_bytes for file in files),
            version=version,
        )

    def plan(self, bounds: Bounds, *, at: datetime | None = None) -> Plan:
        """What the latest restore, or one to strictly before `at`, would bring back.

        Raises RestoreFailed if there is nothing to bring back, otherwise as `restore` does.
        """
        if at is not None and at > datetime.now(UTC) + _CLOCK_SKEW:
            raise RestoreInconclusive(
                gettext(
                    "{moment:%Y-%m-%d %H:%M:%S} UTC lies in the future. Choose an earlier time, or the latest state."
                ).format(moment=at.astimezone(UTC))
            )
        folder = self.destination.path
        if folder and ltx.is_old_layout(folder):
            # The dry run finds nothing in the old layout, though a restore from it works.
            return Plan(at, ltx.read_old_layout_time(folder) if at is None else None, "", 0, None, is_size_exact=False)
        listing, _ = self._restore(["-dry-run"], bounds, at)
        files = read_listing(listing.get("files"))
        if folder and (misnamed := find_misnamed(folder, files)):
            raise RestoreFailed(
                gettext(
                    "The file {path} holds other transactions than its name says, so this replica was tampered with "
                    "or damaged. Look at the disk it lies on, then make a new replica of the source."
                ).format(path=misnamed)
            )
        txid = str(listing.get("max_txid") or "")
        expected = self._bytes_after(txid)
        to_fetch = sum(file.size_bytes for file in files)
        return Plan(at, self._time_of(txid, files), txid, to_fetch, expected, is_size_exact=expected is not None)

    def restore(self, planned: Plan, bounds: Bounds, *, on_progress: Callable[[int], None]) -> Restored:
        """The database that `planned` describes, restored to a new file in `bounds.folder`.

        A replica that grew since the plan gives what is latest now, and the answer says so. Raises RestoreFailed,
        RestoreInconclusive or RestoreTimedOut; then nothing of it runs on, and the folder may hold a part of it.
        """
        output = bounds.folder / RESTORED_NAME

        def tick() -> None:
            bounds.on_tick()
            # The size only: the tool names the file so until it is whole.
            on_progress(_size_of(output.with_name(f"{output.name}.tmp")))

        started = time.monotonic()
        summary, finished = self._restore([], replace(bounds, on_tick=tick), planned.asked_at)
        seconds = {"restore": time.monotonic() - started}
        on_progress(_size_of(output))
        txid = str(summary.get("txid") or "")
        newest_at, expected = planned.newest_at, planned.expected_bytes if planned.is_size_exact else None
        following_at, has_gap = None, False
        if planned.asked_at is not None and txid:
            following_at, has_gap = self._what_follows(txid, planned.asked_at, bounds)
        if txid != planned.marker:
            newest_at, expected = self._time_of(txid, self._list(bounds)), self._bytes_after(txid)
        if planned.asked_at is None and self.source and is_same_database(self.source, output, newest_at, bounds):
            # Byte for byte the source, which was closed after its last transaction was replicated: none is missing.
            newest_at = datetime.fromtimestamp(self.source.stat().st_mtime_ns / 1e9, tz=UTC)
        return Restored(output, txid, newest_at, expected, seconds, finished.log_tail, following_at, has_gap)

    def inspect(self, restored: Restored, bounds: Bounds, *, questions: tuple[Question, ...] = ()) -> Inspection:
        """Everything about the restored file, with an answer to each question."""
        asked: dict[str, Any] = {"questions": questions} if questions else {}
        return inspect(
            restored.path,
            expected_bytes=restored.expected_bytes,
            deadline=bounds.deadline,
            on_tick=bounds.on_tick,
            **asked,
        )

    def read_source(self, bounds: Bounds) -> SourceState:
        """When the source was last written to: what is in the replica already is dated as the replica dates it."""
        found = settle(self._judge, bounds)
        return SourceState(found.last_write, found.reason)

    def lag(self, bounds: Bounds) -> Lag:
        """How far the replica is behind; 0 where each transaction of the source is in it, however old both are."""
        found = settle(self._judge, bounds)
        return Lag(found.seconds, found.reason)

    def _judge(self, bounds: Bounds) -> Freshness:
        folder = self.destination.path
        if folder and ltx.is_old_layout(folder):
            return judge_freshness(self.source, None, "", ltx.read_old_layout_time(folder))
        files = self._list(bounds)
        txid = newest_txid(files)
        return judge_freshness(self.source, folder, txid, self._time_of(txid, files))

    def _time_of(self, txid: str, files: Sequence[Listed]) -> datetime | None:
        """When `txid` was replicated, as exactly as can be told; None for unknown."""
        if not txid:
            return None
        if self.destination.path:
            header = ltx.read_transaction(self.destination.path, txid)
            return header.at if header else None
        listed = min((file.at for file in files if file.max_txid == txid and file.at), default=None)
        exact = read_exact(self.source, txid) if self.source else None
        # Of the same history only if it was made before it was uploaded.
        return exact.at if exact and listed and exact.at < listed + COARSE else listed

    def _written_at(self, file: Listed) -> datetime | None:
        """When the file itself was written, which is not before what it holds; None for unknown."""
        if self.destination.path is None:
            return file.at
        try:
            written = path_of(self.destination.path, file).stat().st_mtime_ns
        except OSError:
            return None
        return datetime.fromtimestamp(written / 1e9, tz=UTC)

    def _bytes_after(self, txid: str) -> int | None:
        """The exact size of the database after `txid`, or None where no header can be read."""
        if not txid:
            return None
        if self.destination.path:
            header = ltx.read_transaction(self.destination.path, txid)
        else:
            header = read_exact(self.source, txid) if self.source else None
        return header.database_bytes if header else None

    def _what_follows(self, txid: str, at: datetime, bounds: Bounds) -> tuple[datetime | None, bool]:
        """When the transaction after `txid` was replicated, None for unknown, and whether it or its time was lost."""
        following_at, is_lost = self._look_after(txid, at, bounds)
        if is_lost:
            # A replica that is being written to may have got it, or cleared it, since the restore.
            again, _ = self._restore(["-dry-run"], bounds, at)
            following_at, is_lost = self._look_after(txid, at, bounds)
            is_lost = is_lost and again.get("max_txid") == txid
        return following_at, is_lost

    def _look_after(self, txid: str, at: datetime, bounds: Bounds) -> tuple[datetime | None, bool]:
        files = self._list(bounds)
        following = following_txid(txid)
        # Litestream goes by the times of the files, which a copy may have lost; here those in the files count.
        margin = timedelta(0) if self.destination.path else COARSE
        left_out = [self._time_of(file.max_txid, [file]) for file in first_files(files, following)]
        is_lost = has_gap_after(files, txid) or any(found and found + margin < at for found in left_out)
        if not find_alone(files, following):
            return None, is_lost
        found = self._time_of(following, find_alone(files, following))
        if found and not self.destination.path and found < at <= found + COARSE:
            # Its second has begun before `at`, and Litestream, which sees the rest, did not take it for earlier.
            found = at
        return found, is_lost

    def _list(self, bounds: Bounds) -> list[Listed]:
        if self.destination.path:
            return list_folder(self.destination.path)
        finished = self._run(["ltx"], ["-level", "all"], bounds, None)
        return read_listing(read_answer(finished))

    def _restore(self, options: Sequence[str], bounds: Bounds, at: datetime | None) -> tuple[dict[str, Any], Finished]:
        if at is not None and self.destination.scheme.name in _WHOLE_SECONDS:
            # A file of 12:00:00.9 counts as one of 12:00:00 there, and would come back for 12:00:00.5.
            at = at.replace(microsecond=0)
        if at is not None and self.destination.path and ltx.is_old_layout(self.destination.path):
            # In the old layout, Litestream takes a file of that very moment too.
            at -= timedelta(microseconds=1)
        moment = [] if at is None else ["-timestamp", at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")]
        output = ["-o", str(bounds.folder / RESTORED_NAME)]
        finished = self._run(["restore"], [*output, *options, *moment], bounds, at)
        answer = read_answer(finished)
        return answer if isinstance(answer, dict) else {}, finished

    def _run(self, command: Sequence[str], options: Sequence[str], bounds: Bounds, at: datetime | None) -> Finished:
        if server := self.destination.server:
            check_server(*server, bounds.deadline, is_private_allowed=self._is_private_allowed)
        # No database has that name: it is only the key of the configuration, and keeps the source out of reach.
        database = bounds.folder / "source.db"
        config = write_config(bounds.folder, database, self.destination.config(self._secrets, bounds.folder))
        fixed = ["-config", str(config), "-no-expand-env", "-json"]
        finished = run([find_tool(), *command, *fixed, *options, str(database)], bounds)
        finished = replace(finished, log_tail=redact(finished.log_tail, self._secrets))
        if finished.exit_code:
            raise explain(finished, self.destination, at)
        return finished


def _size_of(path: Path) -> int:
    try:
        return path.stat().st_size
    except OSError:
        return 0
