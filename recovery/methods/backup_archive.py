"""Unpacks what gzip or zstd packed, told by its content, in bounded memory."""

import struct
import zlib
from collections.abc import Callable, Iterator
from enum import Enum
from pathlib import Path

import zstandard
from django.utils.translation import gettext

from recovery.errors import RestoreFailed, RestoreInconclusive
from recovery.methods.backup_fetch import Output


class Packing(Enum):
    """How a file is packed."""

    PLAIN = "plain"
    GZIP = "gzip"
    ZSTD = "zstd"


HEAD_BYTES = 18
_GZIP = b"\x1f\x8b"
_ZSTD = b"\x28\xb5\x2f\xfd"
_OTHERS = ((b"BZh", "bzip2"), (b"\xfd7zXZ\x00", "xz"), (b"PK\x03\x04", "zip"), (b"\x04\x22\x4d\x18", "lz4"))
_GZIP_PIECE = 256 * 1024
_UNPACKED_PIECE = 1024 * 1024
# Unpacked at once, each of its blocks (4 bytes at least) may become 128 kB: 32 MB from so much.
_ZSTD_PIECE = 1024
# Of gzip: the format with its header and checksum, and the longest window.
_GZIP_WINDOW = 16 + zlib.MAX_WBITS


def detect(head: bytes) -> Packing:
    """How the file is packed that begins with `head`. Raises RestoreInconclusive for a packing not known here."""
    if head.startswith(_GZIP):
        return Packing.GZIP
    if head.startswith(_ZSTD) or _is_skippable_frame(head):
        return Packing.ZSTD
    for magic, name in _OTHERS:
        if head.startswith(magic):
            raise RestoreInconclusive(
                gettext("The backup is packed with {name}, which is not known here. Pack it with gzip or zstd.").format(
                    name=name
                )
            )
    return Packing.PLAIN


def announced_size(packing: Packing, head: bytes, tail: bytes) -> int | None:
    """What the packed file says of its unpacked size; not to be trusted, and None where it says nothing."""
    if packing is Packing.GZIP and len(tail) >= 4:
        return int(struct.unpack("<I", tail[-4:])[0])
    if packing is Packing.ZSTD:
        try:
            size = zstandard.frame_content_size(head)
        except zstandard.ZstdError:
            return None
        return size if size >= 0 else None
    return None


def unpack(archive: Path, packing: Packing, output: Output) -> int:
    """`output` has what was packed; returns how many bytes after its end belong to nothing.

    Raises RestoreFailed where the archive is cut off or damaged, and what `output` raises.
    """
    unpacker = _unpack_gzip if packing is Packing.GZIP else _unpack_zstd
    try:
        return unpacker(archive, output)
    except zlib.error as error:
        raise RestoreFailed(_say_damaged(error)) from error
    except zstandard.ZstdError as error:
        if "too much memory" in str(error):
            message = gettext("Unpacking the backup needs too much memory. Pack it without --long or --ultra.")
            raise RestoreInconclusive(message) from error
        raise RestoreFailed(_say_damaged(error)) from error


def _unpack_gzip(archive: Path, output: Output) -> int:
    def unpack_member(piece: bytes, pieces: Iterator[bytes]) -> bytes:
        unpacker = zlib.decompressobj(_GZIP_WINDOW)
        while not unpacker.eof:
            if not piece and not (piece := next(pieces, b"")):
                raise RestoreFailed(_say_cut_off())
            unpacked = unpacker.decompress(piece, _UNPACKED_PIECE)
            output.write(unpacked)
            piece = unpacker.unconsumed_tail
        return unpacker.unused_data

    return _unpack_members(archive, _GZIP_PIECE, unpack_member, lambda head: head.startswith(_GZIP))


def _unpack_zstd(archive: Path, output: Output) -> int:
    def unpack_frame(piece: bytes, pieces: Iterator[bytes]) -> bytes:
        unpacker = zstandard.ZstdDecompressor().decompressobj()
        while not unpacker.eof:
            if not piece and not (piece := next(pieces, b"")):
                raise RestoreFailed(_say_cut_off())
            output.write(unpacker.decompress(piece))
            piece = b""
        return unpacker.unused_data

    return _unpack_members(
        archive, _ZSTD_PIECE, unpack_frame, lambda head: head.startswith(_ZSTD) or _is_skippable_frame(head)
    )


def _unpack_members(
    archive: Path,
    size: int,
    unpack_one: Callable[[bytes, Iterator[bytes]], bytes],
    is_beginning: Callable[[bytes], bool],
) -> int:
    """Unpack one part after the other, for both formats may be joined; returns the bytes that belong to none."""
    with archive.open("rb") as file:
        pieces = iter(lambda: file.read(size), b"")
        rest = b""
        while True:
            rest = unpack_one(rest, pieces)
            # A part's first bytes may lie on both sides of a piece's end.
            rest += b"" if len(rest) >= HEAD_BYTES else next(pieces, b"")
            if not is_beginning(rest):
                return sum((len(piece.strip(b"\0")) for piece in pieces), len(rest.strip(b"\0")))


def _is_skippable_frame(head: bytes) -> bool:
    return len(head) >= 4 and 0x50 <= head[0] <= 0x5F and head[1:4] == b"\x2a\x4d\x18"


def _say_cut_off() -> str:
    return gettext(
        "The backup is cut off: its packed data ends before it is complete. Look for an earlier backup that is whole, "
        "and check that the disk it is written to is not full."
    )


def _say_damaged(error: Exception) -> str:
    return gettext(
        "The backup is damaged and cannot be unpacked ({error}). Look for an earlier backup that is sound."
    ).format(error=error)
