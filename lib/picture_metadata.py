"""Pictures without what cameras and programs write beside them: places, names, times, comments.

Told from the structure of the file alone, as in `pictures`: nothing is decoded, and no pixel changes.
"""

import struct
from collections.abc import Iterator

# Chunks of PNG that hold text, a time, or EXIF.
PNG_METADATA = {b"tEXt", b"zTXt", b"iTXt", b"tIME", b"eXIf"}
WEBP_METADATA = {b"EXIF", b"XMP "}
# Bits of the first chunk of a WebP file, which say that it has those two.
WEBP_FLAGS = 0x08 | 0x04
# What a JPEG needs to be shown: JFIF, the colour profile, and how Adobe wrote the colours.
JPEG_NEEDED = {0xE0: b"", 0xE2: b"ICC_PROFILE\0", 0xEE: b"Adobe"}
EXIF = b"Exif\0\0"
ORIENTATION = 0x0112
GIF_COMMENT = b"\x21\xfe"
GIF_XMP = b"\x21\xff\x0bXMP DataXMP"


def without_metadata(content: bytes) -> bytes:
    """The picture with the same pixels, the right way up, and nothing said about it.

    What is no whole PNG, JPEG, WebP or GIF comes back as it is.
    """
    for beginning, strip in (
        (b"\x89PNG\r\n\x1a\n", _strip_png),
        (b"\xff\xd8\xff", _strip_jpeg),
        (b"RIFF", _strip_webp),
        (b"GIF8", _strip_gif),
    ):
        if content.startswith(beginning):
            try:
                return strip(content)
            except (struct.error, IndexError):
                return content
    return content


def _strip_png(content: bytes) -> bytes:
    kept, at = [content[:8]], 8
    while at < len(content):
        length, kind = struct.unpack_from(">I4s", content, at)
        if kind not in PNG_METADATA:
            kept.append(content[at : at + length + 12])
        at += length + 12
    return b"".join(kept)


def _strip_jpeg(content: bytes) -> bytes:
    kept = [content[:2]]
    for kind, segment, rest in _jpeg_segments(content):
        if kind == 0xE1 and segment[4:].startswith(EXIF):
            kept.append(_orientation_alone(segment[4 + len(EXIF) :]))
        elif kind == 0xDA:
            kept.append(rest)
        elif not (0xE0 <= kind <= 0xEF or kind == 0xFE) or _is_needed(kind, segment):
            kept.append(segment)
    return b"".join(kept)


def _is_needed(kind: int, segment: bytes) -> bool:
    return kind in JPEG_NEEDED and segment[4:].startswith(JPEG_NEEDED[kind])


def _jpeg_segments(content: bytes) -> Iterator[tuple[int, bytes, bytes]]:
    """Each segment's mark and bytes, up to where the pixels begin, and what stands from there on."""
    at, kind = 2, 0
    while kind != 0xDA:
        mark, kind, length = struct.unpack_from(">BBH", content, at)
        if mark == kind == 0xFF:
            at += 1
            kind = 0
            continue
        yield kind, content[at : at + 2 + length], content[at:]
        at += 2 + length


def _orientation_alone(tiff: bytes) -> bytes:
    """A segment that says which side is up, or nothing where that is as usual: many cameras turn no pixel."""
    order = "<" if tiff[:2] == b"II" else ">"
    (start,) = struct.unpack_from(f"{order}I", tiff, 4)
    (count,) = struct.unpack_from(f"{order}H", tiff, start)
    for number in range(count):
        tag, _kind, _count, value = struct.unpack_from(f"{order}HHIH", tiff, start + 2 + 12 * number)
        if tag == ORIENTATION and 2 <= value <= 8:
            exif = EXIF + struct.pack(">2sHIHHHIHHI", b"MM", 42, 8, 1, ORIENTATION, 3, 1, value, 0, 0)
            return struct.pack(">HH", 0xFFE1, len(exif) + 2) + exif
    return b""


def _strip_webp(content: bytes) -> bytes:
    kept, at = [], 12
    while at < len(content):
        kind, length = struct.unpack_from("<4sI", content, at)
        chunk = content[at : at + 8 + length + length % 2]
        if kind == b"VP8X":
            chunk = chunk[:8] + bytes([chunk[8] & ~WEBP_FLAGS]) + chunk[9:]
        if kind not in WEBP_METADATA:
            kept.append(chunk)
        at += 8 + length + length % 2
    pixels = b"".join(kept)
    return b"RIFF" + struct.pack("<I", len(pixels) + 4) + b"WEBP" + pixels


def _strip_gif(content: bytes) -> bytes:
    at = 13 + _gif_palette(content[10])
    kept = [content[:at]]
    while content[at] != 0x3B:
        start = at
        at += 10 + _gif_palette(content[at + 9]) + 1 if content[at] == 0x2C else 2
        while content[at]:
            at += content[at] + 1
        at += 1
        if not content.startswith((GIF_COMMENT, GIF_XMP), start, at):
            kept.append(content[start:at])
    return b"".join([*kept, content[at:]])


def _gif_palette(flags: int) -> int:
    return 3 << (flags & 7) + 1 if flags & 0x80 else 0
