"""Ways in which a file of a replica is damaged, drawn at random."""

import os
import shutil
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from hypothesis import strategies as st

BLOCK = 512


@dataclass(frozen=True)
class Damage:
    """What happens to one file: which, as a share of all of them, and `where` in it or `other` file it is about."""

    kind: str
    which: float
    where: float
    other: float

    def do(self, files: Sequence[Path]) -> None:
        """The file is damaged; nothing happens to one that an earlier damage has removed."""
        path, other = _pick(files, self.which), _pick(files, self.other)
        if path.exists() and other.exists():
            KINDS[self.kind](path, other, self.where)


def _pick(files: Sequence[Path], share: float) -> Path:
    return files[int(len(files) * share)]


def _keep_time(path: Path, content: bytes) -> None:
    # As rot does; what changes the time as well is a kind of its own.
    times = path.stat()
    path.write_bytes(content)
    os.utime(path, ns=(times.st_atime_ns, times.st_mtime_ns))


def _flip(path: Path, _other: Path, where: float) -> None:
    raw = bytearray(path.read_bytes())
    if raw:
        place = int(len(raw) * 8 * where)
        raw[place // 8] ^= 1 << place % 8
        _keep_time(path, raw)


def _truncate(path: Path, _other: Path, where: float) -> None:
    raw = path.read_bytes()
    _keep_time(path, raw[: int(len(raw) * where)])


def _delete(path: Path, _other: Path, _where: float) -> None:
    path.unlink()


def _zero(path: Path, _other: Path, where: float) -> None:
    raw = bytearray(path.read_bytes())
    start = int(len(raw) * where) // BLOCK * BLOCK
    raw[start : start + BLOCK] = bytes(len(raw[start : start + BLOCK]))
    _keep_time(path, raw)


def _swap(path: Path, other: Path, _where: float) -> None:
    one, two = path.read_bytes(), other.read_bytes()
    _keep_time(path, two)
    _keep_time(other, one)


def _duplicate(path: Path, other: Path, _where: float) -> None:
    """Under the other's name, in its own level."""
    if path != other:
        shutil.copy2(path, path.with_name(other.name)) if path.name != other.name else shutil.copy2(path, other)


def _rename(path: Path, other: Path, _where: float) -> None:
    path.rename(path.with_name(other.name))


def _move(path: Path, other: Path, _where: float) -> None:
    path.rename(other.with_name(path.name))


def _touch(path: Path, other: Path, _where: float) -> None:
    """It has the time of the other, as after a copy that does not keep times."""
    times = other.stat()
    os.utime(path, ns=(times.st_atime_ns, times.st_mtime_ns))


def _delete_from_here(path: Path, _other: Path, _where: float) -> None:
    """It and all that come after it in its level."""
    for later in path.parent.iterdir():
        if later.name >= path.name:
            later.unlink()


KINDS: dict[str, Callable[[Path, Path, float], None]] = {
    "flip": _flip,
    "truncate": _truncate,
    "delete": _delete,
    "zero": _zero,
    "swap": _swap,
    "duplicate": _duplicate,
    "rename": _rename,
    "move": _move,
    "touch": _touch,
    "delete from here": _delete_from_here,
}
# What disks and object stores do by themselves.
ROT = ("flip", "truncate", "delete", "zero", "delete from here")


def damages(*kinds: str) -> st.SearchStrategy[list[Damage]]:
    """One to three damages of these kinds, or of any."""
    share = st.floats(0, 1, exclude_max=True)
    one = st.builds(Damage, st.sampled_from(kinds or tuple(KINDS)), share, share, share)
    return st.lists(one, min_size=1, max_size=3)
