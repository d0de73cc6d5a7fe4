"""Whether a file is a whole picture, told from its structure. Nothing is decoded.

So a hostile picture meets no decoder here, and what a browser makes of it is a matter of how it is sent out.
"""

from typing import BinaryIO

# A picture of this size already takes 200 MB in the browser that shows it.
MOST_PIXELS = 50_000_000
JPEG_FRAMES = {*range(0xC0, 0xD0)} - {0xC4, 0xC8, 0xCC}


class BrokenPictureError(Exception):
    """What begins like a picture and is none, is cut off, or carries something behind its end."""


def measure_png(file: BinaryIO, size: int) -> tuple[int, int]:
    """Width and height; every chunk is there, and nothing behind the last one."""
    file.seek(8)
    measures = None
    while True:
        head = _read(file, 8)
        length, kind = int.from_bytes(head[:4]), head[4:]
        if (measures is None) != (kind == b"IHDR"):
            raise BrokenPictureError
        if kind == b"IHDR":
            content = _read(file, length if length == 13 else 0) + b"\0" * 8
            measures = int.from_bytes(content[:4]), int.from_bytes(content[4:8])
            _skip(file, 4, size)
        else:
            _skip(file, length + 4, size)
        if kind == b"IEND":
            _check_end(file, size)
            return measures or (0, 0)


def measure_gif(file: BinaryIO, size: int) -> tuple[int, int]:
    """Width and height; every block is there, and nothing behind the last one."""
    file.seek(6)
    head = _read(file, 7)
    measures = int.from_bytes(head[:2], "little"), int.from_bytes(head[2:4], "little")
    _skip_palette(file, head[4], size)
    while (kind := _read(file, 1)[0]) != 0x3B:
        if kind == 0x21:
            _skip(file, 1, size)
        elif kind == 0x2C:
            _skip_palette(file, _read(file, 9)[8], size)
            _skip(file, 1, size)
        else:
            raise BrokenPictureError
        while length := _read(file, 1)[0]:
            _skip(file, length, size)
    _check_end(file, size)
    return measures


def measure_jpeg(file: BinaryIO, size: int) -> tuple[int, int]:
    """Width and height; the last bytes are the mark of its end."""
    file.seek(max(size - 2, 2))
    if _read(file, 2) != b"\xff\xd9":
        raise BrokenPictureError
    file.seek(2)
    while True:
        mark, kind = _read(file, 2)
        if mark != 0xFF:
            raise BrokenPictureError
        if kind == 0xFF:
            file.seek(-1, 1)
            continue
        length = int.from_bytes(_read(file, 2))
        if kind in JPEG_FRAMES:
            content = _read(file, 5)
            return int.from_bytes(content[3:5]), int.from_bytes(content[1:3])
        if kind == 0xDA or length < 2:
            raise BrokenPictureError
        _skip(file, length - 2, size)


def measure_webp(file: BinaryIO, size: int) -> tuple[int, int]:
    """Width and height; the file is as long as it says."""
    file.seek(4)
    length = int.from_bytes(_read(file, 4), "little") + 8
    if length != size:
        raise BrokenPictureError
    file.seek(12)
    kind, content = _read(file, 4), _read(file, 4 + 10)[4:]
    if kind == b"VP8X":
        return int.from_bytes(content[4:7], "little") + 1, int.from_bytes(content[7:10], "little") + 1
    if kind == b"VP8L" and content[0] == 0x2F:
        bits = int.from_bytes(content[1:5], "little")
        return (bits & 0x3FFF) + 1, (bits >> 14 & 0x3FFF) + 1
    if kind == b"VP8 " and content[3:6] == b"\x9d\x01\x2a":
        width, height = content[6:8], content[8:10]
        return int.from_bytes(width, "little") & 0x3FFF, int.from_bytes(height, "little") & 0x3FFF
    raise BrokenPictureError


def _read(file: BinaryIO, count: int) -> bytes:
    content = file.read(count)
    if len(content) != count:
        raise BrokenPictureError
    return content


def _skip(file: BinaryIO, count: int, size: int) -> None:
    if file.seek(count, 1) > size:
        raise BrokenPictureError


def _skip_palette(file: BinaryIO, flags: int, size: int) -> None:
    if flags & 0x80:
        _skip(file, 3 << (flags & 7) + 1, size)


def _check_end(file: BinaryIO, size: int) -> None:
    if file.tell() != size:
        raise BrokenPictureError
