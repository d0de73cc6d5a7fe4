"""Finds Litestream, writes its configuration and reads what it answers."""

import json
import os
import re
import shutil
import sysconfig
from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path
from typing import Any

from django.utils.translation import gettext

from recovery.errors import RestoreInconclusive
from recovery.methods.deadline import Deadline
from recovery.methods.process import SEARCH_PATH, Bounds, Finished, run

# `restore -dry-run` and `restore -json` appeared in it.
OLDEST_VERSION = (0, 5, 12)
_VERSION_SECONDS = 10.0


def tool_version() -> str:
    """Litestream's version, such as 0.5.17. Raises RestoreInconclusive if it is missing or too old for restores.

    A process asks each binary once; one that was put in its place is another binary.
    """
    tool = find_tool()
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


def find_tool() -> str:
    """Where Litestream is. Raises RestoreInconclusive if it is nowhere."""
    # The package that brings the binary puts it beside Python's own scripts.
    installed = Path(sysconfig.get_path("scripts")) / "litestream"
    found = str(installed) if installed.is_file() else shutil.which("litestream", path=SEARCH_PATH)
    if found is None:
        raise RestoreInconclusive(gettext("Litestream is not installed. Install the requirements again."))
    return found


def write_config(folder: Path, database: Path, replica: Mapping[str, Any]) -> Path:
    """Litestream's configuration as JSON, which is valid YAML. Logs go to stderr, for stdout carries the answer.

    At the level of debugging they name the files that a restore read; above it, one that succeeds says nothing.
    """
    content = {
        "logging": {"stderr": True, "level": "debug"},
        "dbs": [{"path": str(database), "replica": dict(replica)}],
    }
    # Not escaped: YAML does not know JSON's surrogate pairs.
    return write_private(folder / "litestream.json", json.dumps(content, ensure_ascii=False))


def write_private(path: Path, text: str) -> Path:
    """A file that its owner alone can read holds `text`."""
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "w", encoding="utf-8") as file:
        file.write(text)
    return path


def read_answer(finished: Finished) -> Any:
    """What the tool printed as JSON. Raises RestoreInconclusive if it is none."""
    try:
        return json.loads(finished.stdout)
    except ValueError:
        raise RestoreInconclusive(
            gettext("Litestream gave an answer that could not be read. Check which version of it is installed."),
            exit_code=finished.exit_code,
            log_tail=finished.log_tail,
        ) from None
