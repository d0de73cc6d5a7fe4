"""Secrets that somebody pasted: a file each, that only this installation reads; a row holds where it is."""

import secrets
from pathlib import Path

from django.conf import settings
from django.utils.translation import gettext as _

from lib.files import write_atomically
from lib.secret_references import SecretError, check_reference

PREFIX = "pasted-"


def folder() -> Path:
    """Where they lie: mode 0700, each file 0600."""
    return Path(settings.DATA_DIR) / "secrets"


def store_secret(secret: str) -> str:
    """The reference of a new file that holds the secret. Raises SecretError."""
    path = folder() / f"{PREFIX}{secrets.token_hex(8)}"
    reference = f"file:{path}"
    check_reference(reference)
    try:
        write_atomically(path, secret.encode())
        folder().chmod(0o700)
    except OSError as error:
        raise SecretError(
            _("The secret could not be written to the data folder (%(reason)s). Nothing was saved.")
            % {"reason": error.strerror}
        ) from None
    return reference


def is_stored_here(reference: str) -> bool:
    """True for a reference that `store_secret` made."""
    return reference.startswith(f"file:{folder()}/{PREFIX}")


def forget_secret(reference: str) -> None:
    """The file behind the reference is gone, if it was one of ours."""
    if is_stored_here(reference):
        Path(reference.removeprefix("file:")).unlink(missing_ok=True)
