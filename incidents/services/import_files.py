"""Files of post-mortems as texts: Markdown and JSON, and ZIP files of them, within limits."""

import io
import zipfile
import zlib
from collections.abc import Iterable
from dataclasses import dataclass

from django.utils.translation import gettext as _

from incidents.errors import IncidentError
from lib.durations import format_bytes
from lib.text_files import NoTextError, read_text

MOST_BYTES = 1_000_000
MOST_FILES = 50
MOST_BYTES_TOGETHER = 4_000_000
ENDINGS = (".md", ".markdown", ".json", ".txt")


@dataclass(frozen=True)
class Source:
    """A document as text, and the name of its file; empty where it was pasted.

    `problem` is a sentence where it could not be read.
    """

    name: str
    text: str = ""
    problem: str = ""


def read_sources(name: str, content: bytes) -> list[Source]:
    """The documents in a file; what is too large, damaged or no text has a problem and stops none of the others."""
    if content[:4] != b"PK\x03\x04" and not name.lower().endswith(".zip"):
        return [_read(name, content)]
    try:
        return _read_zip(name, content)
    except IncidentError as error:
        return [Source(name, problem=str(error))]


def read_all_sources(files: Iterable[tuple[str, bytes]]) -> list[Source]:
    """The documents in all of these files. Those beyond the limits of them together have a problem."""
    found: list[Source] = []
    count = size = 0
    for name, content in files:
        for source in read_sources(name, content):
            if not source.problem:
                count, size = count + 1, size + len(source.text.encode(errors="replace"))
            if not source.problem and (count > MOST_FILES or size > MOST_BYTES_TOGETHER):
                words = {"name": source.name, "count": MOST_FILES, "limit": format_bytes(MOST_BYTES_TOGETHER)}
                sentence = _("%(name)s is too much: %(count)d documents or %(limit)s are read at once. Import it next.")
                source = Source(source.name, problem=sentence % words)
            found.append(source)
    return found


def _read(name: str, content: bytes) -> Source:
    try:
        return Source(name, decode(name, content))
    except IncidentError as error:
        return Source(name, problem=str(error))


def decode(name: str, content: bytes) -> str:
    """The text of a file in one of the encodings that are known."""
    if len(content) > MOST_BYTES:
        sizes = {"name": name, "limit": format_bytes(MOST_BYTES)}
        raise IncidentError(_("%(name)s is larger than %(limit)s. Split it, or paste what matters.") % sizes)
    try:
        text = read_text(content)
    except NoTextError:
        words = _("%(name)s is no text that can be read. Save it in UTF-8, or paste its text.") % {"name": name}
        raise IncidentError(words) from None
    if not text.strip():
        raise IncidentError(_("%(name)s is empty. Choose another file.") % {"name": name})
    return text


def _read_zip(name: str, content: bytes) -> list[Source]:
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            members = [each for each in archive.infolist() if _is_document(each)]
            _check_sizes(name, members)
            return [_read(each.filename, _content(archive, each)) for each in members]
    except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError, OSError, ValueError) as error:
        raise IncidentError(
            _("%(name)s could not be unpacked. Make the ZIP file again, without a password.") % {"name": name}
        ) from error


def _is_document(member: zipfile.ZipInfo) -> bool:
    parts = member.filename.split("/")
    is_hidden = any(part.startswith(".") or part == "__MACOSX" for part in parts)
    return not member.is_dir() and not is_hidden and member.filename.lower().endswith(ENDINGS)


def _check_sizes(name: str, members: list[zipfile.ZipInfo]) -> None:
    if not members:
        raise IncidentError(_("There is no Markdown or JSON in %(name)s. Choose another file.") % {"name": name})
    if len(members) > MOST_FILES:
        words = {"name": name, "count": len(members), "limit": MOST_FILES}
        raise IncidentError(_("%(name)s holds %(count)d documents and at most %(limit)d are read. Split it.") % words)
    if sum(each.file_size for each in members) > MOST_BYTES_TOGETHER:
        words = {"name": name, "limit": format_bytes(MOST_BYTES_TOGETHER)}
        raise IncidentError(_("The documents in %(name)s are larger than %(limit)s together. Split it.") % words)


def _content(archive: zipfile.ZipFile, member: zipfile.ZipInfo) -> bytes:
    with archive.open(member) as file:
        # What the file says of its size may be wrong.
        return file.read(MOST_BYTES + 1)
