"""Files that people attach: checked by their content, stored once under their SHA-256.

A file is announced before the transaction that names it and settled after its commit. So the sweep looks only at what
was announced, and never at what was once committed, whatever database this installation is given.
"""

import errno
import fcntl
import hashlib
import logging
import os
import re
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, BinaryIO

from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.utils.translation import gettext as _

from lib.durations import format_bytes
from lib.errors import DomainError
from lib.file_kinds import FileKind, UnknownFileError, recognise
from lib.file_names import clean_name

logger = logging.getLogger(__name__)
# Longer than any upload and its transaction take.
ABANDONED = timedelta(hours=1)
ANNOUNCED = ".announced"
DIGEST = re.compile(r"[0-9a-f]{64}")


class FileRefusedError(DomainError):
    """A file that is not taken; the sentence says why, for the field `file`."""


class FileLostError(DomainError):
    """A file that is no longer what was stored."""


@dataclass(frozen=True)
class KeptFile:
    """A file that is stored: what it is called, and what it is."""

    name: str
    sha256: str
    kind: FileKind
    size: int


@dataclass(frozen=True)
class FileStore:
    """One folder of files, none larger than `limit` bytes."""

    folder: Path
    limit: int

    def path_of(self, digest: str) -> Path:
        """Where the file with this SHA-256 lies."""
        return self.folder / digest[:2] / digest

    def keep(self, upload: "UploadedFile[Any]") -> KeptFile:
        """The upload is stored, mode 0600, whole and on disk; until a transaction settles it, a sweep may remove it.

        Raises FileRefusedError where it is empty, too large or of no kind that is taken, or where the disk is full.
        Calls belong outside of any transaction, which others would wait for.
        """
        draft = None
        try:
            self._make_folders()
            descriptor, draft = tempfile.mkstemp(dir=self._announced, prefix="draft-")
            with os.fdopen(descriptor, "wb") as file:
                digest, size = self._copy(upload, file)
            kind = recognise(Path(draft), upload.name or "")
            self._place(Path(draft), digest)
        except UnknownFileError as error:
            raise FileRefusedError(str(error), field="file") from error
        except OSError as error:
            logger.error("a file could not be stored: %s", error)
            raise FileRefusedError(_explain(error), field="file") from error
        finally:
            if draft:
                Path(draft).unlink(missing_ok=True)
        return KeptFile(clean_name(upload.name or "", kind), digest, kind, size)

    def settle_after_commit(self, digest: str) -> None:
        """Once the transaction has committed, no sweep looks at this file again."""

        def settle() -> None:
            (self._announced / digest).unlink(missing_ok=True)

        transaction.on_commit(settle, robust=True)

    def announce(self, digest: str) -> None:
        """The sweep looks at this file again: what names it may be gone in an hour."""
        self._make_folders()
        with self._lock():
            (self._announced / digest).touch(mode=0o600)

    def open(self, digest: str) -> BinaryIO:
        """The file for reading, after it was found to be what was stored.

        Raises FileLostError with a sentence where it is missing, cannot be read, or has another content.
        """
        try:
            file = self.path_of(digest).open("rb")
        except FileNotFoundError:
            raise FileLostError(_("The file is no longer in Debrief's data folder.")) from None
        except OSError as error:
            raise FileLostError(_("The file cannot be read: %(why)s.") % {"why": error.strerror}) from error
        if hashlib.file_digest(file, "sha256").hexdigest() != digest:
            file.close()
            raise FileLostError(_("The file in Debrief's data folder is no longer what was attached."))
        file.seek(0)
        return file

    def sweep(self, is_named: Callable[[str], bool], *, now: datetime) -> None:
        """Files are gone that were announced an hour ago and that nothing names; all others stay."""
        if not self._announced.exists():
            return
        for mark in self._announced.iterdir():
            with self._lock():
                if not _is_older(mark, now - ABANDONED):
                    continue
                if mark.name.startswith("draft-"):
                    mark.unlink(missing_ok=True)
                elif DIGEST.fullmatch(mark.name):
                    if not is_named(mark.name):
                        self.path_of(mark.name).unlink(missing_ok=True)
                    mark.unlink(missing_ok=True)

    @property
    def _announced(self) -> Path:
        return self.folder / ANNOUNCED

    def _make_folders(self) -> None:
        for folder in (self.folder, self._announced):
            folder.mkdir(mode=0o700, parents=True, exist_ok=True)

    def _copy(self, upload: "UploadedFile[Any]", file: BinaryIO) -> tuple[str, int]:
        """The upload's SHA-256 and size, once it is in the file and on the disk."""
        digest, size = hashlib.sha256(), 0
        for block in upload.chunks():
            size += len(block)
            if size > self.limit:
                sentence = _("This file is larger than %(limit)s. Attach the part that matters, or a link to it.")
                raise UnknownFileError(sentence % {"limit": format_bytes(self.limit)})
            digest.update(block)
            file.write(block)
        if not size:
            raise UnknownFileError(_("This file is empty. Choose one with content."))
        file.flush()
        os.fsync(file.fileno())
        return digest.hexdigest(), size

    def _place(self, draft: Path, digest: str) -> None:
        path = self.path_of(digest)
        with self._lock():
            (self._announced / digest).touch(mode=0o600)
            path.parent.mkdir(mode=0o700, exist_ok=True)
            draft.replace(path)
        for folder in (path.parent, path.parent.parent):
            descriptor = os.open(folder, os.O_RDONLY)
            try:
                os.fsync(descriptor)
            finally:
                os.close(descriptor)

    @contextmanager
    def _lock(self) -> Iterator[None]:
        """Nobody else places or sweeps a file meanwhile."""
        descriptor = os.open(self._announced / ".lock", os.O_CREAT | os.O_RDWR | os.O_CLOEXEC, 0o600)
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX)
            yield
        finally:
            os.close(descriptor)


def _is_older(path: Path, than: datetime) -> bool:
    try:
        return path.stat().st_mtime < than.timestamp()
    except FileNotFoundError:
        # Settled, or a draft that has found its place.
        return False


def _explain(error: OSError) -> str:
    if error.errno in (errno.ENOSPC, errno.EDQUOT):
        return _("The disk that holds the files is full. Free some space and attach the file again.")
    return _("The file could not be stored. The log says more.")
