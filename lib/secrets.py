"""Secrets an installation makes for itself on first start."""

import os
import secrets
import tempfile
from collections.abc import Callable
from pathlib import Path

from django.core.exceptions import ImproperlyConfigured


def _random() -> str:
    return secrets.token_urlsafe(64)


def read_or_make_secret(path: Path, *, make: Callable[[], str] = _random) -> str:
    """The secret kept in `path`; made there by `make`, with mode 0600, if there is none.

    Two processes that start at once end up with the same secret: the file appears whole or not at all.
    """
    try:
        return _read_or_make(path, make)
    except OSError as error:
        raise ImproperlyConfigured(
            f"Debrief cannot write to {path.parent.parent} ({error.strerror}): make the folder writable, "
            "or set DEBRIEF_DATA_DIR to another one."
        ) from None


def _read_or_make(path: Path, make: Callable[[], str]) -> str:
    try:
        return path.read_text().strip()
    except FileNotFoundError:
        pass
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    # A name of its own each time: a start that was killed here leaves a draft that must not stop the next.
    descriptor, draft = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
    try:
        with os.fdopen(descriptor, "w") as file:
            file.write(make())
            # What is signed or encrypted with it must not outlive it in a power cut.
            file.flush()
            os.fsync(file.fileno())
        os.link(draft, path)
    except FileExistsError:
        pass
    finally:
        Path(draft).unlink()
    return path.read_text().strip()
