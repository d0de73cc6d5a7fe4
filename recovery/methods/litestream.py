"""Replicates a database once into a folder, with the real Litestream."""

from dataclasses import dataclass
from pathlib import Path

from django.utils.translation import gettext

from recovery.errors import RecoveryError
from recovery.methods.litestream_tool import find_tool, write_config
from recovery.methods.process import Bounds, run


@dataclass(frozen=True)
class FileReplica:
    """A replica in a folder. `path` is absolute, for Litestream works in another folder."""

    path: Path


def replicate_once(database: Path, replica: FileReplica, bounds: Bounds) -> None:
    """Everything committed to `database` is in `replica`, which is made if it is not there.

    Litestream turns the database to WAL mode, adds its own two tables to it and keeps a folder beside it. For databases
    that the application made itself; `bounds` without a quota. Raises RecoveryError if it cannot be done.
    """
    config = write_config(bounds.folder, database.absolute(), {"path": str(replica.path)})
    finished = run([find_tool(), "replicate", "-config", str(config), "-no-expand-env", "-once"], bounds)
    if finished.exit_code:
        last_line = finished.log_tail.splitlines()[-1:] or ["it said nothing"]
        raise RecoveryError(
            gettext(
                "The database {database} could not be replicated to {replica} ({reason}). Put that right first."
            ).format(database=database, replica=replica.path, reason=last_line[0])
        )
