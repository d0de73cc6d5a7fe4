"""What a file is, told from its content and not from its name."""

import struct
import zlib
from pathlib import Path

import pytest

from lib.file_kinds import BLOCK, UnknownFileError, recognise
from tests.uploads import HTML, LOG, PDF, SVG, packed, picture


def kind_of(tmp_path: Path, content: bytes, name: str = "anything") -> str:
    path = tmp_path / "file"
    path.write_bytes(content)
    return recognise(path, name).media_type


def chunk(kind: bytes, content: bytes) -> bytes:
    return struct.pack(">I", len(content)) + kind + content + struct.pack(">I", zlib.crc32(kind + content))


@pytest.mark.parametrize(
    ("content", "media_type"),
    [
        (picture("PNG"), "image/png"),
        (picture("PNG", (1, 1)), "image/png"),
        (picture("JPEG"), "image/jpeg"),
        (picture("JPEG", progressive=True, comment="<script>"), "image/jpeg"),
        (picture("GIF"), "image/gif"),
        (picture("WEBP"), "image/webp"),
        (picture("WEBP", lossless=True), "image/webp"),
        (picture("WEBP", exif=b"Exif\0\0MM\0*\0\0\0\x08\0\0"), "image/webp"),
        (PDF, "application/pdf"),
        (packed(), "application/gzip"),
        (LOG, "text/plain"),
        (b"\xef\xbb\xbf" + LOG, "text/plain"),
        (b"<34>Oct 11 22:14:15 app: down\n", "text/plain"),
        (b"\x1b[31mred\x1b[0m\r\n", "text/plain"),
        (b"1 < 2, said <script>\n", "text/plain"),
        ("ä".encode() * BLOCK, "text/plain"),
        (b"x" + "ä".encode() * BLOCK, "text/plain"),
    ],
)
def test_what_is_taken_is_told_from_its_content(tmp_path: Path, content: bytes, media_type: str) -> None:
    assert kind_of(tmp_path, content, "evil.html") == media_type


@pytest.mark.parametrize(
    ("name", "content", "media_type"),
    [
        ("state.JSON", b' {"up": false}\n', "application/json"),
        ("state.json", b"[1, 2]", "application/json"),
        ("state.json", b"not that", "text/plain"),
        ("lag.csv", b"at,lag\n1,2\n", "text/csv"),
        ("lag.csv", picture(), "image/png"),
    ],
)
def test_the_name_only_tells_texts_apart(tmp_path: Path, name: str, content: bytes, media_type: str) -> None:
    assert kind_of(tmp_path, content, name) == media_type


@pytest.mark.parametrize(
    "content",
    [
        SVG,
        HTML,
        b"\xef\xbb\xbf" + HTML,
        b"\n\t  " + HTML,
        b" " * (BLOCK - 1) + SVG,
        b" " * (3 * BLOCK) + SVG,
        b'<?xml version="1.0"?><x/>',
        b"<!-- x --><html>",
        packed(HTML),
    ],
)
def test_what_a_browser_would_run_is_refused(tmp_path: Path, content: bytes) -> None:
    with pytest.raises(UnknownFileError, match="which a browser might run"):
        kind_of(tmp_path, content, "picture.png")


@pytest.mark.parametrize(
    "content",
    [
        b"\x7fELF\x02\x01\x01\x00",
        b"PK\x03\x04\x14\x00\x00\x00",
        b"MZ\x90\x00",
        b"SQLite format 3\x00",
        "UTF-16".encode("utf-16"),
        b"caf\xe9\n",
        b"cut off \xc3",
        LOG * 5000 + b"\x00",
        packed(b"\x00" * 600),
        b"BM" + bytes(40),
    ],
)
def test_what_is_neither_picture_nor_pdf_nor_text_is_refused(tmp_path: Path, content: bytes) -> None:
    with pytest.raises(UnknownFileError, match="neither a PNG"):
        kind_of(tmp_path, content, "app.log")


@pytest.mark.parametrize("kind", ["PNG", "JPEG", "GIF", "WEBP"])
def test_a_picture_is_whole_and_nothing_else(tmp_path: Path, kind: str) -> None:
    content = picture(kind, (300, 200))
    for broken in (content + HTML, content[:-3], content[: len(content) // 2], content[:20]):
        with pytest.raises(UnknownFileError, match="begins like a picture"):
            kind_of(tmp_path, broken)


@pytest.mark.parametrize(
    "content",
    [
        b"GIF89a=1;/*" + HTML + b"*/",
        b"GIF89a" + b"\x00" * 7 + b";" + HTML,
        b"\x89PNG\r\n\x1a\n" + HTML,
        b"\x89PNG\r\n\x1a\n" + chunk(b"IDAT", HTML) + chunk(b"IEND", b""),
        b"\xff\xd8\xff\xe0" + HTML + b"\xff\xd9",
        b"RIFF" + struct.pack("<I", 4 + len(HTML)) + b"WEBP" + HTML,
    ],
)
def test_what_only_begins_like_a_picture_is_refused(tmp_path: Path, content: bytes) -> None:
    with pytest.raises(UnknownFileError, match="begins like a picture"):
        kind_of(tmp_path, content)


def test_a_picture_that_no_browser_should_unpack_is_refused(tmp_path: Path) -> None:
    def png(width: int, height: int) -> bytes:
        head = chunk(b"IHDR", struct.pack(">II5B", width, height, 8, 2, 0, 0, 0))
        return b"\x89PNG\r\n\x1a\n" + head + chunk(b"IDAT", b"") + chunk(b"IEND", b"")

    assert kind_of(tmp_path, png(10_000, 5_000)) == "image/png"
    for width, height in ((10_000, 5_001), (2**31, 2**31), (0, 5)):
        with pytest.raises(UnknownFileError, match="50 million pixels"):
            kind_of(tmp_path, png(width, height))


@pytest.mark.parametrize("content", [b"%PDF-1.7\n" + HTML, PDF + b" " * 2000, b"\x1f\x8b\x08" + HTML])
def test_documents_and_packed_files_that_are_none_are_refused(tmp_path: Path, content: bytes) -> None:
    with pytest.raises(UnknownFileError, match="begins like a"):
        kind_of(tmp_path, content)
