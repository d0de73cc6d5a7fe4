"""What a file is, told from its content; its name only tells one text from another.

Nothing is recognised that a browser would run: no HTML, no SVG, no XML.
"""

import codecs
import re
import zlib
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import BinaryIO

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from lib import pictures

BLOCK = 64 * 1024
# What no text has but for tabs, ends of lines and pages, and the colours of a terminal.
CONTROL = re.compile(r"[\x00-\x08\x0b\x0e-\x1a\x1c-\x1f\x7f]")
MARKUP = re.compile(r"<[a-z!?/]", re.IGNORECASE)
# So many characters tell markup from other text.
ENOUGH = 16


@dataclass(frozen=True)
class FileKind:
    """A kind of file: its media type, its name for people, and the endings of such names, the usual one first."""

    media_type: str
    title: str | Promise
    endings: tuple[str, ...]
    is_picture: bool = False


class UnknownFileError(Exception):
    """A file of no kind known here; its text is a sentence that says why."""


PNG = FileKind("image/png", _("PNG picture"), (".png",), is_picture=True)
JPEG = FileKind("image/jpeg", _("JPEG picture"), (".jpg", ".jpeg"), is_picture=True)
GIF = FileKind("image/gif", _("GIF picture"), (".gif",), is_picture=True)
WEBP = FileKind("image/webp", _("WebP picture"), (".webp",), is_picture=True)
PDF = FileKind("application/pdf", _("PDF document"), (".pdf",))
GZIP = FileKind("application/gzip", _("Packed text"), (".gz",))
JSON = FileKind("application/json", _("JSON"), (".json",))
CSV = FileKind("text/csv", _("CSV table"), (".csv",))
TEXT = FileKind(
    "text/plain",
    _("Text"),
    (".txt", ".log", ".out", ".err", ".md", ".yml", ".yaml", ".toml", ".ini", ".conf", ".sql", ".tsv", ".jsonl"),
)
KINDS = {kind.media_type: kind for kind in (PNG, JPEG, GIF, WEBP, PDF, GZIP, JSON, CSV, TEXT)}

BEGINNINGS: tuple[tuple[re.Pattern[bytes], FileKind, Callable[[BinaryIO, int], tuple[int, int]]], ...] = (
    (re.compile(rb"\x89PNG\r\n\x1a\n"), PNG, pictures.measure_png),
    (re.compile(rb"\xff\xd8\xff"), JPEG, pictures.measure_jpeg),
    (re.compile(rb"GIF8[79]a"), GIF, pictures.measure_gif),
    (re.compile(rb"RIFF....WEBP", re.DOTALL), WEBP, pictures.measure_webp),
)


def recognise(path: Path, name: str) -> FileKind:
    """The kind of the file at `path`, read block by block; `name` is what it is called.

    Raises UnknownFileError where it is of none.
    """
    size = path.stat().st_size
    with path.open("rb") as file:
        beginning = file.read(16)
        for pattern, kind, measure in BEGINNINGS:
            if pattern.match(beginning):
                _check_picture(file, size, measure)
                return kind
        if beginning.startswith(b"%PDF-"):
            _check_pdf(file, size)
            return PDF
        if beginning.startswith(b"\x1f\x8b\x08"):
            _check_packed(file)
            return GZIP
        return _recognise_text(file, PurePosixPath(name).suffix.lower())


def _check_picture(file: BinaryIO, size: int, measure: Callable[[BinaryIO, int], tuple[int, int]]) -> None:
    try:
        width, height = measure(file, size)
    except pictures.BrokenPictureError:
        raise UnknownFileError(
            _("This begins like a picture, but is not a whole one and nothing else. Open it and save it again.")
        ) from None
    if not 0 < width * height <= pictures.MOST_PIXELS:
        raise UnknownFileError(_("This picture has more than 50 million pixels, or none. Make it smaller."))


def _check_pdf(file: BinaryIO, size: int) -> None:
    file.seek(max(size - 1024, 0))
    if b"%%EOF" not in file.read():
        raise UnknownFileError(_("This begins like a PDF, but its end is missing. Save it again."))


def _check_packed(file: BinaryIO) -> None:
    """The beginning of what is packed is text; it is not unpacked further, however much there is."""
    file.seek(0)
    try:
        content = zlib.decompressobj(wbits=31).decompress(file.read(BLOCK), BLOCK)
    except zlib.error:
        raise UnknownFileError(_("This begins like a file packed by gzip, but cannot be unpacked.")) from None
    text = _decode(codecs.getincrementaldecoder("utf-8-sig")(), content, is_last=False)
    _check_no_markup(text.lstrip())


def _recognise_text(file: BinaryIO, ending: str) -> FileKind:
    decoder = codecs.getincrementaldecoder("utf-8-sig")()
    file.seek(0)
    beginning = end = ""
    while block := file.read(BLOCK):
        text = _decode(decoder, block, is_last=False)
        # A block may be blank, or end in the middle of a tag.
        if len(beginning) < ENOUGH:
            beginning = (beginning + text).lstrip()[:ENOUGH]
            _check_no_markup(beginning)
        end = text.rstrip()[-1:] or end
    _decode(decoder, b"", is_last=True)
    if ending in JSON.endings and beginning[:1] + end in ("{}", "[]"):
        return JSON
    return CSV if ending in CSV.endings else TEXT


def _decode(decoder: codecs.IncrementalDecoder, block: bytes, *, is_last: bool) -> str:
    try:
        text = decoder.decode(block, is_last)
    except UnicodeDecodeError:
        text = "\0"
    if CONTROL.search(text):
        raise UnknownFileError(
            _("This is neither a PNG, JPEG, WebP or GIF picture nor a PDF nor text in UTF-8. Save it as one of these.")
        )
    return text


def _check_no_markup(beginning: str) -> None:
    if MARKUP.match(beginning):
        raise UnknownFileError(
            _("This is a web page, an SVG picture or XML, which a browser might run. Attach a picture or a PDF of it.")
        )
