"""What Litestream's failures mean. It exits 1 for all of them, so the kind is in the text."""

import os
import re
from datetime import UTC, datetime

from django.utils.translation import gettext, gettext_noop

from recovery.errors import RestoreFailed, RestoreInconclusive, RestoreStopped
from recovery.methods import ltx
from recovery.methods.litestream_destination import Destination
from recovery.methods.litestream_remote_failures import Outcome, describe_remote
from recovery.methods.process import Finished

# The first text found decides, so what says most about the cause stands before what many causes share.
_MEANINGS: tuple[tuple[str, Outcome, str], ...] = (
    (
        "no space left on device",
        RestoreInconclusive,
        gettext_noop(
            "The scratch disk was full before the database was restored. Free space there and run the test again."
        ),
    ),
    (
        "file too large",
        RestoreInconclusive,
        gettext_noop(
            "The restored database is larger than a restore test may write here. Allow restore tests more space."
        ),
    ),
    (
        "permission denied",
        RestoreInconclusive,
        gettext_noop(
            "The backup in {path} may not be read by the workers. Give them read access and run the test again."
        ),
    ),
    (
        "no such file or directory",
        RestoreInconclusive,
        gettext_noop(
            "A file of the backup in {path} went away while it was read, as happens when old ones are "
            "cleared. Try again."
        ),
    ),
    (
        "output path already exists",
        RestoreInconclusive,
        gettext_noop("The scratch folder was not empty, so nothing was restored. Run the test again."),
    ),
    (
        "too many open files",
        RestoreInconclusive,
        gettext_noop(
            "The workers ran out of open files before the database was restored. Raise their limit and "
            "run the test again."
        ),
    ),
    (
        "cannot allocate memory",
        RestoreInconclusive,
        gettext_noop("Memory ran out before the database was restored. Free some and run the test again."),
    ),
    (
        "non-contiguous ltx files",
        RestoreFailed,
        gettext_noop(
            "The backup in {path} has a gap: files in the middle are missing. Take a new snapshot, and find out why."
        ),
    ),
    (
        "not a directory",
        RestoreFailed,
        gettext_noop("The replica's path {path} is not a folder of backups. Correct the replica's path."),
    ),
)
_DAMAGE = re.compile(
    r"checksum mismatch|invalid ltx file|decode (?:database|header|page)|unexpected EOF|invalid page (?:size|number)",
    re.IGNORECASE,
)


def explain(finished: Finished, replica: Destination, at: datetime | None) -> RestoreStopped:
    """The outcome that a failed run of Litestream stands for, with a sentence, its exit code and its log."""
    outcome, sentence = _judge(finished, replica, at)
    return outcome(sentence, exit_code=finished.exit_code, log_tail=finished.log_tail)


def _judge(finished: Finished, replica: Destination, at: datetime | None) -> tuple[Outcome, str]:
    error = _last_error(finished.log_tail)
    if finished.exit_code < 0:
        return RestoreInconclusive, (
            gettext(
                "Litestream was ended by signal {signal} before it was done, as when memory runs out. Run "
                "the test again."
            ).format(signal=-finished.exit_code)
        )
    if "no matching backup files" in error:
        return RestoreFailed, _say_nothing_there(replica, at)
    if not replica.path and (remote := describe_remote(error)):
        outcome, sentence = remote
        return outcome, gettext(sentence).format(path=replica, server=_name_server(replica))
    for text, outcome, sentence in _MEANINGS:
        if text in error:
            return outcome, gettext(sentence).format(path=replica)
    if _DAMAGE.search(error):
        return RestoreFailed, (
            gettext(
                "A file of the backup in {replica} is damaged or cut short ({error}). Take a new "
                "snapshot, and check the disk it is on."
            ).format(replica=replica, error=error)
        )
    return RestoreFailed, gettext(
        "Litestream could not restore the backup in {replica} ({error}). Its log says more."
    ).format(replica=replica, error=error)


def _last_error(log: str) -> str:
    """The last line that reports an error, else the last line of all."""
    lines = log.splitlines() or ["it said nothing"]
    errors = [line.removeprefix("Error:").strip() for line in lines if line.startswith("Error:")]
    return (errors or lines)[-1]


def _name_server(replica: Destination) -> str:
    server = replica.server
    return f"{server[0]}:{server[1]}" if server else str(replica)


def _say_nothing_there(replica: Destination, at: datetime | None) -> str:
    if replica.path is None:
        return _say_nothing_remote(replica, at)
    folder = replica.path
    if not os.path.exists(folder):  # noqa: PTH110  # unlike pathlib it never raises
        return gettext(
            "The replica's folder {replica} does not exist, so there is nothing to restore. Correct its "
            "path, or start replicating."
        ).format(replica=replica)
    if not ltx.has_backup(folder):
        return gettext(
            "The replica's folder {replica} holds no backup, so there is nothing to restore. Start replicating to it."
        ).format(replica=replica)
    if at is not None:
        return gettext(
            "The backup in {replica} holds nothing from before {moment:%Y-%m-%d %H:%M:%S} UTC. Ask for a "
            "later moment, or keep backups for longer."
        ).format(replica=replica, moment=at.astimezone(UTC))
    return gettext(
        "The backup in {replica} has files but not the first full copy they build on, so nothing can be "
        "restored. Take a new snapshot, and find out what removed it."
    ).format(replica=replica)


def _say_nothing_remote(replica: Destination, at: datetime | None) -> str:
    if at is not None:
        return gettext(
            "{replica} holds no complete backup from before {moment:%Y-%m-%d %H:%M:%S} UTC. Ask for a later moment, or "
            "keep backups for longer."
        ).format(replica=replica, moment=at.astimezone(UTC))
    return gettext(
        "{replica} holds no backup that can be restored: it is empty, or its first full copy is gone. Check the path, "
        "and that Litestream replicates to it."
    ).format(replica=replica)
