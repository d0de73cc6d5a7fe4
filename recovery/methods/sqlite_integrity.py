"""Has SQLite check a whole restored file, in a process that a damaged file or disk may end without harm."""

import json
import sys
from pathlib import Path

from django.utils.translation import gettext

from recovery.errors import RestoreInconclusive
from recovery.methods import sqlite_integrity_script
from recovery.methods.inspection import Integrity
from recovery.methods.process import Bounds, run

_SCRIPT = Path(sqlite_integrity_script.__file__)
# What SQLite says of a schema that needs functions only the application itself has.
_FOREIGN_FUNCTION = ("no such function", "unsafe use of", "unknown function", "no such collation")


def check_integrity(path: Path, bounds: Bounds) -> Integrity:
    """What the full check says of the file at `path`, which nobody else may be writing to.

    Raises RestoreTimedOut at the deadline, and RestoreInconclusive where the check itself did not come to its end.
    """
    uri = f"{path.absolute().as_uri()}?mode=ro&immutable=1"
    finished = run([sys.executable, "-I", str(_SCRIPT), uri], bounds)
    if finished.exit_code != 0:
        raise RestoreInconclusive(
            gettext(
                "SQLite's integrity check broke off (exit code {code}), so nothing can be said of the data. Look for "
                "errors of the disk or a lack of memory on this machine, and run the test again."
            ).format(code=finished.exit_code)
        )
    said = json.loads(finished.stdout)
    lines, error = said["lines"], said["error"]
    if any(text in error for text in _FOREIGN_FUNCTION):
        note = gettext("An index needs what only the application has ({error}).").format(error=error)
        return Integrity(None, notes=(note,))
    # Damage can break the check off; what it found until then stands.
    problems = (*lines, error) if error else tuple(lines)
    return Integrity(is_ok=True) if problems == ("ok",) else Integrity(is_ok=False, problems=problems)
