"""Where PostgreSQL's programs are. A cluster is only started by the major version that wrote it."""

import os
import re
from dataclasses import dataclass
from pathlib import Path

from django.utils.translation import gettext as _

from recovery.errors import RestoreInconclusive
from recovery.methods.deadline import Deadline
from recovery.methods.process import Bounds, run

# Earlier ones have no pg_verifybackup, no pg_amcheck or no role that may read all data.
OLDEST_MAJOR = 14
# As Debian and Red Hat install them, each major version in a folder of its own.
_LAYOUTS = (("/usr/lib/postgresql", "{major}/bin"), ("/usr", "pgsql-{major}/bin"))
_NEEDED = (
    "postgres",
    "psql",
    "pg_basebackup",
    "pg_verifybackup",
    "pg_controldata",
    "pg_amcheck",
    "pg_dump",
    "pg_checksums",
)
_VERSION_SECONDS = 10.0


@dataclass(frozen=True)
class Programs:
    """The programs of one major version, all in one folder."""

    folder: Path
    version: str

    def __getitem__(self, name: str) -> str:
        return str(self.folder / name)


def find_programs(major: int | None, given: Path | None = None) -> Programs:
    """The programs for a server of version `major`, or the newest ones for None; `given` is the only folder looked in.

    Raises RestoreInconclusive with what to install.
    """
    if major is not None and major < OLDEST_MAJOR:
        raise RestoreInconclusive(
            _("The standby runs PostgreSQL %(major)s. Restore tests need %(oldest)s or later.")
            % {"major": major, "oldest": OLDEST_MAJOR}
        )
    folders = [given] if given else _installed(major)
    for folder in folders:
        version = _read_version(folder)
        if version and (major is None or version.split(".")[0] == str(major)):
            _check_complete(folder, version)
            return Programs(folder, version)
    raise RestoreInconclusive(
        _("PostgreSQL %(major)s is not installed here, and only it can start the standby's copy. Install %(package)s.")
        % {"major": major or "", "package": f"postgresql-{major or 15}"}
    )


def _installed(major: int | None) -> list[Path]:
    """The folders there are, the newest first."""
    found: dict[Path, int] = {}
    for root, layout in _LAYOUTS:
        pattern = layout.format(major="*" if major is None else major)
        for folder in Path(root).glob(pattern):
            number = re.search(r"(\d+)/bin$", str(folder))
            if number:
                found[folder] = int(number[1])
    return sorted(found, key=lambda folder: found[folder], reverse=True)


def _read_version(folder: Path) -> str:
    """Such as "15.18"; empty where there is no such program."""
    program = folder / "pg_basebackup"
    if not os.access(program, os.X_OK):
        return ""
    finished = run([str(program), "--version"], Bounds(folder=Path("/"), deadline=Deadline(_VERSION_SECONDS)))
    version = re.search(rb"\) (\d+[.\w]*)", finished.stdout)
    return version[1].decode() if version else ""


def _check_complete(folder: Path, version: str) -> None:
    missing = [name for name in _NEEDED if not os.access(folder / name, os.X_OK)]
    if missing:
        raise RestoreInconclusive(
            _("%(folder)s has no %(program)s. Install the whole package %(package)s.")
            % {"folder": folder, "program": missing[0], "package": f"postgresql-{version.split('.')[0]}"}
        )
