"""What files are called, whoever sent them."""

import unicodedata
from pathlib import PurePosixPath

from lib.file_kinds import FileKind

LONGEST_NAME = 150


def clean_name(name: str, kind: FileKind) -> str:
    """The last part of the name, in plain characters, with an ending that belongs to its kind."""
    name = unicodedata.normalize("NFC", name).replace("\\", "/").rpartition("/")[2]
    # Categories C (control, direction, unassigned) and Z but for the blank
    name = "".join(" " if unicodedata.category(each)[0] in "CZ" else each for each in name)
    name = " ".join(name.split()).strip(". ")
    path = PurePosixPath(name or "file")
    ending = path.suffix if path.suffix.lower() in kind.endings else kind.endings[0]
    stem = name.removesuffix(ending) or "file"
    return stem[: LONGEST_NAME - len(ending)] + ending
