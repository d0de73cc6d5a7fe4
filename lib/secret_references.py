"""Secrets that others keep: referred to by the name of an environment variable or a file, read when needed."""

import os
import re
from collections.abc import Mapping
from pathlib import Path

from django.conf import settings
from django.utils.translation import gettext as _

from lib.errors import DomainError

_VARIABLE = re.compile(r"env:([A-Za-z_][A-Za-z0-9_]*)")
_FILE = re.compile(r"file:(/.+)", re.DOTALL)
# What Debrief itself runs on is nobody else's to send anywhere.
_OWN = re.compile(r"DEBRIEF_.*|DATABASE_URL|REDIS_URL|DJANGO_.*|CELERY_.*")
_LARGEST_BYTES = 64 * 1024


class SecretError(DomainError):
    """A reference that leads to no secret; the sentence names the reference, never what is behind it."""


def is_reference(text: str) -> bool:
    """True for what has the form of a reference, whether or not it may be followed; anything else may be a secret."""
    return bool(_VARIABLE.fullmatch(text) or _FILE.fullmatch(text))


def check_reference(reference: str) -> None:
    """Return for a well-formed reference that may be followed; what it leads to need not be there yet.

    Raises SecretError.
    """
    _follow(reference)


def read_secret(reference: str) -> str:
    """The secret behind `env:NAME` or `file:/path`, without the line feed at its end. Raises SecretError."""
    found = _follow(reference)
    if isinstance(found, str):
        secret = os.environ.get(found, "")
        if not secret:
            raise SecretError(
                _("The environment variable %(name)s is not set. Set it for Debrief’s processes and start them again.")
                % {"name": found}
            )
        return secret
    try:
        with found.open("rb") as file:
            secret = file.read(_LARGEST_BYTES).decode().rstrip("\r\n")
    except (OSError, UnicodeDecodeError) as error:
        reason = error.strerror if isinstance(error, OSError) else _("it is no text")
        raise SecretError(
            _("The secret in %(path)s cannot be read (%(reason)s).") % {"path": found, "reason": reason}
        ) from None
    if not secret:
        raise SecretError(_("The file %(path)s is empty; it should hold a secret.") % {"path": found})
    return secret


def describe_unreadable(name: str, error: SecretError) -> str:
    """Which of several secrets cannot be read, and why."""
    return _("The secret “%(name)s” cannot be read. %(reason)s") % {"name": name, "reason": error}


def list_unreadable(references: Mapping[str, str]) -> list[str]:
    """A sentence for each of the secrets, by name, that this process cannot read right now."""
    found = []
    for name, reference in references.items():
        try:
            read_secret(reference)
        except SecretError as error:
            found.append(describe_unreadable(name, error))
    return found


def _follow(reference: str) -> str | Path:
    """The variable's name or the file's path."""
    if variable := _VARIABLE.fullmatch(reference):
        if _OWN.fullmatch(variable[1]):
            raise SecretError(
                _("%(name)s is Debrief’s own setting; choose a variable of another name.") % {"name": variable[1]}
            )
        return variable[1]
    if file := _FILE.fullmatch(reference):
        path = Path(os.path.realpath(file[1]))
        if not any(path.is_relative_to(root.resolve()) for root in settings.SECRET_ROOTS):
            raise SecretError(
                _("%(path)s is outside the folders that secrets may be read from (DEBRIEF_SECRET_ROOTS).")
                % {"path": path}
            )
        if path == Path(os.path.realpath(settings.EVIDENCE_KEY_FILE)):
            raise SecretError(_("%(path)s is the key that Debrief signs with; choose another file.") % {"path": path})
        return path
    raise SecretError(_("Write where the secret is: env:NAME for an environment variable, or file:/path for a file."))
