"""Which paths recovery may read: those under DEBRIEF_RECOVERY_ROOTS, wherever links lead."""

from pathlib import Path

from django.conf import settings
from django.utils.translation import gettext as _

from recovery.errors import RecoveryError, RestoreInconclusive

# What a row holds of a path.
LONGEST_PATH = 1000


def check_whole(path: str, *, field: str) -> str:
    """The path as it is, if it begins at the root, on whatever machine it lies; RecoveryError otherwise."""
    if not path.startswith("/"):
        raise RecoveryError(_("Give the whole path, beginning with “/”."), field=field)
    return path


def follow_path(text: str, *, field: str) -> Path:
    """The absolute path that `text` leads to, with links followed; RecoveryError for one that may not be read."""
    path = Path(check_whole(text, field=field))
    try:
        real = path.resolve()
        length = len(str(real).encode())
    except (OSError, RuntimeError, ValueError):
        raise RecoveryError(_("This path cannot be followed. Check it."), field=field) from None
    if length > LONGEST_PATH:
        raise RecoveryError(_("This path is too long. Move the file to a shorter one."), field=field)
    if not _is_under(real, settings.RECOVERY_ROOTS):
        raise RecoveryError(
            _("%(path)s is outside the folders that recovery may read (DEBRIEF_RECOVERY_ROOTS).") % {"path": real},
            field=field,
        )
    return real


def check_still_allowed(path: Path) -> None:
    """Return for a registered path that may still be read: the setting or a link may have changed since.

    What Debrief keeps in its own folder may always be read. Raises RestoreInconclusive.
    """
    try:
        is_allowed = _is_under(path.resolve(), [*settings.RECOVERY_ROOTS, settings.DATA_DIR])
    except (OSError, RuntimeError):
        is_allowed = False
    if not is_allowed:
        raise RestoreInconclusive(
            _("%(path)s is outside the folders that recovery may read (DEBRIEF_RECOVERY_ROOTS).") % {"path": path}
        )


def _is_under(path: Path, roots: list[Path]) -> bool:
    return any(path.is_relative_to(root.resolve()) for root in roots)
